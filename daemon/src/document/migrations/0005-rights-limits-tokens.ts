/**
 * Version 4 -> 5: keys can be narrowed to endpoints, methods and addresses, stand under policies, act as somebody, be
 * granted to some of those who hold admin tokens, and have a secret from elsewhere; clients have addresses, policies and ways to sign in; collections have a version;
 * endpoints take a key in the query, vouch for the caller and can be deprecated. Before, whom a key acted as was its owner;
 * of the rest there was nothing.
 */
type Json = { readonly [name: string]: unknown }

const each = (records: unknown, more: (record: Json) => Json): Json =>
  Object.fromEntries(
    Object.entries(records as Json).map(([id, record]) => [id, { ...(record as Json), ...more(record as Json) }]),
  )

const anywhere = { allow: null, deny: [] }

export const addRightsLimitsTokens = (document: Json): Json => ({
  ...document,
  keys: each(document['keys'], (key) => ({
    subject: key['owner'],
    endpoints: null,
    methods: null,
    addresses: anywhere,
    policies: [],
    grants: null,
    secrets: (key['secrets'] as Json[]).map((secret) => ({ ...secret, origin: 'drawn' })),
  })),
  clients: each(document['clients'], () => ({
    addresses: anywhere,
    policies: [],
    accepts: ['key', 'oauth2'],
    signIn: null,
  })),
  endpoints: each(document['endpoints'], () => ({ queryParameter: null, principal: false, deprecation: null })),
  collections: each(document['collections'], () => ({ version: '1.0.0' })),
  policies: {},
  adminTokens: {},
  settings: {
    ...(document['settings'] as Json),
    credentialHeader: null,
    importPepper: null,
    adminRequestsPerSecond: 10,
    wrongCredentialsPerMinute: 60,
    publicUrl: null,
    signingKeys: [],
  },
})
