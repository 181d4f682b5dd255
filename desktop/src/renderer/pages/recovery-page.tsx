/** Backup and recovery: who can open the key store, recovery kits, and backups as far as this machine knows of them. */
import { useConsole, useKnown, whyOff } from '../console-context.ts'
import { BackupsSection } from '../recovery/backups-section.tsx'
import { SlotsSection } from '../recovery/slots-section.tsx'

export const RecoveryPage = () => {
  const { model, texts } = useConsole()
  const off = whyOff(useKnown(model), texts)
  return (
    <div className="page recovery-page">
      <div className="top">
        <h1>{texts.pages.recovery}</h1>
      </div>
      <SlotsSection off={off} />
      <BackupsSection off={off} />
    </div>
  )
}
