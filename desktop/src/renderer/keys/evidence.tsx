/** Who would be hit: said before it is done. */
import { useEffect, useState } from 'react'
import type { KeyEvidence, KeyView } from '@postern/shared'
import { useConsole } from '../console-context.ts'
import { evidenceSaid, isInUse } from './evidence-said.ts'

/** `unknown`: it could not be found out, and must not be taken for unused. */
export const useEvidence = (key: KeyView): KeyEvidence | 'loading' | 'unknown' => {
  const { bridge } = useConsole()
  const [evidence, setEvidence] = useState<KeyEvidence | 'loading' | 'unknown'>('loading')
  useEffect(() => {
    bridge.call('keys.evidence', { params: { key: key.id } }).then(setEvidence, () => setEvidence('unknown'))
  }, [bridge, key.id])
  return evidence
}

export const EvidenceText = ({ evidence }: { evidence: KeyEvidence | 'loading' | 'unknown' }) => {
  const { texts, dates, nowMs } = useConsole()
  if (evidence === 'loading') return <p role="status">{texts.evidence.loading}</p>
  if (evidence === 'unknown') return <p>{texts.evidence.unknown}</p>
  const said = evidenceSaid(evidence, { texts, dates, nowMs: nowMs() })
  if (!isInUse(evidence)) return <p>{said}</p>
  return (
    <p>
      <strong>{texts.evidence.inUse}</strong> {said}
    </p>
  )
}
