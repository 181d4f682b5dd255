import assert from 'node:assert/strict'
import { editNewest } from '../../../daemon/src/cli/edit-newest.ts'
import { Problem } from '../../../daemon/src/problem.ts'

describe('editing a record as it is now', () => {
  const late = (): never => {
    throw new Problem('precondition_failed')
  }

  it('what somebody else has changed in between is read again, and the edit made again', async () => {
    let revision = 0
    const edited = await editNewest(
      async () => ++revision,
      async (present) => (present < 3 ? late() : `on top of ${present}`),
    )
    assert.equal(edited, 'on top of 3')
  })

  it('gives up when others are faster again and again, and at once for any other refusal', async () => {
    let read = 0
    await assert.rejects(
      editNewest(async () => ++read, late),
      { code: 'precondition_failed' },
    )
    assert.equal(read, 5)
    const taken = async (): Promise<never> => {
      throw new Problem('name_taken')
    }
    await assert.rejects(
      editNewest(async () => ++read, taken),
      { code: 'name_taken' },
    )
    assert.equal(read, 6)
  })
})
