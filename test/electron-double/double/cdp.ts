/** Chromium's DevTools protocol over a pair of pipes. Promises: typed commands, answers and events; no polling. */
import type { Readable, Writable } from 'node:stream'
import type { Protocol } from '../../../node_modules/playwright-core/types/protocol.d.ts'

export type { Protocol }
type Command = keyof Protocol.CommandParameters
type EventName = keyof Protocol.EventMap

/** One target of Chromium, or Chromium itself. */
export interface CdpSession {
  send<C extends Command>(method: C, params?: Protocol.CommandParameters[C]): Promise<Protocol.CommandReturnValues[C]>
  /** One listener an event: whoever needs it is one place. */
  on<E extends EventName>(event: E, listen: (params: Protocol.EventMap[E][0]) => void): void
  /** The target is gone, or about to be: what is still unanswered stays so. */
  abandon(): void
}

export interface Cdp extends CdpSession {
  session(sessionId: string): CdpSession
}

interface Message {
  readonly id?: number
  readonly result?: unknown
  readonly error?: { readonly message: string; readonly code?: number }
  readonly method?: string
  readonly params?: unknown
  readonly sessionId?: string
}

/** Chromium's code for what was sent to a target that is gone. */
const noSuchSession = -32001

export const speakCdp = (toChromium: Writable, fromChromium: Readable): Cdp => {
  let lastId = 0
  const awaited = new Map<number, { readonly sessionId: string | undefined } & PromiseWithResolvers<unknown>>()
  const listeners = new Map<string, (params: unknown) => void>()

  const receive = ({ id, result, error, method, params, sessionId }: Message): void => {
    if (id === undefined) return listeners.get(`${sessionId ?? ''} ${method ?? ''}`)?.(params)
    const asked = awaited.get(id)
    awaited.delete(id)
    if (error === undefined) asked?.resolve(result)
    else if (error.code !== noSuchSession) asked?.reject(new Error(`Chromium: ${error.message}`))
  }
  let held: Buffer = Buffer.alloc(0)
  fromChromium.on('data', (chunk: Buffer) => {
    held = Buffer.concat([held, chunk])
    for (let end = held.indexOf(0); end >= 0; end = held.indexOf(0)) {
      const text = held.subarray(0, end).toString()
      held = held.subarray(end + 1)
      receive(JSON.parse(text) as Message)
    }
  })
  // Chromium may be gone before what is written to it. Then this process is about to end, and no answer matters.
  toChromium.on('error', () => {})

  const session = (sessionId?: string): CdpSession => ({
    send: (method, params) => {
      lastId += 1
      const asked = { sessionId, ...Promise.withResolvers<unknown>() }
      awaited.set(lastId, asked)
      toChromium.write(`${JSON.stringify({ id: lastId, method, params, sessionId })}\0`)
      return asked.promise as Promise<never>
    },
    on: (event, listen) => void listeners.set(`${sessionId ?? ''} ${event}`, listen as (params: unknown) => void),
    abandon: () => {
      for (const [id, { sessionId: of }] of awaited) if (of === sessionId) awaited.delete(id)
    },
  })
  return { ...session(), session }
}
