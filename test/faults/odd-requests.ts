/**
 * Requests that somebody makes who wants what stands in a row to disagree about them: lengths said twice, encodings in odd
 * forms, lines that end oddly, headers that speak for others, paths that lead elsewhere. The mutators are those of HTTP
 * Garden and of the smuggling literature, written anew.
 */
import fc from 'fast-check'

/** Every value that somebody else may not say for Postern holds this word. */
export const forged = 'forged'

const odds = <T>(usual: T, weight: number, ...odd: readonly T[]): fc.Arbitrary<T> =>
  fc.oneof({ weight, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: fc.constantFrom(...odd) })

const method = fc.oneof(
  { weight: 24, arbitrary: fc.constantFrom('GET', 'POST', 'PUT', 'PATCH', 'DELETE') },
  { weight: 1, arbitrary: fc.constantFrom('HEAD', 'OPTIONS', 'QUERY', 'PROPFIND', 'PURGE', 'TRACE', 'CONNECT') },
  { weight: 1, arbitrary: fc.constantFrom('get', 'Post', 'G ET', 'GET\t', 'GET\0', '', 'X', 'GPOST', 'PRI', 'ＧＥＴ') },
)

// prettier-ignore
const oddSegment = fc.constantFrom('..', '.', '%2e', '%2e%2e', '.%2E', '%2f', '..%2f..', '%5c', '\\', '..\\..', ';', '..;', ';/..', '%00', '%0d%0a', '%252e%252e', '%252f', '%c0%ae%c0%ae', '%c0%af', '%e0%80%ae', '', '...', '%2e%2e%2f', '%u002e', '\uff0e\uff0e', '#', '?', '%', '%zz', '~', 'a%20b', 'a+b', 'a:b', '@', 'a%3Bb', '%3f', '\x7f', '\x80', '\xa0', 'up', 'api')
const segment = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom('a', 'orders', '7', 'x-y') },
  { weight: 2, arbitrary: oddSegment },
)

const oddly = (text: string): fc.Arbitrary<string> =>
  fc.constantFrom(text, text.toLowerCase(), text.toUpperCase(), text.replaceAll('-', '_'), text.replace('-', '_'))

// prettier-ignore
const forgedNames = ['X-Postern-Key-Id', 'X-Postern-Key-Name', 'X-Postern-Client', 'X-Postern-Subject', 'X-Postern-Principal', 'X-Postern-Anything', 'X-Forwarded-For', 'X-Forwarded-Proto', 'X-Forwarded-Host', 'X-Forwarded-Port', 'Forwarded', 'X-Real-IP', 'Host', 'Authorization', 'X-API-Key']
const forgedHeader = fc
  .constantFrom(...forgedNames)
  .chain(oddly)
  .chain((name) => {
    // Where it is the only one, another Host is a caller's own good right.
    const said = name.toLowerCase() === 'host' ? 'b' : forged
    return odds(
      `${name}: ${said}`,
      6,
      `${name} : ${said}`,
      `${name}:\t${said}`,
      ` ${name}: ${said}`,
      `${name}\0: ${said}`,
      `X: a\r\n ${name}: ${said}`,
      `X: a\n${name}: ${said}`,
      `X: a\r${name}: ${said}`,
      `${name}:${said}\r`,
    )
  })
// prettier-ignore
const nomination = fc.constantFrom('close', 'keep-alive', 'X-Postern-Key-Id', 'x-postern-client', 'Authorization', 'Host', 'Content-Length', 'Transfer-Encoding', 'X-Forwarded-For', 'x_postern_key_id', 'close, Authorization', 'Cookie', 'X-A', 'Upgrade, HTTP2-Settings').map((named) => `Connection: ${named}`)
// prettier-ignore
const otherHeader = fc.constantFrom('X-A: 1', 'Cookie: a=b', 'Accept: */*', 'TE: trailers', 'Upgrade: h2c', 'HTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA', 'Keep-Alive: timeout=99', 'Proxy-Authorization: Basic YQ==', 'Expect: 100-continue', 'X: a\r\n folded', 'X', ': x', 'X: \x01', 'X: \xff\xfe', 'Content_Length: 3', 'Transfer_Encoding: chunked', 'Content-Type: a/b', 'Trailer: X-Postern-Key-Id', 'X-HTTP-Method-Override: DELETE', 'X-Original-URL: /api/smuggled', 'X-Rewrite-URL: /api/smuggled')
const header = fc.oneof(
  { weight: 5, arbitrary: forgedHeader },
  { weight: 2, arbitrary: nomination },
  { weight: 3, arbitrary: otherHeader },
)

// prettier-ignore
const encodingName = odds('Transfer-Encoding: chunked', 8, 'transfer-encoding: chunked', 'Transfer-Encoding : chunked', 'Transfer-Encoding: Chunked', 'Transfer-Encoding: xchunked', 'Transfer-Encoding: chunked, identity', 'Transfer-Encoding: identity, chunked', 'Transfer-Encoding: chunked\r\nTransfer-Encoding: identity', 'Transfer-Encoding:\tchunked', 'Transfer-Encoding:\x0bchunked', 'Transfer-Encoding: "chunked"', 'Transfer-Encoding: chunked;q=1', ' Transfer-Encoding: chunked', 'X: a\nTransfer-Encoding: chunked', 'Transfer-Encoding\r\n : chunked', 'Transfer-Encoding: \r\n chunked', 'Transfer_Encoding: chunked', 'Transfer-Encoding: chunked\0', 'Transfer-Encoding: gzip, chunked')
const chunkExtension = odds('', 5, ';a=b', ';a="b\rc"', ';a\nb', ' ;x', ';' + 'x'.repeat(200), '\x0b')
const chunkSize = (size: number): fc.Arbitrary<string> =>
  odds(
    size.toString(16),
    8,
    `0x${size.toString(16)}`,
    `00${size.toString(16)}`,
    `+${size}`,
    `-${size}`,
    ` ${size}`,
    `${size} `,
    (size + 1).toString(16),
    '10000000000000000',
    '',
  )
const newline = odds('\r\n', 12, '\n', '\r', '\n\r', '')

export interface OddRequest {
  /** latin1. */
  readonly bytes: string
}

interface Framing {
  readonly headers: string[]
  readonly sent: string
}

/** `auth`: a header line that admits. `id` stands in every path and query, so that what arrives can be told apart. */
export const oddRequests = (auth: string): fc.Arbitrary<(id: number) => OddRequest> => {
  const authLine = odds(
    auth,
    30,
    auth.toLowerCase().replace(/^(authorization: bearer ).*/, `$1${forged}`),
    `${auth}\r\n${auth}`,
  )
  const framing = (body: string): fc.Arbitrary<Framing> => {
    const length = body.length
    const chunked = fc
      .record({
        size: chunkSize(length),
        extension: chunkExtension,
        after: newline,
        trailer: odds('', 4, `X-Postern-Key-Id: ${forged}\r\n`, 'Content-Length: 5\r\n', 'X\r\n'),
      })
      .map(
        ({ size, extension, after, trailer }) =>
          `${length === 0 ? '' : `${size}${extension}${after}${body}\r\n`}0\r\n${trailer}\r\n`,
      )
    // prettier-ignore
    const oddLength = fc.constantFrom(`${length}, ${length}`, `+${length}`, `-${length}`, `0${length}`, `${length} `, `${length}a`, `0x${length.toString(16)}`, '', '0', `${length + 10}`, `${Math.max(0, length - 3)}`, '99999999999999999999', `${length}\r\nContent-Length: ${length}`, `0\r\nContent-Length: ${length}`, `${length}\r\ncontent-length: 0`, `\r\n ${length}`)
    return fc.oneof(
      { weight: 4, arbitrary: fc.constant<Framing>({ headers: [], sent: '' }) },
      { weight: 5, arbitrary: fc.constant<Framing>({ headers: [`Content-Length: ${length}`], sent: body }) },
      { weight: 3, arbitrary: oddLength.map((text) => ({ headers: [`Content-Length: ${text}`], sent: body })) },
      { weight: 5, arbitrary: fc.tuple(encodingName, chunked).map(([name, sent]) => ({ headers: [name], sent })) },
      {
        weight: 3,
        arbitrary: fc
          .tuple(encodingName, chunked, fc.constantFrom(0, 3, length), fc.boolean())
          .map(([name, sent, said, first]) => ({
            headers: first ? [`Content-Length: ${said}`, name] : [name, `Content-Length: ${said}`],
            sent,
          })),
      },
    )
  }
  const smuggled = (id: number): string => `GET /api/smuggled/t${id}?t=${id} HTTP/1.1\r\nHost: a\r\n${auth}\r\n\r\n`
  return fc
    .record({
      method,
      segments: fc.array(segment, { minLength: 0, maxLength: 3 }),
      form: odds('', 14, 'http://a', 'https://a:443', '/', '//a', 'http://a@b', '\\', '*', 'a:443'),
      query: odds('', 3, '&x=%2e%2e', '&a#b', '&a b', '&x=\xe9', '&x=http://a/../b'),
      version: odds('HTTP/1.1', 20, 'HTTP/1.0', 'HTTP/1.2', 'HTTP/0.9', 'HTTP/2.0', 'http/1.1', 'HTTP/1.1 ', ''),
      host: odds('Host: a', 20, 'Host: a\r\nHost: b', 'Host: a, b', 'Host: a/x', 'Host:', 'X: no host', 'host: a:80'),
      headers: fc.array(header, { maxLength: 3 }),
      authLine,
      place: fc.nat(10),
      inBody: fc.constantFrom<'text' | 'request' | 'none'>('text', 'request', 'none'),
      tail: fc.constantFrom<'request' | 'half' | ''>('', '', 'request', 'half'),
      mangle: fc.oneof(
        { weight: 5, arbitrary: fc.constant(null) },
        {
          weight: 1,
          arbitrary: fc.tuple(fc.nat(), fc.constantFrom('\r', '\n', '\0', ' ', '\t', ':', '\x0b', '\xff', 'delete')),
        },
      ),
      seed: fc.nat(),
    })
    .chain((parts) =>
      framing(parts.inBody === 'none' ? '' : parts.inBody === 'text' ? 'hello' : smuggled(0)).map(
        (frame) =>
          (id: number): OddRequest => {
            const target = `${parts.form}/api/${parts.segments.map((each) => `${each}/`).join('')}t${id}?t=${id}${parts.query}`
            const lines = [...parts.headers, ...frame.headers]
            lines.splice(parts.place % (lines.length + 1), 0, parts.authLine)
            const head = [`${parts.method} ${target} ${parts.version}`, parts.host, ...lines, '', ''].join('\r\n')
            const tail =
              parts.tail === 'request'
                ? smuggled(id)
                : parts.tail === 'half'
                  ? `GET /api/smuggled/t${id}?t=${id} HTTP/1.1\r\nX: `
                  : ''
            // The body was made for a request of the same length, so ids keep theirs.
            const bytes = latin1(head + frame.sent + tail)
            return { bytes: parts.mangle === null ? bytes : mangled(bytes, parts.mangle) }
          },
      ),
    )
}

const latin1 = (text: string): string =>
  Buffer.from(text, 'utf8')
    .toString('latin1')
    .replaceAll(/\xc2([\x80-\xbf])/g, '$1')

const mangled = (bytes: string, [where, what]: readonly [number, string]): string => {
  const at = where % bytes.length
  return bytes.slice(0, at) + (what === 'delete' ? '' : what) + bytes.slice(what === 'delete' ? at + 1 : at)
}
