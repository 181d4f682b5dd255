/** `Menu` and `MenuItem`: what is in them and what a click does. Nothing is drawn. */
import { EventEmitter } from 'node:events'
import { app } from './app.ts'
import { strictClass, unimplemented } from './strict.ts'
import { windows } from './windows.ts'

type Options = Electron.MenuItemConstructorOptions
type Role = NonNullable<Options['role']>

export class MenuItem implements Pick<
  Electron.MenuItem,
  'accelerator' | 'checked' | 'click' | 'enabled' | 'id' | 'label' | 'sublabel' | 'toolTip' | 'type' | 'visible'
> {
  readonly role: Role | undefined
  readonly submenu: Menu | undefined
  readonly icon: Options['icon']
  accelerator: string | null
  checked: boolean
  enabled: boolean
  id: string
  label: string
  sublabel: string
  toolTip: string
  type: Electron.MenuItem['type']
  visible: boolean
  /** As in Electron, calling it is a click; it does not ask whether the item is enabled. */
  readonly click: () => void

  constructor(options: Options) {
    const { submenu, role, click } = options
    if (submenu !== undefined)
      this.submenu = Array.isArray(submenu) ? Menu.buildFromTemplate(submenu) : (submenu as unknown as Menu)
    this.role = role
    this.icon = options.icon
    this.accelerator = options.accelerator ?? null
    this.checked = options.checked ?? false
    this.enabled = options.enabled ?? true
    this.id = options.id ?? ''
    this.label = options.label ?? role ?? ''
    this.sublabel = options.sublabel ?? ''
    this.toolTip = options.toolTip ?? ''
    this.type = options.type ?? (this.submenu === undefined ? 'normal' : 'submenu')
    this.visible = options.visible ?? true
    this.click = () => {
      if (this.type === 'checkbox') this.checked = !this.checked
      if (this.type === 'radio') this.checked = true
      if (role !== undefined) return runRole(role)
      click?.(this as unknown as Electron.MenuItem, focusedWindow(), {})
    }
  }
}
strictClass('MenuItem', MenuItem)

const focusedWindow = (): Electron.BaseWindow | undefined =>
  [...windows].find((each) => each.isFocused()) as unknown as Electron.BaseWindow | undefined

const runRole = (role: Role): void => {
  switch (role) {
    case 'quit':
      return app.quit()
    case 'close':
      return focusedWindow()?.close()
    case 'minimize':
      return focusedWindow()?.minimize()
    default:
      throw unimplemented(`a click on a menu item of the role ${role}`)
  }
}

export class Menu
  extends EventEmitter
  implements Pick<Electron.Menu, 'append' | 'closePopup' | 'getMenuItemById' | 'insert' | 'popup'>
{
  items: MenuItem[] = []
  static #ofApp: Menu | null = null

  static buildFromTemplate(template: readonly (Options | Electron.MenuItem)[]): Menu {
    const menu = new Menu()
    menu.items = template.map((each) => (each instanceof MenuItem ? each : new MenuItem(each as Options)))
    return menu
  }
  static setApplicationMenu(menu: Menu | null): void {
    Menu.#ofApp = menu
  }
  static getApplicationMenu(): Menu | null {
    return Menu.#ofApp
  }

  append(item: Electron.MenuItem): void {
    this.items.push(item as unknown as MenuItem)
  }
  insert(position: number, item: Electron.MenuItem): void {
    this.items.splice(position, 0, item as unknown as MenuItem)
  }
  getMenuItemById(id: string): Electron.MenuItem | null {
    for (const item of this.items) {
      if (item.id === id) return item as unknown as Electron.MenuItem
      const below = item.submenu?.getMenuItemById(id) ?? null
      if (below !== null) return below
    }
    return null
  }
  popup(): void {
    this.emit('menu-will-show', {})
  }
  closePopup(): void {
    this.emit('menu-will-close', {})
  }
}
strictClass('Menu', Menu)
