/**
 * Asks an issuer for a document. Promises: only the address that was configured or that its own metadata names, over https
 * (or to this very machine) with the certificate checked; at most 256 KiB in at most 5 seconds. Never: a redirect, a
 * proxy of the environment, or an address where no upstream may be, whatever a resolver says (see addresses/denied.ts).
 */
import { Agent, request } from 'undici'
import { deniedLiteral } from '../addresses/denied.ts'
import { judgedLookup, type Resolve } from '../addresses/judged-lookup.ts'

/** Gets a URL as JSON; `ca`: PEM certificates to trust instead of the system's. Rejects with what went wrong, in words. */
export type FetchJson = (url: string, ca: string | null) => Promise<unknown>

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
  (resolve?: Resolve, withinMs = answerWithinMs): FetchJson =>
  async (url, ca) => {
    const fault = faultOfAddress(url)
    if (fault !== null) throw new Error(fault)
    const agent = new Agent({
      allowH2: false,
      maxHeaderSize: 16_384,
      connect: {
        timeout: withinMs,
        lookup: judgedLookup(resolve),
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
