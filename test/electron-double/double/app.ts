/** Electron's `app`: life and death of the program, its paths, its single instance. */
import { EventEmitter } from 'node:events'
import { mkdirSync, readFileSync, statSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { engine } from './engine.ts'
import { cancellable } from './events.ts'
import { record } from './record.ts'
import { claimFolder } from './single-instance.ts'
import { strict } from './strict.ts'
import { windows } from './windows.ts'

type PathName = Parameters<Electron.App['getPath']>[0]

interface Manifest {
  readonly main?: string
  readonly name?: string
  readonly productName?: string
  readonly version?: string
}

class App
  extends EventEmitter
  implements
    Pick<
      Electron.App,
      | 'enableSandbox'
      | 'exit'
      | 'focus'
      | 'getAppPath'
      | 'getLocale'
      | 'getLoginItemSettings'
      | 'getName'
      | 'getPath'
      | 'getPreferredSystemLanguages'
      | 'getSystemLocale'
      | 'getVersion'
      | 'hasSingleInstanceLock'
      | 'hide'
      | 'isDefaultProtocolClient'
      | 'isPackaged'
      | 'isReady'
      | 'name'
      | 'quit'
      | 'releaseSingleInstanceLock'
      | 'removeAsDefaultProtocolClient'
      | 'requestSingleInstanceLock'
      | 'setAppUserModelId'
      | 'setAsDefaultProtocolClient'
      | 'setLoginItemSettings'
      | 'setName'
      | 'setPath'
      | 'show'
      | 'whenReady'
    >
{
  readonly isPackaged = false
  /** Chromium is up before an app's switches are known: they are kept, and have no effect. */
  readonly commandLine = commandLine()
  name = 'Electron'
  // Not to be found here, as on Linux and Windows: `app.dock?.hide()` is how apps ask.
  readonly dock = undefined
  #version = ''
  #folder = process.cwd()
  #state: 'starting' | 'ready' | 'quitting' | 'ended' = 'starting'
  #ready = Promise.withResolvers<void>()
  #paths = new Map<string, string>()
  #loginItem: Electron.Settings = {}
  #schemes = new Set<string>()
  #release: (() => void) | undefined

  /** For the stand-in's own start: which app this is. Answers the file to run. */
  open(argument: string): string {
    const path = resolve(argument)
    const isFolder = statSync(path).isDirectory()
    this.#folder = isFolder ? path : resolve(path, '..')
    if (!isFolder) return path
    const manifest = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8')) as Manifest
    this.name = manifest.productName ?? manifest.name ?? this.name
    this.#version = manifest.version ?? ''
    return join(path, manifest.main ?? 'index.js')
  }
  /** For the stand-in's own start: Chromium is up and the app's main file has run. */
  becomeReady(): void {
    if (this.#state !== 'starting') return
    this.#state = 'ready'
    this.emit('will-finish-launching')
    this.emit('ready', {}, {})
    this.#ready.resolve()
  }
  whenReady(): Promise<void> {
    return this.#ready.promise
  }
  isReady(): boolean {
    return this.#state !== 'starting'
  }

  quit(): void {
    if (this.#state === 'quitting' || this.#state === 'ended') return
    const before = cancellable()
    this.emit('before-quit', before)
    if (before.defaultPrevented) return
    const wasStarting = this.#state === 'starting'
    this.#state = 'quitting'
    for (const window of windows) window.close()
    const last = cancellable()
    if (windows.size === 0) this.emit('will-quit', last)
    if (windows.size === 0 && !last.defaultPrevented) return this.exit(0)
    this.#state = wasStarting ? 'starting' : 'ready'
  }
  exit(exitCode = 0): void {
    if (this.#state === 'ended') return
    this.#state = 'ended'
    this.emit('quit', {}, exitCode)
    this.#release?.()
    void engine.then((chromium) => chromium.close()).finally(() => process.exit(exitCode))
  }
  /** For windows: the last one is gone. */
  windowGone(): void {
    if (windows.size > 0 || this.#state !== 'ready') return
    if (this.listenerCount('window-all-closed') === 0) this.quit()
    else this.emit('window-all-closed')
  }

  requestSingleInstanceLock(additionalData: Record<string, unknown> = {}): boolean {
    if (this.#release !== undefined) return true
    this.#release = claimFolder(
      this.getPath('userData'),
      { argv: process.argv, cwd: process.cwd(), additionalData },
      ({ argv, cwd, additionalData: theirs }) => {
        void this.whenReady().then(() => this.emit('second-instance', {}, argv, cwd, theirs))
      },
    )
    return this.#release !== undefined
  }
  hasSingleInstanceLock(): boolean {
    return this.#release !== undefined
  }
  releaseSingleInstanceLock(): void {
    this.#release?.()
    this.#release = undefined
  }

  getPath(name: PathName): string {
    const set = this.#paths.get(name)
    if (set !== undefined) return set
    switch (name) {
      case 'home':
        return homedir()
      case 'appData':
        return process.env['XDG_CONFIG_HOME'] ?? join(homedir(), '.config')
      case 'userData':
      case 'sessionData': {
        const folder = userDataSwitch() ?? join(this.getPath('appData'), this.name)
        mkdirSync(folder, { recursive: true })
        return folder
      }
      case 'logs':
        return join(this.getPath('userData'), 'logs')
      case 'temp':
        return tmpdir()
      case 'exe':
        return process.execPath
      case 'desktop':
      case 'documents':
      case 'downloads':
        return join(homedir(), `${name.charAt(0).toUpperCase()}${name.slice(1)}`)
      default:
        throw new Error(`electron-double: app.getPath('${name}') is not implemented`)
    }
  }
  setPath(name: string, path: string): void {
    this.#paths.set(name, path)
  }
  getAppPath(): string {
    return this.#folder
  }
  getVersion(): string {
    return this.#version
  }
  getName(): string {
    return this.name
  }
  setName(name: string): void {
    this.name = name
  }
  getLocale(): string {
    return localeOfSystem()
  }
  getSystemLocale(): string {
    return localeOfSystem()
  }
  getPreferredSystemLanguages(): string[] {
    return [localeOfSystem()]
  }

  enableSandbox(): void {
    if (this.isReady()) throw new Error('app.enableSandbox() can only be called before app is ready')
    record.calls.push({ api: 'enableSandbox', args: [] })
  }
  setAppUserModelId(id: string): void {
    record.calls.push({ api: 'setAppUserModelId', args: [id] })
  }
  setLoginItemSettings(settings: Electron.Settings): void {
    this.#loginItem = settings
    record.calls.push({ api: 'setLoginItemSettings', args: [settings] })
  }
  getLoginItemSettings(): Electron.LoginItemSettings {
    const openAtLogin = this.#loginItem.openAtLogin ?? false
    return {
      openAtLogin,
      wasOpenedAtLogin: false,
      status: openAtLogin ? 'enabled' : 'not-registered',
      executableWillLaunchAtLogin: openAtLogin,
      launchItems: [],
    }
  }
  setAsDefaultProtocolClient(protocol: string, path?: string, args?: string[]): boolean {
    this.#schemes.add(protocol)
    record.calls.push({ api: 'setAsDefaultProtocolClient', args: [protocol, path, args] })
    return true
  }
  removeAsDefaultProtocolClient(protocol: string): boolean {
    return this.#schemes.delete(protocol)
  }
  isDefaultProtocolClient(protocol: string): boolean {
    return this.#schemes.has(protocol)
  }
  // Of macOS; elsewhere they do nothing.
  focus(): void {}
  hide(): void {}
  show(): void {}
}

const userDataSwitch = (): string | undefined =>
  process.argv.find((each) => each.startsWith('--user-data-dir='))?.slice('--user-data-dir='.length)

const localeOfSystem = (): string => {
  const [language = ''] = (process.env['LC_ALL'] ?? process.env['LANG'] ?? '').split('.')
  return /^[a-z]{2}(_[A-Z]{2})?$/.test(language) ? language.replace('_', '-') : 'en-US'
}

const commandLine = (): Electron.CommandLine => {
  const given = new Map<string, string>()
  return strict('app.commandLine', {
    appendArgument: () => {},
    appendSwitch: (name, value = '') => void given.set(name, value),
    getSwitchValue: (name) => given.get(name) ?? argumentSwitch(name) ?? '',
    hasSwitch: (name) => given.has(name) || argumentSwitch(name) !== undefined,
    removeSwitch: (name) => void given.delete(name),
  })
}
const argumentSwitch = (name: string): string | undefined =>
  process.argv.find((each) => each === `--${name}` || each.startsWith(`--${name}=`))?.slice(name.length + 3)

strict('app', App.prototype)
export const app = new App()
