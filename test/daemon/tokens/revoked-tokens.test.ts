import assert from 'node:assert/strict'
import { readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openRevokedTokens } from '../../../daemon/src/tokens/revoked-tokens.ts'
import { temporaryDir } from '../../support/start-postern.ts'

describe('tokens that were taken back', () => {
  let dir: string
  beforeEach(async () => {
    dir = join(await temporaryDir(), 'tokens')
  })
  afterEach(() => rm(join(dir, '..'), { recursive: true, force: true }))
  const token = (id: string, keyId = 'k', expiresAtMs = 1_000) => ({ id, keyId, expiresAtMs })

  it('stay so over a restart, and are forgotten once they would have ended', async () => {
    const first = await openRevokedTokens(dir)
    await Promise.all([first.add(token('a'), 0), first.add(token('b', 'k', 2_000), 0)])
    const second = await openRevokedTokens(dir)
    assert.deepEqual([second.has('a'), second.has('b'), second.has('c')], [true, true, false])
    await second.add(token('c', 'k', 3_000), 1_500)
    const third = await openRevokedTokens(dir)
    assert.deepEqual([third.has('a'), third.has('b'), third.has('c')], [false, true, true])
    assert.equal((await readdir(dir)).length, 2)
  })

  it('one that has ended is not kept, and one that is kept is not kept twice', async () => {
    const revoked = await openRevokedTokens(dir)
    await revoked.add(token('a', 'k', 10), 10)
    assert.deepEqual(await readdir(dir), [])
    await revoked.add(token('b'), 0)
    await revoked.add(token('b'), 0)
    assert.equal((await readdir(dir)).length, 1)
  })

  it('nobody fills it: past the bound of a key it says so, and others go on', async function () {
    this.timeout(60_000)
    const revoked = await openRevokedTokens(dir)
    for (let at = 0; at < 500; at++) await revoked.add(token(`t${at}`, 'greedy'), 0)
    await assert.rejects(revoked.add(token('one more', 'greedy'), 0), { code: 'overloaded' })
    assert.equal(revoked.has('one more'), false)
    await revoked.add(token('of another', 'modest'), 0)
    assert.equal(revoked.has('of another'), true)
  })

  it('a damaged newest file leaves what the one before it says', async () => {
    const revoked = await openRevokedTokens(dir)
    await revoked.add(token('a'), 0)
    await revoked.add(token('b'), 0)
    const newest = (await readdir(dir)).toSorted().at(-1) ?? ''
    await writeFile(join(dir, newest), 'torn')
    assert.equal((await openRevokedTokens(dir)).has('a'), true)
  })
})
