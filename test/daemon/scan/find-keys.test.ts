/** The finder: a key value is told exactly once wherever it lies and however the pieces are cut, and nothing else is. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { createFinder, windowBytes, type Match } from '../../../daemon/src/scan/find-keys.ts'
import { basicOf, fakeKey, plantedKey, plantedToken, utf16be } from '../../support/planted-keys.ts'

const find = (bytes: Buffer, cut: () => number = () => bytes.length): Match[] => {
  const found: Match[] = []
  const finder = createFinder((match) => found.push(match))
  for (let at = 0; at < bytes.length;) {
    const piece = bytes.subarray(at, at + cut())
    finder.push(piece)
    at += piece.length
  }
  finder.end()
  return found
}

const encodings = {
  ascii: (value: string) => Buffer.from(value),
  'utf-16le': (value: string) => Buffer.from(value, 'utf16le'),
  'utf-16be': utf16be,
} as const
type Encoding = keyof typeof encodings
const anEncoding = fc.constantFrom(...(Object.keys(encodings) as Encoding[]))

/** Bytes that are hard to tell from a key: mostly base62, zeros and pieces of the prefix. */
const nearMiss = fc
  .array(
    fc.constantFrom(
      'postern_',
      'p\0o\0s\0t\0e\0r\0n\0_',
      'Basic ',
      'postern_abcd1234_',
      'posternadm_',
      'posternadm_abcd12345678_',
      'A',
      '0',
      '\0',
      '\n',
    ),
    {
      maxLength: 40,
    },
  )
  .map((parts) => Buffer.from(parts.join(''), 'latin1'))

describe('finding keys in bytes', () => {
  it('finds a key or an admin token at any offset, in any encoding, across any cut, exactly once and at its place', () => {
    fc.assert(
      fc.property(
        fc.record({
          before: fc.nat(3 * windowBytes),
          after: fc.nat(400),
          encoding: anEncoding,
          cutMax: fc.integer({ min: 1, max: 70_000 }),
          near: nearMiss,
          token: fc.boolean(),
        }),
        ({ before, after, encoding, cutMax, near, token }) => {
          const key = token ? plantedToken() : plantedKey()
          const lead = Buffer.concat([randomBytes(before), near])
          const bytes = Buffer.concat([lead, encodings[encoding](key.value), randomBytes(after)])
          const found = find(bytes, () => 1 + Math.floor(Math.random() * cutMax))
          // In big-endian the first zero belongs to the first letter and is not looked at.
          const offset = lead.length + (encoding === 'utf-16be' ? 1 : 0)
          assert.deepEqual(
            found.map(({ opens, keyId, value, offset: at, checksumRight }) => ({
              opens,
              keyId,
              value,
              at,
              checksumRight,
            })),
            [
              {
                opens: token ? 'admin_token' : 'key',
                keyId: key.keyId,
                value: key.value,
                at: offset,
                checksumRight: true,
              },
            ],
          )
        },
      ),
      { numRuns: 150 },
    )
  })

  it('finds keys at every place around the border of a window, each form', () => {
    for (const encode of [...Object.values(encodings), (value: string) => Buffer.from(value)])
      for (let shift = -140; shift <= 140; shift++) {
        const key = plantedKey()
        const lead = Buffer.alloc(windowBytes + shift, 0x20)
        const found = find(Buffer.concat([lead, encode(key.value)]))
        assert.deepEqual(
          found.map(({ value }) => value),
          [key.value],
          `shift ${shift}`,
        )
      }
    for (let shift = -140; shift <= 140; shift++) {
      const key = plantedKey()
      const found = find(Buffer.concat([Buffer.alloc(windowBytes + shift, 0x0a), Buffer.from(basicOf(key)), lineEnd]))
      assert.deepEqual(
        found.map(({ value, form, offset }) => ({ value, form, offset })),
        [{ value: key.value, form: 'basic', offset: windowBytes + shift }],
      )
    }
  })

  it('random bytes, and bytes that are nearly a key, give nothing', () => {
    assert.deepEqual(find(randomBytes(8 * 1024 * 1024)), [])
    fc.assert(
      fc.property(fc.array(nearMiss, { maxLength: 30 }), (parts) => {
        const bytes = Buffer.concat(parts)
        assert.deepEqual(
          find(bytes).filter(({ checksumRight }) => checksumRight),
          [],
        )
      }),
    )
    const { value } = plantedKey()
    for (const wrong of [value.slice(0, -1), value.toUpperCase(), value.replace('_', '-'), ` ${value.slice(1)}`])
      assert.deepEqual(find(Buffer.from(wrong)), [], 'cut or misspelt')
    const wide = Buffer.from(value, 'utf16le')
    wide[wide.length - 3] = 1
    assert.deepEqual(find(wide), [])
  })

  it('keys side by side are told one by one, also inside longer words', () => {
    const keys = Array.from({ length: 3000 }, plantedKey)
    const found = find(Buffer.from(keys.map(({ value }) => value).join('')))
    assert.deepEqual(
      found.map(({ value }) => value),
      keys.map(({ value }) => value),
    )
  })

  it('a wrong checksum is told as one, in every form', () => {
    const fake = fakeKey()
    for (const bytes of [Buffer.from(fake.value), Buffer.from(fake.value, 'utf16le'), Buffer.from(basicOf(fake))])
      assert.deepEqual(
        find(bytes).map(({ checksumRight, keyId }) => ({ checksumRight, keyId })),
        [{ checksumRight: false, keyId: fake.keyId }],
      )
  })

  it('Basic: the scheme in any case, the pair with or without padding; other credentials are none', () => {
    const key = plantedKey()
    const header = basicOf(key)
    for (const text of [
      header,
      header.toLowerCase().slice(0, 6) + header.slice(6),
      header.replaceAll('=', ''),
      `"${header}"`,
    ])
      assert.deepEqual(
        find(Buffer.from(text)).map(({ value }) => value),
        [key.value],
        text.slice(0, 6),
      )
    const other = `Basic ${Buffer.from(`someone:${'x'.repeat(60)}`).toString('base64')}`
    assert.deepEqual(find(Buffer.from(other)), [])
  })

  it('the line is right in text of 8 and 16 bits, over many windows; bytes have none', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 9000 }), { minLength: 1, maxLength: 40 }),
        fc.constantFrom('utf8', 'utf-16le', 'utf-16be'),
        (widths, encoding) => {
          const key = plantedKey()
          // U+0A0A and U+010A hold the byte of a line feed, and are none.
          const text = `${widths.map((width) => '\u0a0a\u010a'.repeat(width / 2)).join('\n')}\r\n> ${key.value}\n`
          const bytes =
            encoding === 'utf8'
              ? Buffer.from(text)
              : encoding === 'utf-16le'
                ? Buffer.from(`\ufeff${text}`, 'utf16le')
                : utf16be(`\ufeff${text}`)
          assert.deepEqual(
            find(bytes, () => 4096).map(({ line }) => line),
            [widths.length + 1],
          )
        },
      ),
      { numRuns: 60 },
    )
    const [found] = find(Buffer.concat([Buffer.from('\n\0\n'), Buffer.from(plantedKey().value)]))
    assert.deepEqual([found?.line, found?.offset], [null, 3])
  })

  it('several keys in one window have each its own line, in text of 8 and 16 bits', () => {
    const [a, b, c] = [plantedKey(), plantedKey(), plantedKey()]
    const lines = (bytes: Buffer) => find(bytes).map(({ value, line }) => [value, line])
    assert.deepEqual(lines(Buffer.from(`\n${basicOf(a)}\n\n${b.value}\n${c.value}`)), [
      [a.value, 2],
      [b.value, 4],
      [c.value, 5],
    ])
    for (const encode of [utf16be, (text: string) => Buffer.from(text, 'utf16le')])
      assert.deepEqual(lines(encode(`\ufeff\n${a.value}\n${b.value}\n\n${c.value}`)), [
        [a.value, 2],
        [b.value, 3],
        [c.value, 5],
      ])
  })
})

const lineEnd = Buffer.from('\n')
