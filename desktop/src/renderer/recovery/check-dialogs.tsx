/** Looks at a backup without changing anything: by its checksums, with the machine key, or restored in memory. */
import { useState } from 'react'
import type { BackupReport } from '@postern/shared'
import { useConsole } from '../console-context.ts'
import { ChoiceField } from '../notices/text-field.tsx'
import { FormDialog } from '../parts/form.tsx'
import type { Texts } from '../texts/texts.ts'
import { OwnWork } from './running-work.tsx'
import { useLongWork } from './use-long-work.ts'
import { PathField } from './path-field.tsx'

/** What was asked of the backup. */
export type Check = 'verify' | 'drill'

export const reportTitle = (check: Check, { ok }: BackupReport, { recovery }: Texts): string =>
  (ok ? recovery.reportGood : recovery.reportBad)[check]

interface CheckDialogProps {
  /** The path of the last known backup; empty: none, or it is not known where. */
  readonly start: string
  readonly onReport: (report: BackupReport) => void
  readonly onClose: () => void
}

const useReported = (check: Check, failed: string) => {
  const { texts } = useConsole()
  const run = useLongWork()
  return (work: () => Promise<BackupReport>, show: (report: BackupReport) => void): Promise<void> =>
    run(work, {
      show,
      later: {
        say: (report) => ({
          text: texts.recovery.reportSaid(reportTitle(check, report, texts), report.path),
          alert: !report.ok,
        }),
        failed,
      },
    })
}

const pathField = ['path'] as const

export const VerifyDialog = ({ start, onReport, onClose }: CheckDialogProps) => {
  const { bridge, texts } = useConsole()
  const words = texts.recovery
  const reported = useReported('verify', words.verifyFailed)
  const [path, setPath] = useState(start)
  const [keys, setKeys] = useState(true)
  return (
    <FormDialog
      title={words.verifyTitle}
      submit={words.verifyGo}
      fields={pathField}
      check={() => (path.trim() === '' ? { path: words.pathMissing } : {})}
      whileBusy={{ shown: <OwnWork what="verify" />, close: words.goesOn }}
      save={() => reported(() => bridge.call('backups.verify', { body: { path: path.trim(), keys } }), onReport)}
      onClose={onClose}
    >
      {(faults) => (
        <>
          <p>{words.verifyAbout}</p>
          <PathField value={path} onChange={setPath} fault={faults.path} autoFocus />
          <label className="check">
            <input type="checkbox" checked={keys} onChange={({ target }) => setKeys(target.checked)} />
            {words.verifyKeys}
          </label>
        </>
      )}
    </FormDialog>
  )
}

const whiches = ['newest', 'other'] as const
type Which = (typeof whiches)[number]

export const ProveDialog = ({ start, onReport, onClose }: CheckDialogProps) => {
  const { bridge, texts } = useConsole()
  const words = texts.recovery
  const reported = useReported('drill', words.proveFailed)
  // What another program has made, only people know the place of.
  const [which, setWhich] = useState<Which>(start === '' ? 'other' : 'newest')
  const [path, setPath] = useState(start)
  const isOther = which === 'other'
  return (
    <FormDialog
      title={words.proveTitle}
      submit={words.proveGo}
      fields={pathField}
      check={() => (isOther && path.trim() === '' ? { path: words.pathMissing } : {})}
      whileBusy={{ shown: <OwnWork what="drill" />, close: words.goesOn }}
      save={() =>
        reported(() => bridge.call('backups.drill', { body: isOther ? { path: path.trim() } : {} }), onReport)
      }
      onClose={onClose}
    >
      {(faults) => (
        <>
          <p>{words.proveAbout}</p>
          <ChoiceField
            label={words.proveWhich}
            hint={isOther || start === '' ? '' : words.proveNewestHint(start)}
            choices={whiches}
            names={words.proveWhiches}
            value={which}
            onChange={setWhich}
            fault={isOther ? undefined : faults.path}
          />
          {isOther ? <PathField value={path} onChange={setPath} fault={faults.path} /> : null}
        </>
      )}
    </FormDialog>
  )
}
