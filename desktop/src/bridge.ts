/**
 * All that the pages know of the world outside: calls, and what is pushed to them. Promises: the same pages run behind any
 * door that offers this. Never: the value of a key through `call`; what carries one has a function of its own.
 */
import type {
  AdminAnswer,
  AdminCall,
  AdminRequest,
  ChangeTopic,
  ClientEdit,
  ClientView,
  ConsolePolicy,
  FieldError,
  ImportReport,
  IssuedKit,
  IssuedToken,
  KeyImport,
  KeyView,
  NewClient,
  NewKey,
  NewToken,
  ProblemCode,
  Rotation,
  WebhookChannelInput,
} from '@postern/shared'

/** Rows that carry a secret, or that pages have no business with. */
type ClosedCall =
  | 'actor.challenge'
  | 'calendar.set'
  | 'changes.wait'
  | 'channels.webhook'
  | 'clients.create'
  | 'clients.edit'
  | 'keys.create'
  | 'keys.import'
  | 'keys.reveal'
  | 'keys.rotate'
  | 'links.create'
  | 'slots.add'
  | 'tokens.create'

export type OpenCall = Exclude<AdminCall, ClosedCall>

/** A key just made or rotated. `value` is shown once, masked; null where the reveal policy keeps none. */
export interface Issued {
  readonly key: KeyView
  readonly value: string | null
}

/** What somebody has chosen for this console: names and texts that mean something to the pages alone. Never a secret. */
export type Preferences = Readonly<Record<string, string>>

/** What the preference `clipboard` may say: after how many seconds a copied value is taken out of the clipboard again. */
export const clipboardChoices = ['15', '45', '120'] as const
export const clipboardDefault = '45'
export const clipboardSeconds = ({ clipboard }: Preferences): number =>
  Number(clipboardChoices.find((each) => each === clipboard) ?? clipboardDefault)

/** What the preference `lock` may say: after how many minutes without use everything shown is dropped. */
export const lockChoices = ['off', '5', '15', '30', '60'] as const
export const lockDefault = '15'
/** Null: never by itself. */
export const lockMinutes = ({ lock }: Preferences): number | null => {
  const chosen = lockChoices.find((each) => each === lock) ?? lockDefault
  return chosen === 'off' ? null : Number(chosen)
}

/** What an organisation has settled, as the preferences that it takes the place of. A daemon of before knows of none. */
export const settledBy = (policy: ConsolePolicy | undefined): Preferences => {
  const { theme, density, time_zone: zone, clipboard_seconds: seconds, lock_after_idle_minutes: minutes } = policy ?? {}
  return {
    ...(theme === undefined ? {} : { theme }),
    ...(density === undefined ? {} : { density }),
    ...(zone === undefined ? {} : { zone }),
    ...(seconds === undefined ? {} : { clipboard: String(seconds) }),
    ...(minutes === undefined ? {} : { lock: minutes === 0 ? 'off' : String(minutes) }),
  }
}

/** What happens out there. */
export type Push =
  /** In touch with Postern, for the first time or again. */
  | { readonly kind: 'up' }
  /** Not in touch; `tries` since when it was. */
  | { readonly kind: 'lost'; readonly tries: number }
  /**
   * There is no session, and none will come by waiting. `why` is null where none was ever there. `idleMinutes`: the page
   * has ended it, because nobody used it for so long.
   */
  | { readonly kind: 'ended'; readonly why: string | null; readonly idleMinutes?: number }
  /** Whether the console is locked: nothing is shown, and nothing known, until somebody opens it again. */
  | { readonly kind: 'lock'; readonly on: boolean }
  /** Something has changed. `keys`: ids; null: read the whole list. */
  | {
      readonly kind: 'news'
      readonly keys: readonly string[] | null
      readonly used: readonly { readonly id: string; readonly last_used_at: string }[]
      readonly topics: readonly ChangeTopic[]
    }
  /** The daemon has asked for fewer requests; what was refused for that is asked again in so many seconds. */
  | { readonly kind: 'slowed'; readonly seconds: number }
  /** Something outside of the pages (a link, a notification) asks for a page. Never an action. */
  | { readonly kind: 'go'; readonly page: string; readonly asked: string | null }
  /** A copied value: still in the clipboard, gone from it, or perhaps there and not to be known. */
  | { readonly kind: 'clipboard'; readonly state: 'held' | 'cleared' | 'unknown'; readonly clearsInSeconds: number }

export interface Bridge {
  /** Which door this is: browsers keep some keys for themselves, and a window may do more. */
  readonly door: 'browser' | 'window'
  call<C extends OpenCall>(name: C, asked?: AdminRequest<C>, how?: CallOptions): Promise<AdminAnswer<C>>
  /** Puts the key's value into the clipboard, for a while. Recorded in the audit trail. */
  copyKey(id: string): Promise<void>
  /** The key's value, to be shown. Recorded in the audit trail; null where the reveal policy keeps none. */
  revealKey(id: string): Promise<string | null>
  /** `attempt`: the same for each try of one and the same request, which is then carried out once. */
  createKey(asked: NewKey, attempt: string): Promise<Issued>
  rotateKey(id: string, asked: Rotation, attempt: string): Promise<Issued>
  /** Keys with values, or digests of them, from elsewhere. Nothing keeps what is asked here. */
  importKeys(asked: KeyImport): Promise<ImportReport>
  /** An admin token; its value is shown once. */
  createToken(asked: NewToken, attempt: string): Promise<IssuedToken>
  /** The secret that a client's callers sign with may be in what is asked, of these two; no answer has it. */
  createClient(asked: NewClient, attempt: string): Promise<ClientView>
  editClient(id: string, asked: ClientEdit, ifMatch: string): Promise<ClientView>
  /** A new recovery kit; its code is shown once. */
  makeKit(): Promise<IssuedKit>
  /** `secret`: the drawn one, shown once; null where one was given. */
  setWebhook(asked: WebhookChannelInput): Promise<{ readonly secret: string | null }>
  /** The address of the calendar with its token, shown once. */
  makeCalendar(): Promise<AdminAnswer<'calendar.set'>>
  /** For a value that the page was given to show: into the clipboard like `copyKey`. */
  copyValue(value: string): Promise<void>
  /** For what is no secret. */
  copyText(text: string): Promise<void>
  clearClipboard(): Promise<void>
  keepClipboard(): void
  /** Lets somebody save a text as a file. False: they thought better of it. */
  saveText(name: string, text: string): Promise<boolean>
  readPreferences(): Promise<Preferences>
  /** Kept beyond this opening where the door can; what goes wrong with it is nobody's concern. */
  keepPreferences(preferences: Preferences): void
  /** Gives a function that stops the listening. */
  onChange(listener: (push: Push) => void): () => void
  /** Where a door needs a link to come in: takes the link, or the code after its #. */
  readonly enter: ((link: string) => Promise<void>) | null
  /** Where a door can be locked: opens it again. */
  readonly reopen: (() => Promise<void>) | null
  /** Ends the session. */
  end(): void
}

export interface CallOptions {
  /** Nobody did anything for this: it does not keep an idle session alive. */
  readonly background?: boolean
}

/** Why a call was not done, in the daemon's own words. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly code: ProblemCode
  readonly errors: readonly FieldError[]
  readonly requestId: string | null

  constructor(
    code: ProblemCode,
    detail: string,
    more: { errors?: readonly FieldError[] | undefined; requestId?: string } = {},
  ) {
    super(detail)
    this.code = code
    this.errors = more.errors ?? []
    this.requestId = more.requestId ?? null
  }
}
