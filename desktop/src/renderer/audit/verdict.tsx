/** What a check of the trail has found, and whom to compare with: a check by the machine itself is only so good. */
import type { AuditVerification } from '@postern/shared'
import { useConsole } from '../console-context.ts'
import { StandingIcon } from '../parts/icons.tsx'
import { Command } from '../parts/states.tsx'

const gapsShown = 10

export const Verdict = ({ of: found }: { of: AuditVerification }) => {
  const { texts } = useConsole()
  const { audit } = texts
  const { bad, gaps, entries, unchained, head, last_seq: last } = found
  const isWhole = bad === null && gaps.length === 0
  return (
    <div className={isWhole ? 'banner fine' : bad === null ? 'banner calm' : 'banner'} role="status">
      <p className="trail-verdict">
        <StandingIcon standing={isWhole ? 'active' : bad === null ? 'soon' : 'expired'} />{' '}
        <strong>{bad === null ? audit.verified(entries, gaps.length) : audit.bad(bad.seq, bad.reason)}</strong>
      </p>
      {bad === null ? null : (
        <p>
          {audit.goodBefore(entries)} {audit.badHow}
        </p>
      )}
      {gaps.slice(0, gapsShown).map(({ seq, from, to }) => (
        <p key={seq}>{audit.gap(from, to, seq)}</p>
      ))}
      {unchained === 0 ? null : <p>{audit.unchained(unchained)}</p>}
      {head === null || last === null || bad !== null ? null : (
        <>
          <p className="hint">{audit.head(last)}</p>
          <Command text={head} />
          <p className="hint">{audit.compare}</p>
        </>
      )}
    </div>
  )
}
