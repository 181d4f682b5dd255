/**
 * What the data plane is handed: the index, a recorder, whoever signs. Promises: it gets functions and no room of the keeper's
 * side, so that it can become a process of its own.
 */
import type { Proven } from './access/identify.ts'
import { compileNetworks } from './addresses/networks.ts'
import type { ChangeFeed } from './change-feed.ts'
import { collectionDocument, type Reach } from './connector-kit.ts'
import type { GatewayDeps } from './gateway/gateway.ts'
import { provenBy } from './gateway/oauth.ts'
import { createPrincipals } from './gateway/principal.ts'
import { ownAddresses } from './host/host-facts.ts'
import type { JudgingClock } from './host/keep-clock.ts'
import { createGateLimits } from './limits/gate-limits.ts'
import type { SignedIn } from './keep-sign-ins.ts'
import type { Log } from './log.ts'
import type { Status } from './metrics/status.ts'
import { faultText, Problem } from './problem.ts'
import { recordCall } from './record-call.ts'
import type { Settings } from './settings.ts'
import type { StoreInUse } from './store-in-use.ts'
import type { Telling } from './tell.ts'
import { createTrap } from './trap.ts'
import type { KeyTrials } from './try-key.ts'
import type { RefusalBook } from './usage/refusal-book.ts'

export interface KeeperRooms {
  readonly settings: Pick<Settings, 'trustedProxies'>
  readonly log: Log
  readonly clock: Pick<JudgingClock, 'now'>
  readonly status: Pick<Status, 'count' | 'meter'>
  readonly trials: Pick<KeyTrials, 'heard'>
  readonly feed: Pick<ChangeFeed, 'used' | 'refused'>
  readonly refusals: RefusalBook
  /** `undefined` while the keystore is locked. */
  readonly store: () => StoreInUse | undefined
  readonly telling: () => Telling | undefined
  /** How this gateway is reached. */
  readonly reach: () => Reach
}

/** A token of somebody else's, as the gateway takes proofs. It ends with nothing of the key's but the key. */
const provenElsewhere = ({ way, keyId, clientId, subject, expiresAtMs }: SignedIn): Proven => ({
  kind: 'proven',
  way,
  keyId,
  clientId,
  secretVersion: null,
  subject,
  expiresAtMs,
  scope: null,
})

export const gatewayRooms = (rooms: KeeperRooms): GatewayDeps => {
  const { settings, log, clock, status, trials, feed, refusals, store, telling, reach } = rooms
  const proxies = compileNetworks(settings.trustedProxies)
  const trap = createTrap(
    ownAddresses,
    (error) => void log.error('a honey key could not be acted on', { error: faultText(error) }),
  )
  const opened = (): StoreInUse => {
    const open = store()
    if (open === undefined) throw new Problem('keystore_locked')
    return open
  }
  return {
    index: () => store()?.index() ?? null,
    isTrailFull: () => store()?.isTrailFull() === true,
    record: (record) => {
      status.count(record)
      trials.heard(record)
      recordCall(record, { log, store: store(), telling: telling(), trap, feed, refusals })
    },
    meter: status.meter,
    limits: createGateLimits((question) => opened().takeLimits(question)),
    changes: (asked) => opened().changes(asked),
    calendar: (token) => (store()?.opensCalendar(token) === true ? (telling()?.calendar() ?? null) : null),
    documents: (asked) => {
      const open = store()
      return open === undefined ? null : collectionDocument(open.document(), reach(), asked)
    },
    onFault: (requestId, error) => log.warn('a call failed', { request_id: requestId, error: faultText(error) }),
    now: clock.now,
    isProxy: (address) => proxies.has(address),
    tokens: () => opened().signing.tokens,
    proofs: {
      known: (token, nowMs) => {
        const said = store()?.signing.tokens.known(token, nowMs)
        if (said !== undefined) return said === null ? null : provenBy(said)
        const found = store()?.signIns.known(token, nowMs) ?? null
        return found === null ? undefined : provenElsewhere(found)
      },
      prove: async (token, nowMs) => {
        const said = await opened().signing.tokens.verify(token, nowMs)
        if (said !== null) return provenBy(said)
        const found = await opened().signIns.verify(token, nowMs)
        return found === null ? null : provenElsewhere(found)
      },
    },
    jwks: () => store()?.signing.issuer.jwks() ?? { keys: [] },
    principals: createPrincipals(
      async (claims, typ, nowMs) => opened().signing.issuer.sign(claims, typ, nowMs),
      () => `urn:postern:store:${store()?.storeId ?? ''}`,
    ),
  }
}
