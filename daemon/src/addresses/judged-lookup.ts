/**
 * Looks names up and leaves out addresses where nothing that Postern connects to may be (see denied.ts). Promises: whoever
 * connects through it never hears of such an address; a name with none but such fails.
 */
import { lookup as systemLookup, type LookupAddress, type LookupOptions } from 'node:dns'
import type { LookupFunction } from 'node:net'
import { deniedUpstream } from './denied.ts'

/** Something is at an address where none may be. The message names both. */
export class DeniedAddress extends Error {
  override readonly name = 'DeniedAddress'

  constructor(address: string, what: string) {
    super(`${address} is ${what}, where no upstream may be`)
  }
}

/** Resolves a name to all of its addresses, as `dns.lookup` with `all`. Tests hand in their own. */
export type Resolve = (
  name: string,
  options: LookupOptions & { all: true },
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void

/** For `lookup` of sockets. */
export const judgedLookup =
  (resolve: Resolve = systemLookup): LookupFunction =>
  (name, options, callback) => {
    resolve(name, { ...options, all: true }, (error, found) => {
      if (error !== null) return callback(error, '', 0)
      const good = found.filter(({ address }) => deniedUpstream(address) === null)
      const [first] = good
      if (first === undefined) return callback(whyNone(name, found), '', 0)
      if (options.all === true) callback(null, good)
      else callback(null, first.address, first.family)
    })
  }

const whyNone = (name: string, [bad]: readonly LookupAddress[]): Error =>
  bad === undefined
    ? new Error(`${name} has no address`)
    : new DeniedAddress(`${name} (${bad.address})`, deniedUpstream(bad.address) ?? '')
