/** The surfaces of the operating system as the rest of this program asks for them. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { app, BrowserWindow, clipboard, ClipboardItem, dialog, Notification } from 'electron'
import { Refusal } from '../bridge.ts'
import type { CommandWords } from './restart-words.ts'
import { keepOutMarks, type SystemClipboard } from './clipboard-keeper.ts'

/** In one write: no reader of the clipboard sees the value without its marks. */
export const systemClipboard: SystemClipboard = {
  writeSecret: (value) => {
    const marks = Object.entries(keepOutMarks(process.platform)).map(([format, content]): [string, Blob] => [
      format,
      new Blob([new Uint8Array(content)]),
    ])
    return clipboard.write([new ClipboardItem({ 'text/plain': value, ...Object.fromEntries(marks) })])
  },
  writeText: (text) => clipboard.writeText(text),
  readText: () => clipboard.readText(),
  clear: () => clipboard.clear(),
}

/** Asks where to, and writes it for this user alone. Throws a Refusal where that cannot be done. */
export const saveText = async (name: string, text: string): Promise<boolean> => {
  const options = { defaultPath: join(app.getPath('downloads'), name) }
  const [window] = BrowserWindow.getAllWindows()
  const { canceled, filePath } = await (window === undefined
    ? dialog.showSaveDialog(options)
    : dialog.showSaveDialog(window, options))
  if (canceled || filePath === '') return false
  try {
    await writeFile(filePath, text, { mode: 0o600 })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new Refusal('internal', `The file could not be written (${code ?? 'unknown'}). Choose another place.`)
  }
  return true
}

/** A command for somebody to carry out themselves; true: they want it copied. */
export const showCommand = async (words: CommandWords): Promise<boolean> => {
  const { title, lines, command, copy, close } = words
  const { response } = await dialog.showMessageBox({
    type: 'info',
    title,
    message: title,
    detail: [lines[0], '', command, '', ...lines.slice(1)].join('\n'),
    buttons: [copy, close],
    defaultId: 0,
    cancelId: 1,
    noLink: true,
  })
  return response === 0
}

/** Those that are shown, so that a click still finds what it leads to. */
const shown = new Set<Notification>()
const shownMax = 20

export const notify = ({ title, body }: { title: string; body: string }, onClick: () => void): void => {
  if (!Notification.isSupported()) return
  const notification = new Notification({ title, body })
  shown.add(notification)
  const [oldest] = shown
  if (shown.size > shownMax && oldest !== undefined) shown.delete(oldest)
  notification.on('click', () => {
    shown.delete(notification)
    onClick()
  })
  notification.show()
}

/** Whether the console starts when this user signs in; null where Electron cannot tell. */
export const loginState = (): boolean | null =>
  process.platform === 'linux' ? null : app.getLoginItemSettings().openAtLogin

export const startAtLogin = (openAtLogin: boolean): void =>
  app.setLoginItemSettings({ openAtLogin, args: ['--hidden'] })
