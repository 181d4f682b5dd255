/**
 * What was taken back stays so when an older folder comes up, whatever the history was; and where that cannot be known, nothing
 * lives until somebody says so.
 */
import assert from 'node:assert/strict'
import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { formatKeyValue } from '@postern/shared'
import fc from 'fast-check'
import { buildIndex } from '../../../daemon/src/access/build-index.ts'
import { admit } from '../../../daemon/src/access/decide.ts'
import type { Document } from '../../../daemon/src/document/document.ts'
import { journalKeyOf } from '../../../daemon/src/keystore/journal-key.ts'
import { adoptDocument, type Adopted } from '../../../daemon/src/revocations/adopt.ts'
import { openRevocations, type Revocations } from '../../../daemon/src/revocations/journal.ts'
import { disableKey, enableKey, issueKey, removeKey, rotateKey } from '../../../daemon/src/keys/key-steps.ts'
import {
  applied,
  beginning,
  command,
  keyIdOf,
  reread,
  secretOf,
  stepAt,
  timeOf,
  type Command,
} from '../../support/revocation-document.ts'
import { temporaryDir } from '../../support/start-postern.ts'

const storeId = '5b1c1a52-6f0e-4f5e-9a47-2f3f6a3f2b10'
const key = journalKeyOf(Buffer.alloc(32, 7), storeId)
const ended = timeOf(60)

interface Machine {
  readonly dataDir: string
  readonly machineDir: string
  readonly alarms: string[]
}

/** Whether a secret of a key passes. */
const passes = (document: Document, n: number, version: number, nowMs: number): boolean => {
  const value = formatKeyValue({ keyId: keyIdOf(n), secret: secretOf(n, version) })
  const credential = { kind: 'value', value } as const
  return 'identified' in admit(buildIndex(document, 1), { credential, nowMs, address: null })
}

describe('the journal of revocations', () => {
  let dir: string
  let count = 0
  beforeEach(async () => {
    dir = await temporaryDir()
  })
  afterEach(() => rm(dir, { recursive: true, force: true }))

  const machine = async (): Promise<Machine> => {
    const base = join(dir, String((count += 1)))
    const made = { dataDir: join(base, 'data'), machineDir: join(base, 'machine'), alarms: [] }
    await mkdir(made.dataDir, { recursive: true })
    await mkdir(made.machineDir)
    return made
  }
  const open = (at: Machine, document: Document, generation: number): Promise<Revocations> =>
    openRevocations({
      ...at,
      key,
      document,
      generation,
      now: () => timeOf(0),
      onAlarm: (kind, message) => at.alarms.push(`${kind}: ${message}`),
    })
  const change = async (journal: Revocations, before: Document, after: Document, generation: number) => {
    await (await journal.begin(before, after, generation)).made()
    return after
  }
  const comesUp = (
    at: Machine,
    document: Document,
    { generation, remembered, nowMs = ended }: { generation: number; remembered: number | null; nowMs?: number },
  ): Promise<{ document: Document; adopted: Adopted }> =>
    adoptDocument(
      reread(document),
      { storeId, generation, writtenAt: '2027-01-01T00:00:00.000Z', remembered, journalKey: key },
      { ...at, nowMs, quarantineAll: false },
    )

  /** Generation n + 1 is the document after n commands; the data folder's journal is kept as it was with each. */
  const history = async (at: Machine, commands: readonly Command[]): Promise<Document[]> => {
    let document = beginning()
    const documents = [document]
    const journal = await open(at, document, 1)
    for (const [n, asked] of commands.entries()) {
      const next = applied(document, asked, timeOf(n + 1))
      if (next !== document) await change(journal, document, next, documents.length + 1)
      document = next
      documents.push(next)
      await cp(join(at.dataDir, 'revocations'), join(at.dataDir, '..', `as-of-${documents.length}`), {
        recursive: true,
      })
    }
    await journal.close()
    return documents
  }
  /** The folder as it was with a generation, in place of the present one. */
  const putBack = async (at: Machine, generation: number): Promise<void> => {
    await rm(join(at.dataDir, 'revocations'), { recursive: true })
    const old = join(at.dataDir, '..', `as-of-${generation}`)
    await cp(old, join(at.dataDir, 'revocations'), { recursive: true }).catch(() => undefined)
  }
  const versions = [1, 2, 3, 4, 5, 6]

  it('no secret that was dead passes after any older folder has come up, and none that was alive there and here dies', async function () {
    this.timeout(120_000)
    let dead = 0
    await fc.assert(
      fc.asyncProperty(fc.array(command, { minLength: 4, maxLength: 24 }), fc.nat(), async (commands, pick) => {
        const at = await machine()
        const first = [365, 30, 3].map((days): Command => ({ do: 'issue', days }))
        const documents = await history(at, [...first, ...commands])
        const head = documents.length
        const generation = 4 + (pick % (head - 3))
        const old = documents[generation - 1] as Document
        const now = documents[head - 1] as Document
        await putBack(at, generation)
        const nowMs = timeOf(head)
        const { document, adopted } = await comesUp(at, old, { generation, remembered: head, nowMs })
        assert.equal(adopted.gap, false)
        reread(document)
        for (let n = 0; n < Object.keys(old.keys).length; n += 1)
          for (const version of versions) {
            const here = passes(document, n, version, nowMs)
            const there = passes(now, n, version, nowMs)
            const then = passes(old, n, version, nowMs)
            if (then && !there) dead += 1
            assert.ok(!here || there, `secret ${version} of key ${n} was dead and passes`)
            assert.ok(here || !(there && then), `secret ${version} of key ${n} lived and is dead`)
          }
        // What has been done is not told again, and the journal goes on from where it was.
        const again = await open(at, document, head + 1)
        await again.close()
        assert.deepEqual(at.alarms, [])
        const next = await comesUp(at, document, { generation: head + 1, remembered: head + 1, nowMs })
        assert.deepEqual([next.adopted.reapplied, next.adopted.gap], [[], false])
        // On a machine that knows nothing but the folder and a copy from beside the backups, it is the same.
        const elsewhere = await machine()
        const journals = join(elsewhere.dataDir, 'revocations')
        await cp(join(at.dataDir, '..', `as-of-${generation}`), journals, { recursive: true })
        const lines = (
          await Promise.all((await logsIn(join(at.machineDir, 'revocations'))).map((p) => readFile(p, 'utf8')))
        ).join('')
        const seq = String(lines.split('\n').length - 1).padStart(10, '0')
        await writeFile(join(journals, `postern-${storeId.slice(0, 8)}-revocations-${seq}.jsonl`), lines)
        const there = await comesUp(elsewhere, old, { generation, remembered: null, nowMs })
        for (let n = 0; n < Object.keys(old.keys).length; n += 1)
          for (const version of versions)
            assert.ok(!passes(there.document, n, version, nowMs) || passes(now, n, version, nowMs), 'elsewhere')
      }),
      { numRuns: 80 },
    )
    assert.ok(dead > 20, `only ${dead} secrets would have come to life: the histories are too tame`)
  })

  /** Two keys; the second is disabled, then the first removed. */
  const twoKeys = async (at: Machine): Promise<Document[]> => {
    const issue = (n: number) => issueKey({ name: `Key ${n}` }, { keyId: keyIdOf(n), secret: secretOf(n, 1) })
    const steps = [issue(0), issue(1), disableKey(keyIdOf(1)), removeKey(keyIdOf(0))]
    let document = beginning()
    const documents = [document]
    const journal = await open(at, document, 1)
    for (const step of steps) {
      document = await change(journal, document, stepAt(document, step, timeOf(1)), documents.length + 1)
      documents.push(document)
    }
    await journal.close()
    return documents
  }
  const logsIn = async (folder: string): Promise<string[]> =>
    (await readdir(folder)).filter((name) => /^\d{8}\.jsonl$/.test(name)).map((name) => join(folder, name))
  const logs = async (at: Machine): Promise<string[]> => [
    ...(await logsIn(join(at.dataDir, 'revocations'))),
    ...(await logsIn(join(at.machineDir, 'revocations'))),
  ]

  it('a journal that was cut, edited, put in another order, taken away or made by another store holds every key back', async () => {
    const tampering: Record<string, (lines: string[]) => string[] | null> = {
      cut: (lines) => lines.slice(0, -1),
      'cut to nothing': () => [],
      edited: (lines) =>
        lines.map((line) =>
          line.replace('"state":"removed"', '"state":"live"').replace(/"removedAt":"[^"]+"/, '"removedAt":null'),
        ),
      reordered: ([first = '', second = '', ...rest]) => [second, first, ...rest],
      'a line left out': ([first = '', _second, ...rest]) => [first, ...rest],
      'another store’s': (lines) =>
        lines.map((line) => line.replaceAll(storeId, '00000000-0000-4000-8000-000000000000')),
      garbage: (lines) => [...lines.slice(0, -1), '{"v":1}'],
      'taken away': () => null,
    }
    for (const [how, tamper] of Object.entries(tampering)) {
      const at = await machine()
      const documents = await twoKeys(at)
      for (const path of await logs(at)) {
        const lines = tamper((await readFile(path, 'utf8')).split('\n').slice(0, -1))
        if (lines === null) await rm(path)
        else await writeFile(path, lines.map((line) => `${line}\n`).join(''))
      }
      const { document, adopted } = await comesUp(at, documents[2] as Document, { generation: 3, remembered: 5 })
      assert.equal(adopted.gap, true, how)
      for (const n of [0, 1]) assert.equal(passes(document, n, 1, timeOf(1)), false, how)
      assert.ok(
        Object.values(document.keys).every((each) => each.removedAt !== null || each.disabledAt !== null),
        how,
      )
      // Whatever could not be read is still there, and the journal begins again and says so.
      const before = (await Promise.all((await logs(at)).map((path) => readFile(path, 'utf8')))).filter(
        (text) => text !== '',
      )
      const journal = await open(at, document, 6)
      assert.match(at.alarms.join('\n'), /revocations_damaged/, how)
      await journal.close()
      const kept = (
        await Promise.all(
          (await readdir(join(at.dataDir, '..'), { recursive: true }))
            .filter((p) => p.endsWith('.jsonl'))
            .map((p) => readFile(join(at.dataDir, '..', p), 'utf8')),
        )
      ).join('\n---\n')
      for (const text of before) assert.ok(kept.includes(text), how)
      // It is whole from here on: next time there is nothing to complain of, and before it there is a gap.
      at.alarms.length = 0
      await (await open(at, document, 6)).close()
      assert.deepEqual(at.alarms, [], how)
      const older = await comesUp(at, documents[2] as Document, { generation: 3, remembered: 6 })
      assert.equal(older.adopted.gap, true, how)
      const since = await comesUp(at, document, { generation: 6, remembered: 7 })
      assert.equal(since.adopted.gap, false, how)
    }
  })

  it('one whole journal is enough: the other place may be damaged or gone', async () => {
    for (const hurt of ['data', 'machine'] as const)
      for (const how of ['damaged', 'gone'] as const) {
        const at = await machine()
        const documents = await twoKeys(at)
        const folder = join(hurt === 'data' ? at.dataDir : at.machineDir, 'revocations')
        if (how === 'gone') await rm(folder, { recursive: true })
        else
          for (const path of await logsIn(folder))
            await writeFile(path, (await readFile(path, 'utf8')).replace('disabled', 'disabkd'))
        const { document, adopted } = await comesUp(at, documents[2] as Document, { generation: 3, remembered: 5 })
        assert.deepEqual([adopted.gap, adopted.quarantined], [false, []])
        assert.deepEqual(
          adopted.reapplied.map(({ id, what }) => [id, what]),
          [
            [keyIdOf(1), ['disabled']],
            [keyIdOf(0), ['removed']],
          ],
        )
        assert.equal(passes(document, 0, 1, timeOf(1)) || passes(document, 1, 1, timeOf(1)), false)
        await (await open(at, document, 6)).close()
        const [data, other] = await Promise.all((await logs(at)).map((path) => readFile(path, 'utf8')))
        assert.equal(data, other, 'both places hold the whole of it again')
      }
  })

  it('a folder on a machine that knows of nothing newer comes up as it is', async () => {
    const at = await machine()
    const documents = await twoKeys(at)
    const elsewhere = await machine()
    await cp(join(at.dataDir, 'revocations'), join(elsewhere.dataDir, 'revocations'), { recursive: true })
    const { document, adopted } = await comesUp(elsewhere, documents[4] as Document, {
      generation: 5,
      remembered: null,
    })
    assert.deepEqual([adopted.newer, adopted.gap, adopted.reapplied, adopted.quarantined], [false, false, [], []])
    assert.deepEqual(document, documents[4])
  })

  it('a change that failed leaves no word: what it would have taken away lives, also after a start in between', async () => {
    for (const restarted of [false, true]) {
      const at = await machine()
      const before = stepAt(
        beginning(),
        issueKey({ name: 'Key 0' }, { keyId: keyIdOf(0), secret: secretOf(0, 1) }),
        timeOf(1),
      )
      const journal = await open(at, before, 2)
      const under = await journal.begin(before, stepAt(before, disableKey(keyIdOf(0)), timeOf(2)), 3)
      if (!restarted) await under.failed()
      await journal.close()
      const started = await comesUp(at, before, { generation: 2, remembered: 2 })
      assert.deepEqual(started.adopted.reapplied, [])
      assert.ok(passes(started.document, 0, 1, timeOf(3)))
      await (await open(at, before, 2)).close()
      const later = await comesUp(at, before, { generation: 2, remembered: 4 })
      assert.deepEqual([later.adopted.reapplied, later.adopted.gap], [[], false])
    }
  })

  it('what a change takes away is said before it is made, what it gives back after', async () => {
    const at = await machine()
    const live = stepAt(
      beginning(),
      issueKey({ name: 'Key 0' }, { keyId: keyIdOf(0), secret: secretOf(0, 1) }),
      timeOf(1),
    )
    const off = stepAt(live, disableKey(keyIdOf(0)), timeOf(2))
    const on = stepAt(off, enableKey(keyIdOf(0)), timeOf(3))
    const journal = await open(at, live, 2)
    const said = async (): Promise<string> => {
      const [path = ''] = await logs(at)
      return (
        (JSON.parse((await readFile(path, 'utf8')).trim().split('\n').at(-1) ?? '{}') as { state?: string }).state ??
        'none'
      )
    }
    const taking = await journal.begin(live, off, 3)
    assert.equal(await said(), 'disabled')
    await taking.made()
    const giving = await journal.begin(off, on, 4)
    assert.equal(await said(), 'disabled')
    await giving.made()
    assert.equal(await said(), 'live')
    await journal.close()
  })

  it('holds no secret and no name', async () => {
    const at = await machine()
    const documents = await twoKeys(at)
    const journal = await open(at, documents[4] as Document, 5)
    const rotated = stepAt(documents[4] as Document, rotateKey(keyIdOf(1), {}, secretOf(1, 2)), timeOf(2))
    await change(journal, documents[4] as Document, rotated, 6)
    await journal.close()
    const text = (await Promise.all((await logs(at)).map((path) => readFile(path, 'utf8')))).join('')
    const held = Object.values(rotated.keys).flatMap(({ name, secrets }) => [
      name,
      ...secrets.flatMap(({ verifier, sealed }) => [verifier, sealed ?? verifier]),
    ])
    for (const each of [...held, secretOf(1, 1), secretOf(1, 2)]) assert.ok(!text.includes(each), each)
    assert.match(text, /"secretVersion":2/)
  })

  it('the copies beside backups follow, the newest two stay, and a folder that is gone stops nothing', async () => {
    const at = await machine()
    const documents = await twoKeys(at)
    const target = join(dir, 'target')
    let document = documents[4] as Document
    let journal = await open(at, document, 5)
    await journal.copyTo(target)
    for (const step of [enableKey(keyIdOf(1)), disableKey(keyIdOf(1)), enableKey(keyIdOf(1)), disableKey(keyIdOf(1))]) {
      document = await change(journal, document, stepAt(document, step, timeOf(2)), 6)
      await journal.settled()
    }
    const names = (await readdir(target)).toSorted()
    assert.equal(names.length, 2)
    assert.match(names[1] ?? '', new RegExp(`^postern-${storeId.slice(0, 8)}-revocations-0*${journal.seq}\\.jsonl$`))
    const [own = ''] = await logs(at)
    assert.equal(await readFile(join(target, names[1] ?? ''), 'utf8'), await readFile(own, 'utf8'))
    await journal.close()
    // Remembered over a start; a target that was taken out is told of once.
    await rm(target, { recursive: true })
    journal = await open(at, document, 6)
    for (const step of [enableKey(keyIdOf(1)), disableKey(keyIdOf(1))]) {
      document = await change(journal, document, stepAt(document, step, timeOf(3)), 7)
      await journal.settled()
    }
    await journal.close()
    assert.equal(at.alarms.filter((text) => text.includes(target)).length, 1)
  })
})
