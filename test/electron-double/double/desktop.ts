/** `shell`, `dialog`, `screen` and `powerMonitor`: what stands around the app. Nothing leaves this process. */
import { EventEmitter } from 'node:events'
import { app } from './app.ts'
import { record } from './record.ts'
import { strict } from './strict.ts'

const open = (what: string): void => void record.opened.push(what)

export const shell = strict('shell', {
  beep: () => {},
  openExternal: (url) => Promise.resolve(open(url)),
  openPath: (path) => {
    open(path)
    return Promise.resolve('')
  },
  showItemInFolder: open,
} satisfies Partial<Electron.Shell>)

/** Nobody is there to answer: a test says the answer by putting its own function in this one's place. */
const unscripted = (name: string) => (): never => {
  throw new Error(`electron-double: dialog.${name} was called and the test has not said what is answered`)
}
export const dialog = strict('dialog', {
  showErrorBox: (title, content) => {
    record.errorBoxes.push({ title, content })
    process.stderr.write(`dialog.showErrorBox: ${title}: ${content}\n`)
  },
  showMessageBox: unscripted('showMessageBox'),
  showMessageBoxSync: unscripted('showMessageBoxSync'),
  showOpenDialog: unscripted('showOpenDialog'),
  showOpenDialogSync: unscripted('showOpenDialogSync'),
  showSaveDialog: unscripted('showSaveDialog'),
  showSaveDialogSync: unscripted('showSaveDialogSync'),
} satisfies Partial<Electron.Dialog>)

const [width, height, taskbar] = [1920, 1080, 40]
const display: Electron.Display = {
  id: 1,
  label: 'electron-double',
  bounds: { x: 0, y: 0, width, height },
  workArea: { x: 0, y: 0, width, height: height - taskbar },
  workAreaSize: { width, height: height - taskbar },
  size: { width, height },
  nativeOrigin: { x: 0, y: 0 },
  maximumCursorSize: { width: 64, height: 64 },
  scaleFactor: 1,
  rotation: 0,
  colorDepth: 24,
  colorSpace: 'srgb',
  depthPerComponent: 8,
  displayFrequency: 60,
  detected: true,
  internal: false,
  monochrome: false,
  accelerometerSupport: 'unavailable',
  touchSupport: 'unavailable',
}

class Screen
  extends EventEmitter
  implements
    Pick<
      Electron.Screen,
      'getAllDisplays' | 'getCursorScreenPoint' | 'getDisplayMatching' | 'getDisplayNearestPoint' | 'getPrimaryDisplay'
    >
{
  getAllDisplays(): Electron.Display[] {
    if (!app.isReady()) throw new Error("The 'screen' module can't be used before the app 'ready' event")
    return [display]
  }
  getPrimaryDisplay(): Electron.Display {
    return display
  }
  getDisplayMatching(): Electron.Display {
    return display
  }
  getDisplayNearestPoint(): Electron.Display {
    return display
  }
  getCursorScreenPoint(): Electron.Point {
    return { x: 0, y: 0 }
  }
}
strict('screen', Screen.prototype)
export const screen = new Screen()

/** A test emits what happens: `powerMonitor.emit('lock-screen')`. */
class PowerMonitor
  extends EventEmitter
  implements
    Pick<
      Electron.PowerMonitor,
      'getSystemIdleState' | 'getSystemIdleTime' | 'isOnBatteryPower' | 'onBatteryPower' | 'getCurrentThermalState'
    >
{
  onBatteryPower = false
  getSystemIdleState(): 'active' {
    return 'active'
  }
  getSystemIdleTime(): number {
    return 0
  }
  isOnBatteryPower(): boolean {
    return this.onBatteryPower
  }
  getCurrentThermalState(): 'unknown' {
    return 'unknown'
  }
}
strict('powerMonitor', PowerMonitor.prototype)
export const powerMonitor = new PowerMonitor()
