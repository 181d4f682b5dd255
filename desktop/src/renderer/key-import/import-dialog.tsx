/** Keys from elsewhere: a file is chosen, looked at, and then imported whole or not at all. Their values are never shown. */
import { useId } from 'react'
import { importColumns, type ImportReport } from '@postern/shared'
import { useConsole, useKnown, whyOff } from '../console-context.ts'
import { Dialog } from '../parts/dialog.tsx'
import { RecordTable } from '../parts/record-table.tsx'
import { useImport, type ImportProblem, type PreviewRow } from './use-import.ts'

export interface ImportDialogProps {
  readonly onClose: () => void
}

/** The first of them say what is the matter with all. */
const rowsShown = 100

export const ImportDialog = ({ onClose }: ImportDialogProps) => {
  const { model, texts } = useConsole()
  const words = texts.keyImport
  const off = whyOff(useKnown(model), texts, 'administrator')
  const { state, fault, choose, run } = useImport()
  const busy = state.at === 'importing'
  if (state.at === 'done') return <Done report={state.report} onClose={onClose} />
  const [rows, problems] = 'rows' in state ? [state.rows, state.problems] : [[], []]
  const ready = state.at === 'looked' && problems.length === 0 && rows.length > 0
  const isOff = !ready || off !== null
  return (
    <Dialog title={words.title} className="broad key-import" onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (!isOff) run()
        }}
      >
        <p>{words.about}</p>
        <FileField off={busy} onChoose={choose} />
        <div role="status">
          {state.at === 'looking' ? <p>{words.looking}</p> : null}
          {ready ? <p>{words.ready(rows.length)}</p> : null}
          {busy ? <Running text={words.importing(rows.length)} /> : null}
        </div>
        <p className="fault" role="alert">
          {fault !== '' ? fault : problems.length > 0 ? words.wrong(problems.length) : ''}
        </p>
        {problems.length > 0 ? <Problems of={problems} /> : rows.length > 0 ? <Preview of={rows} /> : null}
        <div className="row end">
          <button type="button" className="button" onClick={onClose}>
            {busy ? words.goesOn : texts.common.cancel}
          </button>
          <button
            type="submit"
            className="button primary"
            aria-disabled={isOff}
            title={off ?? undefined}
            disabled={busy}
          >
            {busy ? texts.common.working : words.go(ready ? rows.length : 0)}
          </button>
        </div>
      </form>
    </Dialog>
  )
}

const FileField = ({ off, onChoose }: { off: boolean; onChoose: (file: File | null) => void }) => {
  const { texts } = useConsole()
  const words = texts.keyImport
  const [fileId, hintId] = [useId(), useId()]
  return (
    <div className="field">
      <label htmlFor={fileId}>{words.file}</label>
      <input
        id={fileId}
        type="file"
        accept=".csv,.json,text/csv,application/json"
        data-focus-first
        disabled={off}
        aria-describedby={hintId}
        // The same file, mended, is chosen anew.
        onClick={({ currentTarget }) => (currentTarget.value = '')}
        onChange={({ target }) => onChoose(target.files?.[0] ?? null)}
      />
      <span id={hintId} className="hint">
        {words.fileHint}
      </span>
      <details className="more">
        <summary>{words.columns}</summary>
        <p>
          <code>{importColumns.join(', ')}</code>
        </p>
        <p className="hint">{words.columnsMean}</p>
      </details>
    </div>
  )
}

const Running = ({ text }: { text: string }) => {
  const textId = useId()
  return (
    <p>
      <span id={textId}>{text}</span> <progress aria-labelledby={textId} />
    </p>
  )
}

const Cut = ({ count }: { count: number }) => {
  const { texts } = useConsole()
  return count > rowsShown ? <p className="hint">{texts.keyImport.more(count - rowsShown)}</p> : null
}

const Problems = ({ of: problems }: { of: readonly ImportProblem[] }) => {
  const { texts, dates } = useConsole()
  const words = texts.keyImport
  const rows = problems.slice(0, rowsShown).map((problem, at) => ({ ...problem, at }))
  return (
    <section className="import-rows" tabIndex={0} aria-label={words.problemList}>
      <RecordTable
        caption={words.problemList}
        rows={rows}
        idOf={({ at }) => String(at)}
        columns={[
          {
            name: 'place',
            head: words.row,
            cell: ({ row }) => (row === null ? words.wholeFile : dates.number(row)),
          },
          { name: 'column', head: words.field, cell: ({ field }) => (field === '' ? null : <code>{field}</code>) },
          { name: 'message', head: words.message, cell: ({ message }) => message },
        ]}
        nothing={null}
      />
      <Cut count={problems.length} />
    </section>
  )
}

const Preview = ({ of: found }: { of: readonly PreviewRow[] }) => {
  const { texts, dates } = useConsole()
  const words = texts.keyImport
  return (
    <section className="import-rows" tabIndex={0} aria-label={words.preview}>
      <RecordTable
        caption={words.preview}
        rows={found.slice(0, rowsShown)}
        idOf={({ row }) => String(row)}
        columns={[
          { name: 'place', head: words.row, cell: ({ row }) => dates.number(row) },
          { name: 'name', head: words.name, cell: ({ name }) => name },
          { name: 'client', head: words.client, cell: ({ client }) => client },
          { name: 'kind', head: words.kind, cell: ({ kind }) => words.kinds[kind] },
          {
            name: 'expires',
            head: words.expires,
            cell: ({ expiresAt }) => (expiresAt === null ? words.never : dates.endDay(expiresAt)),
          },
        ]}
        nothing={null}
      />
      <Cut count={found.length} />
    </section>
  )
}

const Done = ({ report, onClose }: { report: ImportReport; onClose: () => void }) => {
  const { texts, dates } = useConsole()
  const words = texts.keyImport
  const rows = report.keys.slice(0, rowsShown).map((key, at) => ({ ...key, at }))
  return (
    <Dialog title={words.title} className="broad key-import" onClose={onClose}>
      <p role="status">{words.done(report.imported)}</p>
      <section className="import-rows" tabIndex={0} aria-label={words.imported}>
        <RecordTable
          caption={words.imported}
          rows={rows}
          idOf={({ at }) => String(at)}
          columns={[
            { name: 'name', head: words.name, cell: ({ name }) => name },
            { name: 'id', head: texts.details.id, cell: ({ id }) => <code>{id}</code> },
            {
              name: 'expires',
              head: words.expires,
              cell: ({ expires_at: at }) => (at === null ? words.never : dates.endDay(at)),
            },
          ]}
          nothing={null}
        />
        <Cut count={report.keys.length} />
      </section>
      <div className="row end">
        <button type="button" className="button primary" data-focus-first onClick={onClose}>
          {texts.issued.done}
        </button>
      </div>
    </Dialog>
  )
}
