/** Last-used times: later wins, a restart keeps them, and a bad file is never fatal. */
import assert from 'node:assert/strict'
import { readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openLastUsed, type LastUsed } from '../../../daemon/src/usage/last-used.ts'
import { temporaryDir } from '../../support/start-postern.ts'

describe('last used', () => {
  let dir: string
  const aside: string[] = []
  const sealer = {
    seal: (plain: Buffer, associated: string) => `${associated}:${plain.toString('base64')}`,
    open: (sealed: string, associated: string) => {
      if (!sealed.startsWith(`${associated}:`)) throw new Error('not sealed')
      return Buffer.from(sealed.slice(associated.length + 1), 'base64')
    },
  }
  const open = (): Promise<LastUsed> =>
    openLastUsed({ dir: join(dir, 'usage'), sealer, onSetAside: (message) => aside.push(message) })
  beforeEach(async () => {
    dir = await temporaryDir()
    aside.splice(0)
  })
  afterEach(() => rm(dir, { recursive: true, force: true }))

  it('keeps the later time, over a restart too, and forgets keys that are gone', async () => {
    const used = await open()
    assert.equal(used.of('a'), null)
    used.note('a', 2_000)
    used.note('a', 1_000)
    used.note('b', 5)
    await used.flush((id) => id === 'a')
    const again = await open()
    assert.equal(again.of('a'), '1970-01-01T00:00:02.000Z')
    assert.equal(again.of('b'), null)
  })

  it('writes only what has changed, and keeps the newest two files', async () => {
    const used = await open()
    await used.flush(() => true)
    assert.deepEqual(await readdir(join(dir, 'usage')), [])
    for (const at of [1, 2, 3, 4]) {
      used.note('a', at)
      await used.flush(() => true)
      await used.flush(() => true)
    }
    assert.deepEqual(await readdir(join(dir, 'usage')), ['0000000003.pku', '0000000004.pku'])
  })

  it('a file that cannot be read is set aside, and the one before it is used', async () => {
    const used = await open()
    for (const at of [1_000, 2_000]) {
      used.note('a', at)
      await used.flush(() => true)
    }
    await writeFile(join(dir, 'usage', '0000000002.pku'), 'rubbish')
    const again = await open()
    assert.equal(again.of('a'), '1970-01-01T00:00:01.000Z')
    assert.match(aside[0] ?? '', /\.bad/)
    again.note('a', 9_000)
    await again.flush(() => true)
    assert.equal((await open()).of('a'), '1970-01-01T00:00:09.000Z')
  })

  it('a use during a flush is kept for the next one', async () => {
    const used = await open()
    used.note('a', 1_000)
    const flushed = used.flush(() => true)
    used.note('a', 2_000)
    await flushed
    await used.flush(() => true)
    assert.equal((await open()).of('a'), '1970-01-01T00:00:02.000Z')
    assert.equal((await readdir(join(dir, 'usage'))).length, 2)
  })

  it('all files damaged: nothing is known, nothing is lost, and counting goes on above them', async () => {
    const used = await open()
    used.note('a', 1_000)
    await used.flush(() => true)
    await writeFile(join(dir, 'usage', '0000000001.pku'), `last-used/v1:${Buffer.from('null').toString('base64')}`)
    const again = await open()
    assert.equal(again.of('a'), null)
    assert.equal(aside.length, 1)
    again.note('b', 1)
    await again.flush(() => true)
    const names = await readdir(join(dir, 'usage'))
    assert.deepEqual(
      names.map((name) => name.replace(/\.[0-9a-f]{8}\.bad$/, '.bad')),
      ['0000000001.pku.bad', '0000000002.pku'],
    )
  })

  it('a flush that fails is tried again', async () => {
    const used = await open()
    used.note('a', 1)
    await rm(join(dir, 'usage'), { recursive: true })
    await assert.rejects(used.flush(() => true))
    const { mkdir } = await import('node:fs/promises')
    await mkdir(join(dir, 'usage'))
    await used.flush(() => true)
    assert.equal((await open()).of('a'), '1970-01-01T00:00:00.001Z')
  })
})
