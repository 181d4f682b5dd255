/** Version 1 -> 2: settings say through which channels notices go; before, there were none. */
type Json = { readonly [name: string]: unknown }

export const addChannels = (document: Json): Json => ({
  ...document,
  settings: { ...(document['settings'] as Json), channels: { mail: null, webhook: null, syslog: null } },
})
