/** No record can be changed, removed, added or moved unseen, and a stranger with the public key sees the same. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import type { AuditVerification } from '@postern/shared'
import { openAuditTrail } from '../../../daemon/src/audit/audit-trail.ts'
import { chainLines, hashOfLine } from '../../../daemon/src/audit/chain.ts'
import { verifyTrail } from '../../../daemon/src/audit/verify.ts'
import { trailKeyOf } from '../../../daemon/src/keystore/trail-key.ts'
import { temporaryDir } from '../../support/start-postern.ts'

const signer = trailKeyOf(Buffer.alloc(32, 7), 'the-store')
const stranger = trailKeyOf(Buffer.alloc(32, 8), 'the-store')
const script = join(import.meta.dirname, '..', '..', '..', 'daemon', 'src', 'audit', 'verify-trail.mjs')

/** Appends of these sizes, as the trail writes them. */
const trailOf = (sizes: readonly number[], key = signer): string[] => {
  const lines: string[] = []
  let head = ''
  for (const size of sizes) {
    const entries = Array.from({ length: size }, (_, at) => ({
      seq: lines.length + 1 + at,
      ts: '2026-11-21T00:00:00.000Z',
      action: 'key.edit',
      object: { kind: 'key', id: `id${lines.length + at}` },
    }))
    const made = chainLines(entries, head, key)
    lines.push(...made.lines)
    head = made.head
  }
  return lines
}

async function* each(lines: readonly string[]): AsyncGenerator<string> {
  yield* lines
}
const headOf = (lines: readonly string[]) => ({
  storeId: 'the-store',
  seq: lines.length,
  hash: hashOfLine(lines.at(-1) ?? ''),
})
const check = (lines: readonly string[], head?: ReturnType<typeof headOf>): Promise<AuditVerification> =>
  verifyTrail(() => each(lines), { ...signer, head })

const sizes = fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 3, maxLength: 12 })

type Harm = 'edit' | 'remove' | 'swap' | 'truncate' | 'repeat' | 'unseal' | 'forge'
const harms: readonly Harm[] = ['edit', 'remove', 'swap', 'truncate', 'repeat', 'unseal', 'forge']

/** Does one harm at a place; gives the number of the first record that is not what was written. */
const harm = (lines: readonly string[], kind: Harm, at: number): { harmed: string[]; firstBad: number } => {
  const line = lines[at] ?? ''
  const rest = lines.slice(at + 1)
  const before = lines.slice(0, at)
  switch (kind) {
    case 'edit':
      return { harmed: [...before, line.replace('"id', '"iD'), ...rest], firstBad: at + 1 }
    case 'remove':
      return { harmed: [...before, ...rest], firstBad: at + 1 }
    case 'swap':
      return { harmed: [...before, rest[0] ?? '', line, ...rest.slice(1)], firstBad: at + 1 }
    case 'truncate':
      return { harmed: before, firstBad: at + 1 }
    case 'repeat':
      return { harmed: [...before, line, line, ...rest], firstBad: at + 2 }
    case 'unseal':
      return { harmed: [...before, line.replace(/"prev":"[0-9a-f]*"/, '"odd":1'), ...rest], firstBad: at + 1 }
    case 'forge': {
      const { seq, ...entry } = JSON.parse(line) as { seq: number; prev: string }
      const { lines: made } = chainLines([{ ...entry, seq, note: 'forged' }], entry.prev, stranger)
      return { harmed: [...before, ...made, ...rest], firstBad: at + 1 }
    }
  }
}

describe('verifying the trail', () => {
  it('what was written passes, whatever the sizes of its appends', async () => {
    await fc.assert(
      fc.asyncProperty(sizes, async (drawn) => {
        const lines = trailOf(drawn)
        const found = await check(lines, headOf(lines))
        assert.deepEqual([found.ok, found.entries, found.last_seq], [true, lines.length, lines.length])
      }),
      { numRuns: 50 },
    )
  })

  it('10,000 edits, removals, swaps, cuts, repetitions and forgeries are all found, at the right record', async () => {
    const run = async (drawn: number[], kind: Harm, place: number): Promise<void> => {
      const lines = trailOf(drawn)
      const last = kind === 'swap' ? lines.length - 1 : lines.length
      const at = Math.floor(place * last)
      const { harmed, firstBad } = harm(lines, kind, at)
      const { ok, bad } = await check(harmed, headOf(lines))
      assert.equal(ok, false, kind)
      // Without the seal that ends their append, nothing vouches for the records before it either.
      if (bad?.reason.startsWith('the record is not sealed') === true) return assert.ok(bad.seq <= firstBad)
      // A record inside an append is vouched for by its seal alone, so a harm to two of them can show at either.
      const near = kind === 'swap' || kind === 'unseal' || kind === 'repeat' || kind === 'forge' ? 1 : 0
      assert.ok(Math.abs((bad?.seq ?? 0) - firstBad) <= near, `${kind} of ${firstBad}: ${JSON.stringify(bad)}`)
    }
    await fc.assert(
      fc.asyncProperty(sizes, fc.constantFrom(...harms), fc.double({ min: 0, max: 0.999, noNaN: true }), run),
      { numRuns: 10_000 },
    )
  }).timeout(60_000)

  it('a trail written anew from some record on with another key is found', async () => {
    const lines = trailOf([3, 2, 4])
    assert.equal((await check(trailOf([3, 2, 4], stranger), undefined)).bad?.seq, 3)
    assert.equal((await verifyTrail(() => each(lines), { ...signer, storeId: 'another', head: undefined })).bad?.seq, 3)
  })

  it('the stand-alone verifier agrees, on the export of a real trail and on every harm to it', async () => {
    const dir = await temporaryDir()
    const trail = await openAuditTrail({
      dir: join(dir, 'audit'),
      machineDir: dir,
      signer,
      now: () => 0,
      onAlarm: assert.fail,
    })
    const entry = (id: string) => ({
      actor: { kind: 'local', name: 'tester\u2028\n', proof: 'file' } as const,
      action: 'key.edit' as const,
      object: { kind: 'key', id: `id ${id}` },
      outcome: 'intent' as const,
      generation: 2,
      request_id: null,
    })
    for (const size of [1, 3, 1, 1, 2, 4])
      await trail.append(Array.from({ length: size }, (_, at) => entry(`${size}/${at}`)))
    const { lines, next } = await trail.lines(0)
    const trailer = await trail.trailer(1, 12)
    const later = await trail.lines(4)
    await trail.close()
    assert.deepEqual([lines.length, next, later.lines], [12, null, lines.slice(4)])
    await writeFile(join(dir, 'key.pem'), signer.publicKey)
    const begin = JSON.stringify({ postern_audit_begin: 1, store_id: 'the-store', from: 1 })
    const standAlone = async (records: readonly string[]): Promise<{ status: number | null; said: string }> => {
      const file = join(dir, 'trail.jsonl')
      await writeFile(file, `${[begin, ...records].join('\n')}\n`)
      const { status, stdout } = spawnSync(process.execPath, [script, file, join(dir, 'key.pem')], { encoding: 'utf8' })
      return { status, said: stdout }
    }
    const good = await standAlone([...lines, trailer])
    assert.deepEqual([good.status, good.said.slice(0, 38)], [0, 'OK: records 1 to 12 of store the-store'])
    assert.equal((await standAlone(lines)).status, 1, 'without its end')
    assert.equal((await standAlone([...lines, trailer, trailer])).status, 1, 'with two ends')
    for (const kind of harms)
      for (const at of [0, 2, 6, 10]) {
        const { harmed } = harm(lines, kind, at)
        const { status, said } = await standAlone([...harmed, trailer])
        const own = await check(harmed, headOf(lines))
        const place = Number(/^BAD at record (\d+)/.exec(said)?.[1])
        assert.deepEqual(
          [status, own.ok, place],
          [1, false, own.bad?.seq],
          `${kind} at ${at}: ${said} ${own.bad?.reason}`,
        )
      }
    await rm(dir, { recursive: true })
  }).timeout(30_000)

  it('the stand-alone verifier is short enough to be read', async () => {
    assert.ok((await readFile(script, 'utf8')).split('\n').length <= 101)
  })
})
