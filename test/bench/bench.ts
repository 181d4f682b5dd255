/**
 * `npm run bench`: what Postern costs, beside its peers in the same run. Servers share one core, the load has another.
 * Absolute figures depend on the machine and its mood; the ratios are what is promised.
 */
import { measureCalls } from './calls.ts'
import { measureStore } from './store.ts'

const say = (text: string): void => void process.stdout.write(`${text}\n`)

const keys = 10_000
say(`Node ${process.version}, ${keys} keys`)
await measureCalls(keys, say)
await measureStore(keys, say)
