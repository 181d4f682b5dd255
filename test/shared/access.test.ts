/** Path patterns: what is accepted means one thing, and everything else is refused with the rule. */
import assert from 'node:assert/strict'
import fc from 'fast-check'
import { accessLimits, parsePathPattern, patternShape, type PatternSegment } from '@postern/shared'

const name = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,49}$/)
const literal = fc
  .stringMatching(/^(?:[A-Za-z0-9._~!$&'()*+,=:@-]|%4[0-9A-Fa-f]){1,8}$/)
  .filter((text) => text !== '.' && text !== '..')
const middle = fc.oneof(
  literal.map((text): PatternSegment => ({ kind: 'literal', text })),
  name.map((text): PatternSegment => ({ kind: 'named', name: text })),
)
const last = fc.oneof(
  middle,
  name.map((text): PatternSegment => ({ kind: 'rest', name: text })),
  fc.constant<PatternSegment>({ kind: 'literal', text: '' }),
)
const written = (segment: PatternSegment): string =>
  segment.kind === 'literal' ? segment.text : `{${segment.name}${segment.kind === 'rest' ? '*' : ''}}`
const pattern = (segments: readonly PatternSegment[]): string => `/${segments.map(written).join('/')}`
const segments = fc
  .tuple(fc.array(middle, { maxLength: 8 }), last)
  .map(([front, end]) => [...front, end])
  .filter((all) => {
    const names = all.flatMap((segment) => (segment.kind === 'literal' ? [] : [segment.name]))
    return new Set(names).size === names.length
  })
const refusal = (text: string): string => {
  const read = parsePathPattern(text)
  return typeof read === 'string' ? read : assert.fail(`accepted: ${text}`)
}

describe('path patterns', () => {
  it('what is written by the rules is read back as it was meant', () => {
    fc.assert(fc.property(segments, (meant) => assert.deepEqual(parsePathPattern(pattern(meant)), meant)))
  })

  it('any text is read or refused with a sentence, never thrown; what is read is the text, without dot segments', () => {
    const pieces = [
      '/',
      '.',
      '..',
      '%2e',
      '%2E',
      '%2f',
      '%5c',
      '%00',
      '%',
      '{',
      '}',
      '*',
      '{a}',
      '{b*}',
      'a',
      '\\',
      '?',
    ]
    const built = fc.array(fc.constantFrom(...pieces), { maxLength: 12 }).map((all) => `/${all.join('')}`)
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), built), (text) => {
        const read = parsePathPattern(text)
        if (typeof read === 'string') return assert.ok(read.length > 10)
        assert.equal(pattern(read), text)
        for (const [at, segment] of read.entries()) {
          if (segment.kind !== 'literal') continue
          assert.ok(segment.text !== '' || at === read.length - 1)
          const decoded = decodeURIComponent(segment.text.replaceAll(/%[89A-Fa-f][0-9A-Fa-f]/g, 'x'))
          assert.doesNotMatch(decoded, /^\.{1,2}$|[/\\\0?#]/)
        }
      }),
      { numRuns: 1_000 },
    )
  })

  it('limits hold at their edges: 2000 characters, 64 segments, names of 50', () => {
    assert.ok(Array.isArray(parsePathPattern(`/${'a'.repeat(accessLimits.pathMax - 1)}`)))
    assert.match(refusal(`/${'a'.repeat(accessLimits.pathMax)}`), /2000/)
    assert.equal(parsePathPattern('/a'.repeat(64)).length, 64)
    assert.match(refusal('/a'.repeat(65)), /64 segments/)
    assert.ok(Array.isArray(parsePathPattern(`/{${'a'.repeat(50)}}`)))
    assert.match(refusal(`/{${'a'.repeat(51)}}`), /segment name/)
  })

  it('case, a trailing slash and an escape count; nothing is decoded', () => {
    assert.deepEqual(parsePathPattern('/'), [{ kind: 'literal', text: '' }])
    assert.deepEqual(parsePathPattern('/A/'), [
      { kind: 'literal', text: 'A' },
      { kind: 'literal', text: '' },
    ])
    assert.deepEqual(parsePathPattern('/%41'), [{ kind: 'literal', text: '%41' }])
    for (const text of [
      '',
      'a',
      '//',
      '/a//b',
      '/{}',
      '/{*}',
      '/{a**}',
      '/{a',
      '/a}',
      '/x{a}',
      '/ä',
      '/a b',
      '/a?b',
      '/%zz',
    ])
      assert.equal(typeof parsePathPattern(text), 'string', text)
  })

  it('two patterns have one shape when only the names of their segments differ', () => {
    fc.assert(
      fc.property(segments, (all) => {
        const renamed = all.map((each, at) => (each.kind === 'literal' ? each : { ...each, name: `renamed_${at}` }))
        assert.equal(patternShape(pattern(renamed)), patternShape(pattern(all)))
      }),
    )
    const shapes = ['/a/{b}', '/a/{b*}', '/a/b', '/a/', '/a', '/{a}/b', '/{a}/{b}'].map(patternShape)
    assert.equal(new Set(shapes).size, shapes.length)
  })
})
