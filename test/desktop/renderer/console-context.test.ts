/** What is off, and why: the state of Postern first, then the role of whoever sits here; unknown, nothing is off for that. */
import assert from 'node:assert/strict'
import { roles, type MeView, type Role } from '@postern/shared'
import { may, whyOff } from '../../../desktop/src/renderer/console-context.ts'
import type { Known } from '../../../desktop/src/renderer/model.ts'
import { englishTexts } from '../../../desktop/src/renderer/texts/english.ts'
import { fakeStatus } from '../../support/fake-console.ts'

const as = (role: Role): MeView => ({ name: 'Reports', role, token: null })
const known = (more: Partial<Known>): Known => ({
  link: { kind: 'up' },
  status: fakeStatus(),
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

describe('console: what is off', () => {
  it('each role may what it is and what it includes, and nothing above', () => {
    for (const [at, own] of roles.entries())
      for (const [needs, role] of roles.entries()) {
        assert.equal(may({ me: as(own) }, role), at >= needs)
        const off = whyOff(known({ me: as(own) }), englishTexts, role)
        assert.equal(off, at >= needs ? null : `This needs the role ${role}; you are here as ${own}.`)
      }
  })

  it('a change needs an operator unless something else is said', () => {
    assert.notEqual(whyOff(known({ me: as('viewer') }), englishTexts), null)
    assert.equal(whyOff(known({ me: as('operator') }), englishTexts), null)
  })

  it('where Postern does not say who sits here, nothing is off for that', () => {
    for (const role of roles) assert.equal(whyOff(known({}), englishTexts, role), null)
  })

  it('what is wrong with Postern goes before the role', () => {
    const me = as('viewer')
    const { states } = englishTexts
    assert.equal(whyOff(known({ me, link: { kind: 'lost', tries: 1 } }), englishTexts), states.offWhileLost)
    const locked = { ...fakeStatus(), state: 'locked' } as const
    assert.equal(whyOff(known({ me, status: locked }), englishTexts), states.offWhileLocked)
  })
})
