/**
 * A key's value in the clipboard, for a while. Promises: taken out after 45 seconds, on lock and on quit, if it is still
 * there; what somebody has copied since stays. Never: keeps the value itself in mind, only its hash.
 */
import { createHash } from 'node:crypto'
import type { Push } from '../bridge.ts'

export const clearsInSeconds = 45

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
  /** Gives a function that takes it back. */
  readonly after: (ms: number, run: () => void) => () => void
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex')

export const createClipboardKeeper = ({ clipboard, tell, after }: ClipboardKeeperDeps): ClipboardKeeper => {
  let held: { hash: string; cancel: () => void } | undefined
  const say = (state: ClipboardPush['state']): void => tell({ kind: 'clipboard', state, clearsInSeconds })

  const forget = (): void => {
    held?.cancel()
    held = undefined
  }

  const release = async (): Promise<void> => {
    if (held === undefined) return
    const was = held
    try {
      const isOurs = hashOf(await clipboard.readText()) === was.hash
      // Another copy may have been made while the clipboard was read; it has a time of its own.
      if (held !== was) return
      if (isOurs) clipboard.clear()
      forget()
      say('cleared')
    } catch {
      say('unknown')
    }
  }

  return {
    write: async (value) => {
      await clipboard.writeSecret(value)
      forget()
      held = { hash: hashOf(value), cancel: after(clearsInSeconds * 1_000, () => void release()) }
      say('held')
    },
    writeText: async (text) => {
      await clipboard.writeText(text)
      forget()
    },
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
