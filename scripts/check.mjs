/**
 * `npm run check`: types, lint and format, without the tests. For the minutes before `npm test`.
 */
import { installOrExit } from './install-first.mjs'
import { runSourceChecks } from './stages.mjs'

const failed = await runSourceChecks(await installOrExit())
if (failed.length > 0) console.error(`Not right: ${failed.join(', ')}.`)
process.exitCode = failed.length === 0 ? 0 : 1
