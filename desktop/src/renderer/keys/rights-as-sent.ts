/** The rights of a key in the form in which they are sent. A file of its own: it is there before the forms are. Pure. */
import type { KeyView } from '@postern/shared'

/** For taking an edit back. */
export const rightsAsSent = (key: KeyView) => ({
  subject: key.subject,
  endpoints: key.endpoints?.map(({ id }) => id) ?? null,
  methods: key.methods,
  addresses: key.addresses,
  policies: key.policies.map(({ id }) => id),
  grants: key.grants?.map(({ token, rights }) => ({ token: token.id, rights })) ?? null,
})
