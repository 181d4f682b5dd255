/**
 * What the pages may hand to the main process. Promises: what passes has the shape that its call is made for, by the admin
 * API's own schemas where it goes there, and is of a size that is dealt with at once. Pure.
 */
import { adminApi, fieldErrorsOf, keyIdLength, type AdminCall, type AdminRow } from '@postern/shared'
import { z } from 'zod'
import { Refusal, type OpenCall } from '../bridge.ts'
import type { IpcArgs, IpcName } from '../ipc.ts'

/** Not to be asked for by `call`: they carry secrets, or pages have no business with them. */
const closed: Readonly<Record<Exclude<AdminCall, OpenCall>, true>> = {
  'actor.challenge': true,
  'calendar.set': true,
  'changes.wait': true,
  'channels.webhook': true,
  'clients.create': true,
  'clients.edit': true,
  'keys.create': true,
  'keys.import': true,
  'keys.reveal': true,
  'keys.rotate': true,
  'links.create': true,
  'slots.add': true,
  'tokens.create': true,
}

const openNames = Object.keys(adminApi).filter((name) => !Object.hasOwn(closed, name)) as OpenCall[]

const textMax = 1_000_000
const fileMax = 50_000_000
const valueMax = 2_000
const preferencesMax = 200

const id = z.string().regex(new RegExp(`^[0-9A-Za-z]{${keyIdLength}}$`), 'the id of a key')
const recordId = z.string().regex(/^[0-9A-Za-z_]{1,40}$/, 'the id of a record')
const attempt = z.string().regex(/^[\x21-\x7e]{1,100}$/, 'an id of this attempt')
const headerText = z.string().regex(/^[\x20-\x7e]{1,200}$/)
const fileName = z.string().regex(/^(?!\.)[^/\\:*?"<>|\p{Cc}]{1,150}$/u, 'the name of a file, without a folder')

const asked = z.strictObject({
  params: z.record(z.string(), z.string().min(1).max(300)).optional(),
  query: z.record(z.string(), z.union([z.string().max(1_000), z.number()])).optional(),
  body: z.unknown().optional(),
  ifMatch: headerText.optional(),
  idempotencyKey: headerText.optional(),
})

/** One row for each call of the contract; what they give has the types that the contract states. */
const schemas = {
  opening: z.tuple([]),
  reopen: z.tuple([]),
  call: z.tuple([z.enum(openNames), asked]),
  copyKey: z.tuple([id]),
  revealKey: z.tuple([id]),
  createKey: z.tuple([adminApi['keys.create'].body, attempt]),
  rotateKey: z.tuple([id, adminApi['keys.rotate'].body, attempt]),
  importKeys: z.tuple([adminApi['keys.import'].body]),
  createToken: z.tuple([adminApi['tokens.create'].body, attempt]),
  createClient: z.tuple([adminApi['clients.create'].body, attempt]),
  editClient: z.tuple([recordId, adminApi['clients.edit'].body, headerText]),
  makeKit: z.tuple([]),
  setWebhook: z.tuple([adminApi['channels.webhook'].body]),
  makeCalendar: z.tuple([]),
  copyValue: z.tuple([z.string().min(1).max(valueMax)]),
  copyText: z.tuple([z.string().max(textMax)]),
  clearClipboard: z.tuple([]),
  keepClipboard: z.tuple([]),
  saveText: z.tuple([fileName, z.string().max(fileMax)]),
  readPreferences: z.tuple([]),
  keepPreferences: z.tuple([
    z
      .record(z.string().min(1).max(100), z.string().max(valueMax))
      .refine((all) => Object.keys(all).length <= preferencesMax, `at most ${preferencesMax} preferences`),
  ]),
} satisfies { readonly [N in IpcName]: z.ZodType }

/** Throws a Refusal, `field_invalid`. What it gives is what was given: the daemon reads it once more. */
export const readArguments = <N extends IpcName>(name: N, given: readonly unknown[]): IpcArgs<N> => {
  parse(schemas[name], given)
  if (name === 'call') assertRow(given as IpcArgs<'call'>)
  return given as unknown as IpcArgs<N>
}

/** A call's parts against its own row of the admin table. */
const assertRow = ([name, { params, query, body }]: IpcArgs<'call'>): void => {
  const row: AdminRow = adminApi[name]
  const needed = [...row.path.matchAll(/:([a-z]+)/g)].map(([, param = '']) => [param, z.string()] as const)
  parse(z.strictObject(Object.fromEntries(needed)), params ?? {})
  const texts = Object.entries(query ?? {}).map(([key, value]) => [key, String(value as string | number)])
  parse(row.query ?? z.strictObject({}), Object.fromEntries(texts))
  parse(row.body ?? z.undefined(), row.body === undefined ? body : (body ?? {}))
}

const parse = (schema: z.ZodType, given: unknown): void => {
  const read = schema.safeParse(given)
  if (read.success) return
  const errors = fieldErrorsOf(read.error)
  const detail = errors.map(({ field, message }) => (field === '' ? message : `${field}: ${message}`)).join('; ')
  throw new Refusal('field_invalid', detail, { errors })
}
