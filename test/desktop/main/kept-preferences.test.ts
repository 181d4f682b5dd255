/** What the console keeps comes back as it was, and a damaged file keeps nobody from starting. */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { openPreferences } from '../../../desktop/src/main/kept-preferences.ts'
import { temporaryDir } from '../../support/start-postern.ts'

const first = {
  bounds: null,
  maximized: false,
  zoom: 0,
  toldOfTray: false,
  told: { keys: {}, day: null },
  pausedUntil: null,
  pages: {},
}

describe('console window: preferences', () => {
  let dir: string
  let path: string
  beforeEach(async () => {
    dir = await temporaryDir()
    path = join(dir, 'new folder', 'preferences.json')
  })
  afterEach(() => rm(dir, { recursive: true, force: true }))

  it('come back after a restart, in a file of this user alone', () => {
    const kept = {
      bounds: { x: -5, y: 3, width: 900, height: 600 },
      maximized: true,
      zoom: 1,
      toldOfTray: true,
      told: {
        keys: { Abcd1234: { expiresAt: '2027-01-01T00:00:00.000Z', threshold: 'day' as const } },
        day: '2026-12-31',
      },
      pausedUntil: '2027-01-04',
      pages: { density: 'compact' },
    }
    const opened = openPreferences(path)
    assert.deepEqual(opened.get(), first)
    opened.set(kept)
    assert.deepEqual(openPreferences(path).get(), kept)
    assert.deepEqual(readdirSync(join(dir, 'new folder')), ['preferences.json'])
    if (process.platform !== 'win32') assert.equal(statSync(path).mode & 0o777, 0o600)
  })

  it('that are damaged are as if never chosen, and are written anew', () => {
    openPreferences(path).set({ zoom: 2 })
    for (const damaged of ['', '{', 'null', '[]', '"x"', readFileSync(path, 'utf8').slice(0, 20)]) {
      writeFileSync(path, damaged)
      const opened = openPreferences(path)
      assert.deepEqual(opened.get(), first, damaged)
      opened.set({ zoom: 1 })
      assert.equal(openPreferences(path).get().zoom, 1)
    }
  })

  it('of which one is damaged lose that one alone', () => {
    openPreferences(path).set({ zoom: 2 })
    writeFileSync(
      path,
      JSON.stringify({ zoom: 99, bounds: { x: 1e9 }, toldOfTray: true, pausedUntil: 'soon', other: 1 }),
    )
    assert.deepEqual(openPreferences(path).get(), { ...first, toldOfTray: true })
  })

  it('that cannot be written hold until the end', () => {
    writeFileSync(join(dir, 'new folder'), 'a file where a folder would have to be')
    const opened = openPreferences(path)
    opened.set({ zoom: 3 })
    assert.equal(opened.get().zoom, 3)
  })
})
