/**
 * THE table of what in the console is which command of `postern`, as words. A test reads each with the real command line.
 * Pure. What has to be given first (a new name, a new date) is looked up by `--help`, so that nothing copied does harm.
 */
import type { KeyView } from '@postern/shared'

export const keyVerbs = ['view', 'edit', 'copy', 'rotate', 'why', 'kit', 'disable', 'enable', 'remove'] as const
export type KeyVerb = (typeof keyVerbs)[number]

/** By the name of the page; a page that shows what no command does has no row. */
export const pageEquivalents: Readonly<Record<string, readonly string[]>> = {
  status: ['status'],
  keys: ['keys', 'list'],
  clients: ['clients', 'list'],
  collections: ['collections', 'list'],
  endpoints: ['endpoints', 'list'],
  usage: ['usage', 'report'],
  audit: ['audit', 'list'],
  recovery: ['slots', 'list'],
  notices: ['notices', 'list'],
  policies: ['policies', 'list'],
  settings: ['settings', 'show'],
  api: ['api'],
}

/** What the page of backups asks for. A proof of the newest one changes nothing, and needs nothing to be given. */
export const backupEquivalents = {
  create: ['backup', 'create', '--help'],
  prove: ['backup', 'drill'],
  verify: ['backup', 'verify', '--help'],
  restore: ['backup', 'restore', '--help'],
  schedule: ['backup', 'schedule', '--help'],
} as const satisfies Readonly<Record<string, readonly string[]>>

export const addEquivalent = ['keys', 'add', '--help'] as const
/** A request id alone is enough; it is looked up by whoever has one. */
export const whyEquivalent = ['explain', '--help'] as const
export const kitEquivalent = ['kit', '--help'] as const
export const reportEquivalent = ['status', '--json'] as const
export const helpEquivalent = ['--help'] as const

/** Names that begin like an option are none to the command line; the id always names the key. */
const refOf = ({ id, name }: Pick<KeyView, 'id' | 'name'>): string => (name.startsWith('-') ? id : name)

export const keyEquivalent = (verb: KeyVerb, key: Pick<KeyView, 'id' | 'name' | 'client'>): readonly string[] => {
  const ref = refOf(key)
  switch (verb) {
    case 'view':
      return ['keys', 'show', ref]
    case 'edit':
      return ['keys', 'edit', ref, '--help']
    case 'copy':
      return ['keys', 'copy', ref]
    case 'rotate':
      return ['keys', 'rotate', ref, '--overlap', '24h']
    case 'why':
      return ['refusals', 'list', '--key', ref]
    case 'kit':
      return ['kit', '--client', refOf(key.client), '--format', 'openapi']
    case 'disable':
      return ['keys', 'disable', ref]
    case 'enable':
      return ['keys', 'enable', ref]
    case 'remove':
      return ['keys', 'delete', ref]
  }
}
