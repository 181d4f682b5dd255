/**
 * Between the pages and the main process, in a world of its own. Promises: the pages can make the calls of the contract and
 * hear its pushes; of Electron they see nothing, not even the event of a push.
 */
import { contextBridge, ipcRenderer } from 'electron'
import { channelOf, ipcNames, windowApiName, type IpcPush, type WindowApi } from '../ipc.ts'

const calls = Object.fromEntries(
  ipcNames.map((name) => [name, (...args: unknown[]) => ipcRenderer.invoke(channelOf(name), ...args)]),
) as Omit<WindowApi, 'onPush'>

const api: WindowApi = {
  ...calls,
  onPush: (listener) => {
    const hear = (_event: unknown, told: IpcPush<'push'>): void => listener(told)
    ipcRenderer.on(channelOf('push'), hear)
    return () => void ipcRenderer.off(channelOf('push'), hear)
  },
}

contextBridge.exposeInMainWorld(windowApiName, api)
