/**
 * Runs the fault rigs in their long sizes, one after the other, and prints the table. Run as a program only; arguments
 * choose rigs by a part of their file's name. Ends with 1 unless nothing was lost and every control failed.
 */
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { LongRig } from './long-rig.ts'
import { foundFault, printTable, type Tally, type TallyRow } from './tally.ts'

const chosen = process.argv.slice(2)
const files = (await readdir(import.meta.dirname))
  .filter((name) => name.endsWith('.long.ts'))
  .filter((name) => chosen.length === 0 || chosen.some((part) => name.includes(part)))
  .toSorted()

const rows: TallyRow[] = []
const failures: string[] = []
const timed = async (name: string, run: () => Promise<Tally>): Promise<Tally> => {
  const startedAt = performance.now()
  const broken = (error: unknown): Tally => ({ points: 0, lost: 0, wrong: 0, uncaught: 1, notes: [String(error)] })
  const tally = await run().catch(broken)
  rows.push({ name, tally, seconds: (performance.now() - startedAt) / 1000 })
  for (const note of tally.notes) console.log(`  ${note}`)
  return tally
}

for (const file of files) {
  const { default: rig } = (await import(pathToFileURL(join(import.meta.dirname, file)).href)) as { default: LongRig }
  console.log(rig.name)
  const tally = await timed(rig.name, () => rig.run((text) => console.log(`  ${text}`)))
  if (foundFault(tally)) failures.push(rig.name)
  if (tally.points === 0) failures.push(`${rig.name} tried nothing`)
  for (const control of rig.controls ?? []) {
    const name = `  control: ${control.name}`
    console.log(name)
    if (!foundFault(await timed(name, () => control.run()))) failures.push(`${rig.name}: ${control.name} was not found`)
  }
}
console.log()
printTable(rows)
if (files.length === 0) failures.push('there is no such rig')
for (const failure of failures) console.log(`FAIL ${failure}`)
process.exitCode = failures.length === 0 ? 0 : 1
