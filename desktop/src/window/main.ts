/** The console in a window of its own. */
import { windowApiName, type WindowApi } from '../ipc.ts'
import { startConsole } from '../renderer/start.tsx'
import { createWindowBridge } from './window-bridge.ts'

const api = (globalThis as unknown as Record<typeof windowApiName, WindowApi | undefined>)[windowApiName]
const root = document.getElementById('console')
if (root !== null && api !== undefined) startConsole(root, createWindowBridge(api))
