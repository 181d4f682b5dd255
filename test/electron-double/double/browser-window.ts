/** Electron's `BrowserWindow` over a page of Chromium. Only windows made the safe way: anything else is refused. */
import { app } from './app.ts'
import { cancellable } from './events.ts'
import { strictClass } from './strict.ts'
import { WebContents } from './web-contents.ts'
import { WindowFrame } from './window-frame.ts'
import { windows } from './windows.ts'

type Options = Electron.BrowserWindowConstructorOptions

/** Electron's defaults, so that a test reads what holds and not what was written. */
const defaults = {
  allowRunningInsecureContent: false,
  contextIsolation: true,
  experimentalFeatures: false,
  nodeIntegration: false,
  nodeIntegrationInSubFrames: false,
  nodeIntegrationInWorker: false,
  sandbox: true,
  webSecurity: true,
  webviewTag: false,
} satisfies Electron.WebPreferences

const refuseUnsafe = (preferences: Electron.WebPreferences): void => {
  const { nodeIntegration, contextIsolation, sandbox, webviewTag, webSecurity } = { ...defaults, ...preferences }
  if (nodeIntegration || webviewTag || !contextIsolation || !sandbox || !webSecurity)
    throw new Error(
      'electron-double: only sandboxed, context-isolated windows without nodeIntegration or webviewTag are implemented',
    )
}

const asElectron = <T>(window: BrowserWindow | undefined, none: T): Electron.BrowserWindow | T =>
  window === undefined ? none : (window as unknown as Electron.BrowserWindow)

let lastId = 0

export class BrowserWindow
  extends WindowFrame
  implements Pick<Electron.BrowserWindow, 'close' | 'destroy' | 'id' | 'isDestroyed' | 'loadURL' | 'reload'>
{
  readonly id = (lastId += 1)
  readonly webContents: WebContents
  #destroyed = false
  #painted = false

  static getAllWindows(): Electron.BrowserWindow[] {
    return [...windows] as unknown as Electron.BrowserWindow[]
  }
  static getFocusedWindow(): Electron.BrowserWindow | null {
    return asElectron(
      [...windows].find((each) => each.isFocused()),
      null,
    )
  }
  static fromId(id: number): Electron.BrowserWindow | null {
    return asElectron(
      [...windows].find((each) => each.id === id),
      null,
    )
  }
  static fromWebContents(contents: Electron.WebContents): Electron.BrowserWindow | null {
    return asElectron(
      [...windows].find((each) => each.webContents.id === contents.id),
      null,
    )
  }

  constructor(options: Options = {}) {
    if (!app.isReady()) throw new Error('Cannot create BrowserWindow before app is ready')
    const preferences = { ...defaults, ...options.webPreferences }
    refuseUnsafe(preferences)
    super(options)
    const { width, height } = this.getBounds()
    this.webContents = new WebContents({
      preferences,
      size: { width, height },
      close: () => this.close(),
      gone: () => this.#gone(),
      firstPaint: () => {
        if (!this.#painted) this.emit('ready-to-show')
        this.#painted = true
      },
      open: (details, response) => this.#openChild(preferences, details, response),
      titleChanged: (title) => this.#retitle(title),
    })
    windows.add(this)
    this.on('focus', () => app.emit('browser-window-focus', {}, this))
    this.on('blur', () => app.emit('browser-window-blur', {}, this))
    app.emit('web-contents-created', {}, this.webContents)
    app.emit('browser-window-created', {}, this)
  }

  loadURL(url: string): Promise<void> {
    return this.webContents.loadURL(url)
  }
  reload(): void {
    this.webContents.reload()
  }
  close(): void {
    if (this.#destroyed) return
    const closing = cancellable()
    this.emit('close', closing)
    if (!closing.defaultPrevented) this.destroy()
  }
  destroy(): void {
    if (!this.#destroyed) this.webContents.destroy()
  }
  isDestroyed(): boolean {
    return this.#destroyed
  }
  #gone(): void {
    this.#destroyed = true
    windows.delete(this)
    this.emit('closed')
    app.windowGone()
  }
  #retitle(title: string): void {
    const event = cancellable()
    this.emit('page-title-updated', event, title, true)
    if (!event.defaultPrevented) this.setTitle(title)
  }
  #openChild(
    ours: Electron.WebPreferences,
    details: Electron.HandlerDetails,
    { overrideBrowserWindowOptions: options = {} }: Electron.WindowOpenHandlerResponse,
  ): void {
    const child = new BrowserWindow({ ...options, webPreferences: { ...ours, ...options.webPreferences } })
    this.webContents.emit('did-create-window', child, details)
    // A page that cannot be had leaves an open window, as in a browser.
    child.loadURL(details.url).catch(() => {})
  }
  protected resized(size: Electron.Size): void {
    this.webContents.resize(size)
  }
}
strictClass('BrowserWindow', BrowserWindow)
