/** Backups: what is known of them, and what can be done: make, check, prove, restore, by hand and by the clock. */
import { useState } from 'react'
import type { BackupMadeView, BackupReport } from '@postern/shared'
import { useConsole } from '../console-context.ts'
import { ActionButton } from '../parts/action-button.tsx'
import { ConfirmDialog } from '../parts/confirm-dialog.tsx'
import { Loaded } from '../parts/states.tsx'
import { BackupFacts } from './backup-facts.tsx'
import { ProveDialog, VerifyDialog, type Check } from './check-dialogs.tsx'
import { CreateDialog, MadeDialog } from './create-dialog.tsx'
import { ReportDialog } from './report-dialog.tsx'
import { RestoreWizard } from './restore-wizard.tsx'
import { Schedules } from './schedules.tsx'
import { useBackups } from './use-backups.ts'

const askings = ['create', 'verify', 'prove', 'restore'] as const
type Asking = (typeof askings)[number] | 'note'

type Outcome =
  | { readonly kind: 'made'; readonly made: BackupMadeView }
  | { readonly kind: 'report'; readonly check: Check; readonly report: BackupReport }

/** The folder that a backup lies in, which is where the next one belongs. */
const folderOf = (path: string): string => path.replace(/[\\/][^\\/]*$/, '')

interface BackupsSectionProps {
  readonly off: string | null
  /** What another page asked for: one of these, after `do:`. */
  readonly asked: string | null
}

export const BackupsSection = ({ off, asked }: BackupsSectionProps) => {
  const { bridge, texts, toasts } = useConsole()
  const words = texts.recovery
  const backups = useBackups()
  const wanted = off === null ? asked : null
  const [asking, setAsking] = useState<Asking | null>(askings.find((each) => wanted === `do:${each}`) ?? null)
  const [outcome, setOutcome] = useState<Outcome | null>(null)
  const close = (): void => {
    setAsking(null)
    backups.again()
  }
  const show = (found: Outcome): void => {
    close()
    setOutcome(found)
  }
  const note = async (): Promise<void> => {
    await bridge.call('backups.note')
    close()
    toasts.show(words.noted)
  }
  const path = backups.data?.last?.path ?? ''
  const folder = folderOf(path)
  return (
    <section aria-labelledby="backups">
      <div className="top">
        <div>
          <h2 id="backups">{words.backups}</h2>
          <p className="hint">{words.backupsAbout}</p>
        </div>
        <div className="row">
          <ActionButton text={words.restore} off={off} onPress={() => setAsking('restore')} />
          <ActionButton text={words.verify} off={off} onPress={() => setAsking('verify')} />
          <ActionButton text={words.prove} off={off} onPress={() => setAsking('prove')} />
          <ActionButton text={words.backUp} kind="primary" off={off} onPress={() => setAsking('create')} />
        </div>
      </div>
      <Loaded asked={backups} text={words.loadingBackups} rows={2}>
        {(found) => (
          <>
            <BackupFacts of={found} />
            <Schedules of={found} off={off} folder={folder} asked={wanted === 'do:schedule'} again={backups.again} />
          </>
        )}
      </Loaded>
      <p className="beside">
        <ActionButton text={words.note} off={off} onPress={() => setAsking('note')} />
      </p>
      {asking === 'note' ? (
        <ConfirmDialog title={words.noteTitle} go={words.noteGo} keep={texts.common.cancel} act={note} onClose={close}>
          <p>{words.noteAbout}</p>
          <p>{words.noteSlow}</p>
        </ConfirmDialog>
      ) : null}
      {/* What is typed there is not to be overwritten, so what it begins with must be known. */}
      {backups.data === null && backups.fault === null ? null : (
        <>
          {asking === 'create' ? (
            <CreateDialog start={folder} onMade={(made) => show({ kind: 'made', made })} onClose={close} />
          ) : null}
          {asking === 'verify' ? (
            <VerifyDialog
              start={path}
              onReport={(report) => show({ kind: 'report', check: 'verify', report })}
              onClose={close}
            />
          ) : null}
          {asking === 'prove' ? (
            <ProveDialog
              start={path}
              onReport={(report) => show({ kind: 'report', check: 'drill', report })}
              onClose={close}
            />
          ) : null}
          {asking === 'restore' ? <RestoreWizard start={path} onRestored={backups.again} onClose={close} /> : null}
        </>
      )}
      {outcome?.kind === 'made' ? <MadeDialog backup={outcome.made} onClose={() => setOutcome(null)} /> : null}
      {outcome?.kind === 'report' ? (
        <ReportDialog check={outcome.check} report={outcome.report} onClose={() => setOutcome(null)} />
      ) : null}
    </section>
  )
}
