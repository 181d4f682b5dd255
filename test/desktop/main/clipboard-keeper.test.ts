/** A copied value leaves the clipboard by itself, and what somebody has copied since never does. */
import assert from 'node:assert/strict'
import { createClipboardKeeper, keepOutMarks } from '../../../desktop/src/main/clipboard-keeper.ts'

const made = () => {
  const timers = new Set<() => void>()
  const said: string[] = []
  const system = { text: '', marked: false, fails: false }
  const keeper = createClipboardKeeper({
    clipboard: {
      writeSecret: (value) => ((system.text = value), (system.marked = true), Promise.resolve()),
      writeText: (text) => ((system.text = text), (system.marked = false), Promise.resolve()),
      readText: () => (system.fails ? Promise.reject(new Error('denied')) : Promise.resolve(system.text)),
      clear: () => (system.text = ''),
    },
    tell: ({ state }) => said.push(state),
    seconds: () => 45,
    after: (ms, run) => {
      assert.equal(ms, 45_000)
      timers.add(run)
      return () => timers.delete(run)
    },
  })
  /** The time has come, for all that still wait for it. */
  const passTime = async (): Promise<void> => {
    for (const run of timers) run()
    timers.clear()
    await new Promise((resolve) => setImmediate(resolve))
  }
  return { keeper, system, said, timers, passTime }
}

describe('console window: the clipboard', () => {
  it('a value is written with its marks, and cleared when its time has come', async () => {
    const { keeper, system, said, passTime } = made()
    await keeper.write('value')
    assert.deepEqual({ ...system }, { text: 'value', marked: true, fails: false })
    await passTime()
    assert.equal(system.text, '')
    assert.deepEqual(said, ['held', 'cleared'])
  })

  it('what was copied since stays, when the time has come, on lock and on quit', async () => {
    for (const end of ['time', 'release'] as const) {
      const { keeper, system, said, passTime } = made()
      await keeper.write('value')
      system.text = 'somebody else’s'
      await (end === 'time' ? passTime() : keeper.release())
      assert.equal(system.text, 'somebody else’s')
      assert.deepEqual(said, ['held', 'cleared'])
    }
  })

  it('on lock and on quit it is cleared at once', async () => {
    const { keeper, system, timers } = made()
    await keeper.write('value')
    await keeper.release()
    assert.equal(system.text, '')
    assert.equal(timers.size, 0)
  })

  it('what somebody asked to keep is kept, also on quit', async () => {
    const { keeper, system, timers } = made()
    await keeper.write('value')
    keeper.keep()
    await keeper.release()
    assert.equal(system.text, 'value')
    assert.equal(timers.size, 0)
  })

  it('the second of two copies has its own time, and a text copied here ends it', async () => {
    const { keeper, system, timers } = made()
    await keeper.write('first')
    await keeper.write('second')
    assert.equal(timers.size, 1)
    await keeper.writeText('plain')
    assert.equal(timers.size, 0)
    await keeper.release()
    assert.equal(system.text, 'plain')
  })

  it('a clipboard that cannot be read is said to be unknown, and is tried again on quit', async () => {
    const { keeper, system, said, passTime } = made()
    await keeper.write('value')
    system.fails = true
    await passTime()
    assert.deepEqual(said, ['held', 'unknown'])
    system.fails = false
    await keeper.release()
    assert.equal(system.text, '')
  })

  it('a value written while the clipboard is read for the one before stays', async () => {
    const { keeper, system } = made()
    await keeper.write('first')
    const releasing = keeper.release()
    await keeper.write('second')
    await releasing
    assert.equal(system.text, 'second')
  })

  it('every system has a mark that keeps values out of clipboard histories', () => {
    const names = (platform: NodeJS.Platform): string[] => Object.keys(keepOutMarks(platform))
    assert.equal(names('win32').length, 3)
    assert.deepEqual(keepOutMarks('win32')[names('win32')[1] ?? ''], Buffer.from([0, 0, 0, 0]))
    assert.match(names('darwin').join(), /org\.nspasteboard\.ConcealedType/)
    assert.match(names('linux').join(), /x-kde-passwordManagerHint/)
    for (const name of [...names('win32'), ...names('darwin'), ...names('linux')])
      assert.match(name, /^electron application\/osclipboard;format="[^"]+"$/)
  })
})
