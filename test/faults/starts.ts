/**
 * Many starts on one folder at once, and what people do to running ones: the lock file deleted, the writer stopped and
 * continued, a second one in another network namespace, and all of these together. There is one writer; and where two
 * were brought about by force, no change that either of them acknowledged is lost.
 */
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { prepareFolder, rigDir } from './rig-folder.ts'
import { recover } from './judge-changes.ts'
import { canLiveApart, startUnheld, startWriter, type StartedWriter } from './started-writer.ts'
import { readBroken } from './broken-writers.ts'
import type { Tally } from './tally.ts'

const together = 20

interface Round {
  lost: number
  wrong: number
  uncaught: number
  points: number
  notes: string[]
}

const noted = (round: Round, kind: 'lost' | 'wrong' | 'uncaught', note: string): void => {
  round[kind] += 1
  round.notes.push(note)
}

const refusal = /Another Postern(, process \d+,)? uses /

/** Those that run. Whoever does not must have said why. */
const running = async (writers: readonly StartedWriter[], round: Round): Promise<StartedWriter[]> => {
  const said = await Promise.all(writers.map((writer) => writer.ended))
  for (const text of said)
    if (text !== undefined && !refusal.test(text)) noted(round, 'uncaught', `a start ended with: ${text.slice(0, 600)}`)
  return writers.filter((_, at) => said[at] === undefined)
}

const makeKeys = async (
  writer: StartedWriter,
  names: readonly string[],
  acknowledged: Set<string>,
  round: Round,
): Promise<number> => {
  let made = 0
  for (const name of names)
    await writer.change(name).then(
      (done) => {
        if (!done) return
        acknowledged.add(name)
        made += 1
      },
      (error: unknown) => noted(round, 'uncaught', `a change ended with: ${String(error)}`),
    )
  return made
}

const numbered = (name: string, count: number): string[] => Array.from({ length: count }, (_, at) => `${name} ${at}`)

/** `count` starts at once: one runs, takes changes, and is killed. */
const race = async (
  start: (name: string) => StartedWriter,
  { name, count }: { name: string; count: number },
  acknowledged: Set<string>,
  round: Round,
): Promise<void> => {
  const writers = numbered(name, count).map((each) => start(each.replaceAll(' ', '-')))
  try {
    const winners = await running(writers, round)
    round.points += count
    if (winners.length !== 1) noted(round, 'wrong', `${name}: ${winners.length} of ${count} starts run`)
    for (const [at, winner] of winners.entries())
      await makeKeys(winner, numbered(`${name} writer ${at}`, 3), acknowledged, round)
  } finally {
    await Promise.all(writers.map((writer) => writer.kill()))
  }
}

/** A second start that must be refused while the first one goes on. */
const refused = async (second: StartedWriter, what: string, round: Round): Promise<void> => {
  round.points += 1
  const runs = await running([second], round)
  if (runs.length > 0) noted(round, 'wrong', `${what}: a second one runs`)
  await second.kill()
}

const trials = async (dir: string, acknowledged: Set<string>, round: Round): Promise<void> => {
  const lock = join(dir, 'machine', 'lock')
  const first = startWriter(dir, 'first')
  const others: StartedWriter[] = []
  const second = (name: string, options?: { apart?: boolean }): StartedWriter => {
    const started = startWriter(dir, name, options)
    others.push(started)
    return started
  }
  const mustMake = async (writer: StartedWriter, name: string): Promise<void> => {
    const made = await makeKeys(writer, numbered(name, 3), acknowledged, round)
    if (made < 3) noted(round, 'wrong', `${name}: the writer makes ${made} of 3 changes`)
  }
  try {
    await running([first], round)
    if (canLiveApart()) await refused(second('apart', { apart: true }), 'another network namespace', round)
    first.signal('SIGSTOP')
    await refused(second('stopped'), 'a stopped writer', round)
    first.signal('SIGCONT')
    await mustMake(first, 'continued')
    await rm(lock)
    await refused(second('unlocked'), 'the lock file deleted', round)
    await mustMake(first, 'without its lock')
    if (!canLiveApart()) return
    // Nothing can tell the second start of the first one now; what is left is that each looks before it writes.
    first.signal('SIGSTOP')
    await rm(lock, { force: true })
    const other = second('forced', { apart: true })
    round.points += 1
    if ((await running([other], round)).length === 0)
      return noted(round, 'wrong', 'the forced second writer does not run')
    await mustMake(other, 'second writer')
    first.signal('SIGCONT')
    const made = await Promise.all([
      makeKeys(first, numbered('first of two', 10), acknowledged, round),
      makeKeys(other, numbered('second of two', 10), acknowledged, round),
    ])
    round.notes.push(`two writers by force: ${made[0]} and ${made[1]} of 10 changes acknowledged`)
  } finally {
    await Promise.all([first, ...others].map((writer) => writer.kill()))
  }
}

/** So many starts, 20 at a time, and each trial once for every 20. */
export const runStarts = async (starts: number, { say }: { say?: (text: string) => void } = {}): Promise<Tally> => {
  const round: Round = { lost: 0, wrong: 0, uncaught: 0, points: 0, notes: [] }
  for (let at = 0; at < starts / together; at++) {
    const folders = await prepareFolder(Date.now())
    const acknowledged = new Set<string>()
    try {
      await race(
        (name) => startWriter(folders.dir, name),
        { name: `round ${at}`, count: together },
        acknowledged,
        round,
      )
      await trials(folders.dir, acknowledged, round)
      const { document, trailFault } = await recover(folders)
      if (trailFault !== undefined) noted(round, 'wrong', `the trail after two writers: ${trailFault}`)
      const names = new Set(Object.values(document.keys).map(({ name }) => name))
      for (const name of acknowledged)
        if (!names.has(name)) noted(round, 'lost', `"${name}" was acknowledged and is gone`)
    } catch (error) {
      noted(round, 'uncaught', String(error))
    } finally {
      await folders.remove()
    }
    say?.(
      `${(at + 1) * together} of ${starts} starts: ${round.lost} lost, ${round.wrong} wrong, ${round.uncaught} uncaught`,
    )
  }
  return round
}

/** The same race among programs that hold nothing and do not look before they write. */
export const runUnheldStarts = async (): Promise<Tally> => {
  const dir = await rigDir()
  const round: Round = { lost: 0, wrong: 0, uncaught: 0, points: 0, notes: [] }
  const acknowledged = new Set<string>()
  try {
    await race(() => startUnheld(dir), { name: 'unheld', count: 3 }, acknowledged, round)
    const names = new Set(Object.values((await readBroken(dir)).keys).map(({ name }) => name))
    for (const name of acknowledged)
      if (!names.has(name)) noted(round, 'lost', `"${name}" was acknowledged and is gone`)
    return round
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}
