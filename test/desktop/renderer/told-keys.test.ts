/** What news tells of keys is read no more often than it must be, and never left unread. */
import assert from 'node:assert/strict'
import { createToldKeys } from '../../../desktop/src/renderer/told-keys.ts'

const bed = () => {
  let now = 0
  let due: { atMs: number; run: () => void } | undefined
  const looked: { atMs: number; ids: readonly string[] }[] = []
  const told = createToldKeys(
    (ids) => looked.push({ atMs: now, ids }),
    () => now,
    (ms, run) => {
      const mine = { atMs: now + ms, run }
      due = mine
      return () => {
        if (due === mine) due = undefined
      }
    },
  )
  const until = (ms: number): void => {
    for (let next = due; next !== undefined && next.atMs <= ms; next = due) {
      now = next.atMs
      due = undefined
      next.run()
    }
    now = ms
  }
  return { told, looked, until }
}

describe('console: keys that news tells of', () => {
  it('what others changed is read at once, all of the same moment together', () => {
    const { told, looked, until } = bed()
    told.hear(['a'])
    told.hear(['b', 'a'])
    until(200)
    assert.deepEqual(
      looked.map(({ ids }) => ids),
      [['a', 'b']],
    )
  })

  it('sixty own changes are read once, when they have come to rest', () => {
    const { told, looked, until } = bed()
    for (let at = 0; at < 60; at++) {
      told.own(`k${at}`)
      if (at % 9 === 8) told.hear(Array.from({ length: 9 }, (_, back) => `k${at - back}`))
      until((at + 1) * 115)
    }
    until(20_000)
    assert.equal(looked.length, 1)
    assert.ok((looked[0]?.atMs ?? 0) > 60 * 115)
    assert.equal(looked[0]?.ids.length, 54)
  })

  it('news that comes before the answer to one’s own change is waited with; another’s key among them is not', () => {
    const { told, looked, until } = bed()
    told.hear(['mine', 'theirs'])
    until(50)
    told.own('mine')
    until(300)
    assert.deepEqual(
      looked.map(({ ids }) => ids),
      [['theirs']],
    )
    until(5_000)
    assert.deepEqual(
      looked.map(({ ids }) => ids),
      [['theirs'], ['mine']],
    )
  })

  it('a run that does not end is no reason to leave what was told unread for long', () => {
    const { told, looked, until } = bed()
    for (let at = 0; at < 300; at++) {
      told.own('busy')
      told.hear(['busy'])
      until((at + 1) * 200)
    }
    assert.ok(looked.length >= 4, `${looked.length} times in a minute`)
  })
})
