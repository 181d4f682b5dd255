/**
 * A key's value in the clipboard, for a while. Promises: taken out after a while, on lock and on quit, if it is still
 * there; what somebody has copied since stays. Never: keeps the value itself in mind, only its hash.
 */
import { createHash } from 'node:crypto'
import type { Push } from '../bridge.ts'

export interface SystemClipboard {
  /** With the marks that keep it out of clipboard histories. */
  writeSecret(value: string): Promise<void>
  writeText(text: string): Promise<void>
  readText(): Promise<string>
  clear(): void
}

export interface ClipboardKeeper {
  write(value: string): Promise<void>
  writeText(text: string): Promise<void>
  /** Takes our value out, if it is there. */
  release(): Promise<void>
  keep(): void
}

type ClipboardPush = Extract<Push, { kind: 'clipboard' }>

export interface ClipboardKeeperDeps {
  readonly clipboard: SystemClipboard
  readonly tell: (push: ClipboardPush) => void
  /** How long a value stays. */
  readonly seconds: () => number
  /** Gives a function that takes it back. */
  readonly after: (ms: number, run: () => void) => () => void
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex')

export const createClipboardKeeper = ({ clipboard, tell, seconds, after }: ClipboardKeeperDeps): ClipboardKeeper => {
  let held: { hash: string; cancel: () => void } | undefined
  let clearsInSeconds = 0
  const say = (state: ClipboardPush['state']): void => tell({ kind: 'clipboard', state, clearsInSeconds })

  const forget = (): void => {
    held?.cancel()
    held = undefined
  }

  /** One after another: what is copied while the clipboard is read must not be taken for what was there before. */
  let before: Promise<void> = Promise.resolve()
  const inTurn = (run: () => Promise<void>): Promise<void> => {
    const mine = before.then(run)
    before = mine.catch(() => undefined)
    return mine
  }

  const release = (): Promise<void> =>
    inTurn(async () => {
      if (held === undefined) return
      const { hash } = held
      try {
        if (hashOf(await clipboard.readText()) === hash) clipboard.clear()
        forget()
        say('cleared')
      } catch {
        say('unknown')
      }
    })

  return {
    write: (value) =>
      inTurn(async () => {
        await clipboard.writeSecret(value)
        forget()
        clearsInSeconds = seconds()
        held = { hash: hashOf(value), cancel: after(clearsInSeconds * 1_000, () => void release()) }
        say('held')
      }),
    writeText: (text) =>
      inTurn(async () => {
        await clipboard.writeText(text)
        forget()
      }),
    release,
    keep: forget,
  }
}

const rawFormat = (name: string): string => `electron application/osclipboard;format="${name}"`

/**
 * What is written beside the text, so that it stays out of clipboard histories and of clouds. Read from the documentation of
 * Electron 45 and of these systems; nobody has seen it work yet.
 */
export const keepOutMarks = (platform: NodeJS.Platform): Readonly<Record<string, Buffer>> => {
  const no = Buffer.alloc(4)
  switch (platform) {
    case 'win32':
      return {
        [rawFormat('ExcludeClipboardContentFromMonitorProcessing')]: no,
        [rawFormat('CanIncludeInClipboardHistory')]: no,
        [rawFormat('CanUploadToCloudClipboard')]: no,
      }
    case 'darwin':
      return { [rawFormat('org.nspasteboard.ConcealedType')]: Buffer.from('1') }
    default:
      return { [rawFormat('x-kde-passwordManagerHint')]: Buffer.from('secret') }
  }
}
