/** What is wrong is told once, the most pressing first. */
import assert from 'node:assert/strict'
import { productVersion, type StatusView } from '@postern/shared'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Refusal } from '../../../desktop/src/bridge.ts'
import type { Known } from '../../../desktop/src/renderer/model.ts'
import { canManage, troublesOf } from '../../../desktop/src/renderer/trouble.ts'
import { fakeStatus } from '../../support/fake-console.ts'

const known = (more: Partial<Known>, status: Partial<StatusView> = {}): Known => ({
  link: { kind: 'up' },
  status: { ...fakeStatus(), ...status },
  me: null,
  skewMs: 0,
  clockBackMs: 0,
  keys: [],
  keysLoaded: true,
  keysExpected: null,
  asOfMs: 0,
  slowedSeconds: null,
  fault: null,
  ...more,
})
const locked = { state: 'locked', problem: { code: 'keystore_locked', detail: '' } } as const
const fault = new Refusal('internal', '')

describe('console: what is wrong', () => {
  for (const [what, of, expected] of [
    ['nothing', known({}), []],
    ['try 3', known({ link: { kind: 'lost', tries: 3 } }, locked), ['connecting']],
    ['try 4', known({ link: { kind: 'lost', tries: 4 }, fault }), ['stopped']],
    ['locked', known({ fault }, locked), ['locked']],
    ['damaged', known({}, { state: 'locked', problem: { code: 'keystore_damaged', detail: '' } }), ['damaged']],
    ['another version and locked', known({}, { ...locked, version: '9.9.9' }), ['version', 'locked']],
    ['the clock went back', known({ clockBackMs: 1 }), ['clock']],
    ['unexpected', known({ fault }), ['fault']],
  ] as const)
    it(what, () =>
      assert.deepEqual(
        troublesOf(of).map(({ kind }) => kind),
        expected,
      ),
    )

  it('versions that differ in their last number alone go together', () => {
    assert.ok(canManage('1.4.9', '1.4.0'))
    assert.ok(!canManage('1.5.0', '1.4.0'))
    assert.ok(!canManage('2.4.0', '1.4.0'))
  })

  it('the version is that of every package', () => {
    for (const name of ['.', 'shared', 'daemon', 'desktop']) {
      const text = readFileSync(join(import.meta.dirname, '..', '..', '..', name, 'package.json'), 'utf8')
      assert.equal((JSON.parse(text) as { version: string }).version, productVersion)
    }
  })
})
