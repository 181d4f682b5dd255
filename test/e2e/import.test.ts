/** Keys from elsewhere, from a file to calls: looked at first, all of them or none, and no value printed anywhere. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { bearer, call } from '../support/call.ts'
import { commandLine } from '../support/command-line.ts'
import { startUpstream, type FakeUpstream } from '../support/fake-upstream.ts'
import { prepareKey, startTestPostern, temporaryDir, type TestPostern } from '../support/start-postern.ts'

const legacy = (number: number): string => `legacy-value-${String(number).padStart(5, '0')}`
const sha256 = (value: string): string => createHash('sha256').update(value).digest('hex')

describe('importing keys, end to end', function () {
  this.timeout(120_000)
  let test: TestPostern
  let upstream: FakeUpstream
  let dir: string
  const { run, ok, at } = commandLine(
    () => test,
    () => dir,
  )
  before(async () => {
    upstream = await startUpstream()
    test = await startTestPostern()
    dir = await temporaryDir()
    await prepareKey(test.admin, upstream.origin)
  })
  after(async () => {
    await test.stop()
    await upstream.close()
    await rm(dir, { recursive: true, force: true })
  })
  const file = async (text: string): Promise<string> => {
    const path = join(dir, 'keys.txt')
    await writeFile(path, text)
    return path
  }
  const imported = async (): Promise<string[]> =>
    (await test.admin.call('keys.list', { query: { per_page: 500 } })).data
      .filter((key) => key.imported)
      .map(({ name }) => name)
  const passes = async (value: string): Promise<number> =>
    (await call(`${test.http}/erp/orders`, { headers: bearer(value) })).status

  it('a trial says what would be done; nothing is', async () => {
    const path = await file(`name,value\nFirst,${legacy(1)}\n`)
    const { code, out } = await run(['keys', 'import', path, '--dry-run', ...at()])
    assert.deepEqual([code, out], [0, '1 key would be imported; nothing was changed.\n'])
    assert.deepEqual(await imported(), [])
  })

  it('one bad row keeps all of them out, and each is named by its line', async () => {
    const path = await file(
      ['name,value,client', `Good,${legacy(1)},`, '"Robot",' + legacy(2) + ',', `Two,short,nobody`, ''].join('\r\n'),
    )
    const { code, out, err } = await run(['keys', 'import', path, '--yes', ...at()])
    assert.deepEqual([code, out], [1, ''])
    assert.match(err, /row 3: name: already in use/)
    assert.match(err, /row 4: value: 16 to 512 characters; this one has 5/)
    assert.match(err, /row 4: client: There is no client/)
    assert.match(err, /2 of 3 keys cannot be imported, so none was/)
    assert.ok(!err.includes('short') && !err.includes(legacy(1)))
    assert.deepEqual(await imported(), [])
  })

  it('what cannot be read as rows is refused with its row, and nothing of it is repeated', async () => {
    for (const [text, why] of [
      [`${legacy(1)}\n`, /the first row names the columns/],
      [`name,secret\nOne,${legacy(1)}\n`, /row 1: secret: there is no such field/],
      [`name,value\nOne,${legacy(1)},x\n`, /row 2: more cells than the header has/],
      [`name,value\n"One\nline",${legacy(1)}\n"Two,${legacy(2)}`, /row 3: a quote is opened and never closed/],
      [`name,value\n"One"x,${legacy(1)}`, /row 2: a quote stands inside of a cell/],
      [`name,value,days\nOne,${legacy(1)},soon`, /row 2: days: a whole number/],
      [`[{"name":"One","value":"${legacy(1)}"`, /not JSON/],
      [`[{"name":"One","value":"${legacy(1)}","colour":"red"}]`, /number 1: colour: there is no such field/],
      [`{"key":[]}`, /the array `keys`/],
      ['', /there is no key in it/],
      ['name,value\n', /there is no key in it/],
    ] as const) {
      const { code, err } = await run(['keys', 'import', await file(text), '--yes', ...at()])
      assert.equal(code, 2, text)
      assert.match(err, why)
      assert.ok(!err.includes('legacy-value'), err)
    }
    assert.equal((await run(['keys', 'import', join(dir, 'absent'), ...at()])).code, 2)
    assert.match((await run(['keys', 'import', '-', ...at()], { input: 'x' })).err, /say --yes/)
    assert.deepEqual(await imported(), [])
  })

  it('values by CSV and digests by JSON become keys in one change each, and nothing prints a value', async () => {
    const csv = [
      'Name,Value,Owner,Collections,Days',
      `"Café ""Nord"", Kasse 1",${legacy(1)},Sales,ERP,30`,
      `Kasse 2,${legacy(2)},,,`,
    ].join('\n')
    const before = (await test.admin.call('status.get')).store?.generation ?? 0
    const said = await run(['keys', 'import', await file(csv), '--yes', ...at()])
    assert.equal(said.code, 0, said.err)
    assert.match(said.out, /Imported 2 keys/)
    assert.equal((await test.admin.call('status.get')).store?.generation, before + 1)
    const json = JSON.stringify({ keys: [{ name: 'Hashed', sha256: sha256(legacy(3)), expires: { never: true } }] })
    const report = await run(['keys', 'import', '-', '--yes', '--json', ...at()], { input: json })
    assert.equal((JSON.parse(report.out) as { imported: number }).imported, 1)
    assert.deepEqual(await imported(), ['Café "Nord", Kasse 1', 'Kasse 2', 'Hashed'])
    const shown = await ok('keys', 'show', 'Kasse 2')
    assert.match(shown, /…0002/)
    assert.equal((await run(['keys', 'copy', 'Kasse 2', ...at()])).code, 1)
    const trail = await test.admin.call('audit.list', { query: { action: 'key.import' } })
    assert.equal(trail.count, 2)
    const everything = [said.out, said.err, report.out, shown, JSON.stringify(trail), ...test.logged].join('\n')
    for (const number of [1, 2, 3]) assert.ok(!everything.includes(legacy(number)))
  })

  it('calls with the old values pass, and with a value that nobody has do not', async () => {
    for (const number of [1, 2, 3]) assert.equal(await passes(legacy(number)), 200, legacy(number))
    assert.notEqual(await passes(legacy(4)), 200)
  })

  it('a rotation gives a value of Postern’s own, and the old one lives on for the overlap alone', async () => {
    const key = await test.admin.call('keys.rotate', {
      params: { key: 'Kasse 2' },
      body: { overlap_seconds: 60 },
    })
    assert.match(key.value ?? '', /^postern_/)
    assert.deepEqual([await passes(key.value ?? ''), await passes(legacy(2))], [200, 200])
    await test.admin.call('keys.end_overlap', { params: { key: 'Kasse 2' } })
    assert.deepEqual([await passes(key.value ?? ''), await passes(legacy(2))], [200, 401])
  })

  it('ten thousand are one change; one more is refused, and so is all of it where the last is bad', async () => {
    const rows = (count: number, last: string): string =>
      ['name,value', ...Array.from({ length: count - 1 }, (_, n) => `Many ${n},many-${legacy(n)}`), last].join('\n')
    const over = await run(['keys', 'import', await file(rows(10_001, 'Last one,x')), '--yes', ...at()])
    assert.deepEqual([over.code, over.out], [2, ''])
    assert.match(over.err, /at most 10000 keys at a time; divide it/)
    const half = await run(['keys', 'import', await file(rows(10_000, `Last one,many-${legacy(7)}`)), '--yes', ...at()])
    assert.equal(half.code, 1)
    assert.match(half.err, /Looking at 10000 keys/)
    assert.match(half.err, /row 10001: value: the same as that of row 9/)
    // One of the three has a value of its own by now.
    assert.equal((await imported()).length, 2)
    const whole = await run(['keys', 'import', await file(rows(10_000, `Last one,${legacy(99)}`)), '--yes', ...at()])
    assert.equal(whole.code, 0, whole.err)
    assert.equal((await test.admin.call('keys.list', { query: { text: 'Many ' } })).count, 9_999)
    assert.equal(await passes(`many-${legacy(9_998)}`), 200)
  })
})
