/** What comes in from the pages: only theirs, only what the contract says, and failures as values that give nothing away. */
import assert from 'node:assert/strict'
import fc from 'fast-check'
import { Refusal } from '../../../desktop/src/bridge.ts'
import { ipcNames, type IpcName } from '../../../desktop/src/ipc.ts'
import { createIpcDoor, type IpcAnswers, type IpcCaller } from '../../../desktop/src/main/ipc-door.ts'

const page: IpcCaller = { url: 'app://console/', isTop: true }

/** Answers that note what they were given. */
const noting = () => {
  const done: [IpcName, readonly unknown[]][] = []
  const answers = Object.fromEntries(
    ipcNames.map((name) => [name, (...args: unknown[]) => (done.push([name, args]), 'answer')]),
  ) as unknown as IpcAnswers
  return {
    done,
    door: createIpcDoor({ answers, isLocked: () => false, onFault: () => assert.fail('no fault was expected') }),
  }
}

const sound: { readonly [N in IpcName]: readonly unknown[] } = {
  opening: [],
  reopen: [],
  call: ['keys.edit', { params: { key: 'Abcd1234' }, body: { name: 'Robot' }, ifMatch: '"1"' }],
  copyKey: ['Abcd1234'],
  revealKey: ['Abcd1234'],
  createKey: [{ name: 'Robot' }, 'a2c0'],
  rotateKey: ['Abcd1234', {}, 'a2c0'],
  importKeys: [{ keys: [{ name: 'Robot', sha256: 'ab' }], dry_run: true }],
  createToken: [{ name: 'Reports', role: 'viewer' }, 'a2c0'],
  createClient: [{ name: 'Partners', accepts: ['key'] }, 'a2c0'],
  editClient: ['cl_000000000001', { sign_in: { kind: 'jwt', secret: 'a shared one', key: 'Abcd1234' } }, '"1"'],
  makeKit: [],
  setWebhook: [{ url: 'https://hooks.example/x' }],
  makeCalendar: [],
  copyValue: ['x'],
  copyText: ['x'],
  clearClipboard: [],
  keepClipboard: [],
  saveText: ['report.json', '{}'],
  readPreferences: [],
  keepPreferences: [{ density: 'compact' }],
}

describe('console window: what comes in', () => {
  for (const name of ipcNames)
    it(`${name} is answered for the page, and handed on as it was given`, async () => {
      const { done, door } = noting()
      assert.deepEqual(await door.ask(name, page, sound[name]), { ok: true, value: 'answer' })
      assert.deepEqual(done, [[name, sound[name]]])
    })

  it('while the console is locked only what the locked page needs is answered, and nothing is done', async () => {
    const done: IpcName[] = []
    const answers = Object.fromEntries(
      ipcNames.map((name) => [name, () => (done.push(name), 'answer')]),
    ) as unknown as IpcAnswers
    const door = createIpcDoor({ answers, isLocked: () => true, onFault: () => assert.fail('no fault was expected') })
    for (const name of ipcNames) await door.ask(name, page, sound[name])
    assert.deepEqual(done, ['opening', 'reopen', 'readPreferences'])
    const refused = await door.ask('copyKey', page, ['Abcd1234'])
    assert.equal(refused.ok ? 'answered' : refused.code, 'forbidden')
  })

  for (const [who, caller] of [
    ['another origin', { url: 'https://console/', isTop: true }],
    ['another host of the scheme', { url: 'app://other/', isTop: true }],
    ['a name before the host', { url: 'app://console@evil/', isTop: true }],
    ['a file that is no page', { url: 'app://console/assets/x.js', isTop: true }],
    ['a blank page', { url: 'about:blank', isTop: true }],
    ['a frame inside of the page', { url: 'app://console/', isTop: false }],
    ['a frame that is gone', { url: undefined, isTop: true }],
    ['no address at all', { url: '', isTop: true }],
  ] as const)
    it(`${who} is refused every call, and nothing is done`, async () => {
      const { done, door } = noting()
      for (const name of ipcNames) {
        const result = await door.ask(name, caller, sound[name])
        assert.equal(result.ok ? 'answered' : result.code, 'forbidden')
      }
      assert.deepEqual(done, [])
    })

  it('what is not of the contract is refused before anything is done, whatever it is', async () => {
    const { done, door } = noting()
    const junk = fc.array(fc.oneof(fc.anything(), fc.string({ maxLength: 12 })), { maxLength: 4 })
    const strict = ipcNames.filter((name) => name !== 'copyText' && name !== 'copyValue' && sound[name].length > 0)
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...strict), junk, async (name, given) => {
        const result = await door.ask(name, page, given)
        if (!result.ok) assert.equal(result.code, 'field_invalid')
        // By chance it may be sound: then it is of the right length and its first part is a text or a record.
        else assert.equal(given.length, sound[name].length)
      }),
    )
    for (const [name, given] of done) assert.equal(given.length, sound[name].length)
  })

  for (const [what, name, given] of [
    ['an id with a path in it', 'copyKey', ['../../x/']],
    ['an argument too many', 'copyKey', ['Abcd1234', 'more']],
    ['a row that answers with a secret', 'call', ['keys.reveal', { params: { key: 'Abcd1234' } }]],
    [
      'a row that a secret goes in by',
      'call',
      ['clients.edit', { params: { client: 'cl_1' }, body: {}, ifMatch: '"1"' }],
    ],
    ['a row for programs alone', 'call', ['links.create', { body: { page: 'console' } }]],
    ['a row that is none', 'call', ['constructor', {}]],
    ['a parameter that the row has not', 'call', ['keys.get', { params: { key: 'Abcd1234', other: 'x' } }]],
    ['a parameter missing', 'call', ['keys.get', {}]],
    ['a query that the row has not', 'call', ['keys.list', { query: { order: 'name' } }]],
    ['a body where there is none', 'call', ['keys.list', { body: {} }]],
    ['a body of another shape', 'call', ['keys.edit', { params: { key: 'Abcd1234' }, body: { nme: 'x' } }]],
    ['a header in a tag', 'call', ['keys.edit', { params: { key: 'Abcd1234' }, body: {}, ifMatch: 'x\r\nhost: y' }]],
    ['an option that there is not', 'call', ['status.get', { headers: {} }]],
    ['a file elsewhere', 'saveText', ['../report.json', '']],
    ['a file elsewhere on Windows', 'saveText', ['C:\\report.json', '']],
    ['a hidden file', 'saveText', ['.profile', '']],
    [
      'preferences without end',
      'keepPreferences',
      [Object.fromEntries(Array.from({ length: 201 }, (_, at) => [`n${at}`, '']))],
    ],
    ['a preference that is no text', 'keepPreferences', [{ density: 1 }]],
    ['a text without end', 'copyText', ['x'.repeat(1_000_001)]],
  ] as const)
    it(`${what} is refused`, async () => {
      const { done, door } = noting()
      const result = await door.ask(name, page, given)
      assert.equal(result.ok ? 'answered' : result.code, 'field_invalid')
      assert.deepEqual(done, [])
    })

  it('a query of numbers and texts passes, as the pages send it', async () => {
    const { door } = noting()
    for (const query of [
      { page: 1, per_page: 500 },
      { page: '2', status: 'red' },
    ])
      assert.equal((await door.ask('call', page, ['keys.list', { query }])).ok, true)
  })

  it('a refusal comes back whole, and a fault without a word of what it was', async () => {
    const faults: unknown[] = []
    const errors = [{ field: 'name', message: 'at least 3' }]
    const answers = {
      makeKit: () => Promise.reject(new Refusal('name_taken', 'Taken.', { errors, requestId: 'r1' })),
      makeCalendar: () => {
        throw new Error('ENOENT /srv/secret/path')
      },
    } as unknown as IpcAnswers
    const door = createIpcDoor({
      answers,
      isLocked: () => false,
      onFault: (name, error) => faults.push([name, (error as Error).message]),
    })
    const expected = { ok: false, code: 'name_taken', detail: 'Taken.', errors, requestId: 'r1' }
    assert.deepEqual(await door.ask('makeKit', page, []), expected)
    const fault = await door.ask('makeCalendar', page, [])
    assert.equal(fault.ok ? 'answered' : fault.code, 'internal')
    assert.doesNotMatch(JSON.stringify(fault), /secret|ENOENT|Error/)
    assert.deepEqual(faults, [['makeCalendar', 'ENOENT /srv/secret/path']])
  })
})
