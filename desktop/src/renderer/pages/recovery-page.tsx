/** Backup and recovery: who can open the key store, recovery kits, backups, proofs that they can be restored, and restoring. */
import { useConsole, useKnown, whyOff } from '../console-context.ts'
import type { PageProps } from '../pages.tsx'
import { BackupsSection } from '../recovery/backups-section.tsx'
import { SlotsSection } from '../recovery/slots-section.tsx'

export const RecoveryPage = ({ asked }: PageProps) => {
  const { model, texts } = useConsole()
  const off = whyOff(useKnown(model), texts, 'administrator')
  return (
    <div className="page recovery-page">
      <div className="top">
        <h1>{texts.pages.recovery}</h1>
      </div>
      <SlotsSection off={off} />
      <BackupsSection off={off} asked={asked} />
    </div>
  )
}
