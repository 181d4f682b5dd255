/** Days and months outlive a restart, sealed; what cannot be read is set aside and never fatal. */
import assert from 'node:assert/strict'
import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { limitsOf } from '../../../daemon/src/access/limit-access.ts'
import { openLimits, type LimitsOnDisk } from '../../../daemon/src/limits/kept-limits.ts'
import { temporaryDir } from '../../support/start-postern.ts'

const nowMs = Date.parse('2026-11-21T12:00:00.000Z')

describe('limits on the disk', () => {
  let dir: string
  const aside: string[] = []
  const sealer = {
    seal: (plain: Buffer, associated: string) => `${associated}:${plain.toString('base64')}`,
    open: (sealed: string, associated: string) => {
      if (!sealed.startsWith(`${associated}:`)) throw new Error('not sealed')
      return Buffer.from(sealed.slice(associated.length + 1), 'base64')
    },
  }
  const open = (): Promise<LimitsOnDisk> => openLimits({ dir, sealer, onSetAside: (message) => aside.push(message) })
  const windows = (['minute', 'day', 'month'] as const).map((per) => ({ per, calls: 9 }))
  const keyOf = (id: string) => ({
    limits: limitsOf({ id: 'po_1', name: 'Small', windows, concurrent: null }, 'key', id),
  })
  const left = (limits: LimitsOnDisk, id: string): number[] =>
    (limits.standing(keyOf(id), nowMs) ?? []).map(({ remaining }) => remaining)
  const all = (): boolean => true

  beforeEach(async () => {
    dir = await temporaryDir()
    aside.splice(0)
  })
  afterEach(() => rm(dir, { recursive: true, force: true }))

  it('a restart keeps days and months and forgets shorter windows; those of removed keys go', async () => {
    const limits = await open()
    for (const id of ['a', 'a', 'b']) limits.take({ key: keyOf(id), nowMs, occupies: true })
    await limits.flush(nowMs, (holderId) => holderId === 'a')
    const again = await open()
    assert.deepEqual(
      [left(again, 'a'), left(again, 'b')],
      [
        [9, 7, 7],
        [9, 9, 9],
      ],
    )
  })

  it('writes only what has changed, and keeps the newest two files', async () => {
    const limits = await open()
    await limits.flush(nowMs, all)
    assert.deepEqual(await readdir(dir), [])
    for (let turn = 0; turn < 4; turn++) {
      limits.take({ key: keyOf('a'), nowMs, occupies: true })
      await limits.flush(nowMs, all)
      await limits.flush(nowMs, all)
    }
    assert.deepEqual(await readdir(dir), ['0000000003.plc', '0000000004.plc'])
  })

  it('a flush that fails is made up for by the next one', async () => {
    const limits = await open()
    limits.take({ key: keyOf('a'), nowMs, occupies: true })
    await rm(dir, { recursive: true })
    await assert.rejects(limits.flush(nowMs, all))
    await open()
    await limits.flush(nowMs, all)
    assert.deepEqual(left(await open(), 'a'), [9, 8, 8])
  })

  for (const [what, plain] of [
    ['rubbish', undefined],
    ['no list', 'null'],
    ['a counter of no unit', '[["po_1/a/week",0,1]]'],
    ['a time that is none', '[["po_1/a/day",1e300,1]]'],
    ['a count that is none', '[["po_1/a/day",1795219200000,-1]]'],
  ] as const)
    it(`a file with ${what} is set aside, and the one before it counts`, async () => {
      const limits = await open()
      for (let turn = 0; turn < 2; turn++) {
        limits.take({ key: keyOf('a'), nowMs, occupies: true })
        await limits.flush(nowMs, all)
      }
      const sealed = plain === undefined ? 'rubbish' : sealer.seal(Buffer.from(plain), 'limits/v1')
      await writeFile(join(dir, '0000000002.plc'), sealed)
      const again = await open()
      assert.deepEqual(left(again, 'a'), [9, 8, 8])
      assert.match(aside.join(), /counts of days and months could not be read and is kept as .*\.bad/)
      assert.equal(
        await readFile(join(dir, (await readdir(dir)).find((name) => name.endsWith('.bad')) ?? ''), 'utf8'),
        sealed,
      )
    })
})
