/**
 * A small form that a caller posts (application/x-www-form-urlencoded). Promises: at most 8 KiB and 10 seconds; each name
 * once, because readers differ on what a second one means (RFC 6749 §3.2).
 */
import type { IncomingMessage } from 'node:http'

const bytesMax = 8_192
const patienceMs = 10_000

/** The fields, or a sentence that says why they cannot be read. Never rejects. */
export const readForm = (
  request: IncomingMessage,
  contentType: string | undefined,
): Promise<Map<string, string> | string> =>
  new Promise((resolve) => {
    if (contentType?.split(';')[0]?.trim().toLowerCase() !== 'application/x-www-form-urlencoded')
      return resolve('the body is of the type application/x-www-form-urlencoded')
    const chunks: Buffer[] = []
    let bytes = 0
    const timer = setTimeout(() => end('the body took too long'), patienceMs)
    const end = (result: Map<string, string> | string): void => {
      clearTimeout(timer)
      request.off('data', take).off('end', whole).off('close', gone)
      resolve(result)
    }
    const take = (chunk: Buffer): void => {
      bytes += chunk.length
      if (bytes > bytesMax) end(`the body has at most ${bytesMax} bytes`)
      else chunks.push(chunk)
    }
    const whole = (): void => end(parseForm(Buffer.concat(chunks).toString('utf8')))
    const gone = (): void => end('the body did not come to its end')
    request.on('data', take).once('end', whole).once('close', gone)
  })

/** The fields of a form. One without a value is as if it were not there (RFC 6749 §3.2); a name that stands twice is a sentence. */
export const parseForm = (text: string): Map<string, string> | string => {
  const fields = new Map<string, string>()
  const seen = new Set<string>()
  for (const [name, value] of new URLSearchParams(text)) {
    if (seen.has(name)) return `${/^[a-z_]{1,40}$/.test(name) ? name : 'a parameter'} stands twice`
    seen.add(name)
    if (value !== '') fields.set(name, value)
  }
  return fields
}
