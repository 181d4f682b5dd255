/** A window without its page: where it is, how large, shown or hidden. Nothing is drawn, the sizes are real to the page. */
import { EventEmitter } from 'node:events'

type Options = Electron.BrowserWindowConstructorOptions

export abstract class WindowFrame
  extends EventEmitter
  implements
    Pick<
      Electron.BrowserWindow,
      | 'blur'
      | 'center'
      | 'flashFrame'
      | 'focus'
      | 'getBounds'
      | 'getContentBounds'
      | 'getMinimumSize'
      | 'getNormalBounds'
      | 'getPosition'
      | 'getSize'
      | 'getTitle'
      | 'hide'
      | 'isContentProtected'
      | 'isFocused'
      | 'isFullScreen'
      | 'isMaximized'
      | 'isMenuBarVisible'
      | 'isMinimized'
      | 'isVisible'
      | 'maximize'
      | 'minimize'
      | 'moveTop'
      | 'removeMenu'
      | 'restore'
      | 'setAutoHideMenuBar'
      | 'setBackgroundColor'
      | 'setBounds'
      | 'setContentProtection'
      | 'setFullScreen'
      | 'setIcon'
      | 'setMenu'
      | 'setMenuBarVisibility'
      | 'setMinimumSize'
      | 'setPosition'
      | 'setSize'
      | 'setSkipTaskbar'
      | 'setTitle'
      | 'show'
      | 'showInactive'
      | 'unmaximize'
    >
{
  #bounds: Electron.Rectangle
  #minimum: readonly [number, number]
  #title: string
  #visible: boolean
  #focused = false
  #shape: 'normal' | 'maximized' | 'minimized' | 'full-screen' = 'normal'
  #contentProtected = false
  #menuBarVisible = true

  constructor(options: Options) {
    super()
    const { x = 0, y = 0, width = 800, height = 600, minWidth = 0, minHeight = 0 } = options
    this.#minimum = [minWidth, minHeight]
    this.#bounds = { x, y, width, height }
    this.#title = options.title ?? 'Electron'
    this.#visible = options.show ?? true
    this.#focused = this.#visible
  }
  /** The page is to have this size. */
  protected abstract resized(size: Electron.Size): void

  show(): void {
    this.showInactive()
    this.focus()
  }
  showInactive(): void {
    if (this.#shape === 'minimized') this.#shape = 'normal'
    if (this.#visible) return
    this.#visible = true
    this.emit('show')
  }
  hide(): void {
    if (!this.#visible) return
    this.blur()
    this.#visible = false
    this.emit('hide')
  }
  isVisible(): boolean {
    return this.#visible
  }
  focus(): void {
    if (!this.#visible || this.#focused) return
    this.#focused = true
    this.emit('focus')
  }
  blur(): void {
    if (!this.#focused) return
    this.#focused = false
    this.emit('blur')
  }
  isFocused(): boolean {
    return this.#focused
  }

  maximize(): void {
    this.#shape = 'maximized'
    this.#visible = true
    this.emit('maximize')
  }
  unmaximize(): void {
    if (this.#shape !== 'maximized') return
    this.#shape = 'normal'
    this.emit('unmaximize')
  }
  isMaximized(): boolean {
    return this.#shape === 'maximized'
  }
  minimize(): void {
    this.blur()
    this.#shape = 'minimized'
    this.emit('minimize')
  }
  restore(): void {
    if (this.#shape !== 'minimized') return
    this.#shape = 'normal'
    this.emit('restore')
  }
  isMinimized(): boolean {
    return this.#shape === 'minimized'
  }
  setFullScreen(flag: boolean): void {
    this.#shape = flag ? 'full-screen' : 'normal'
    this.emit(flag ? 'enter-full-screen' : 'leave-full-screen')
  }
  isFullScreen(): boolean {
    return this.#shape === 'full-screen'
  }

  getBounds(): Electron.Rectangle {
    return { ...this.#bounds }
  }
  /** No frame is drawn around the page. */
  getContentBounds(): Electron.Rectangle {
    return this.getBounds()
  }
  getNormalBounds(): Electron.Rectangle {
    return this.getBounds()
  }
  setBounds(bounds: Partial<Electron.Rectangle>): void {
    const before = this.#bounds
    const [minWidth, minHeight] = this.#minimum
    const asked = { ...before, ...bounds }
    const now = { ...asked, width: Math.max(minWidth, asked.width), height: Math.max(minHeight, asked.height) }
    this.#bounds = now
    if (now.x !== before.x || now.y !== before.y) this.emit('move')
    if (now.width === before.width && now.height === before.height) return
    this.resized({ width: now.width, height: now.height })
    this.emit('resize')
  }
  getSize(): number[] {
    return [this.#bounds.width, this.#bounds.height]
  }
  setSize(width: number, height: number): void {
    this.setBounds({ width, height })
  }
  getPosition(): number[] {
    return [this.#bounds.x, this.#bounds.y]
  }
  setPosition(x: number, y: number): void {
    this.setBounds({ x, y })
  }
  getMinimumSize(): number[] {
    return [...this.#minimum]
  }
  setMinimumSize(width: number, height: number): void {
    this.#minimum = [width, height]
  }

  getTitle(): string {
    return this.#title
  }
  setTitle(title: string): void {
    this.#title = title
  }
  setContentProtection(enable: boolean): void {
    this.#contentProtected = enable
  }
  isContentProtected(): boolean {
    return this.#contentProtected
  }
  setMenuBarVisibility(visible: boolean): void {
    this.#menuBarVisible = visible
  }
  isMenuBarVisible(): boolean {
    return this.#menuBarVisible
  }
  // What only a person could see.
  center(): void {}
  flashFrame(): void {}
  moveTop(): void {}
  removeMenu(): void {}
  setAutoHideMenuBar(): void {}
  setBackgroundColor(): void {}
  setIcon(): void {}
  setMenu(): void {}
  setSkipTaskbar(): void {}
}
