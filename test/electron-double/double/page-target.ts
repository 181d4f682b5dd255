/**
 * One page of Chromium behind one window. Promises: the preload runs in a world of its own before any code of the page,
 * and only that world can speak to the main process.
 */
import { readFileSync } from 'node:fs'
import { randomUUID } from 'node:crypto'
import { makeCrossing } from '../in-page/between-worlds.ts'
import { makeCodec } from '../in-page/codec.ts'
import { isolatedWorld, type ToMain, type ToPage } from '../in-page/isolated-world.ts'
import { mainWorld } from '../in-page/main-world.ts'
import type { CdpSession, Protocol } from './cdp.ts'
import { engine } from './engine.ts'

/** Electron's own name for it. */
const worldName = 'Electron Isolated Context'

export interface PageTarget {
  readonly targetId: string
  readonly session: CdpSession
  /** To the preload in a frame; what is meant for a page that is gone is lost. */
  deliver(frameId: string, message: ToPage): void
}

export interface PageTargetEvents {
  message(frameId: string, message: ToMain): void
  requestPaused(event: Protocol.Fetch.requestPausedPayload): void
}

/** A page has the size of its window; without this it would be smaller by the bars of a browser. */
export const metricsOf = (size: Electron.Size) => ({ ...size, deviceScaleFactor: 1, mobile: false })

interface Options {
  readonly preload: string | undefined
  readonly inSubFrames: boolean
  readonly width: number
  readonly height: number
}

export const openPageTarget = async (options: Options, events: PageTargetEvents): Promise<PageTarget> => {
  const { cdp } = await engine
  const { width, height } = options
  const { targetId } = await cdp.send('Target.createTarget', { url: 'about:blank', newWindow: true, width, height })
  const { sessionId } = await cdp.send('Target.attachToTarget', { targetId, flatten: true })
  const session = cdp.session(sessionId)
  /** Frame -> the preload's world in it. */
  const worlds = new Map<string, number>()

  session.on('Runtime.executionContextCreated', ({ context }) => {
    const { frameId } = (context.auxData ?? {}) as { frameId?: string }
    if (context.name === worldName && frameId !== undefined) worlds.set(frameId, context.id)
  })
  session.on('Runtime.executionContextDestroyed', ({ executionContextId }) => {
    for (const [frameId, id] of worlds) if (id === executionContextId) worlds.delete(frameId)
  })
  session.on('Runtime.executionContextsCleared', () => worlds.clear())
  session.on('Runtime.bindingCalled', ({ executionContextId, payload }) => {
    for (const [frameId, id] of worlds)
      if (id === executionContextId) events.message(frameId, JSON.parse(payload) as ToMain)
  })
  session.on('Fetch.requestPaused', events.requestPaused)
  session.on('Network.webSocketCreated', ({ requestId: _id, url }) => electronDouble.networkLog.push(url))
  await Promise.all([
    session.send('Page.enable'),
    session.send('Runtime.enable'),
    session.send('Network.enable', {}),
    session.send('Inspector.enable'),
    session.send('Emulation.setDeviceMetricsOverride', metricsOf({ width, height })),
    session.send('Fetch.enable', { patterns: [{ urlPattern: '*' }] }),
    session.send('Runtime.addBinding', { name: 'electronDoubleSend', executionContextName: worldName }),
    ...scripts(options).map((script) => session.send('Page.addScriptToEvaluateOnNewDocument', script)),
  ])
  return {
    targetId,
    session,
    deliver: (frameId, message) => {
      const contextId = worlds.get(frameId)
      if (contextId === undefined) return
      const expression = `electronDoubleDeliver(${JSON.stringify(message)})`
      // The page may go while it is told.
      session.send('Runtime.evaluate', { expression, contextId }).catch(() => {})
    },
  }
}

/** The worlds' own functions go there as text: they hold no name from outside of themselves. */
const scripts = ({ preload, inSubFrames }: Options): { worldName?: string; source: string }[] => {
  const tag = JSON.stringify(`${randomUUID()}:`)
  const code = preload === undefined ? '' : readFileSync(preload, 'utf8')
  const parts = `{
    tag: ${tag},
    codec: (${makeCodec.toString()})(),
    makeCrossing: ${makeCrossing.toString()},
    preload: function (require, module, exports, process) {${code}\n},
    process: ${JSON.stringify(processInPreload())},
    inSubFrames: ${String(inSubFrames)},
  }`
  return [
    { source: `(${mainWorld.toString()})(${tag}, ${makeCrossing.toString()})` },
    { worldName, source: `(${isolatedWorld.toString()})(${parts})` },
  ]
}

const processInPreload = (): object => ({
  arch: process.arch,
  argv: [],
  contextIsolated: true,
  env: process.env,
  platform: process.platform,
  sandboxed: true,
  type: 'renderer',
  version: process.version,
  versions: process.versions,
})
