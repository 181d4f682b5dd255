/**
 * Brings a document of an older version up to the present one, a version at a time. Migrations work on plain JSON and
 * import nothing else, so that what they meant when they were written is what they mean for ever.
 */
import { addChannels } from './migrations/0002-channels.ts'
import { addScopesHoneyReceivers } from './migrations/0003-scopes-honey-receivers.ts'
import { addBackupsQuarantine } from './migrations/0004-backups-quarantine.ts'
import { addRightsLimitsTokens } from './migrations/0005-rights-limits-tokens.ts'

type Json = { readonly [name: string]: unknown }

/** `migrations[n]` takes version n + 1 to version n + 2. */
export type Migration = (document: Json) => Json

export const migrations: readonly Migration[] = [
  addChannels,
  addScopesHoneyReceivers,
  addBackupsQuarantine,
  addRightsLimitsTokens,
]

/**
 * The document at version `target`, or `null` when it is from a newer Postern. Throws when the version is not a number
 * that any Postern has written.
 */
export const migrate = (document: Json, target: number, steps: readonly Migration[] = migrations): Json | null => {
  const { version } = document
  if (typeof version !== 'number' || !Number.isInteger(version) || version < 1)
    throw new Error('the document has no version')
  if (version > target) return null
  let current = document
  for (let from = version; from < target; from++) {
    const step = steps[from - 1]
    if (step === undefined) throw new Error(`there is no migration from version ${from}`)
    current = { ...step(current), version: from + 1 }
  }
  return current
}
