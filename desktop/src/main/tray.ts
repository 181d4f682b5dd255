/** The icon in the tray. Promises: shape, tooltip and the first line of its menu say the same. */
import { Menu, nativeImage, Tray, type MenuItemConstructorOptions } from 'electron'
import { drawTrayImage } from './tray-image.ts'
import type { TrayChoice, TrayShape, TrayState } from './tray-state.ts'

export interface TrayIcon {
  show(state: TrayState, choices: readonly TrayChoice[]): void
}

export type TrayActions = Readonly<Record<Exclude<TrayChoice['id'], 'status' | 'line'>, () => void>>

/** Drawn for screens with twice as many points; the others show every second one. */
const pointsAcross = 32

const imageOf = (shape: TrayShape): Electron.NativeImage =>
  nativeImage.createFromBuffer(drawTrayImage(shape, pointsAcross), { scaleFactor: 2 })

const itemOf = ({ id, text, off, checked }: TrayChoice, actions: TrayActions): MenuItemConstructorOptions => {
  if (id === 'line') return { type: 'separator' }
  const item = { id, label: text, enabled: off !== true }
  if (id === 'status') return item
  return { ...item, click: actions[id], ...(checked === undefined ? {} : { type: 'checkbox', checked }) }
}

/** Nothing where the system takes no icons. */
export const openTray = (actions: TrayActions): TrayIcon | undefined => {
  const images = new Map<TrayShape, Electron.NativeImage>()
  let tray: Tray
  try {
    images.set('hollow', imageOf('hollow'))
    tray = new Tray(images.get('hollow') ?? imageOf('hollow'))
  } catch {
    return undefined
  }
  tray.on('click', actions.open)
  let shown = ''
  return {
    show: (state, choices) => {
      // A menu that is open would close under the hand of whoever is choosing.
      const next = JSON.stringify([state, choices])
      if (next === shown) return
      shown = next
      const image = images.get(state.shape) ?? imageOf(state.shape)
      images.set(state.shape, image)
      tray.setImage(image)
      tray.setToolTip(state.sentence)
      tray.setContextMenu(Menu.buildFromTemplate(choices.map((choice) => itemOf(choice, actions))))
    },
  }
}
