/** Lines that were answered for are there; lines that were refused are not. */
import assert from 'node:assert/strict'
import { appendFile, mkdir, readdir, readFile, rename, rm, writeFile, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { openAppendLog, type AppendLog } from '../../../daemon/src/disk/append-log.ts'
import { realDisk, type DiskCalls } from '../../../daemon/src/disk/durable-file.ts'
import { temporaryDir } from '../../support/start-postern.ts'

const linesOf = async (log: AppendLog): Promise<string[]> => {
  const lines: string[] = []
  for await (const line of log.newestFirst()) lines.unshift(line)
  return lines
}
const refuse = (): Promise<never> => Promise.reject(Object.assign(new Error('EIO'), { code: 'EIO' }))

describe('append log', () => {
  let dir: string
  beforeEach(async () => {
    dir = await temporaryDir()
  })
  afterEach(() => rm(dir, { recursive: true, force: true }))

  it('gives back what was added, newest first, over segments and openings, whatever the lengths', async () => {
    const texts = fc.array(
      fc.oneof(fc.string({ unit: 'binary', maxLength: 20 }), fc.constantFrom('é'.repeat(40_000), 'x'.repeat(65_536))),
      { maxLength: 12 },
    )
    await fc.assert(
      fc.asyncProperty(texts, fc.integer({ min: 1, max: 200_000 }), async (drawn, segmentBytesMax) => {
        const each = await temporaryDir()
        const lines = drawn.map((text) => JSON.stringify(text))
        let log = await openAppendLog({ dir: each, segmentBytesMax })
        for (const [at, line] of lines.entries()) {
          await log.append([line])
          if (at % 3 === 2) {
            await log.close()
            log = await openAppendLog({ dir: each, segmentBytesMax })
          }
        }
        assert.deepEqual(await linesOf(log), lines)
        await log.close()
        await rm(each, { recursive: true })
      }),
      { numRuns: 30 },
    )
  })

  it('a torn end is cut and counted', async () => {
    for (const whole of ['', 'one\n', 'one\ntwo\n']) {
      await writeFile(join(dir, '00000001.jsonl'), whole + 'x'.repeat(70_000))
      const log = await openAppendLog({ dir })
      assert.equal(log.tornBytes, 70_000)
      assert.equal(await readFile(join(dir, '00000001.jsonl'), 'utf8'), whole)
      await log.close()
    }
  })

  it('lines whose append failed are cut, at once or before the next append, and never seen again', async () => {
    for (const broken of ['sync', 'sync and cut'] as const) {
      let failing = false
      const disk: DiskCalls = {
        ...realDisk,
        open: async (...args) => {
          const file = await realDisk.open(...args)
          const { datasync, truncate } = file
          const through = (own: (this: FileHandle) => Promise<void>, when: boolean) =>
            function (this: FileHandle, ...rest: []) {
              return failing && when ? refuse() : own.apply(this, rest)
            }
          return Object.assign(file, {
            datasync: through(datasync, true),
            truncate: async (length: number) =>
              failing && broken === 'sync and cut' ? refuse() : truncate.call(file, length),
          })
        },
      }
      const each = join(dir, broken)
      await mkdir(each)
      const log = await openAppendLog({ dir: each, disk })
      await log.append(['one'])
      failing = true
      await assert.rejects(log.append(['refused']), { code: 'EIO' }, broken)
      await assert.rejects(log.append(['refused again']), { code: 'EIO' }, broken)
      failing = false
      await log.append(['two'])
      assert.deepEqual(await linesOf(log), ['one', 'two'], broken)
      await log.close()
    }
  })

  it('a segment that cannot be made is asked for again, and no number is left out', async () => {
    let failing = true
    const disk: DiskCalls = { ...realDisk, open: (...args) => (failing ? refuse() : realDisk.open(...args)) }
    const log = await openAppendLog({ dir, disk })
    await assert.rejects(log.append(['refused']))
    failing = false
    await log.append(['one'])
    assert.deepEqual(await linesOf(log), ['one'])
    assert.deepEqual(await readdir(dir), ['00000001.jsonl'])
    await log.close()
  })

  it('while appends fail no empty segments are left behind, and the first that succeeds is durable by name', async () => {
    let failing = true
    let foldersSynced = 0
    const disk: DiskCalls = {
      ...realDisk,
      open: async (...args) => {
        const file = await realDisk.open(...args)
        const { sync, datasync } = file
        if (args[0] === dir)
          return Object.assign(file, {
            sync: () => {
              if (failing) return refuse()
              foldersSynced += 1
              return sync.call(file)
            },
          })
        return Object.assign(file, { datasync: () => (failing ? refuse() : datasync.call(file)) })
      },
    }
    const log = await openAppendLog({ dir, disk })
    for (let at = 0; at < 5; at++) await assert.rejects(log.append(['refused']))
    assert.deepEqual(await readdir(dir), ['00000001.jsonl'])
    failing = false
    await log.append(['one'])
    await log.append(['two'])
    assert.deepEqual([await linesOf(log), foldersSynced], [['one', 'two'], 1])
    await log.close()
  })

  it('a line that is still being written is not read', async () => {
    const log = await openAppendLog({ dir })
    await log.append(['one'])
    await appendFile(join(dir, '00000001.jsonl'), 'half')
    assert.deepEqual(await linesOf(log), ['one'])
    await log.close()
  })

  it('a file that was taken away or replaced takes nothing more, and nobody else’s file is touched', async () => {
    const log = await openAppendLog({ dir })
    await log.append(['one'])
    const path = join(dir, '00000001.jsonl')
    await rename(path, `${path}.old`)
    await assert.rejects(log.append(['two']), /taken away/)
    await writeFile(path, 'x')
    await assert.rejects(log.append(['three']), /replaced/)
    assert.equal(await readFile(path, 'utf8'), 'x')
    await rename(`${path}.old`, path)
    await log.append(['four'])
    assert.equal(await readFile(path, 'utf8'), 'one\nfour\n')
    await log.close()
  })

  it('lines that another program has added are not written over, whether the file is still open or opened again', async () => {
    const path = join(dir, '00000001.jsonl')
    const first = await openAppendLog({ dir })
    await first.append(['one'])
    const reopened = await openAppendLog({ dir })
    const other = await openAppendLog({ dir })
    await other.append(['of the other'])
    for (const log of [first, reopened]) await assert.rejects(log.append(['mine']), /another program has written/)
    await other.append(['more of the other'])
    assert.equal(await readFile(path, 'utf8'), 'one\nof the other\nmore of the other\n')
    for (const log of [first, reopened, other]) await log.close()
  })
})
