/**
 * Version 2 -> 3: keys have scopes and can be honey keys, clients can be administrators, addresses can be blocked, and the
 * settings know a receiver of the trail, the system's log, a calendar and the recovery kits that were tried. Before, there
 * were none of these.
 */
type Json = { readonly [name: string]: unknown }

const each = (records: unknown, more: Json): Json =>
  Object.fromEntries(Object.entries(records as Json).map(([id, record]) => [id, { ...(record as Json), ...more }]))

export const addScopesHoneyReceivers = (document: Json): Json => {
  const settings = document['settings'] as Json
  return {
    ...document,
    keys: each(document['keys'], { scopes: [], honey: null }),
    clients: each(document['clients'], { administrator: false }),
    blocks: {},
    settings: {
      ...settings,
      channels: { ...(settings['channels'] as Json), system: null },
      trailReceiver: null,
      calendar: null,
      confirmedKits: [],
    },
  }
}
