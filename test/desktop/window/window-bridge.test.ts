/** The bridge of the window: what main answers is what the pages get, and a page opened late misses nothing. */
import assert from 'node:assert/strict'
import { Refusal, type Push } from '../../../desktop/src/bridge.ts'
import { ipcNames, type WindowApi } from '../../../desktop/src/ipc.ts'
import { createWindowBridge } from '../../../desktop/src/window/window-bridge.ts'

const up: Push = { kind: 'up' }
const news: Push = { kind: 'news', keys: null, used: [], topics: ['keys'] }
const go: Push = { kind: 'go', page: 'keys', asked: 'Abcd1234' }

/** A main process that answers with what it is given, and notes what it was asked. */
const mainWith = (answers: Readonly<Record<string, unknown>>) => {
  const asked: unknown[][] = []
  let push: (told: Push) => void = () => assert.fail('nobody listens')
  const calls = ipcNames.map((name) => [
    name,
    (...args: unknown[]) => {
      asked.push([name, ...args])
      const answer = answers[name] ?? null
      if (answer instanceof Error) return Promise.reject(answer)
      const isResult = typeof answer === 'object' && answer !== null && 'ok' in answer
      return Promise.resolve(isResult ? answer : { ok: true, value: answer })
    },
  ])
  const api = {
    ...Object.fromEntries(calls),
    onPush: (listener: (told: Push) => void) => ((push = listener), () => undefined),
  }
  return { asked, api: api as unknown as WindowApi, push: (told: Push): void => push(told) }
}
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

describe('console window: the bridge', () => {
  it('a page that is opened late hears where things stand, and where it is asked to go, whoever listens first', async () => {
    const bridge = createWindowBridge(mainWith({ opening: [up, news, go] }).api)
    const [early, late]: [Push[], Push[]] = [[], []]
    bridge.onChange((told) => early.push(told))
    await settle()
    bridge.onChange((told) => late.push(told))
    assert.deepEqual(early, [up, news, go])
    assert.deepEqual(late, [up, go])
  })

  it('a locked console is locked for whoever listens late too, and opened again it hears where things stand', async () => {
    const bridge = createWindowBridge(mainWith({ opening: [{ kind: 'lock', on: true }], reopen: [up, news] }).api)
    await settle()
    const heard: Push[] = []
    bridge.onChange((told) => heard.push(told))
    assert.deepEqual(heard, [{ kind: 'lock', on: true }])
    await bridge.reopen?.()
    assert.deepEqual(heard.slice(1), [{ kind: 'lock', on: false }, up, news])
  })

  it('what was pushed meanwhile is not undone by what was missed', async () => {
    const { api, push } = mainWith({ opening: [{ kind: 'lost', tries: 3 }] })
    const bridge = createWindowBridge(api)
    const heard: Push[] = []
    bridge.onChange((told) => heard.push(told))
    push(up)
    await settle()
    assert.deepEqual(heard, [up])
  })

  it('what is refused is a refusal in the same words; what breaks is one too', async () => {
    const errors = [{ field: 'name', message: 'at least 3' }]
    const refused = { ok: false, code: 'field_invalid', detail: 'name: at least 3', errors, requestId: 'r1' }
    const bridge = createWindowBridge(mainWith({ opening: [], createKey: refused, call: new Error('gone') }).api)
    await assert.rejects(bridge.createKey({ name: 'x' }, 'a'), (error) => {
      assert.ok(error instanceof Refusal)
      assert.deepEqual(
        [error.code, error.message, error.errors, error.requestId],
        ['field_invalid', 'name: at least 3', errors, 'r1'],
      )
      return true
    })
    await assert.rejects(bridge.call('status.get'), (error) => error instanceof Refusal && error.code === 'internal')
  })

  it('the pages start also where what was chosen cannot be read', async () => {
    const bridge = createWindowBridge(mainWith({ opening: [], readPreferences: new Error('gone') }).api)
    assert.deepEqual(await bridge.readPreferences(), {})
  })

  it('copying asks main to do it, and gives the pages nothing', async () => {
    const { api, asked } = mainWith({ opening: [], copyKey: 'a value that must not come' })
    const bridge = createWindowBridge(api)
    assert.equal(await bridge.copyKey('Abcd1234'), undefined)
    assert.deepEqual(asked.at(-1), ['copyKey', 'Abcd1234'])
    assert.equal(bridge.enter, null)
    assert.equal(bridge.door, 'window')
  })
})
