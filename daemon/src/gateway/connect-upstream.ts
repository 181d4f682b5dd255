/**
 * Opens connections to upstreams. Promises: none to an address that no upstream may have (see addresses/denied.ts), judged
 * where it cannot change any more: each address that a name resolves to before it is tried, an address in the URL itself
 * (which no resolver sees), and the socket's own once it is connected. TLS is verified, whatever the environment says.
 */
import { lookup as systemLookup, type LookupAddress, type LookupOptions } from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import { buildConnector } from 'undici'
import { deniedLiteral, deniedUpstream } from '../addresses/denied.ts'

/** An upstream is at an address where none may be. The message names both. */
export class DeniedAddress extends Error {
  override readonly name = 'DeniedAddress'
}

/** Resolves a name to all of its addresses, as `dns.lookup` with `all`. Tests hand in their own. */
export type Resolve = (
  name: string,
  options: LookupOptions & { all: true },
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void

export interface ConnectOptions {
  readonly timeoutMs: number
  /** PEM certificates to trust instead of the system's; `null`: the system's. */
  readonly ca: string | null
  readonly resolve?: Resolve | undefined
  /** Opens the socket; only tests hand in another. */
  readonly open?: buildConnector.connector | undefined
}

/** A connector for undici. */
export const connectUpstream = ({ timeoutMs, ca, resolve, open }: ConnectOptions): buildConnector.connector => {
  const connect =
    open ??
    buildConnector({
      timeout: timeoutMs,
      // Only http/1.1 is offered: what undici would say by itself when it is handed no connector.
      allowH2: false,
      lookup: judgedLookup(resolve ?? systemLookup),
      // Said aloud, so that no environment variable can say otherwise.
      rejectUnauthorized: true,
      ...(ca === null ? {} : { ca }),
    })
  return (options, callback) => {
    // No resolver is asked for an address, so none would judge it.
    const literal = deniedLiteral(options.hostname)
    if (literal !== null) return callback(denial(options.hostname, literal), null)
    connect(options, (...[error, socket]) => {
      if (error !== null) return callback(error, null)
      const address = socket.remoteAddress ?? ''
      const what = deniedUpstream(address)
      if (what === null) return callback(null, socket)
      socket.destroy()
      callback(denial(address, what), null)
    })
  }
}

const denial = (address: string, what: string): DeniedAddress =>
  new DeniedAddress(`${address} is ${what}, where no upstream may be`)

/** Leaves out denied addresses; a name with none but such fails. */
const judgedLookup =
  (resolve: Resolve): LookupFunction =>
  (name, options, callback) => {
    resolve(name, { ...options, all: true }, (error, found) => {
      if (error !== null) return callback(error, '', 0)
      const good = found.filter(({ address }) => deniedUpstream(address) === null)
      const [first] = good
      if (first === undefined) {
        const [bad] = found
        return callback(
          bad === undefined
            ? new Error(`${name} has no address`)
            : denial(`${name} (${bad.address})`, deniedUpstream(bad.address) ?? ''),
          '',
          0,
        )
      }
      if (options.all === true) callback(null, good)
      else callback(null, first.address, isIP(first.address))
    })
  }
