/** What was said in passing, to be read at leisure; and the last change, while it can be taken back. */
import { useConsole } from '../console-context.ts'
import { Dialog } from '../parts/dialog.tsx'

export const NotesDialog = ({ onClose }: { onClose: () => void }) => {
  const { texts, toasts, dates } = useConsole()
  const undo = toasts.undo.current
  return (
    <Dialog title={texts.help.notes} onClose={onClose}>
      {toasts.notes.length === 0 ? <p>{texts.help.noNotes}</p> : null}
      <ul className="notes">
        {toasts.notes.map(({ text, atMs }, at) => (
          <li key={toasts.notes.length - at}>
            <time dateTime={new Date(atMs).toISOString()}>{dates.time(atMs)}</time> <span>{text}</span>
          </li>
        ))}
      </ul>
      {undo === null ? null : <p className="hint">{texts.help.undoHint}</p>}
      <div className="row end">
        {undo === null ? null : (
          <button
            type="button"
            className="button"
            onClick={() => {
              onClose()
              undo()
            }}
          >
            {texts.help.undoLast}
          </button>
        )}
        <button type="button" className="button primary" data-focus-first onClick={onClose}>
          {texts.common.close}
        </button>
      </div>
    </Dialog>
  )
}
