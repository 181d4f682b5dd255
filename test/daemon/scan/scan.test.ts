/** The leak finder on real folders: what is planted is found where it lies, and what is not looked into is said. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chmod, rm, symlink, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { basicOf, fakeKey, plantedKey, secretOf, utf16be, zipOf, type Planted } from '../../support/planted-keys.ts'
import { reasons, scanFolder, type ScanFolder } from '../../support/scan-folder.ts'
import { temporaryDir } from '../../support/start-postern.ts'

describe('scanning files and folders', () => {
  let folder: ScanFolder
  beforeEach(async () => {
    folder = await scanFolder()
  })
  afterEach(() => folder.remove())

  it('finds each planted key once, with file, line or offset, form and mask, and never gives the value back', async () => {
    const keys = Array.from({ length: 7 }, plantedKey) as [
      Planted,
      Planted,
      Planted,
      Planted,
      Planted,
      Planted,
      Planted,
    ]
    const fake = fakeKey()
    const [text, wide, odd, binary, basic, zipped, doubled] = keys
    await folder.plant('src/config.yml', `a: 1\nkey: "${text.value}"\n`)
    await folder.plant('src/wide.txt', Buffer.from(`\ufeff\n\n${wide.value}`, 'utf16le'))
    await folder.plant('src/odd.bin', Buffer.concat([Buffer.from([0]), utf16be(odd.value)]))
    await folder.plant(
      'src/program',
      Buffer.concat([Buffer.alloc(100_000), Buffer.from(binary.value), randomBytes(100)]),
    )
    await folder.plant('notes/call.sh', `curl -H 'Authorization: ${basicOf(basic)}'`)
    await folder.plant('notes/fake.txt', fake.value)
    await folder.plant('notes/doubled.log', `${doubled.value}\n`.repeat(3))
    await folder.plant('a.gz', gzipSync(`x\n${zipped.value}`))
    const result = await folder.look()
    assert.deepEqual(
      result.findings.map(({ path, entry, form, line, offset, masked, checksumRight, times }) => [
        `${path}${entry === null ? '' : `!/${entry}`}`,
        form,
        line ?? `byte ${offset}`,
        masked,
        checksumRight,
        times,
      ]),
      [
        ['a.gz!/a', 'text', 2, zipped.masked, true, 1],
        ['notes/call.sh', 'basic', 1, basic.masked, true, 1],
        ['notes/doubled.log', 'text', 1, doubled.masked, true, 3],
        ['notes/fake.txt', 'text', 1, fake.masked, false, 1],
        ['src/config.yml', 'text', 2, text.masked, true, 1],
        ['src/odd.bin', 'utf-16', 'byte 2', odd.masked, true, 1],
        ['src/program', 'text', 'byte 100000', binary.masked, true, 1],
        ['src/wide.txt', 'utf-16', 3, wide.masked, true, 1],
      ],
    )
    assert.deepEqual(result.notes, [])
    for (const key of [...keys, fake]) assert.ok(!JSON.stringify(result).includes(secretOf(key)))
  })

  it('links are not followed, pipes and sockets not opened; both are counted, and named when asked for', async () => {
    const key = plantedKey()
    const outside = await temporaryDir()
    const server = createServer()
    try {
      await writeFile(join(outside, 'key'), key.value)
      await symlink(outside, join(folder.dir, 'folder-link'))
      await symlink(join(outside, 'key'), join(folder.dir, 'file-link'))
      await symlink(folder.dir, join(folder.dir, 'loop'))
      execFileSync('mkfifo', [join(folder.dir, 'pipe')])
      await new Promise<void>((resolve) => server.listen(join(folder.dir, 'socket'), resolve))
      const result = await folder.look()
      assert.deepEqual([result.findings, result.notes], [[], []])
      assert.deepEqual([result.counts.links, result.counts.special, result.counts.files], [3, 2, 0])
      assert.deepEqual(reasons(await folder.look(['file-link', 'pipe', 'gone'])), [
        'unreadable file-link: is a symbolic link; name what it leads to',
        'unreadable pipe: is neither a file nor a folder',
        'unreadable gone: is not there',
      ])
    } finally {
      await new Promise((resolve) => server.close(resolve))
      await rm(outside, { recursive: true, force: true })
    }
  })

  it('what may not be read is named with the reason, and does not end the scan', async function () {
    if (process.getuid?.() === 0) return this.skip()
    await folder.plant('closed/file', 'x')
    await folder.plant('secret.txt', 'x')
    await folder.plant('open.txt', plantedKey().value)
    await chmod(join(folder.dir, 'closed'), 0)
    await chmod(join(folder.dir, 'secret.txt'), 0)
    const result = await folder.look()
    await chmod(join(folder.dir, 'closed'), 0o700)
    assert.equal(result.findings.length, 1)
    assert.deepEqual(reasons(result), [
      'unreadable closed: may not be read by this user',
      'unreadable secret.txt: may not be read by this user',
    ])
  })

  it('a key in a name is found, and masked in every path and entry', async () => {
    const [outer, file, entry, inside] = [plantedKey(), plantedKey(), plantedKey(), plantedKey()]
    await folder.plant(`for ${outer.value}/${file.value}.txt`, plantedKey().value)
    await folder.plant('a.zip', zipOf([{ name: `${entry.value}.txt`, data: Buffer.from(inside.value) }]))
    const result = await folder.look(['.', `${plantedKey().value}.gone`])
    const said = JSON.stringify(result)
    for (const key of [outer, file, entry, inside]) {
      assert.ok(said.includes(key.masked))
      assert.ok(!said.includes(secretOf(key)))
    }
    assert.ok(!/[0-9A-Za-z]{49}/.test(said), said)
    assert.deepEqual(
      result.findings.map(({ form }) => form),
      ['text', 'text', 'name', 'name', 'text'],
    )
  })

  it('names that are not UTF-8 are opened, and paths that overlap are looked at once', async () => {
    const key = plantedKey()
    await folder.plant('sub/x', key.value)
    await writeFile(Buffer.concat([Buffer.from(`${folder.dir}/caf`), Buffer.from([0xe9])]), plantedKey().value)
    const result = await folder.look(['sub', '.', 'sub/x', './sub/'])
    assert.equal(result.findings.length, 2)
    assert.deepEqual(result.notes, [])
  })

  it('memory stays bounded over a file of many keys: the rest is counted, and said', async () => {
    const text = Array.from({ length: 10_050 }, () => plantedKey().value).join('\n')
    await folder.plant('dump.sql', text)
    const result = await folder.look()
    assert.equal(result.findings.length, 10_000)
    assert.deepEqual(
      result.notes.map(({ kind, times }) => ({ kind, times })),
      [{ kind: 'unreadable', times: 50 }],
    )
  })
})
