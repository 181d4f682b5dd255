/**
 * Opens connections to upstreams. Promises: none to an address that no upstream may have (see addresses/denied.ts), judged
 * where it cannot change any more: each address that a name resolves to before it is tried, an address in the URL itself
 * (which no resolver sees), and the socket's own once it is connected. TLS is verified, whatever the environment says.
 */
import { buildConnector } from 'undici'
import { deniedLiteral, deniedUpstream } from '../addresses/denied.ts'
import { DeniedAddress, judgedLookup, type Resolve } from '../addresses/judged-lookup.ts'

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
      lookup: judgedLookup(resolve),
      // Said aloud, so that no environment variable can say otherwise.
      rejectUnauthorized: true,
      ...(ca === null ? {} : { ca }),
    })
  return (options, callback) => {
    // No resolver is asked for an address, so none would judge it.
    const literal = deniedLiteral(options.hostname)
    if (literal !== null) return callback(new DeniedAddress(options.hostname, literal), null)
    connect(options, (...[error, socket]) => {
      if (error !== null) return callback(error, null)
      const address = socket.remoteAddress ?? ''
      const what = deniedUpstream(address)
      if (what === null) return callback(null, socket)
      socket.destroy()
      callback(new DeniedAddress(address, what), null)
    })
  }
}
