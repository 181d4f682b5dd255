/** The trail on its way elsewhere: every record, in order, through failures and restarts, and never in the way. */
import assert from 'node:assert/strict'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { openTrailSender, type SentLine, type TrailSender } from '../../../daemon/src/audit/send-trail.ts'
import { temporaryDir } from '../../support/start-postern.ts'

describe('sending the trail', () => {
  let dir: string
  let count = 0
  let nowMs = 0
  let receiver: string | null = 'a:1'
  let failing = false
  const taken = new Map<string, number[]>()
  const alarms: string[] = []
  const open = (): Promise<TrailSender> =>
    openTrailSender({
      dir,
      receiver: () => {
        const name = receiver
        if (name === null) return null
        return {
          name,
          send: async (lines: readonly SentLine[]) => {
            // Fails after some of it has arrived, as a connection does.
            const some = failing ? lines.slice(0, 1) : lines
            taken.set(name, [...(taken.get(name) ?? []), ...some.map(({ seq }) => seq)])
            if (failing) throw new Error('cut')
          },
        }
      },
      lines: async (after) => {
        const lines = Array.from({ length: Math.min(3, count - after) }, (_, at) => `{"seq":${after + 1 + at}}`)
        return { lines, next: after + lines.length < count ? after + lines.length : null }
      },
      lastSeq: () => count,
      now: () => nowMs,
      onAlarm: (message) => alarms.push(message),
    })
  beforeEach(async () => {
    dir = join(await temporaryDir(), 'audit')
    await mkdir(dir)
    ;[count, nowMs, receiver, failing] = [0, 0, 'a:1', false]
    taken.clear()
    alarms.length = 0
  })
  afterEach(() => rm(join(dir, '..'), { recursive: true, force: true }))
  const firstTimes = (seqs: readonly number[]): number[] => [...new Set(seqs)]

  it('through any failures, restarts and growth each record arrives, for the first time in order', async () => {
    const doing = fc.constantFrom('grow', 'fail', 'mend', 'tick', 'tick', 'restart')
    await fc.assert(
      fc.asyncProperty(fc.array(doing, { maxLength: 30 }), async (doings) => {
        receiver = `r:${Math.random()}`
        count = 0
        failing = false
        let sender = await open()
        for (const each of doings) {
          nowMs += 600_000
          if (each === 'grow') count += 4
          if (each === 'fail') failing = true
          if (each === 'mend') failing = false
          if (each === 'restart') sender = await open()
          if (each === 'tick') await sender.tick()
        }
        failing = false
        nowMs += 600_000
        await sender.tick()
        const wanted = Array.from({ length: count }, (_, at) => at + 1)
        assert.deepEqual(firstTimes(taken.get(receiver) ?? []), wanted)
        assert.deepEqual(sender.state(), { sentSeq: count === 0 ? null : count, problem: null })
      }),
      { numRuns: 40 },
    )
  })

  it('goes on after a restart where it was, and begins anew for another receiver', async () => {
    count = 5
    await (await open()).tick()
    count = 6
    await (await open()).tick()
    assert.deepEqual(taken.get('a:1'), [1, 2, 3, 4, 5, 6])
    receiver = 'b:1'
    await (await open()).tick()
    await (await open()).tick()
    assert.deepEqual(taken.get('b:1'), [1, 2, 3, 4, 5, 6])
    receiver = null
    const idle = await open()
    await idle.tick()
    assert.deepEqual(idle.state(), { sentSeq: null, problem: null })
  })

  it('a trail that is behind what was sent, as a restored one is, is sent anew', async () => {
    count = 5
    await (await open()).tick()
    count = 2
    await (await open()).tick()
    assert.deepEqual(taken.get('a:1'), [1, 2, 3, 4, 5, 1, 2])
  })

  it('a receiver that fails is tried less and less often, and a person is told once', async () => {
    count = 1
    failing = true
    const sender = await open()
    for (; nowMs < 3_600_000; nowMs += 10_000) await sender.tick()
    const tries = taken.get('a:1')?.length ?? 0
    assert.ok(tries > 8 && tries < 20, `${tries} tries`)
    assert.equal(alarms.length, 1)
    assert.match(alarms[0] ?? '', /quarter of an hour \(cut\)/)
    assert.equal(sender.state().problem, 'cut')
  })
})
