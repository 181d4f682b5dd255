/**
 * Restoring records from a backup: which one, what that would do, and only then doing it. Promises: what is done is what was
 * shown, or nothing; what takes the place of a record of now asks for more than a click.
 */
import { useState } from 'react'
import type { RestoreDone, RestorePreview } from '@postern/shared'
import { Refusal } from '../../bridge.ts'
import { useConsole } from '../console-context.ts'
import { Dialog } from '../parts/dialog.tsx'
import { FormDialog } from '../parts/form.tsx'
import { PreviewDialog } from './restore-preview.tsx'
import { OwnWork } from './running-work.tsx'
import { useLongWork } from './use-long-work.ts'
import { PathField } from './path-field.tsx'

type Stage =
  | { readonly kind: 'path' }
  | { readonly kind: 'preview'; readonly preview: RestorePreview; readonly replace: boolean }
  /** It would no longer do what was shown. */
  | { readonly kind: 'stale'; readonly replace: boolean }
  | { readonly kind: 'done'; readonly done: RestoreDone }

const pathField = ['path'] as const

interface RestoreWizardProps {
  readonly start: string
  readonly onRestored: () => void
  readonly onClose: () => void
}

export const RestoreWizard = ({ start, onRestored, onClose }: RestoreWizardProps) => {
  const { bridge, texts } = useConsole()
  const words = texts.recovery
  const run = useLongWork()
  const [path, setPath] = useState(start)
  const [stage, setStage] = useState<Stage>({ kind: 'path' })

  const look = (replace: boolean): Promise<void> =>
    run(() => bridge.call('backups.preview', { body: { path: path.trim(), replace } }), {
      show: (preview) => setStage({ kind: 'preview', preview, replace }),
      later: null,
    })
  const restore = (preview: RestorePreview, replace: boolean): Promise<void> =>
    run(() => bridge.call('backups.restore', { body: { path: preview.path, replace, hash: preview.hash } }), {
      show: (done) => {
        setStage({ kind: 'done', done })
        onRestored()
      },
      later: {
        say: ({ adds, replaces, keeps }) => ({
          text: `${words.restoredTitle}. ${words.restored(adds.length, replaces.length, keeps)}`,
          alert: false,
        }),
        failed: words.restoreFailed,
      },
    }).catch((error: unknown) => {
      if (!(error instanceof Refusal) || error.code !== 'precondition_failed') throw error
      setStage({ kind: 'stale', replace })
    })

  switch (stage.kind) {
    case 'path':
      return (
        <FormDialog
          title={words.restoreTitle}
          submit={words.restoreLook}
          fields={pathField}
          check={() => (path.trim() === '' ? { path: words.pathMissing } : {})}
          whileBusy={{ shown: <OwnWork what="preview" />, close: texts.common.cancel }}
          save={() => look(false)}
          onClose={onClose}
        >
          {(faults) => (
            <>
              <p>{words.restoreAbout}</p>
              <PathField value={path} onChange={setPath} fault={faults.path} autoFocus />
              <p className="hint">{words.restoreOther}</p>
            </>
          )}
        </FormDialog>
      )
    case 'preview':
      return (
        <PreviewDialog
          of={stage.preview}
          replace={stage.replace}
          look={look}
          restore={() => restore(stage.preview, stage.replace)}
          onBack={() => setStage({ kind: 'path' })}
          onClose={onClose}
        />
      )
    case 'stale':
      return (
        <FormDialog
          title={words.staleTitle}
          submit={words.staleGo}
          fields={[]}
          whileBusy={{ shown: <OwnWork what="preview" />, close: texts.common.cancel }}
          save={() => look(stage.replace)}
          onClose={onClose}
        >
          {() => <p role="status">{words.stale}</p>}
        </FormDialog>
      )
    case 'done':
      return <Restored of={stage.done} onClose={onClose} />
  }
}

const Restored = ({ of: { adds, replaces, keeps }, onClose }: { of: RestoreDone; onClose: () => void }) => {
  const { texts, go } = useConsole()
  const words = texts.recovery
  const waiting = adds.filter(({ waits }) => waits).length
  return (
    <Dialog title={words.restoredTitle} onClose={onClose}>
      <p role="status">{words.restored(adds.length, replaces.length, keeps)}</p>
      {waiting === 0 ? null : <p className="banner calm">{words.restoredWaits(waiting)}</p>}
      <div className="row end">
        {waiting === 0 ? null : (
          <button type="button" className="button" onClick={() => go('keys', 'disabled')}>
            {words.restoredKeys}
          </button>
        )}
        <button type="button" className="button primary" autoFocus onClick={onClose}>
          {words.done}
        </button>
      </div>
    </Dialog>
  )
}
