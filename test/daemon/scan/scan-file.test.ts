/** What is in a file that is an archive: found there, within limits, and never passed over in silence. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { plantedKey, zipOf } from '../../support/planted-keys.ts'
import { places, reasons, scanFolder, type ScanFolder } from '../../support/scan-folder.ts'

describe('scanning what an archive holds', () => {
  let folder: ScanFolder
  beforeEach(async () => {
    folder = await scanFolder()
  })
  afterEach(() => folder.remove())

  it('looks into gzip of several members, and at what follows them', async () => {
    const [first, second, third] = [plantedKey(), plantedKey(), plantedKey()]
    await folder.plant('log.gz', Buffer.concat([gzipSync(`${first.value}\n`), gzipSync(`\n${second.value}`)]))
    await folder.plant('tail.gz', Buffer.concat([gzipSync('nothing'), Buffer.from(`\n${third.value}`)]))
    const result = await folder.look()
    assert.deepEqual(places(result), [
      `log.gz!/log ${first.masked}`,
      `log.gz!/log ${second.masked}`,
      `tail.gz ${third.masked}`,
    ])
    assert.equal(result.findings[1]?.line, 3)
  })

  it('looks into zip files: stored, deflated, an archive inside, comment, any name; one deeper is said', async () => {
    const [stored, deflated, inner, gzipped, commented, deep] = [
      plantedKey(),
      plantedKey(),
      plantedKey(),
      plantedKey(),
      plantedKey(),
      plantedKey(),
    ]
    const jar = zipOf([
      { name: 'conf/app.properties', data: Buffer.from(`\n\nkey=${inner.value}`) },
      { name: 'deep.zip', data: zipOf([{ name: 'x', data: Buffer.from(deep.value) }]) },
    ])
    const zip = zipOf(
      [
        { name: 'folder/', data: Buffer.alloc(0), method: 'stored' },
        { name: '../up.txt', data: Buffer.from(stored.value), method: 'stored' },
        { name: 'b.txt', data: Buffer.from(deflated.value.padStart(200_000)) },
        { name: 'lib/tool.jar', data: jar, method: 'stored' },
        { name: 'app.log.gz', data: gzipSync(gzipped.value) },
      ],
      commented.value,
    )
    await folder.plant('all.zip', zip)
    await folder.plant('installer.run', Buffer.concat([Buffer.from('#!/bin/sh\nexit\n'), zipOf([])]))
    const result = await folder.look()
    assert.deepEqual(places(result).toSorted(), [
      `all.zip ${commented.masked}`,
      `all.zip!/../up.txt ${stored.masked}`,
      `all.zip!/app.log.gz!/app.log ${gzipped.masked}`,
      `all.zip!/b.txt ${deflated.masked}`,
      `all.zip!/lib/tool.jar!/conf/app.properties ${inner.masked}`,
    ])
    assert.equal(result.findings.find(({ masked }) => masked === inner.masked)?.line, 3)
    assert.deepEqual(reasons(result), [
      'unreadable all.zip!/lib/tool.jar!/deep.zip: is an archive too deep inside other archives',
    ])
  })

  it('a zip behind a program is looked into', async () => {
    const key = plantedKey()
    const lead = Buffer.from('#!/bin/sh\n')
    const zip = zipOf([{ name: 'a', data: Buffer.from(key.value) }])
    // Offsets of the directory count from the beginning of the file, as self-extracting programs have it.
    for (const [magic, field] of [
      ['PK\u0001\u0002', 42],
      ['PK\u0005\u0006', 16],
    ] as const) {
      const at = zip.indexOf(magic, 0, 'latin1') + field
      zip.writeUInt32LE(zip.readUInt32LE(at) + lead.length, at)
    }
    await folder.plant('tool', Buffer.concat([lead, zip]))
    assert.deepEqual(places(await folder.look()), [`tool!/a ${key.masked}`])
  })

  it('archives made by other programs are looked into', async function () {
    const key = plantedKey()
    await folder.plant('a/deep/key.txt', `${key.value}\n`)
    const python = 'import shutil, sys; shutil.make_archive(sys.argv[1], sys.argv[2], sys.argv[3])'
    try {
      for (const format of ['zip', 'gztar'])
        execFileSync('python3', ['-c', python, join(folder.dir, 'made'), format, join(folder.dir, 'a')])
    } catch {
      return this.skip()
    }
    const result = await folder.look(['made.zip', 'made.tar.gz'])
    assert.deepEqual(places(result), [`made.zip!/deep/key.txt ${key.masked}`, `made.tar.gz!/made.tar ${key.masked}`])
    assert.deepEqual(
      result.notes.map(({ kind, entry }) => ({ kind, entry })),
      [{ kind: 'not_opened', entry: 'made.tar' }],
    )
  })

  it('a bomb ends at the limit, is named, and what came before it counts', async () => {
    const [before, hidden] = [plantedKey(), plantedKey()]
    const mib = 1024 * 1024
    const bomb = gzipSync(Buffer.concat([Buffer.alloc(64 * mib), Buffer.from(hidden.value)]))
    await folder.plant('bomb.gz', bomb)
    await folder.plant(
      'bomb.zip',
      zipOf([
        { name: 'a.txt', data: Buffer.from(before.value) },
        ...Array.from({ length: 20 }, (_, at) => ({ name: `${at}`, data: Buffer.alloc(mib) })),
        { name: 'z.txt', data: Buffer.from(hidden.value) },
      ]),
    )
    await folder.plant(
      'many.zip',
      zipOf(Array.from({ length: 30 }, (_, at) => ({ name: `${at}`, data: Buffer.from('x') }))),
    )
    const result = await folder.look(['.'], { inflateBytesMin: 8 * mib, inflateRatioMax: 10, entriesMax: 25 })
    assert.deepEqual(places(result), [`bomb.zip!/a.txt ${before.masked}`])
    assert.ok(result.counts.bytes < 3 * 8 * mib, `looked at ${result.counts.bytes} bytes`)
    assert.deepEqual(
      result.notes.map(({ path, kind }) => [path, kind]),
      [
        ['bomb.gz', 'unreadable'],
        ['bomb.zip', 'unreadable'],
        ['many.zip', 'unreadable'],
      ],
    )
    assert.match(
      reasons(result).join(),
      /bomb.gz: inflates to more than 8388608 bytes.*many.zip: has more than 25 entries/,
    )
    const large = await folder.look(['bomb.zip'], { nestedBytesMax: 10 })
    assert.equal(large.notes.length, 0)
  })

  it('an archive inside an archive is held only up to its limit, and said when it is larger', async () => {
    const key = plantedKey()
    const inner = zipOf([{ name: 'x', data: Buffer.concat([randomBytes(5000), Buffer.from(key.value)]) }])
    await folder.plant('a.zip', zipOf([{ name: 'inner.zip', data: inner }]))
    assert.deepEqual(places(await folder.look()), [`a.zip!/inner.zip!/x ${key.masked}`])
    assert.deepEqual(reasons(await folder.look(['a.zip'], { nestedBytesMax: 4000 })), [
      'unreadable a.zip!/inner.zip: is an archive of more than 4000 bytes in an archive',
    ])
  })

  it('damaged, encrypted and unknown content is named, and everything beside it still looked into', async () => {
    const [kept, raw] = [plantedKey(), plantedKey()]
    const whole = gzipSync(Buffer.concat([Buffer.from(`${kept.value}\n`), randomBytes(200_000)]))
    await folder.plant('cut.gz', whole.subarray(0, -5000))
    await folder.plant(
      'mixed.zip',
      zipOf([
        { name: 'a', data: Buffer.from('secret'), encrypted: true },
        { name: 'b', data: Buffer.from('secret'), encrypted: true },
        { name: 'c', data: Buffer.from('odd'), method: 'unknown' },
        { name: 'd', data: Buffer.from(kept.value) },
      ]),
    )
    await folder.plant('not.zip', `PK\u0003\u0004 ${raw.value}`)
    await folder.plant('x.xz', Buffer.from('\xfd7zXZ\0 and so on', 'latin1'))
    await folder.plant('repo/HEAD', 'ref: refs/heads/main')
    await folder.plant('repo/objects/x', '')
    await folder.plant('repo/refs/y', '')
    const result = await folder.look()
    assert.deepEqual(places(result), [
      `cut.gz!/cut ${kept.masked}`,
      `mixed.zip!/d ${kept.masked}`,
      `not.zip ${raw.masked}`,
    ])
    assert.deepEqual(
      result.notes.map(({ path, entry, kind, times }) => [path, entry, kind, times]),
      [
        ['cut.gz', null, 'unreadable', 1],
        ['mixed.zip', 'a', 'unreadable', 2],
        ['mixed.zip', 'c', 'unreadable', 1],
        ['not.zip', null, 'unreadable', 1],
        ['repo', null, 'not_opened', 1],
        ['x.xz', null, 'not_opened', 1],
      ],
    )
  })
})
