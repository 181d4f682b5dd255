/**
 * THE contract between the window's pages and the main process: every call with what it takes and gives, and what is pushed.
 * Main, preload and the pages' bridge derive their names and types from here; a call without its check or its answer does
 * not compile. Holds names and types alone, so that the preload stays small.
 */
import type {
  AdminAnswer,
  AdminRequest,
  ClientEdit,
  ClientView,
  FieldError,
  ImportReport,
  IssuedKit,
  IssuedToken,
  KeyImport,
  NewClient,
  NewKey,
  NewToken,
  ProblemCode,
  Rotation,
  WebhookChannelInput,
} from '@postern/shared'
import type { Issued, OpenCall, Preferences, Push } from './bridge.ts'

interface IpcCall<Args extends readonly unknown[], Answer> {
  readonly args: Args
  readonly answer: Answer
}

/** There is nothing of it when the program runs: the types are what counts. */
const call = <Args extends readonly unknown[], Answer>(): IpcCall<Args, Answer> => ({}) as IpcCall<Args, Answer>

export const ipcCalls = {
  /** What a page that has just been opened has missed, in its order. */
  opening: call<[], readonly Push[]>(),
  /** Opens the console that was locked; gives what the page has missed. */
  reopen: call<[], readonly Push[]>(),
  call: call<[name: OpenCall, asked: AdminRequest<OpenCall>], unknown>(),
  copyKey: call<[id: string], null>(),
  revealKey: call<[id: string], string | null>(),
  createKey: call<[asked: NewKey, attempt: string], Issued>(),
  rotateKey: call<[id: string, asked: Rotation, attempt: string], Issued>(),
  importKeys: call<[asked: KeyImport], ImportReport>(),
  createToken: call<[asked: NewToken, attempt: string], IssuedToken>(),
  createClient: call<[asked: NewClient, attempt: string], ClientView>(),
  editClient: call<[id: string, asked: ClientEdit, ifMatch: string], ClientView>(),
  makeKit: call<[], IssuedKit>(),
  setWebhook: call<[asked: WebhookChannelInput], { readonly secret: string | null }>(),
  makeCalendar: call<[], AdminAnswer<'calendar.set'>>(),
  copyValue: call<[value: string], null>(),
  copyText: call<[text: string], null>(),
  clearClipboard: call<[], null>(),
  keepClipboard: call<[], null>(),
  saveText: call<[name: string, text: string], boolean>(),
  readPreferences: call<[], Preferences>(),
  keepPreferences: call<[preferences: Preferences], null>(),
}

export const ipcPushes = { push: call<[told: Push], never>() }

export type IpcName = keyof typeof ipcCalls
export type IpcArgs<N extends IpcName> = (typeof ipcCalls)[N]['args']
export type IpcAnswer<N extends IpcName> = (typeof ipcCalls)[N]['answer']
export type IpcPush<N extends keyof typeof ipcPushes> = (typeof ipcPushes)[N]['args'][0]

export const ipcNames = Object.keys(ipcCalls) as IpcName[]

/** What Electron knows a call or a push by. */
export const channelOf = (name: IpcName | keyof typeof ipcPushes): string => `postern:${name}`

/** What went wrong crosses as a value: an exception would carry the words of Electron, and lose the code. */
export type IpcResult<T> =
  | { readonly ok: true; readonly value: T }
  | {
      readonly ok: false
      readonly code: ProblemCode
      readonly detail: string
      readonly errors: readonly FieldError[]
      readonly requestId: string | null
    }

/** All that the preload puts into the pages' world, and nothing else of Electron. */
export type WindowApi = {
  readonly [N in IpcName]: (...args: IpcArgs<N>) => Promise<IpcResult<IpcAnswer<N>>>
} & {
  /** Gives a function that stops the listening. */
  readonly onPush: (listener: (told: Push) => void) => () => void
}

/** The name of that in the pages' world. */
export const windowApiName = 'posternWindow'
