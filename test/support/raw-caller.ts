/** A connector that says exactly the bytes it is told to, and waits for what it is told to expect. */
import { connect } from 'node:net'

export interface RawCaller {
  send(bytes: string): void
  /** All that came back so far, as latin1. */
  readonly text: () => string
  /** Settles when the condition holds; rejects after the deadline. */
  until(what: string, condition: (text: string, closed: boolean) => boolean, deadlineMs?: number): Promise<string>
  /** Stops and starts reading. */
  pause(): void
  resume(): void
  /** Cuts the connection. */
  destroy(): void
}

export const rawCaller = (url: string): RawCaller => {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  let text = ''
  let closed = false
  const waiting = new Set<() => void>()
  const look = (): void => {
    for (const each of waiting) each()
  }
  socket.on('data', (chunk) => {
    text += chunk.toString('latin1')
    look()
  })
  socket.on('error', () => {})
  socket.on('close', () => {
    closed = true
    look()
  })
  return {
    send: (bytes) => void socket.write(bytes, 'latin1'),
    text: () => text,
    until: (what, condition, deadlineMs = 5_000) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          waiting.delete(check)
          reject(new Error(`waited in vain: ${what}; so far ${JSON.stringify(text.slice(0, 500))}`))
        }, deadlineMs)
        const check = (): void => {
          if (!condition(text, closed)) return
          clearTimeout(timer)
          waiting.delete(check)
          resolve(text)
        }
        waiting.add(check)
        check()
      }),
    pause: () => void socket.pause(),
    resume: () => void socket.resume(),
    destroy: () => void socket.destroy(),
  }
}
