/** What schedules of backups and restores are held to. Apart from the schemas, which pages do without. */

/** How many backups a schedule may keep. */
export const backupKeepLimits = { min: 1, max: 1_000 } as const

/** What a restore brings back, in the order that it is shown in. */
export const restorableKinds = ['policy', 'client', 'collection', 'endpoint', 'key'] as const
export type RestorableKind = (typeof restorableKinds)[number]
