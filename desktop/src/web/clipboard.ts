/**
 * The clipboard as far as a browser lets a page at it. Promises: a key's value is taken out again after a while when it
 * is known to be still there: the browser lets the page look, or this window was never left. Otherwise people are told and
 * may clear it; what somebody has copied since is never taken from them.
 */
import { clipboardSeconds, type Preferences, type Push } from '../bridge.ts'

type ClipboardPush = Extract<Push, { kind: 'clipboard' }>

export const createClipboard = (tell: (push: ClipboardPush) => void, preferences: () => Preferences) => {
  let clearsInSeconds = 0
  let held: { value: string; left: boolean; timer: number } | undefined
  const say = (state: ClipboardPush['state']): void => tell({ kind: 'clipboard', state, clearsInSeconds })

  // Elsewhere, or by a copy in this very page, something else may have come into the clipboard.
  const leave = (): void => {
    if (held !== undefined) held.left = true
  }
  window.addEventListener('blur', leave)
  document.addEventListener('copy', leave)
  document.addEventListener('cut', leave)

  const mayLook = async (): Promise<boolean> => {
    try {
      const { state } = await navigator.permissions.query({ name: 'clipboard-read' as PermissionName })
      return state === 'granted' && document.hasFocus()
    } catch {
      return false
    }
  }

  const isOurs = async ({ value, left }: { value: string; left: boolean }): Promise<boolean | undefined> => {
    if (!left && document.hasFocus()) return true
    return (await mayLook()) ? (await navigator.clipboard.readText()) === value : undefined
  }

  const timeIsUp = async (): Promise<void> => {
    if (held === undefined) return
    const was = held
    const ours = await isOurs(was).catch(() => undefined)
    if (ours === undefined) return say('unknown')
    if (ours) return clear()
    held = undefined
    say('cleared')
  }

  const clear = async (): Promise<void> => {
    clearTimeout(held?.timer)
    await navigator.clipboard.writeText('')
    held = undefined
    say('cleared')
  }

  return {
    write: async (value: string): Promise<void> => {
      await navigator.clipboard.writeText(value)
      clearTimeout(held?.timer)
      clearsInSeconds = clipboardSeconds(preferences())
      const timer = window.setTimeout(() => void timeIsUp().catch(() => say('unknown')), clearsInSeconds * 1_000)
      held = { value, left: false, timer }
      say('held')
    },
    writeText: (text: string): Promise<void> => {
      leave()
      return navigator.clipboard.writeText(text)
    },
    clear,
    /** Takes our value out if it is known to be there; this page knows no value any more. */
    release: async (): Promise<void> => {
      if (held === undefined) return
      clearTimeout(held.timer)
      await timeIsUp().catch(() => say('unknown'))
      held = undefined
    },
    keep: (): void => {
      clearTimeout(held?.timer)
      held = undefined
    },
  }
}
