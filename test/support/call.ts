/** Calls as a connector makes them. */
import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { connect } from 'node:net'
import type { ProblemBody } from '@postern/shared'

export interface Answered {
  readonly status: number
  readonly headers: Record<string, string | string[] | undefined>
  readonly body: string
  problem(): ProblemBody
}

export interface Called {
  method?: string
  headers?: Record<string, string>
  body?: string
  ca?: string
  /** The loopback address to call from. */
  from?: string
  /** What stands in the request line in place of the URL's own path, which has lost its dots. */
  target?: string
  /** In place of host and port. */
  socketPath?: string
}

/** One call on a connection of its own. */
export const call = (
  url: string,
  { method = 'GET', headers = {}, body, ca, from, target, socketPath }: Called = {},
): Promise<Answered> =>
  new Promise((resolve, reject) => {
    const options = {
      method,
      headers,
      agent: false as const,
      ...(ca === undefined ? {} : { ca }),
      ...(from === undefined ? {} : { localAddress: from }),
      ...(target === undefined ? {} : { path: target }),
      ...(socketPath === undefined ? {} : { socketPath }),
    }
    const sent = (url.startsWith('https:') ? httpsRequest : httpRequest)(url, options, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8')
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: text,
          problem: () => JSON.parse(text) as ProblemBody,
        })
      })
    })
    sent.on('error', reject)
    sent.end(body)
  })

export const bearer = (value: string): Record<string, string> => ({ authorization: `Bearer ${value}` })

/** Raw bytes on a connection of their own; gives what came back until the end or the deadline. */
export const sendRaw = (url: string, bytes: string | Buffer, deadlineMs = 5_000): Promise<string> =>
  new Promise((resolve) => {
    const { hostname, port } = new URL(url)
    const socket = connect(Number(port), hostname)
    let text = ''
    const end = (): void => {
      clearTimeout(timer)
      socket.destroy()
      resolve(text)
    }
    const timer = setTimeout(end, deadlineMs)
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1')
      if (isWhole(text)) end()
    })
    socket.on('close', end)
    socket.on('error', end)
    socket.write(bytes)
  })

/** Enough of an answer to judge it: its head, and the body its Content-Length promises. */
const isWhole = (text: string): boolean => {
  const head = text.indexOf('\r\n\r\n')
  const length = /content-length: (\d+)/i.exec(text)?.[1]
  return head >= 0 && length !== undefined && text.length >= head + 4 + Number(length)
}

/** Whether anybody takes connections there. */
export const answersAt = (host: string, port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ host, port })
    socket.once('error', () => resolve(false))
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
  })

/** Waits until nobody does. */
export const untilShut = async (url: string, deadlineMs = 10_000): Promise<void> => {
  const deadline = Date.now() + deadlineMs
  const { hostname, port } = new URL(url)
  while (await answersAt(hostname, Number(port))) {
    if (Date.now() > deadline) throw new Error(`${hostname}:${port} is still open`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
