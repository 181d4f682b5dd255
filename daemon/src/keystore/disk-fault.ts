/** What a failure of the disk is to the one who asked for a change. */
import { isNoSpace } from '../disk/reserve-file.ts'
import { Problem } from '../problem.ts'

/** A Problem stays as it is; anything else is `store_unavailable`, with a word on what to look at in `dir`. */
export const diskFault = (error: unknown, dir: string): Problem =>
  error instanceof Problem
    ? error
    : new Problem('store_unavailable', {
        detail: isNoSpace(error)
          ? `The disk of ${dir} is full, so the change was not made. Make room, then try again.`
          : 'The change could not be written to the disk, so it was not made. Look at free space and at the log, then try again.',
        internal: String(error),
        cause: error,
      })
