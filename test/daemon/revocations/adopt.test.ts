/** Whatever the history was: what was taken back stays so when a folder of any older day comes up. */
import assert from 'node:assert/strict'
import { cp, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import type { Document } from '../../../daemon/src/document/document.ts'
import { adoptedEntries, adoptedText } from '../../../daemon/src/revocations/adopt.ts'
import { makeToken } from '../../support/access-document.ts'
import { change, comesUp, logsIn, passes, revocationBeds, storeId, type Machine } from '../../support/revocation-bed.ts'
import { applied, beginning, command, reread, timeOf, type Command } from '../../support/revocation-document.ts'

describe('a document that comes up from an older folder', () => {
  const { machine, open } = revocationBeds()

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
      { numRuns: 40 },
    )
    // Were it 0, nothing would have been tried; how many there are is chance.
    assert.ok(dead > 3, `only ${dead} secrets would have come to life: the histories are too tame`)
  })

  it('every admin token waits for an administrator where anything newer is known or may have been, and none where it is not', async () => {
    const at = await machine()
    const documents = await history(at, [{ do: 'issue', days: 30 }])
    const token = makeToken({ id: 'at_000000000001', name: 'Deploys' })
    const off = makeToken({ id: 'at_000000000002', name: 'Off', disabledAt: '2026-01-01T00:00:00.000Z' })
    const adminTokens = { [token.id]: token, [off.id]: off }
    const old = { ...(documents[0] as Document), adminTokens }
    const nowMs = timeOf(3)
    const same = await comesUp(at, old, { generation: 2, remembered: 2, nowMs })
    assert.deepEqual([same.document.adminTokens, same.adopted.tokens], [adminTokens, []])
    const { document, adopted } = await comesUp(at, old, { generation: 1, remembered: 2, nowMs })
    assert.equal(adopted.newer, true)
    assert.deepEqual(adopted.tokens, [{ id: token.id, name: 'Deploys' }])
    const disabledAt = new Date(nowMs).toISOString()
    assert.deepEqual(document.adminTokens, {
      [token.id]: { ...token, disabledAt, updatedAt: disabledAt, revision: token.revision + 1 },
      [off.id]: off,
    })
    assert.match(
      adoptedText(adopted) ?? '',
      /1 admin token is disabled.*"Deploys" \(at_000000000001\).*postern tokens enable/,
    )
    assert.deepEqual(
      adoptedEntries(adopted, storeId).map(({ action, object }) => [action, object.id]),
      [['token.disable', token.id]],
    )
  })
})
