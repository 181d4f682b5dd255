/**
 * Bringing keys from a file. Promises: what is shown before is what is done, for a file that has changed meanwhile cannot be read
 * any more; closed while it runs, it goes on and a message says what came of it. Never: a value beyond the one request that carries
 * it; the file is read anew each time, and what is kept of a row is its name.
 */
import { useCallback, useRef, useState } from 'react'
import { readImport, type ImportReport, type KeyRead } from '@postern/shared'
import { Refusal } from '../../bridge.ts'
import { useConsole } from '../console-context.ts'
import { useLongWork } from '../recovery/use-long-work.ts'
import type { Texts } from '../texts/texts.ts'

const megabyte = 1024 * 1024
/** What one request to Postern may carry. */
const fileMegabytesMax = 16

export interface PreviewRow {
  readonly row: number
  readonly name: string
  readonly client: string | null
  readonly kind: 'value' | 'sha256'
  /** Null: never. */
  readonly expiresAt: string | null
}

export interface ImportProblem {
  /** Null: of the whole file. */
  readonly row: number | null
  readonly field: string
  readonly message: string
}

export type ImportState =
  | { readonly at: 'choosing' }
  | { readonly at: 'looking' }
  | {
      readonly at: 'looked' | 'importing'
      readonly rows: readonly PreviewRow[]
      readonly problems: readonly ImportProblem[]
    }
  | { readonly at: 'done'; readonly report: ImportReport }

export interface KeyImporting {
  readonly state: ImportState
  /** Why nothing came of it. */
  readonly fault: string
  choose(file: File | null): void
  run(): void
}

/** Of a refusal or a report that names the keys by their place in the request. */
const atRows = (
  told: readonly { readonly at: number; readonly field: string; readonly message: string }[],
  keys: readonly { readonly row: number }[],
): ImportProblem[] => told.map(({ at, field, message }) => ({ row: keys[at]?.row ?? null, field, message }))

const refusedRows = (error: unknown, keys: readonly { readonly row: number }[]): ImportProblem[] => {
  if (!(error instanceof Refusal)) return []
  const told = error.errors.flatMap(({ field, message }) => {
    const [, at, rest = ''] = /^keys\.(\d+)\.?(.*)$/.exec(field) ?? []
    return at === undefined ? [] : [{ at: Number(at), field: rest, message }]
  })
  return atRows(told, keys)
}

const readFile = async (file: File, texts: Texts): Promise<ReturnType<typeof readImport>> => {
  const { keyImport } = texts
  if (file.size > fileMegabytesMax * megabyte) throw new Error(keyImport.tooLarge(fileMegabytesMax))
  const text = await file.text().catch(() => {
    throw new Error(keyImport.notReadable)
  })
  return readImport(/\.json$/i.test(file.name) ? 'json' : 'table', text)
}

const previewOf = (keys: readonly KeyRead[], report: ImportReport): PreviewRow[] =>
  keys.map(({ row, key }, at) => ({
    row,
    name: key.name,
    client: key.client ?? null,
    kind: key.sha256 === undefined ? 'value' : 'sha256',
    expiresAt: report.keys[at]?.expires_at ?? null,
  }))

export const useImport = (): KeyImporting => {
  const { bridge, model, texts } = useConsole()
  const longWork = useLongWork()
  const chosen = useRef<File | null>(null)
  const [state, setState] = useState<ImportState>({ at: 'choosing' })
  const [fault, setFault] = useState('')

  const look = useCallback(
    async (file: File): Promise<ImportState> => {
      const { keys, problems } = await readFile(file, texts)
      const found: ImportProblem[] = problems.map(({ wrong, ...problem }) => ({
        ...problem,
        message: texts.keyImport.problems[wrong],
      }))
      if (keys.length === 0) return { at: 'looked', rows: [], problems: found }
      try {
        const report = await bridge.importKeys({ keys: keys.map(({ key }) => key), dry_run: true })
        return { at: 'looked', rows: previewOf(keys, report), problems: [...found, ...atRows(report.problems, keys)] }
      } catch (error) {
        const refused = refusedRows(error, keys)
        if (refused.length === 0) throw error
        return { at: 'looked', rows: [], problems: [...found, ...refused] }
      }
    },
    [bridge, texts],
  )

  const choose = (file: File | null): void => {
    chosen.current = file
    setFault('')
    if (file === null) return setState({ at: 'choosing' })
    setState({ at: 'looking' })
    look(file).then(
      (looked) => {
        if (chosen.current === file) setState(looked)
      },
      (error: unknown) => {
        if (chosen.current !== file) return
        setFault(error instanceof Error ? error.message : String(error))
        setState({ at: 'choosing' })
      },
    )
  }

  const run = (): void => {
    const { current: file } = chosen
    if (file === null || state.at !== 'looked') return
    const { rows } = state
    setFault('')
    setState({ ...state, at: 'importing' })
    const work = async (): Promise<ImportReport> => {
      const { keys } = await readFile(file, texts)
      const report = await bridge.importKeys({ keys: keys.map(({ key }) => key) })
      if (report.problems.length === 0) void model.refresh()
      return report
    }
    longWork(work, {
      show: (report) => {
        if (report.problems.length === 0) setState({ at: 'done', report })
        else setState({ at: 'looked', rows, problems: atRows(report.problems, rows) })
      },
      later: {
        say: ({ imported, problems }) =>
          problems.length === 0
            ? { text: texts.keyImport.done(imported), alert: false }
            : { text: `${texts.keyImport.notDone} ${problems[0]?.message ?? ''}`, alert: true },
        failed: texts.keyImport.notDone,
      },
    }).catch((error: unknown) => {
      setFault(error instanceof Error ? error.message : String(error))
      setState({ ...state, at: 'looked' })
    })
  }

  return { state, fault, choose, run }
}
