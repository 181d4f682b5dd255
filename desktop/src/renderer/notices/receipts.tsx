/** What became of a notice: which channel took it, and why the others have not. In shapes and words. */
import type { ReceiptView } from '@postern/shared'
import { useConsole, type Console } from '../console-context.ts'
import type { Standing } from '../keys/standing.ts'
import { InfoIcon, StandingIcon } from '../parts/icons.tsx'

const standings = { accepted: 'active', owed: 'soon', given_up: 'expired' } as const satisfies Record<
  ReceiptView['state'],
  Standing
>

/** A notice that waits for its hour has missed nobody yet. */
export const isMissing = ({ state, attempts }: ReceiptView): boolean =>
  state === 'given_up' || (state === 'owed' && attempts > 0)

const wordsOf = (receipt: ReceiptView, { texts, dates }: Console): string => {
  const { state, attempts, next_at: nextAt } = receipt
  switch (state) {
    case 'accepted':
      return texts.notices.accepted
    case 'given_up':
      return texts.notices.givenUp(attempts)
    case 'owed':
      if (attempts === 0)
        return nextAt === null ? texts.common.working : texts.notices.waiting(dates.dayAndTime(nextAt))
      return texts.notices.missing(attempts)
  }
}

/** `test`: sent this once, and not tried again. */
export const ReceiptList = ({ receipts, test = false }: { receipts: readonly ReceiptView[]; test?: boolean }) => {
  const console = useConsole()
  const { texts, dates } = console
  return (
    <ul className="receipts">
      {receipts.map((receipt) => {
        const { channel, state, at, note, next_at: nextAt } = receipt
        const isWaiting = state === 'owed' && !test && !isMissing(receipt)
        const failed = state === 'owed' && test
        const standing = failed ? 'expired' : isWaiting ? 'disabled' : standings[state]
        const words = failed ? texts.notices.failed : wordsOf(receipt, console)
        return (
          <li key={channel} data-channel={channel}>
            <span className={`mark ${standing}`}>
              {isWaiting ? <InfoIcon /> : <StandingIcon standing={standing} />}
              <strong>{texts.notices.names[channel]}</strong> {words}
            </span>
            {note === null ? null : <span className="note">{note}</span>}
            {at === null || test ? null : <time dateTime={at}>{dates.dayAndTime(at)}</time>}
            {isMissing(receipt) && nextAt !== null ? <span>{texts.notices.next(dates.dayAndTime(nextAt))}</span> : null}
          </li>
        )
      })}
    </ul>
  )
}

/** Whom it has reached in one line; the receipts themselves below, those that are missing always in sight. */
export const Reach = ({ receipts }: { receipts: readonly ReceiptView[] }) => {
  const { texts } = useConsole()
  const taken = receipts.filter(({ state }) => state === 'accepted')
  const others = receipts.filter(({ state }) => state !== 'accepted')
  if (receipts.length === 0) return <p className="hint">{texts.notices.reachedNobody}</p>
  const names = taken.map(({ channel }) => texts.notices.names[channel]).join(', ')
  return (
    <>
      {taken.length === 0 ? (
        <p className="hint">{texts.notices.reachedNone}</p>
      ) : (
        <details>
          <summary>
            {texts.notices.reached} {names}
          </summary>
          <ReceiptList receipts={taken} />
        </details>
      )}
      {others.length === 0 ? null : <ReceiptList receipts={others} />}
    </>
  )
}
