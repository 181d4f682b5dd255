/** Electron's `WebContents`: the page of a window, its navigation and its messages. */
import { makeCodec } from '../in-page/codec.ts'
import type { ToMain } from '../in-page/isolated-world.ts'
import type { Protocol } from './cdp.ts'
import { engine } from './engine.ts'
import { cancellable } from './events.ts'
import { makeFrames } from './frames.ts'
import { ipcMain } from './ipc-main.ts'
import { nativeTheme } from './native-theme.ts'
import { PageState } from './page-state.ts'
import { askNavigation } from './navigation.ts'
import { metricsOf, openPageTarget, type PageTarget } from './page-target.ts'
import { originOf, toAppUrl, toChromiumUrl } from './protocol.ts'
import { answerRequest } from './requests.ts'
import { permit, session } from './session.ts'
import { strict, strictClass } from './strict.ts'

type OpenHandler = Parameters<Electron.WebContents['setWindowOpenHandler']>[0]

/** What a window does when its page asks for something. */
export interface Owner {
  readonly preferences: Electron.WebPreferences
  readonly size: Electron.Size
  close(): void
  gone(): void
  firstPaint(): void
  open(details: Electron.HandlerDetails, response: Electron.WindowOpenHandlerResponse): void
  titleChanged(title: string): void
}

const codec = makeCodec()
const all = new Set<WebContents>()
let lastId = 0
const withoutFragment = (url: string): string => url.replace(/#.*/s, '')

export class WebContents
  extends PageState
  implements
    Pick<
      Electron.WebContents,
      | 'close'
      | 'executeJavaScript'
      | 'forcefullyCrashRenderer'
      | 'id'
      | 'loadURL'
      | 'mainFrame'
      | 'reload'
      | 'send'
      | 'session'
      | 'setWindowOpenHandler'
    >
{
  readonly id = (lastId += 1)
  readonly session = session.defaultSession
  #owner: Owner
  #target: PageTarget | undefined
  /** Everything that needs the page waits for this one. */
  readonly #opened: Promise<PageTarget>
  #frames = makeFrames()
  #openHandler: OpenHandler = () => ({ action: 'allow' })
  /** What the app itself has asked Chromium to load: nobody is asked whether the page may go there. */
  #expected: string | undefined

  constructor(owner: Owner) {
    super()
    this.#owner = owner
    this.#opened = this.#open()
    all.add(this)
  }

  async #open(): Promise<PageTarget> {
    const { preload, nodeIntegrationInSubFrames: inSubFrames = false } = this.#owner.preferences
    const target = await openPageTarget(
      { preload, inSubFrames, ...this.#owner.size },
      {
        message: (frameId, message) => this.#fromPreload(frameId, message),
        requestPaused: (paused) => void this.#requestPaused(paused),
      },
    )
    this.#target = target
    this.#listen(target)
    nativeTheme.on('updated', this.#followTheme)
    this.#followTheme()
    return target
  }

  #listen({ session: page, targetId }: PageTarget): void {
    page.on('Page.frameAttached', ({ frameId, parentFrameId }) =>
      this.#frames.set(frameId, { url: 'about:blank', name: '', parentId: parentFrameId }),
    )
    page.on('Page.frameDetached', ({ frameId, reason }) => {
      if (reason === 'remove') this.#frames.remove(frameId)
    })
    page.on('Page.frameNavigated', ({ frame: { id, url, urlFragment = '', name = '', parentId } }) => {
      this.#frames.set(id, { url: url + urlFragment, name, parentId })
      if (id !== targetId) return
      this.state.url = toAppUrl(url + urlFragment)
      this.state.crashed = false
      if (this.state.url !== 'about:blank') this.emit('did-navigate', {}, this.state.url, 200, '')
    })
    page.on('Page.navigatedWithinDocument', ({ frameId, url }) => {
      if (frameId === targetId) this.state.url = toAppUrl(url)
      this.emit('did-navigate-in-page', {}, toAppUrl(url), frameId === targetId)
    })
    page.on('Page.frameStartedLoading', ({ frameId }) => {
      if (frameId !== targetId) return
      this.state.loading = true
      this.emit('did-start-loading')
    })
    page.on('Page.frameStoppedLoading', ({ frameId }) => {
      if (frameId !== targetId) return
      this.state.loading = false
      this.emit('did-stop-loading')
    })
    page.on('Page.domContentEventFired', () => {
      if (this.state.url !== 'about:blank') this.emit('dom-ready', {})
    })
    page.on('Page.loadEventFired', () => {
      if (this.state.url === 'about:blank') return
      this.emit('did-finish-load')
      this.#owner.firstPaint()
      void this.executeJavaScript('document.title').then((title) => {
        this.state.title = String(title)
        this.emit('page-title-updated', cancellable(), this.state.title, true)
        this.#owner.titleChanged(this.state.title)
      })
    })
    page.on('Inspector.targetCrashed', () => {
      this.state.crashed = true
      this.emit('render-process-gone', {}, { reason: 'crashed', exitCode: 1 })
    })
    // A page that closes itself takes its window with it.
    page.on('Inspector.detached', () => this.#gone())
  }

  async loadURL(url: string): Promise<void> {
    const { session: page } = await this.#opened
    const inChromium = toChromiumUrl(url)
    const origin = originOf(inChromium)
    // Others than these, `data:` for one, have none that could be permitted anything.
    if (origin.startsWith('http')) await permit(this as unknown as Electron.WebContents, url, origin)
    this.#expected = withoutFragment(inChromium)
    const loaded = new Promise<void>((resolve) => this.once('did-finish-load', () => resolve()))
    const { errorText, loaderId } = await page.send('Page.navigate', { url: inChromium })
    if (errorText !== undefined) {
      const code = errorText.replace('net::', '')
      this.emit('did-fail-load', {}, -2, code, url, true)
      throw Object.assign(new Error(`${code} (-2) loading '${url}'`), { code, errno: -2, url })
    }
    // Without one only the fragment has changed.
    if (loaderId !== undefined) await loaded
  }
  reload(): void {
    this.#expected = withoutFragment(toChromiumUrl(this.state.url))
    void this.#opened.then(({ session: page }) => page.send('Page.reload'))
  }
  async executeJavaScript(code: string): Promise<unknown> {
    const { session: page } = await this.#opened
    const asked = { expression: code, awaitPromise: true, returnByValue: true }
    const { result, exceptionDetails } = await page.send('Runtime.evaluate', asked)
    if (exceptionDetails !== undefined) throw new Error(exceptionDetails.exception?.description ?? 'the script failed')
    return result.value as unknown
  }
  forcefullyCrashRenderer(): void {
    // The page goes before it answers.
    void this.#opened.then(({ session: page }) => page.send('Page.crash').catch(() => {}))
  }

  send(channel: string, ...args: unknown[]): void {
    const coded = codec.encode(args)
    void this.#opened.then(({ deliver, targetId }) => deliver(targetId, { kind: 'push', channel, args: coded }))
  }
  #fromPreload(frameId: string, message: ToMain): void {
    const event = {
      ...cancellable(),
      type: 'frame' as const,
      sender: this as unknown as Electron.WebContents,
      senderFrame: this.#frames.get(frameId),
      frameId: 0,
      processId: 0,
    }
    switch (message.kind) {
      case 'invoke':
        return void this.#answer(frameId, message, event)
      case 'send':
        return void ipcMain.emit(message.channel, event, ...(codec.decode(message.args) as unknown[]))
      case 'open':
        return this.#openWindow(message)
      case 'close':
        return this.close()
      case 'preload-error': {
        const error = Object.assign(new Error(message.message), { stack: message.stack })
        return void this.emit('preload-error', {}, this.#owner.preferences.preload, error)
      }
    }
  }
  async #answer(
    frameId: string,
    { id, channel, args }: ToMain & { kind: 'invoke' },
    event: Electron.IpcMainInvokeEvent,
  ): Promise<void> {
    const { deliver } = await this.#opened
    try {
      const value = codec.encode(await ipcMain.answer(channel, event, codec.decode(args) as unknown[]))
      deliver(frameId, { kind: 'reply', id, value })
    } catch (error) {
      deliver(frameId, { kind: 'reply', id, error: String(error) })
    }
  }

  setWindowOpenHandler(handler: OpenHandler): void {
    this.#openHandler = handler
  }
  #openWindow({ url, name, features }: ToMain & { kind: 'open' }): void {
    const details: Electron.HandlerDetails = {
      url: toAppUrl(url),
      frameName: name,
      features,
      disposition: features === '' ? 'foreground-tab' : 'new-window',
      referrer: { url: this.state.url, policy: 'strict-origin-when-cross-origin' },
    }
    const response = this.#openHandler(details)
    if (response.action === 'allow') this.#owner.open(details, response)
  }

  async #requestPaused(paused: Protocol.Fetch.requestPausedPayload): Promise<void> {
    const { session: page, targetId } = await this.#opened
    const isMainFrame = paused.frameId === targetId
    const frame = this.#frames.get(paused.frameId)
    const mayNavigate = (url: string): boolean => {
      const expected = isMainFrame && this.#expected === withoutFragment(toChromiumUrl(url))
      if (expected) this.#expected = undefined
      return (
        expected || askNavigation(this, { url, isMainFrame, isSameDocument: false, frame, initiator: this.mainFrame })
      )
    }
    const contents = this as unknown as Electron.WebContents
    // A request of a page that is gone needs no answer.
    await answerRequest(paused, { session: page, contents, frame, isMainFrame, mayNavigate }).catch(
      (error: unknown) => {
        if (!this.state.destroyed) process.stderr.write(`electron-double: ${String(error)}\n`)
      },
    )
  }
  resize(size: Electron.Size): void {
    void this.#opened.then(({ session: page }) => page.send('Emulation.setDeviceMetricsOverride', metricsOf(size)))
  }
  #followTheme = (): void => {
    const value = nativeTheme.shouldUseDarkColors ? 'dark' : 'light'
    const features = [{ name: 'prefers-color-scheme', value }]
    this.#target?.session.send('Emulation.setEmulatedMedia', { features }).catch(() => {})
  }

  get mainFrame(): Electron.WebFrameMain {
    // Until the page is open there is a frame nobody can ask anything yet.
    const frame = this.#frames.get(this.#target?.targetId ?? '')
    if (frame === null) throw new Error('electron-double: webContents.mainFrame before anything was loaded')
    return frame
  }
  getLastWebPreferences(): Electron.WebPreferences {
    return this.#owner.preferences
  }
  get targetId(): string | undefined {
    return this.#target?.targetId
  }
  close(): void {
    this.#owner.close()
  }
  /** For the window: it is gone, and the page goes too. */
  destroy(): void {
    this.#gone()
    void Promise.all([engine, this.#opened])
      .then(([{ cdp }, { targetId }]) => cdp.send('Target.closeTarget', { targetId }))
      // Chromium may have been faster.
      .catch(() => {})
  }
  #gone(): void {
    if (this.state.destroyed) return
    this.state.destroyed = true
    this.#target?.session.abandon()
    all.delete(this)
    nativeTheme.off('updated', this.#followTheme)
    this.emit('destroyed')
    this.#owner.gone()
  }
}
strictClass('webContents', WebContents)

const asElectron = (found: WebContents | undefined): Electron.WebContents | undefined =>
  found as unknown as Electron.WebContents | undefined

/** The module `webContents`. */
export const webContents = strict('webContents', {
  fromDevToolsTargetId: (targetId) => asElectron([...all].find((each) => each.targetId === targetId)),
  fromId: (id) => asElectron([...all].find((each) => each.id === id)),
  getAllWebContents: () => [...all] as unknown as Electron.WebContents[],
} satisfies Partial<typeof Electron.WebContents>)
