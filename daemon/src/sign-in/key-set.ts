/**
 * The keys that one issuer publishes, as they are known here. Promises: asked for at most once in 30 seconds, however many
 * tokens name keys that nobody has heard of, and however many wait at the same time; asked again after 10 minutes, so
 * that a key which was withdrawn ends; what was last known holds through an outage, and the outage is said once.
 */
import { briefly } from '../problem.ts'
import { faultOfAddress, type FetchJson } from './fetch-json.ts'
import { fitting, readJwks, type PublishedKey } from './jwks.ts'
import type { KeySource } from './rules.ts'

/** `issuer`: whose metadata says where the keys are, unless `jwksUrl` does. */
export interface IssuerAddress {
  readonly issuer: string | null
  readonly jwksUrl: string | null
  readonly ca: string | null
}

export interface KeySetDeps {
  readonly fetchJson: FetchJson
  /** The keys cannot be had; said when that begins. */
  readonly onOutage: (at: IssuerAddress, why: string) => void
  readonly onOutageEnd: (at: IssuerAddress) => void
}

export const freshMs = 600_000
export const pauseMs = 30_000

/** OpenID Connect Discovery §4: where the metadata of an issuer is. */
export const metadataUrl = (issuer: string): string => `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`

export const createKeySet = (at: IssuerAddress, deps: KeySetDeps): KeySource => {
  let keys: readonly PublishedKey[] = []
  let known: { readonly keysAt: string; readonly sinceMs: number } | null = null
  let fetchedMs = -Infinity
  let askedMs = -Infinity
  let outage = false
  let underWay: Promise<void> | null = null

  const ask = async (nowMs: number): Promise<void> => {
    askedMs = nowMs
    try {
      if (known === null || isPast(known.sinceMs, freshMs, nowMs))
        known = { keysAt: await keysAddress(at, deps.fetchJson), sinceMs: nowMs }
      keys = readJwks(await deps.fetchJson(known.keysAt, at.ca))
      fetchedMs = nowMs
      if (outage) deps.onOutageEnd(at)
      outage = false
    } catch (error) {
      // Perhaps its keys have moved; where they are is asked again the next time.
      known = null
      if (!outage) deps.onOutage(at, briefly(error))
      outage = true
    }
  }
  const refresh = (nowMs: number): Promise<void> => {
    if (underWay === null && isPast(askedMs, pauseMs, nowMs))
      underWay = ask(nowMs).finally(() => {
        underWay = null
      })
    return underWay ?? Promise.resolve()
  }

  return {
    async find(wanted, nowMs) {
      const present = fitting(keys, wanted)
      if (present.length > 0 && !isPast(fetchedMs, freshMs, nowMs)) return present
      const refreshed = refresh(nowMs)
      // Nobody waits for an issuer that does not answer, as long as there is a key to go on with.
      if (outage && present.length > 0) return present
      await refreshed
      return fitting(keys, wanted)
    },
  }
}

/** Calls that came at the same time may be a little out of order; a clock that was put back counts as time gone by. */
const isPast = (sinceMs: number, forMs: number, nowMs: number): boolean => Math.abs(nowMs - sinceMs) >= forMs

const keysAddress = async ({ issuer, jwksUrl, ca }: IssuerAddress, fetchJson: FetchJson): Promise<string> => {
  if (jwksUrl !== null) return jwksUrl
  if (issuer === null) throw new Error('no address is known')
  const metadata = await fetchJson(metadataUrl(issuer), ca)
  const { issuer: says, jwks_uri: keysAt } = (metadata ?? {}) as { issuer?: unknown; jwks_uri?: unknown }
  // OpenID Connect Discovery §4.3: else one issuer could speak for another.
  if (says !== issuer) throw new Error('its metadata is of another issuer')
  if (typeof keysAt !== 'string' || faultOfAddress(keysAt) !== null)
    throw new Error('its metadata names no https address of its keys')
  return keysAt
}
