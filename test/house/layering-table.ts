/**
 * THE law of direction: which room may import which, and why; and which room brings in which package. A room without
 * a row, and an edge that is not here, fail the build. To add an edge is a decision: write its reason beside it.
 */

/** `types` edges may only be `import type`: the room is handed the thing itself. */
export interface Edge {
  readonly why: string
  readonly types?: true
}

/** Rooms inside a room that stand by their own law. A path prefix under daemon/src. */
export const roomsWithin = ['access/build-index', 'document/migrations'] as const

const problem: Edge = { why: 'the one way to say an expected failure' }
const shared: Edge = { why: 'the contracts' }
const types = (why: string): Edge => ({ why, types: true })

/** Room -> may import -> why. Root files are rooms of one file. Inside itself a room imports freely. */
export const mayImport: Readonly<Record<string, Readonly<Record<string, Edge>>>> = {
  shared: {},

  'problem.ts': { shared },
  'settings.ts': { shared, 'problem.ts': problem, host: { why: 'the default folders of this system' } },
  'log.ts': { shared, 'problem.ts': problem, 'settings.ts': types('where the log goes') },

  document: {
    shared,
    'problem.ts': problem,
    'document/migrations': { why: 'older documents are brought up to this shape' },
  },
  'document/migrations': {},
  keys: { shared, 'problem.ts': problem, document: { why: 'a step takes a document and gives the next one' } },
  access: { shared, 'problem.ts': problem },
  'access/build-index': {
    shared,
    'problem.ts': problem,
    document: { why: 'the keeper turns the document into the index' },
    access: { why: 'the index it makes' },
  },
  gateway: { shared, 'problem.ts': problem, access: { why: 'the index it asks, and the pure decision' } },

  disk: { 'problem.ts': problem },
  keystore: { 'problem.ts': problem, disk: { why: 'durable files; what is in them is its own business' } },
  audit: { shared, 'problem.ts': problem, disk: { why: 'the append log' } },
  usage: { shared, 'problem.ts': problem, disk: { why: 'durable files' } },
  tls: { 'problem.ts': problem, disk: { why: 'durable files' } },
  host: { 'problem.ts': problem },

  'change.ts': {
    shared,
    'problem.ts': problem,
    document: { why: 'what a change makes' },
    keystore: types('the store is handed in'),
    audit: { why: 'the intent comes before the write' },
    'access/build-index': { why: 'a change is published as a new index' },
    access: types('the index it publishes'),
  },
  admin: {
    shared,
    'problem.ts': problem,
    'settings.ts': types('what status tells'),
    'change.ts': { why: 'the way a change happens' },
    keys: { why: 'the steps behind the calls' },
    document: { why: 'what lists and views are made from' },
    audit: { why: 'the trail is read here' },
    usage: { why: 'last used and reports' },
    access: { why: 'explain runs the same decision' },
    keystore: types('slots are listed through what is handed in'),
    tls: types('status tells the certificate'),
    host: { why: 'status tells the machine' },
  },
  'jobs.ts': {
    shared,
    'problem.ts': problem,
    'change.ts': { why: 'scheduled changes happen like any other' },
    keys: { why: 'the purge of removed keys is a step' },
    audit: types('handed in'),
    usage: types('handed in'),
    tls: types('handed in'),
    keystore: types('handed in'),
  },
  'postern.ts': {
    shared,
    'problem.ts': problem,
    'settings.ts': { why: 'it builds everything from them' },
    'log.ts': { why: 'it builds everything' },
    'jobs.ts': { why: 'it builds everything' },
    'change.ts': { why: 'it builds everything' },
    document: { why: 'the codec for the keystore, the first document' },
    keystore: { why: 'it builds everything' },
    keys: { why: 'it builds everything' },
    access: { why: 'it builds everything' },
    'access/build-index': { why: 'the first index' },
    gateway: { why: 'it builds everything' },
    admin: { why: 'it builds everything' },
    audit: { why: 'it builds everything' },
    usage: { why: 'it builds everything' },
    tls: { why: 'it builds everything' },
    host: { why: 'it builds everything' },
    disk: { why: 'it builds everything' },
  },
  cli: {
    shared,
    'problem.ts': problem,
    'settings.ts': { why: 'the same flags and folders as the daemon' },
    'postern.ts': { why: '`run`' },
    'log.ts': { why: '`run`' },
    host: { why: 'paths, and what doctor looks at' },
    document: { why: 'init, unlock and doctor work on the folder of a stopped daemon' },
    keystore: { why: 'init, unlock and doctor work on the folder of a stopped daemon' },
    disk: { why: 'doctor looks at folder modes' },
    tls: { why: 'doctor looks at the certificate' },
    audit: { why: 'audit verify works on the folder of a stopped daemon' },
  },
  'main.ts': {
    cli: { why: 'argv is the CLI' },
    'postern.ts': { why: '`run`' },
    'problem.ts': problem,
  },
}

/** Package -> the rooms that may import it. Whoever replaces one has these rooms to look at and no others. */
export const packageRooms: Readonly<Record<string, readonly string[]>> = {
  'cli-table3': ['cli'],
  commander: ['cli'],
  express: ['admin'],
  helmet: ['admin'],
  jose: ['keystore'],
  lowdb: ['keystore'],
  'node-cron': ['postern.ts', 'jobs.ts'],
  'node-forge': ['tls'],
  'rate-limiter-flexible': ['admin'],
  systeminformation: ['host'],
  undici: ['gateway'],
  winston: ['log.ts'],
  zod: ['shared', 'document', 'settings.ts'],
}

/** What the data plane must never reach, directly or through anything it imports; types count too. */
export const outOfReachOfGateway = ['document', 'keystore', 'keys', 'audit', 'admin', 'access/build-index'] as const

/** These work on what they are handed: no files, no other programs. */
export const roomsWithoutFiles = [
  'shared',
  'document',
  'document/migrations',
  'keys',
  'access',
  'access/build-index',
  'gateway',
  'change.ts',
] as const

/** `reveal()` turns a Secret into something that can be printed. File -> why it may. */
export const mayReveal: Readonly<Record<string, string>> = {
  'daemon/src/keystore/machine-key.ts': 'the machine key is written to its file and opens the machine slot',
  'daemon/src/tls/certificate.ts': 'a new private key signs its certificate',
  'daemon/src/tls/keep-certificate.ts': 'the private key is sealed into its file, and opened for the listener',
  'daemon/src/keystore/recovery-code.ts': 'what was typed is read back into the seed',
}
