/**
 * Version 3 -> 4: settings say when backups are made and tried, and a key that came back from an older folder can wait for
 * somebody to let it live. Before, there was neither.
 */
type Json = { readonly [name: string]: unknown }

export const addBackupsQuarantine = (document: Json): Json => ({
  ...document,
  keys: Object.fromEntries(
    Object.entries(document['keys'] as Json).map(([id, key]) => [id, { ...(key as Json), quarantinedAt: null }]),
  ),
  settings: { ...(document['settings'] as Json), backupSchedule: null, drillSchedule: null },
})
