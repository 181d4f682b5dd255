/** A shell reads back the very words that were written for it, and the commands to the service name what is really there. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { commandLine, quoted, serviceCommands } from '../../../desktop/src/renderer/shell.ts'

const root = join(import.meta.dirname, '..', '..', '..')
const readBack = (line: string): string[] =>
  execFileSync('sh', ['-c', String.raw`printf '%s\0' ${line}`], { encoding: 'utf8' })
    .split('\0')
    .slice(0, -1)

describe('console: words for a shell', () => {
  it('whatever is in a name comes back as one word', function () {
    this.timeout(60_000)
    // No argument of a program can hold NUL, and a lone surrogate is no text.
    const word = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.string({ unit: fc.constantFrom('$', '`', '"', "'", '\\', '!', '*', ' ', '\n', '-', '~', '#', ';', '&', 'ü') }),
    )
    const words = fc.array(
      word.filter((each) => !each.includes('\0')),
      { minLength: 1, maxLength: 40 },
    )
    fc.assert(
      fc.property(words, (given) => assert.deepEqual(readBack(given.map(quoted).join(' ')), given)),
      { numRuns: 25 },
    )
  })

  it('plain words are left as they are', () => {
    assert.equal(
      commandLine(['keys', 'rotate', 'Invoices', '--overlap', '24h']),
      'postern keys rotate Invoices --overlap 24h',
    )
    assert.equal(commandLine(['keys', 'show', "Anna's key"]), String.raw`postern keys show 'Anna'\''s key'`)
  })

  it('where Postern was installed by its installer, the unit is the one the installer has', () => {
    const unit = readFileSync(join(root, 'installer', 'linux', 'postern.service'), 'utf8')
    // systemd's own words for /var/lib/postern, which is the default folder.
    assert.match(unit, /\nStateDirectory=postern\n/)
    const { start, restart, log, doctor, console } = serviceCommands({ data_dir: '/var/lib/postern' })
    assert.deepEqual([start, log, doctor], ['systemctl start postern', 'journalctl -u postern -n 50', 'postern doctor'])
    assert.deepEqual([restart, console], [{ command: 'systemctl restart postern', byHand: false }, 'postern console'])
  })

  it('for another folder each command names it; of a service never heard of nothing is made up', () => {
    const other = serviceCommands({ data_dir: '/srv/my keys' })
    assert.equal(other.start, "postern run --data '/srv/my keys'")
    assert.equal(other.doctor, "postern doctor --data '/srv/my keys'")
    assert.equal(
      serviceCommands({ data_dir: String.raw`C:\Program Data\P` }).start,
      String.raw`postern run --data "C:\Program Data\P"`,
    )
    assert.deepEqual(other.restart, { command: "postern run --data '/srv/my keys'", byHand: true })
    assert.equal(other.console, "postern console --data '/srv/my keys'")
    const { start, restart, console } = serviceCommands(null)
    assert.deepEqual([start, restart, console], [null, null, 'postern console'])
  })
})
