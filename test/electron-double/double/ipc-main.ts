/** Electron's `ipcMain`, and what comes to it from a preload. */
import { EventEmitter } from 'node:events'
import { strict } from './strict.ts'

type Invoked = Parameters<Electron.IpcMain['handle']>[1]

class IpcMain extends EventEmitter implements Pick<Electron.IpcMain, 'handle' | 'handleOnce' | 'removeHandler'> {
  #handlers = new Map<string, Invoked>()

  handle(channel: string, listener: Invoked): void {
    if (this.#handlers.has(channel)) throw new Error(`Attempted to register a second handler for '${channel}'`)
    this.#handlers.set(channel, listener)
  }
  handleOnce(channel: string, listener: Invoked): void {
    this.handle(channel, (event, ...args: unknown[]): unknown => {
      this.removeHandler(channel)
      return listener(event, ...args)
    })
  }
  removeHandler(channel: string): void {
    this.#handlers.delete(channel)
  }
  /** For web contents: a preload has invoked. */
  async answer(channel: string, event: Electron.IpcMainInvokeEvent, args: readonly unknown[]): Promise<unknown> {
    const found = this.#handlers.get(channel)
    if (found === undefined) throw new Error(`No handler registered for '${channel}'`)
    return (await found(event, ...args)) as unknown
  }
}

strict('ipcMain', IpcMain.prototype)
export const ipcMain = new IpcMain()
