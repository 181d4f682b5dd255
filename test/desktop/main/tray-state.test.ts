/** The tray says in a shape and in words what the pages would say. */
import assert from 'node:assert/strict'
import { inflateSync } from 'node:zlib'
import type { StatusView } from '@postern/shared'
import type { Overview } from '../../../desktop/src/main/key-watch.ts'
import { drawTrayImage } from '../../../desktop/src/main/tray-image.ts'
import { hasTray, trayMenu, trayStateOf, wordsOf, type TrayShape } from '../../../desktop/src/main/tray-state.ts'
import { englishTexts as texts } from '../../../desktop/src/renderer/texts/english.ts'
import { fakeKey } from '../../support/fake-console.ts'

const nowMs = Date.now()
const status = (state: StatusView['state'], code?: string): StatusView =>
  ({ state, problem: code === undefined ? null : { code, detail: '' } }) as StatusView
const known = (more: Partial<Overview>): Overview => ({
  link: 'up',
  status: status('open'),
  keys: [],
  skewMs: 0,
  ...more,
})

describe('console window: the tray', () => {
  for (const [what, overview, shape, sentence] of [
    ['nothing is wrong', {}, 'tick', 'Postern is working.'],
    [
      'a key expires before long',
      { keys: [fakeKey(1, 9)] },
      'mark',
      'Postern is working. 1 key expires within 14 days.',
    ],
    [
      'keys have expired',
      { keys: [fakeKey(1, -1), fakeKey(2, -2), fakeKey(3, 2)] },
      'cross',
      'Postern is working. 2 keys have expired, 1 soon.',
    ],
    [
      'a key expires by the gateway’s clock alone',
      { keys: [fakeKey(1, 1)], skewMs: 2 * 86_400_000 },
      'cross',
      'Postern is working. 1 key has expired.',
    ],
    ['a key is disabled', { keys: [fakeKey(1, -1, { state: 'disabled' })] }, 'tick', 'Postern is working.'],
    [
      'it is locked',
      { status: status('locked', 'keystore_locked') },
      'cross',
      'Postern is locked. Callers are refused.',
    ],
    [
      'it is damaged',
      { status: status('locked', 'keystore_damaged') },
      'cross',
      'Postern cannot read its key store. Callers are refused.',
    ],
    ['nobody answers', { link: 'lost' }, 'hollow', 'The Postern service does not answer.'],
    ['nobody has been asked', { link: 'opening', status: null }, 'hollow', 'Postern: connecting…'],
  ] as const satisfies readonly (readonly [string, Partial<Overview>, TrayShape, string])[])
    it(`where ${what}: ${shape}`, () => {
      assert.deepEqual(trayStateOf(known(overview), nowMs, texts), { shape, sentence })
    })

  it('its menu begins with the sentence, ends with quitting the console alone, and offers what can be done', () => {
    const ids = (paused: boolean, login: boolean | null): string[] =>
      trayMenu({ shape: 'tick', sentence: 'x' }, { paused, login, hasReport: true }, texts).map(({ id }) => id)
    assert.deepEqual(ids(false, null), [
      'status',
      'line',
      'open',
      'report',
      'tomorrow',
      'monday',
      'line',
      'restart',
      'quit',
    ])
    assert.deepEqual(ids(true, false), [
      'status',
      'line',
      'open',
      'report',
      'resume',
      'login',
      'line',
      'restart',
      'quit',
    ])
    const [first] = trayMenu(
      { shape: 'tick', sentence: 'All is well.' },
      { paused: false, login: null, hasReport: false },
      texts,
    )
    assert.deepEqual(first, { id: 'status', text: 'All is well.', off: true })
    assert.match(texts.window.menu.quit, /the service keeps running/)
  })

  it('its pictures are whole PNG files that differ from each other', () => {
    const seen = new Set<string>()
    for (const shape of ['tick', 'mark', 'cross', 'hollow'] as const) {
      const png = drawTrayImage(shape, 32)
      assert.equal(png.readUInt32BE(16), 32)
      const data = png.subarray(png.indexOf('IDAT') + 4, png.length - 16)
      const lines = inflateSync(data)
      assert.equal(lines.length, 32 * (1 + 32 * 4))
      assert.equal(lines[4], 0, 'the corner is clear')
      // Without its colours too.
      seen.add(
        Array.from({ length: 32 * 32 }, (_, at) => {
          const start = Math.floor(at / 32) * 129 + 1 + (at % 32) * 4
          return `${lines[start] === 255 && lines[start + 1] === 255 ? 'w' : ''}${lines[start + 3] === 0 ? '.' : '#'}`
        }).join(''),
      )
    }
    assert.equal(seen.size, 4)
  })

  it('a notification names three, counts the rest, and says what is next', () => {
    const words = wordsOf(
      {
        atOnce: false,
        groups: [
          { threshold: 'urgent', names: ['A', 'B', 'C', 'D', 'E'] },
          { threshold: 'soon', names: ['F'] },
        ],
      },
      texts,
    )
    assert.deepEqual(words, {
      title: '5 keys expire within 3 days',
      body: 'A, B, C and 2 more\n1 key expires within 14 days: F',
    })
    const atOnce = wordsOf({ atOnce: true, groups: [{ threshold: 'expired', names: ['A'] }] }, texts)
    assert.deepEqual(atOnce, { title: '1 key in use has expired', body: 'A' })
  })

  it('there is none on GNOME but Ubuntu’s, where closing the window has to end the console', () => {
    assert.equal(hasTray('win32', {}), true)
    assert.equal(hasTray('darwin', {}), true)
    assert.equal(hasTray('linux', { XDG_CURRENT_DESKTOP: 'KDE' }), true)
    assert.equal(hasTray('linux', { XDG_CURRENT_DESKTOP: 'ubuntu:GNOME' }), true)
    assert.equal(hasTray('linux', { XDG_CURRENT_DESKTOP: 'GNOME' }), false)
    assert.equal(hasTray('linux', {}), true)
  })
})
