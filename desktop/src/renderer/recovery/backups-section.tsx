/** Backups as far as this machine knows of them: the last one, a new one into a folder, and one that another program made. */
import { useState } from 'react'
import type { BackupMadeView } from '@postern/shared'
import { useConsole } from '../console-context.ts'
import { TextField } from '../notices/text-field.tsx'
import { ActionButton } from '../parts/action-button.tsx'
import { ConfirmDialog } from '../parts/confirm-dialog.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { FormDialog } from '../parts/form.tsx'
import { Fact, Loaded } from '../parts/states.tsx'
import { useAsked } from '../use-asked.ts'

const fields = ['dir'] as const
const unitBytes = 1_000

/** The folder that a backup lies in, which is where the next one belongs. */
const folderOf = (path: string | null | undefined): string => path?.replace(/[\\/][^\\/]*$/, '') ?? ''

export const BackupsSection = ({ off }: { off: string | null }) => {
  const { bridge, texts, dates, toasts, nowMs } = useConsole()
  const words = texts.recovery
  const backups = useAsked('backups.last', {})
  const [asking, setAsking] = useState<'create' | 'note' | null>(null)
  const [made, setMade] = useState<BackupMadeView | null>(null)
  const close = (): void => setAsking(null)
  const note = async (): Promise<void> => {
    await bridge.call('backups.note')
    close()
    backups.again()
    toasts.show(words.noted)
  }
  return (
    <section aria-labelledby="backups">
      <div className="top">
        <div>
          <h2 id="backups">{words.backups}</h2>
          <p className="hint">{words.backupsAbout}</p>
        </div>
        <ActionButton text={words.backUp} kind="primary" off={off} onPress={() => setAsking('create')} />
      </div>
      <Loaded asked={backups} text={words.loadingBackups} rows={2}>
        {({ last }) =>
          last === null ? (
            <p className="beside">{words.noBackup}</p>
          ) : (
            <dl className="facts beside">
              <Fact label={words.lastBackup}>
                {`${dates.dayAndTime(last.at)}, ${dates.relative(last.at, Math.max(nowMs(), Date.parse(last.at)))}`}
              </Fact>
              <Fact label={words.where}>{last.path === null ? words.elsewhere : <code>{last.path}</code>}</Fact>
              <Fact label={words.generation}>{dates.number(last.generation)}</Fact>
            </dl>
          )
        }
      </Loaded>
      <p className="beside">
        <ActionButton text={words.note} off={off} onPress={() => setAsking('note')} />
      </p>
      {asking === 'create' ? (
        <BackUp
          start={folderOf(backups.data?.last?.path)}
          onMade={(found) => {
            close()
            backups.again()
            setMade(found)
          }}
          onClose={close}
        />
      ) : null}
      {asking === 'note' ? (
        <ConfirmDialog title={words.noteTitle} go={words.noteGo} keep={texts.common.cancel} act={note} onClose={close}>
          <p>{words.noteAbout}</p>
          <p>{words.noteSlow}</p>
        </ConfirmDialog>
      ) : null}
      {made === null ? null : <Made backup={made} onClose={() => setMade(null)} />}
    </section>
  )
}

interface BackUpProps {
  readonly start: string
  readonly onMade: (made: BackupMadeView) => void
  readonly onClose: () => void
}

const BackUp = ({ start, onMade, onClose }: BackUpProps) => {
  const { bridge, texts } = useConsole()
  const words = texts.recovery
  const [dir, setDir] = useState(start)
  return (
    <FormDialog
      title={words.backUpTitle}
      submit={words.backUpGo}
      fields={fields}
      check={() => (dir.trim() === '' ? { dir: words.dirMissing } : {})}
      save={async () => onMade(await bridge.call('backups.create', { body: { dir: dir.trim() } }))}
      onClose={onClose}
    >
      {(faults) => (
        <TextField label={words.dir} hint={words.dirHint} value={dir} onChange={setDir} fault={faults.dir} autoFocus />
      )}
    </FormDialog>
  )
}

const Made = ({ backup: { path, files, bytes }, onClose }: { backup: BackupMadeView; onClose: () => void }) => {
  const { texts, dates } = useConsole()
  const words = texts.recovery
  return (
    <Dialog title={words.madeTitle} onClose={onClose}>
      <p role="status">{words.made}</p>
      <dl>
        <Fact label={words.folder}>
          <code>{path}</code>
        </Fact>
        <Fact label={words.files}>{dates.number(files)}</Fact>
        <Fact label={words.size}>{sizeText(bytes, dates.number)}</Fact>
      </dl>
      <div className="row end">
        <button type="button" className="button primary" autoFocus onClick={onClose}>
          {words.done}
        </button>
      </div>
    </Dialog>
  )
}

const sizeText = (bytes: number, number: (count: number) => string): string => {
  const units = ['B', 'kB', 'MB', 'GB'] as const
  const step = Math.min(units.length - 1, Math.floor(Math.log(Math.max(1, bytes)) / Math.log(unitBytes)))
  const size = bytes / unitBytes ** step
  return `${number(step === 0 ? size : Math.round(size * 10) / 10)} ${units[step] ?? 'B'}`
}
