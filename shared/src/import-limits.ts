/** What an import of keys is held to. Apart from the schemas, which pages do without. */

/** At most so many keys in one import, which is one change. */
export const importKeysMax = 10_000
/** Of a value that is imported. */
export const importValueMin = 16
export const importValueMax = 512
