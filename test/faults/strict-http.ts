/**
 * HTTP/1.1 requests read as RFC 9112 writes them, and no more leniently anywhere: the judge of the differential rig. It shares
 * no code with the product. What it cannot read ends the reading, because nothing after it means anything.
 */
export interface StrictRequest {
  readonly method: string
  readonly target: string
  /** Names as they came, values without the blanks around them. */
  readonly headers: readonly (readonly [string, string])[]
  readonly body: string
}

export interface StrictReading {
  readonly requests: readonly StrictRequest[]
  /** What is wrong with what follows them, if anything is. */
  readonly fault: string | null
  /** How many bytes the requests take. */
  readonly read: number
}

// More than one space between the words is allowed to be read as one (RFC 9112 §3), and means nothing else.
const requestLine = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+) +([\x21-\x7e]+) +HTTP\/1\.([01])$/
const headerLine = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+):[ \t]*([\t\x20-\x7e\x80-\xff]*?)[ \t]*$/
const chunkLine = /^([0-9A-Fa-f]{1,8})(?:[ \t]*;[\t\x20-\x7e\x80-\xff]*)?$/

class Incomplete extends Error {}

/** `bytes`: latin1. */
export const readStrictly = (bytes: string): StrictReading => {
  const requests: StrictRequest[] = []
  let read = 0
  try {
    for (;;) {
      // Empty lines before a request are skipped (RFC 9112 §2.2); half ones, which Node skips too, mean nothing either.
      while (bytes[read] === '\r' || bytes[read] === '\n') read += 1
      if (read === bytes.length) return { requests, fault: null, read }
      const one = readOne(bytes, read)
      requests.push(one.request)
      read = one.end
    }
  } catch (error) {
    return { requests, fault: error instanceof Incomplete ? null : (error as Error).message, read }
  }
}

const readOne = (bytes: string, from: number): { request: StrictRequest; end: number } => {
  let at = from
  const line = (): string => {
    const end = bytes.indexOf('\n', at)
    if (end < 0) throw new Incomplete()
    const text = bytes.slice(at, end)
    at = end + 1
    if (!text.endsWith('\r') || text.slice(0, -1).includes('\r')) throw new Error('a line does not end with CR LF')
    return text.slice(0, -1)
  }
  const fields = (): [string, string][] => {
    const found: [string, string][] = []
    for (let text = line(); text !== ''; text = line()) {
      const [, name, value] = headerLine.exec(text) ?? []
      if (name === undefined || value === undefined) throw new Error('a line is no header')
      found.push([name, value])
    }
    return found
  }
  const [, method, target, minor] = requestLine.exec(line()) ?? []
  if (method === undefined || target === undefined) throw new Error('this is no request line')
  const headers = fields()
  const all = (name: string): string[] =>
    headers.filter(([each]) => each.toLowerCase() === name).map(([, value]) => value)
  if (all('host').length !== 1) throw new Error('not one Host')
  const [lengths, encodings] = [all('content-length'), all('transfer-encoding')]
  if (lengths.length + encodings.length > 1) throw new Error('the framing is said more than once')
  let body = ''
  const take = (count: number): string => {
    if (at + count > bytes.length) throw new Incomplete()
    at += count
    return bytes.slice(at - count, at)
  }
  if (encodings.length === 1) {
    if (encodings[0]?.toLowerCase() !== 'chunked' || minor === '0') throw new Error('the encoding is not chunked')
    for (;;) {
      const [, size] = chunkLine.exec(line()) ?? []
      if (size === undefined) throw new Error('a chunk has no size')
      const count = Number.parseInt(size, 16)
      if (count === 0) break
      body += take(count)
      if (take(2) !== '\r\n') throw new Error('a chunk does not end where it says')
    }
    fields()
  } else if (lengths.length === 1) {
    if (!/^\d{1,15}$/.test(lengths[0] ?? '')) throw new Error('the length is no number')
    body = take(Number(lengths[0]))
  }
  return { request: { method, target, headers, body }, end: at }
}
