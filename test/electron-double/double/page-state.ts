/** What `WebContents` knows of its page and answers at once. */
import { EventEmitter } from 'node:events'

export class PageState
  extends EventEmitter
  implements
    Pick<
      Electron.WebContents,
      | 'closeDevTools'
      | 'focus'
      | 'getTitle'
      | 'getType'
      | 'getURL'
      | 'getZoomFactor'
      | 'getZoomLevel'
      | 'isCrashed'
      | 'isDestroyed'
      | 'isDevToolsOpened'
      | 'isLoading'
      | 'openDevTools'
      | 'setVisualZoomLevelLimits'
      | 'setZoomFactor'
      | 'setZoomLevel'
      | 'zoomFactor'
      | 'zoomLevel'
    >
{
  protected state = { url: '', title: '', loading: false, crashed: false, destroyed: false, devTools: false }
  /** Kept, and without effect: zoom belongs to Electron, not to Chromium's protocol. */
  zoomLevel = 0

  getURL(): string {
    return this.state.url
  }
  getTitle(): string {
    return this.state.title
  }
  getType(): 'window' {
    return 'window'
  }
  isLoading(): boolean {
    return this.state.loading
  }
  isCrashed(): boolean {
    return this.state.crashed
  }
  isDestroyed(): boolean {
    return this.state.destroyed
  }
  /** Nothing opens; a test sees that it would have. */
  openDevTools(): void {
    this.state.devTools = true
    this.emit('devtools-opened')
  }
  closeDevTools(): void {
    this.state.devTools = false
    this.emit('devtools-closed')
  }
  isDevToolsOpened(): boolean {
    return this.state.devTools
  }
  focus(): void {
    this.emit('focus')
  }
  getZoomLevel(): number {
    return this.zoomLevel
  }
  setZoomLevel(level: number): void {
    this.zoomLevel = level
  }
  // Electron's own relation of the two.
  get zoomFactor(): number {
    return 1.2 ** this.zoomLevel
  }
  set zoomFactor(factor: number) {
    this.zoomLevel = Math.log(factor) / Math.log(1.2)
  }
  getZoomFactor(): number {
    return this.zoomFactor
  }
  setZoomFactor(factor: number): void {
    this.zoomFactor = factor
  }
  setVisualZoomLevelLimits(): Promise<void> {
    return Promise.resolve()
  }
}
