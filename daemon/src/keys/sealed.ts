/** How secrets in the document are sealed: under which purpose, bound to what. The one place that says so. */

/** Of the keystore's sealer. */
export const documentPurpose = 'document'

/** What a sealed secret is bound to; `id`: of its key or channel. */
export const associatedOf = (id: string, version: number): string => `${id}/secret/${version}`
