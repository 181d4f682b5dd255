/** Makes a backup: a folder of its own, or one archive. What was made is shown with where it is and how large. */
import { useState } from 'react'
import type { BackupMadeView } from '@postern/shared'
import { useConsole } from '../console-context.ts'
import { ChoiceField, TextField } from '../notices/text-field.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { FormDialog } from '../parts/form.tsx'
import { Fact } from '../parts/states.tsx'
import { OwnWork } from './running-work.tsx'
import { sizeText } from './size-text.ts'
import { useLongWork } from './use-long-work.ts'

const forms = ['dir', 'file'] as const
type Form = (typeof forms)[number]

interface CreateDialogProps {
  /** The folder that the last one lies in, which is where the next one belongs. */
  readonly start: string
  readonly onMade: (made: BackupMadeView) => void
  readonly onClose: () => void
}

/** Whichever way paths are written there. */
const archiveIn = (dir: string): string => (dir === '' ? '' : `${dir}${dir.includes('\\') ? '\\' : '/'}postern.tar`)

export const CreateDialog = ({ start, onMade, onClose }: CreateDialogProps) => {
  const { bridge, texts } = useConsole()
  const words = texts.recovery
  const run = useLongWork()
  const [form, setForm] = useState<Form>('dir')
  const [paths, setPaths] = useState<Readonly<Record<Form, string>>>({ dir: start, file: archiveIn(start) })
  const path = paths[form].trim()
  const isFile = form === 'file'
  const missing = isFile ? !path.endsWith('.tar') : path === ''
  return (
    <FormDialog
      title={words.backUpTitle}
      submit={words.backUpGo}
      fields={forms}
      check={() => (missing ? { [form]: isFile ? words.fileMissing : words.dirMissing } : {})}
      whileBusy={{ shown: <OwnWork what="create" />, close: words.goesOn }}
      save={() =>
        run(() => bridge.call('backups.create', { body: isFile ? { file: path } : { dir: path } }), {
          show: onMade,
          later: {
            say: (made) => ({ text: words.madeAt(made.path), alert: false }),
            failed: words.backUpFailed,
          },
        })
      }
      onClose={onClose}
    >
      {(faults) => (
        <>
          <TextField
            label={isFile ? words.file : words.dir}
            hint={isFile ? words.fileHint : words.dirHint}
            value={paths[form]}
            onChange={(text) => setPaths({ ...paths, [form]: text })}
            fault={faults[form]}
            autoFocus
          />
          <ChoiceField
            label={words.form}
            hint=""
            choices={forms}
            names={words.forms}
            value={form}
            onChange={setForm}
            fault={undefined}
          />
        </>
      )}
    </FormDialog>
  )
}

export const MadeDialog = ({
  backup: { path, files, bytes },
  onClose,
}: {
  backup: BackupMadeView
  onClose: () => void
}) => {
  const { texts, dates } = useConsole()
  const words = texts.recovery
  return (
    <Dialog title={words.madeTitle} onClose={onClose}>
      <p role="status">{words.made}</p>
      <dl>
        <Fact label={words.madeWhere}>
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
