/** Starts an app as a test does, says what runs, and waits to be killed. */
import { launchApp } from '../support/electron-app.ts'

const launched = await launchApp({ main: process.argv[2] ?? '' })
await launched.page.getByText('hello page').waitFor()
const profile = await launched.seen((seen) => seen.profile)
process.stdout.write(JSON.stringify({ pid: launched.app.process().pid, profile, userData: launched.userData }))
// When the app is gone there is nothing left to wait for.
launched.app.on('close', () => process.exit(0))
