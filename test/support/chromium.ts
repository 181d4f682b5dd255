/**
 * Debian's Chromium, driven over the DevTools protocol: what the page shows, and everything it asked for or complained
 * of. No test framework's browser: the one that users have.
 */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable, Writable } from 'node:stream'

export interface Tab {
  goto(url: string): Promise<void>
  /** The value of an expression in the page, awaited. */
  evaluate<T>(expression: string): Promise<T>
  /** Waits until an expression is true. Throws with what the page shows at the deadline. */
  until(expression: string, deadlineMs?: number): Promise<void>
  press(key: 'Tab' | 'Enter'): Promise<void>
  type(text: string): Promise<void>
  /** A PNG of the window. */
  screenshot(): Promise<Buffer>
  /** URLs of all requests, refused ones too. */
  readonly requests: readonly string[]
  /** Errors and warnings of the console, exceptions, and what the policy has refused. */
  readonly complaints: readonly string[]
}

export interface Browser {
  newTab(): Promise<Tab>
  close(): Promise<void>
}

export const hasChromium = (): boolean => spawnSync('chromium', ['--version'], { stdio: 'ignore' }).status === 0

/** What is read of the protocol's messages; which of it there is depends on what was asked or has happened. */
interface Result {
  targetId?: string
  sessionId?: string
  data?: string
  result?: { value?: unknown }
  exceptionDetails?: unknown
}

interface Params {
  request?: { url: string }
  exceptionDetails?: unknown
  type?: string
  args?: unknown
  entry?: { level: string; text: string; url?: string }
  issue?: { code: string }
}

interface Message {
  id?: number
  sessionId?: string
  method?: string
  params?: Params
  result?: Result
  error?: { message: string }
}

type Send = (method: string, params?: object, sessionId?: string) => Promise<Result>

export const startChromium = async (): Promise<Browser> => {
  const profile = await mkdtemp(join(tmpdir(), 'postern-chromium-'))
  const flags = ['--headless=new', '--remote-debugging-pipe', `--user-data-dir=${profile}`, '--window-size=1280,900']
  const quiet = ['--no-first-run', '--disable-gpu', '--disable-dev-shm-usage', '--disable-background-networking']
  // Chromium refuses its sandbox to root, as which tests run in containers.
  const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : []
  const child = spawn('chromium', [...flags, ...quiet, ...asRoot, 'about:blank'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
  })
  const ended = once(child, 'exit')
  const [input, output] = [child.stdio[3] as Writable, child.stdio[4] as Readable]
  const waiting = new Map<number, { resolve: (result: Result) => void; reject: (error: Error) => void }>()
  const listeners: ((message: Message) => void)[] = []
  let lastId = 0
  const send: Send = (method, params = {}, sessionId) =>
    new Promise((resolve, reject) => {
      lastId += 1
      waiting.set(lastId, { resolve, reject })
      input.write(`${JSON.stringify({ id: lastId, method, params, ...(sessionId ? { sessionId } : {}) })}\0`)
    })
  let rest = ''
  output.setEncoding('utf8').on('data', (chunk: string) => {
    const parts = `${rest}${chunk}`.split('\0')
    rest = parts.pop() ?? ''
    for (const part of parts) {
      const message = JSON.parse(part) as Message
      const asked = waiting.get(message.id ?? 0)
      waiting.delete(message.id ?? 0)
      if (message.error !== undefined) asked?.reject(new Error(message.error.message))
      else asked?.resolve(message.result ?? {})
      if (message.method !== undefined) for (const each of listeners) each(message)
    }
  })
  void ended.then(() => {
    for (const { reject } of waiting.values()) reject(new Error('the browser has ended'))
  })

  return {
    newTab: async () => {
      const { targetId } = await send('Target.createTarget', { url: 'about:blank' })
      const { sessionId } = await send('Target.attachToTarget', { targetId, flatten: true })
      return openTab(send, String(sessionId), listeners)
    },
    close: async () => {
      await send('Browser.close').catch(() => undefined)
      await ended
      await rm(profile, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

const openTab = async (send: Send, sessionId: string, listeners: ((message: Message) => void)[]): Promise<Tab> => {
  const [requests, complaints]: [string[], string[]] = [[], []]
  const tell = (method: string, params: object = {}) => send(method, params, sessionId)
  listeners.push(({ sessionId: from, method = '', params = {} }) => {
    if (from !== sessionId) return
    const { request, type = '', args, entry, issue, exceptionDetails } = params
    if (method === 'Network.requestWillBeSent') requests.push(request?.url ?? '')
    if (method === 'Runtime.exceptionThrown') complaints.push(JSON.stringify(exceptionDetails))
    if (method === 'Runtime.consoleAPICalled' && ['error', 'warning', 'assert'].includes(type))
      complaints.push(JSON.stringify(args))
    if (method === 'Log.entryAdded' && ['error', 'warning'].includes(entry?.level ?? ''))
      complaints.push(JSON.stringify(entry))
    // Generic issues are advice about forms.
    if (method === 'Audits.issueAdded' && issue?.code !== 'GenericIssue') complaints.push(JSON.stringify(issue))
  })
  for (const domain of ['Page', 'Runtime', 'Network', 'Log', 'Audits']) await tell(`${domain}.enable`)
  const evaluate = async <T>(expression: string): Promise<T> => {
    const { result, exceptionDetails } = await tell('Runtime.evaluate', {
      expression,
      awaitPromise: true,
      returnByValue: true,
    })
    if (exceptionDetails !== undefined) throw new Error(JSON.stringify(exceptionDetails))
    return result?.value as T
  }
  return {
    requests,
    complaints,
    evaluate,
    goto: async (url) => void (await tell('Page.navigate', { url })),
    until: async (expression, deadlineMs = 20_000) => {
      const deadline = Date.now() + deadlineMs
      // While a page is being changed for another there is nothing that could be asked.
      while (!(await evaluate<boolean>(`Boolean(${expression})`).catch(() => false))) {
        if (Date.now() > deadline)
          throw new Error(`not so: ${expression}\n${await evaluate<string>('document.body.innerText')}`)
        await new Promise((resolve) => setTimeout(resolve, 25))
      }
    },
    press: async (key) => {
      const text = key === 'Enter' ? { text: '\r' } : {}
      const code = { key, code: key, windowsVirtualKeyCode: key === 'Enter' ? 13 : 9 }
      await tell('Input.dispatchKeyEvent', { type: 'keyDown', ...code, ...text })
      await tell('Input.dispatchKeyEvent', { type: 'keyUp', ...code })
    },
    type: async (written) => void (await tell('Input.insertText', { text: written })),
    screenshot: async () => Buffer.from((await tell('Page.captureScreenshot')).data ?? '', 'base64'),
  }
}
