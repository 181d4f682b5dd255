/**
 * Asks an issuer for a document. Promises: only the address that was configured or that its own metadata names, over https
 * (or to this very machine) with the certificate checked; at most 256 KiB in at most 5 seconds. Never: a redirect, a
 * proxy of the environment, or an address where no upstream may be, whatever a resolver says (see addresses/denied.ts).
 */
import { lookup as systemLookup, type LookupAddress, type LookupOptions } from 'node:dns'
import type { LookupFunction } from 'node:net'
import { Agent, request } from 'undici'
import { deniedLiteral, deniedUpstream } from '../addresses/denied.ts'

/** Gets a URL as JSON; `ca`: PEM certificates to trust instead of the system's. Rejects with what went wrong, in words. */
export type FetchJson = (url: string, ca: string | null) => Promise<unknown>

/** Resolves a name to all of its addresses, as `dns.lookup` with `all`. Tests hand in their own. */
export type Resolve = (
  name: string,
  options: LookupOptions & { all: true },
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void

export const answerBytesMax = 262_144
const answerWithinMs = 5_000

/** What is wrong with an address of an issuer, or `null`. Plain http is for an issuer on this very machine, by its number. */
export const faultOfAddress = (text: string): string | null => {
  const url = URL.parse(text)
  if (url === null) return 'its address is no https:// URL'
  if (url.username !== '' || url.password !== '' || text.includes('#'))
    return 'its address has a user, a password or a #'
  const isHere = url.hostname === '127.0.0.1' || url.hostname === '[::1]'
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isHere))
    return 'its address is not https; plain http is only for an issuer at 127.0.0.1 or [::1]'
  const denied = deniedLiteral(url.hostname)
  return denied === null ? null : `${url.hostname} is ${denied}, where no issuer may be`
}

/** `withinMs`: for the whole of an answer. */
export const fetchJsonWith =
  (resolve: Resolve = systemLookup, withinMs = answerWithinMs): FetchJson =>
  async (url, ca) => {
    const fault = faultOfAddress(url)
    if (fault !== null) throw new Error(fault)
    const agent = new Agent({
      allowH2: false,
      maxHeaderSize: 16_384,
      connect: {
        timeout: withinMs,
        lookup: judged(resolve),
        // Said aloud, so that no environment variable can say otherwise.
        rejectUnauthorized: true,
        ...(ca === null ? {} : { ca }),
      },
    })
    try {
      const signal = AbortSignal.timeout(withinMs)
      const headers = { accept: 'application/json, application/jwk-set+json', 'user-agent': 'Postern' }
      const { statusCode, body } = await request(url, { headers, signal, dispatcher: agent })
      body.on('error', () => undefined)
      if (statusCode !== 200) throw new Error(`it answered ${statusCode}`)
      const pieces: Buffer[] = []
      let bytes = 0
      for await (const piece of body as AsyncIterable<Buffer>) {
        bytes += piece.length
        if (bytes > answerBytesMax) throw new Error(`its answer is larger than ${answerBytesMax / 1024} KiB`)
        pieces.push(piece)
      }
      return parse(Buffer.concat(pieces))
    } finally {
      await agent.destroy()
    }
  }

const parse = (bytes: Buffer): unknown => {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    throw new Error('its answer is no JSON')
  }
}

/** Leaves out addresses where no upstream may be; a name with none but such fails. */
const judged =
  (resolve: Resolve): LookupFunction =>
  (name, options, callback) => {
    resolve(name, { ...options, all: true }, (error, found) => {
      if (error !== null) return callback(error, '', 0)
      const good = found.filter(({ address }) => deniedUpstream(address) === null)
      const [first] = good
      if (first === undefined) return callback(new Error(`${name} is at no address where an issuer may be`), '', 0)
      if (options.all === true) callback(null, good)
      else callback(null, first.address, first.family)
    })
  }
