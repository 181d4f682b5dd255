/** The journal of revocations: whole it tells what was taken back since, tampered with it lets nothing live. */
import assert from 'node:assert/strict'
import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Document } from '../../../daemon/src/document/document.ts'
import { disableKey, enableKey, issueKey, removeKey, rotateKey } from '../../../daemon/src/keys/key-steps.ts'
import { change, comesUp, logsIn, passes, revocationBeds, storeId, type Machine } from '../../support/revocation-bed.ts'
import { beginning, keyIdOf, secretOf, stepAt, timeOf } from '../../support/revocation-document.ts'

describe('the journal of revocations', () => {
  const bed = revocationBeds()
  const { machine, open } = bed

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
    const target = join(bed.dir, 'target')
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
