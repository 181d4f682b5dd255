/**
 * What happens to a document that comes up: it is made as strict as every journal that lies about says, and where they do not
 * reach far enough, its keys wait. Promises: all of it is in the first write, or in none.
 */
import type { AuditAction, CameUpView } from '@postern/shared'
import type { Document } from '../document/document.ts'
import type { Opening } from '../keystore/keystore.ts'
import { findJournals, judge } from './found.ts'
import { disableTokens, quarantine, reapply, type Reapplied } from './reapply.ts'

/** What was found at an opening, and what was done about it. */
export interface Adopted {
  /** Of the document, and when that was written. */
  readonly generation: number
  readonly writtenAt: string
  /** Whether something newer is known to have been. */
  readonly newer: boolean
  /** Whether it cannot be known what was taken back since. */
  readonly gap: boolean
  readonly reapplied: readonly Reapplied[]
  readonly quarantined: readonly { readonly id: string; readonly name: string }[]
  /** Admin tokens that were disabled, because one of them may have been taken back since. */
  readonly tokens: readonly { readonly id: string; readonly name: string }[]
}

/** `quarantineAll`: whoever opens it asks for quarantine, whatever is known. */
export const adoptDocument = async (
  document: Document,
  opening: Opening,
  options: { dataDir: string; machineDir: string; nowMs: number; quarantineAll: boolean },
): Promise<{ document: Document; adopted: Adopted }> => {
  const nowIso = new Date(options.nowMs).toISOString()
  const { generation, writtenAt, remembered } = opening
  const found = await findJournals(options, opening.journalKey)
  const { standings, newer, gap } = judge(found, { loaded: generation, remembered })
  const { document: stricter, done: reapplied } = reapply(document, standings, nowIso)
  const held = gap || options.quarantineAll ? quarantine(stricter, nowIso) : { document: stricter, keys: [] }
  const quarantined = held.keys.map(({ id, name }) => ({ id, name }))
  // The journals say nothing of admin tokens, so after anything newer none of them is taken at its word.
  const shut =
    newer || gap || options.quarantineAll
      ? disableTokens(held.document, nowIso)
      : { document: held.document, tokens: [] }
  const tokens = shut.tokens.map(({ id, name }) => ({ id, name }))
  return { document: shut.document, adopted: { generation, writtenAt, newer, gap, reapplied, quarantined, tokens } }
}

const shown = 20

const listed = (texts: readonly string[]): string =>
  texts.slice(0, shown).join('; ') + (texts.length > shown ? `; and ${texts.length - shown} more` : '')

/** What was done, in words for the alarm; `null`: nothing. */
export const adoptedText = ({ generation, gap, reapplied, quarantined, tokens }: Adopted): string | null => {
  const said: string[] = []
  if (reapplied.length > 0)
    said.push(
      `Taken back since then and taken back again: ${listed(reapplied.map(({ kind, name, id, what }) => `${kind} "${name}" (${id}) ${what.join(', ')}`))}.`,
    )
  if (quarantined.length > 0)
    said.push(
      `${quarantined.length} ${quarantined.length === 1 ? 'key waits' : 'keys wait'} for confirmation, because ${gap ? 'it is not known what was taken back since' : 'it was asked for'}: ${listed(quarantined.map(({ name, id }) => `"${name}" (${id})`))}. Let them live again: postern keys release KEY, or --all.`,
    )
  if (tokens.length > 0)
    said.push(
      `${tokens.length === 1 ? '1 admin token is' : `${tokens.length} admin tokens are`} disabled, because it may have been taken back since: ${listed(tokens.map(({ name, id }) => `"${name}" (${id})`))}. Take one at its word again: postern tokens enable TOKEN.`,
    )
  return said.length === 0 ? null : [`The store came up from generation ${generation}.`, ...said].join(' ')
}

/** From which time a folder is, and what is known of the time after it. */
export const knownText = ({ generation, writtenAt, newer, gap }: Adopted): string =>
  `the folder is of generation ${generation}, written ${writtenAt}; what was added or edited after that is not in it; ${
    gap
      ? 'newer ones are known to have been, but not all that was taken back since'
      : newer
        ? 'all that was taken back since is known'
        : 'whether anything was taken back since is not known here'
  }`

/** What the trail says of it. */
export const adoptedEntries = (
  adopted: Adopted,
  storeId: string,
): { action: AuditAction; object: { kind: string; id: string; name?: string }; note: string }[] => [
  ...adopted.reapplied.map(({ kind, id, name, what }) => ({
    action: `${kind}.reapply` as const,
    object: { kind, id, name },
    note: `since generation ${adopted.generation}: ${what.join(', ')}`,
  })),
  ...adopted.tokens.map(({ id, name }) => ({
    action: 'token.disable' as const,
    object: { kind: 'token', id, name },
    note: `it came up with generation ${adopted.generation}; whether it was taken back since is not known`,
  })),
  ...(adopted.quarantined.length === 0
    ? []
    : [
        {
          action: 'keystore.quarantine' as const,
          object: { kind: 'store', id: storeId },
          note: `${adopted.quarantined.length} keys wait for confirmation; ${knownText(adopted)}`,
        },
      ]),
]

/** As it travels. */
export const cameUpOf = (adopted: Adopted | undefined): CameUpView | null =>
  adopted === undefined
    ? null
    : {
        generation: adopted.generation,
        written_at: adopted.writtenAt,
        newer_known: adopted.newer,
        gap: adopted.gap,
        reapplied: adopted.reapplied.map(({ kind, id, name, what }) => ({ kind, id, name, what: [...what] })),
        quarantined: [...adopted.quarantined],
      }
