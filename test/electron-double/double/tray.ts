/** A tray icon that a test can look at and click: `electronDouble.trays`. */
import { EventEmitter } from 'node:events'
import type { Menu } from './menu.ts'
import { record } from './record.ts'
import { strictClass } from './strict.ts'

type Image = ConstructorParameters<typeof Electron.Tray>[0]

export class Tray
  extends EventEmitter
  implements
    Pick<
      Electron.Tray,
      | 'destroy'
      | 'getTitle'
      | 'isDestroyed'
      | 'popUpContextMenu'
      | 'setContextMenu'
      | 'setImage'
      | 'setTitle'
      | 'setToolTip'
    >
{
  image: Image
  toolTip = ''
  title = ''
  menu: Menu | null = null
  #destroyed = false
  constructor(image: Image) {
    super()
    this.image = image
    record.trays.push(this)
  }
  setImage(image: Image): void {
    this.image = image
  }
  setToolTip(toolTip: string): void {
    this.toolTip = toolTip
  }
  setTitle(title: string): void {
    this.title = title
  }
  getTitle(): string {
    return this.title
  }
  setContextMenu(menu: Electron.Menu | null): void {
    this.menu = menu as unknown as Menu | null
  }
  popUpContextMenu(menu?: Electron.Menu): void {
    if (menu === undefined) this.menu?.popup()
    else menu.popup()
  }
  destroy(): void {
    this.#destroyed = true
  }
  isDestroyed(): boolean {
    return this.#destroyed
  }
}
strictClass('Tray', Tray)
