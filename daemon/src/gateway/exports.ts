/**
 * `GET /exports/changes`: what was changed, for the connectors it concerns. Promises: a key sees the changes to its client
 * and what that owns, an administrator's key those to everything; the order never changes, so a cursor goes on where an
 * answer ended; an answer that breaks off is never taken for a whole one. Never: more of it in memory than a few changes.
 */
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { readInstant, type ChangesAsked, type ToldChange } from '@postern/shared'
import type { KeyAccess } from '../access/access-index.ts'
import { admit } from '../access/decide.ts'
import { Problem } from '../problem.ts'
import { isQuestion, refuse, type OwnCall } from './own-call.ts'
import { ownHeaders } from './refuse.ts'

export type ChangesReader = (asked: ChangesAsked) => AsyncIterable<ToldChange>

export const exportLimits = { windowDaysMax: 366, changesDefault: 1_000, changesMax: 100_000, atOnce: 4 } as const

const dayMs = 86_400_000
let under = 0

/**
 * Answers with `{"data":[…],"has_more":…,"next_cursor":"…"}`. With that cursor the next answer goes on: within the window
 * while there is more, and later with what has been changed since.
 */
export const answerChanges = (own: OwnCall): void => {
  const holder = admit(own.index ?? own.closed, own.caller)
  if (!('identified' in holder)) return refuse(own, own.turnAway(holder))
  const { key, secret, version } = holder.identified
  if (!key.scopes.includes('exports:read')) {
    const detail = 'This key lacks the scope exports:read.'
    own.record('insufficient_scope', { keyId: key.id, detail })
    const challenge = 'Bearer realm="postern", error="insufficient_scope", scope="exports:read"'
    return refuse(own, new Problem('insufficient_scope', { detail, headers: { 'www-authenticate': challenge } }))
  }
  own.record('allow', { keyId: key.id, secret, secretVersion: version })
  if (!isQuestion(own)) return
  const asked = readAsked(own.call.query, key, own.caller.nowMs)
  if (typeof asked === 'string')
    return refuse(own, new Problem('field_invalid', { detail: asked, errors: [errorOf(asked)] }))
  if (under >= exportLimits.atOnce) return refuse(own, new Problem('overloaded', { headers: { 'retry-after': '5' } }))
  under += 1
  stream(own, asked)
    .catch((error: unknown) => {
      // The caller has gone, before or while it was answered.
      if (own.response.destroyed && (error as NodeJS.ErrnoException).code?.startsWith('ERR_STREAM_') === true) return
      own.rooms.onFault(own.requestId, error)
      refuse(own, error)
    })
    .finally(() => (under -= 1))
}

const stream = async (own: OwnCall, { limit, ...asked }: ChangesAsked & { limit: number }): Promise<void> => {
  const found = own.rooms.changes(asked)[Symbol.asyncIterator]()
  // The first is looked for before anything is said, so that what is wrong from the start is answered as a problem.
  const first = await found.next()
  // Whatever becomes of the answer, the reading is ended: an open file that nobody closes ends the whole process.
  try {
    await answer(own, first, found, { after: asked.after, limit })
  } finally {
    await found.return?.()
  }
}

const answer = async (
  { response, call, requestId, secure }: OwnCall,
  first: IteratorResult<ToldChange>,
  found: AsyncIterator<ToldChange>,
  asked: { after: number; limit: number },
): Promise<void> => {
  response.writeHead(200, {
    'content-type': 'application/json',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...ownHeaders(requestId, secure),
  })
  if (call.method === 'HEAD') {
    response.end()
    return
  }
  // A caller who reads nothing for long is cut off by the listener; one who goes away ends the reading too.
  await pipeline(Readable.from(textOf(first, found, asked)), response)
}

/** The answer in pieces of some 16 kB. */
async function* textOf(
  first: IteratorResult<ToldChange>,
  found: AsyncIterator<ToldChange>,
  { after, limit }: { after: number; limit: number },
): AsyncGenerator<string> {
  let text = '{"data":['
  let last = after
  let count = 0
  let next = first
  for (; next.done !== true && count < limit; next = await found.next()) {
    text += `${count === 0 ? '' : ','}${JSON.stringify(next.value.change)}`
    last = next.value.seq
    count += 1
    if (text.length < 16_384) continue
    yield text
    text = ''
  }
  yield `${text}],"has_more":${next.done !== true},"next_cursor":"${cursorOf(last)}"}\n`
}

const cursorOf = (seq: number): string => `c${seq}`

/** A sentence names what is wrong with the query. */
const readAsked = (query: string, key: KeyAccess, nowMs: number): (ChangesAsked & { limit: number }) | string => {
  const given = new URLSearchParams(query)
  for (const name of new Set(given.keys())) {
    if (!['from', 'to', 'cursor', 'limit'].includes(name)) return `${name.slice(0, 40)}: there is no such parameter`
    if (given.getAll(name).length > 1) return `${name}: give it once`
  }
  const to = given.get('to')
  const toMs = to === null ? nowMs : readInstant(to, dayMs)
  const from = given.get('from')
  const cursor = given.get('cursor')
  // A cursor says by itself from where on: whoever comes back after a week must miss nothing.
  const fromMs = from !== null ? readInstant(from, 0) : cursor === null ? toMs - dayMs : 0
  for (const [name, ms] of [
    ['to', toMs],
    ['from', fromMs],
  ] as const)
    if (Number.isNaN(ms)) return `${name}: give an instant such as 2026-11-30T12:00:00Z, or a date in UTC`
  if (fromMs >= toMs) return 'from: comes before `to`'
  const isWindow = from !== null || cursor === null
  if (isWindow && toMs - fromMs > exportLimits.windowDaysMax * dayMs)
    return `from: at most ${exportLimits.windowDaysMax} days before \`to\`; ask for one window after the other`
  if (cursor !== null && !/^c\d{1,15}$/.test(cursor))
    return 'cursor: give the next_cursor of an earlier answer as it is'
  const limit = given.get('limit') ?? String(exportLimits.changesDefault)
  if (!/^[1-9]\d{0,5}$/.test(limit) || Number(limit) > exportLimits.changesMax)
    return `limit: a whole number from 1 to ${exportLimits.changesMax}`
  const clientId = key.administrator ? null : key.clientId
  // Without an end the newest change is told too, even one of this very millisecond.
  const endMs = to === null ? Infinity : toMs
  return { fromMs, toMs: endMs, after: Number(cursor?.slice(1) ?? 0), clientId, limit: Number(limit) }
}

const errorOf = (sentence: string): { field: string; message: string } => {
  const [field = '', ...rest] = sentence.split(': ')
  return { field, message: rest.join(': ') }
}
