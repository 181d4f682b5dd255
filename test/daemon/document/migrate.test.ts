/** Older documents are brought up a version at a time, each step once and in order. */
import assert from 'node:assert/strict'
import { migrate, type Migration } from '../../../daemon/src/document/migrate.ts'

describe('migrations', () => {
  const ran: string[] = []
  const step =
    (name: string): Migration =>
    (document) => {
      ran.push(name)
      return { ...document, [name]: true }
    }
  const steps = [step('two'), step('three')]
  beforeEach(() => void ran.splice(0))

  it('run in order from the version a document has', () => {
    assert.deepEqual(migrate({ version: 1 }, 3, steps), { version: 3, two: true, three: true })
    assert.deepEqual(ran, ['two', 'three'])
    assert.deepEqual(migrate({ version: 2 }, 3, steps), { version: 3, three: true })
    assert.deepEqual(migrate({ version: 3 }, 3, steps), { version: 3 })
    assert.deepEqual(ran, ['two', 'three', 'three'])
  })

  it('a newer version is none of theirs, and a gap is a fault', () => {
    assert.equal(migrate({ version: 4 }, 3, steps), null)
    assert.throws(() => migrate({ version: 1 }, 4, steps), /no migration from version 3/)
    assert.throws(() => migrate({}, 1), /no version/)
  })
})
