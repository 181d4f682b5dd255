/** A byte changed, cut or swapped is noticed before anything is believed. */
import assert from 'node:assert/strict'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openGeneration, readGeneration } from '../../../daemon/src/keystore/generation-file.ts'
import { smallFolder, type Folder } from '../../support/keystore.ts'

describe('generation file', () => {
  const folders: Folder[] = []
  const fresh = async (): Promise<Folder> => {
    const folder = await smallFolder()
    folders.push(folder)
    return folder
  }
  afterEach(async () => {
    for (const folder of folders.splice(0)) await folder.remove()
  })
  const store = (folder: Folder): string => join(folder.deps.dataDir, 'store')
  const newest = async (folder: Folder): Promise<string> =>
    join(
      store(folder),
      (await readdir(store(folder)))
        .filter((name) => name.endsWith('.pks'))
        .toSorted()
        .at(-1) ?? '',
    )

  it('documents of every size around a chunk come back as they were', async () => {
    const folder = await fresh()
    const { keystore } = await folder.create()
    for (const size of [0, 1, 65_500, 65_514, 65_515, 65_516, 65_536, 131_072, 200_001]) {
      const document = { n: size, filler: 'x'.repeat(size) }
      await keystore.write(document)
      assert.deepEqual((await folder.open()).document, document)
    }
  })

  it('every single byte changed and every length cut from a generation is noticed', async () => {
    const folder = await fresh()
    await folder.create()
    const bytes = await readFile(await newest(folder))
    for (let at = 0; at < bytes.length; at++) {
      const changed = Buffer.from(bytes)
      changed[at] = (changed[at] ?? 0) ^ 0x41
      assert.throws(() => readGeneration(changed))
      assert.throws(() => openGeneration(bytes.subarray(0, at), Buffer.alloc(32)))
    }
    assert.throws(() => openGeneration(bytes, Buffer.alloc(32)))
  })
})
