/**
 * The clients that bring tokens of their own, opened as long as the store is. Promises: each secret is opened once, and read
 * anew only when its client's settings are others; a key is looked up in the document as it is now, so that one which was
 * removed, renamed or given to another client is not picked any more. Never: a change of the document.
 */
import { createPublicKey, createSecretKey, type KeyObject } from 'node:crypto'
import type { ClientRecord, Document, KeyRecord, SealedSecret, SignInRecord } from './document/document.ts'
import { signInSecretId } from './keys/sign-in-steps.ts'
import type { Secret } from './problem.ts'
import { fetchJsonWith, type FetchJson } from './sign-in/fetch-json.ts'
import { createKeySet, type IssuerAddress } from './sign-in/key-set.ts'
import type { KeySource, SignInRules } from './sign-in/rules.ts'
import { createSignIns, type SignIns } from './sign-in/sign-ins.ts'

export type { SignedIn, SignIns } from './sign-in/sign-ins.ts'

/** Of a client's settings, by its id, or of an issuer's keys, by their address. */
export type SignInAlarm = `sign_in ${string}` | `sign_in_keys ${string}`

export interface KeepSignInsDeps {
  document(): Document
  openSecret(sealed: SealedSecret, id: string): Secret
  /** Something is wrong that people should know of; and it is over. */
  readonly onAlarm: (kind: SignInAlarm, message: string) => void
  readonly onAlarmEnd: (kind: SignInAlarm, message: string) => void
  /** How issuers are asked; default: over https, see sign-in/fetch-json.ts. */
  readonly fetchJson?: FetchJson | undefined
}

export interface KeptSignIns extends SignIns {
  /** What a schedule calls: settings are read as they are now, and alarms about others end. */
  settle(): void
}

export const keepSignIns = (deps: KeepSignInsDeps): KeptSignIns => {
  const { document, openSecret, fetchJson = fetchJsonWith() } = deps
  const alarms = keepAlarms(deps)

  /** Clients with the same issuer share what is known of its keys, and how often it is asked. */
  let keySets = new Map<string, KeySource>()
  const nameOf = ({ issuer, jwksUrl, ca }: IssuerAddress): string => JSON.stringify([issuer, jwksUrl, ca])
  const keySetOf = ({ issuer, jwksUrl, ca }: SignInRecord): KeySource => {
    const at = { issuer, jwksUrl, ca }
    const known = keySets.get(nameOf(at))
    if (known !== undefined) return known
    const made = createKeySet(at, {
      fetchJson,
      onOutage: (_, why) => {
        // Perhaps nobody signs in by it any more.
        if (keySets.get(nameOf(at)) === made)
          alarms.raise(
            alarmOf(at),
            `The keys of the issuer ${shown(at)} cannot be had (${why}). Tokens by keys known before go on working; nobody signs in with new ones.`,
          )
      },
      onOutageEnd: () => alarms.end(alarmOf(at), `The keys of the issuer ${shown(at)} can be had again.`),
    })
    keySets.set(nameOf(at), made)
    return made
  }

  const keysOf = (client: ClientRecord, settings: SignInRecord): KeySource => {
    const { secret, publicKey } = settings
    if (settings.kind === 'oidc') return keySetOf(settings)
    if (secret !== null) return only(createSecretKey(openSecret(secret, signInSecretId(client.id)).reveal(), 'utf8'))
    return only(publicKey === null ? null : createPublicKey(publicKey))
  }

  /** By their settings, which are another value whenever they are changed. */
  let read = new Map<SignInRecord, SignInRules>()
  let unreadable = new Set<string>()
  const rulesOf = (client: ClientRecord): SignInRules[] => {
    const { id, signIn, accepts } = client
    if (signIn === null || !accepts.includes(signIn.kind)) return []
    const known = read.get(signIn)
    if (known?.clientId === id) return [known]
    const { kind, algorithms, allowedIssuers, audience, requiredClaims, profileClaim, keyId } = signIn
    const asked = { kind, algorithms, allowedIssuers, audience, requiredClaims, profileClaim, keyId }
    try {
      return [{ clientId: id, ...asked, keys: keysOf(client, signIn) }]
    } catch {
      unreadable.add(id)
      alarms.raise(`sign_in ${id}`, `The sign-in settings of client ${id} cannot be opened; nobody signs in by them.`)
      return []
    }
  }

  let from: Document['clients'] | undefined
  let rules: ReadonlyMap<string, SignInRules> = new Map()
  const present = (): ReadonlyMap<string, SignInRules> => {
    const { clients } = document()
    if (clients === from) return rules
    unreadable = new Set()
    const clientsNow = Object.values(clients)
    const all = clientsNow.flatMap(rulesOf)
    rules = new Map(all.map((each) => [each.clientId, each]))
    read = new Map(
      clientsNow.flatMap(({ id, signIn }) => {
        const its = rules.get(id)
        return signIn === null || its === undefined ? [] : [[signIn, its] as const]
      }),
    )
    const inUse = new Set(all.map(({ keys }) => keys))
    keySets = new Map([...keySets].filter(([, keys]) => inUse.has(keys)))
    const addresses = clientsNow.flatMap(({ signIn }) => (signIn?.kind === 'oidc' ? [signIn] : []))
    const stillAsked = addresses.filter((at) => keySets.has(nameOf(at))).map(alarmOf)
    alarms.keepOnly(new Set([...stillAsked, ...[...unreadable].map((id) => `sign_in ${id}` as const)]))
    from = clients
    return rules
  }

  return { ...createSignIns({ rules: present, keyOf: keyFinder(() => document().keys) }), settle: () => void present() }
}

const shown = ({ issuer, jwksUrl }: IssuerAddress): string => (jwksUrl ?? issuer ?? '').split('?')[0] ?? ''
const alarmOf = (at: IssuerAddress): SignInAlarm => `sign_in_keys ${shown(at)}`

/** Each alarm is said once, and ends when what it was about is over or no longer asked for. */
const keepAlarms = ({ onAlarm, onAlarmEnd }: KeepSignInsDeps) => {
  const standing = new Set<SignInAlarm>()
  const end = (kind: SignInAlarm, message: string): void => {
    if (standing.delete(kind)) onAlarmEnd(kind, message)
  }
  return {
    raise(kind: SignInAlarm, message: string): void {
      if (standing.has(kind)) return
      standing.add(kind)
      onAlarm(kind, message)
    },
    end,
    keepOnly(kinds: ReadonlySet<SignInAlarm>): void {
      for (const kind of standing) if (!kinds.has(kind)) end(kind, 'The sign-in settings are others now.')
    },
  }
}

const only = (key: KeyObject | null): KeySource => {
  const keys = key === null ? [] : [key]
  return { find: async () => keys }
}

/** Finds keys of a client by id or exact name, an id first. Removed keys and traps are none. */
const keyFinder = (keys: () => Document['keys']) => {
  let from: Document['keys'] | undefined
  let byName = new Map<string, KeyRecord>()
  const isOf = (key: KeyRecord | undefined, clientId: string): key is KeyRecord =>
    key !== undefined && key.clientId === clientId && key.removedAt === null && key.honey === null
  return (clientId: string, idOrName: string): string | null => {
    const present = keys()
    const byId = Object.hasOwn(present, idOrName) ? present[idOrName] : undefined
    if (byId !== undefined) return isOf(byId, clientId) ? byId.id : null
    if (from !== present) {
      byName = new Map(Object.values(present).map((key) => [key.name, key]))
      from = present
    }
    const named = byName.get(idOrName)
    return isOf(named, clientId) ? named.id : null
  }
}
