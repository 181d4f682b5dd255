/**
 * Edits a record as it is now. A command names the fields it changes, so what somebody else has just changed beside them is
 * no reason to give up: the record is read again, and the edit made again.
 */
import { isProblem } from '../problem.ts'

const triesMax = 5

/** Throws what reading or editing throws; `precondition_failed` only when others were faster again and again. */
export const editNewest = async <V, R>(read: () => Promise<V>, edit: (present: V) => Promise<R>): Promise<R> => {
  for (let tried = 1; ; tried++) {
    const present = await read()
    try {
      return await edit(present)
    } catch (error) {
      if (tried >= triesMax || !isProblem(error, 'precondition_failed')) throw error
    }
  }
}
