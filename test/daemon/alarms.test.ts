/** What is wrong is shown as long as it lasts, said in the log, and told to whoever can be told. */
import assert from 'node:assert/strict'
import { createAlarms } from '../../daemon/src/alarms.ts'
import type { Telling } from '../../daemon/src/tell.ts'
import { logInto } from '../support/start-postern.ts'

describe('alarms', () => {
  it('stand until they end, by kind; the newest hundred are kept', () => {
    const logged: string[] = []
    const told: string[] = []
    let changes = 0
    const people: { telling?: Telling } = {}
    const alarms = createAlarms({
      log: logInto(logged),
      now: () => 0,
      telling: () => people.telling,
      onChange: () => void (changes += 1),
    })
    alarms.raise('disk', 'full')
    people.telling = {
      alarm: async (kind: string) => void told.push(kind),
      alarmEnded: (kind: string) => void told.push(`end of ${kind}`),
    } as unknown as Telling
    alarms.raise('disk', 'fuller')
    alarms.raise('trail', 'gap')
    alarms.ended('disk', 'there is room')
    assert.deepEqual(
      alarms.standing.map(({ kind }) => kind),
      ['trail'],
    )
    assert.deepEqual([told, logged.length, changes], [['disk', 'trail', 'end of disk'], 4, 4])
    for (let more = 0; more < 150; more++) alarms.raise('job', String(more))
    assert.deepEqual([alarms.standing.length, alarms.standing.at(-1)?.message], [100, '149'])
  })
})
