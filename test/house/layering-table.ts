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
  'settings.ts': {
    shared,
    'problem.ts': problem,
    host: { why: 'the default folders of this system' },
    gateway: types('where to listen'),
    tls: types('where the certificate comes from'),
    metrics: types('where the status listener is'),
  },
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
  backup: { 'problem.ts': problem, disk: { why: 'durable files' } },
  usage: { shared, 'problem.ts': problem, disk: { why: 'durable files' } },
  tls: { 'problem.ts': problem, disk: { why: 'durable files' } },
  host: { 'problem.ts': problem },
  scan: { shared, 'problem.ts': problem },
  metrics: { shared, 'problem.ts': problem },

  'change.ts': {
    shared,
    document: { why: 'what a change makes' },
    audit: { why: 'the intent comes before the write' },
  },
  'storage-guard.ts': { 'problem.ts': problem, disk: { why: 'it tries whether the disk takes files' } },
  'open-secrets.ts': {
    shared,
    'problem.ts': problem,
    audit: types('what is recorded'),
    'change.ts': types('who acts'),
    document: types('what is sealed'),
    keystore: types('handed in'),
  },
  'change-feed.ts': { shared, 'problem.ts': problem, document: types('which records a change has touched') },
  'open-store.ts': {
    shared,
    'problem.ts': problem,
    'change.ts': { why: 'every change goes through it' },
    'storage-guard.ts': { why: 'every change goes through it too' },
    'open-secrets.ts': { why: 'secrets of the document' },
    document: { why: 'what the store holds' },
    keystore: types('handed in, open'),
    keys: { why: 'a reveal finds its key; the purge is a step' },
    'access/build-index': { why: 'a change is published as a new index' },
    access: { why: 'the index it publishes, with blocks that cannot wait for the disk' },
    admin: types('it is what the control plane is given'),
    audit: { why: 'it stands on the store' },
    backup: { why: 'it copies the store' },
    usage: { why: 'it stands on the store' },
  },
  notices: { shared, 'problem.ts': problem, disk: { why: 'the append log under the book' } },
  'tell.ts': {
    shared,
    access: { why: 'which callers count as one network' },
    'problem.ts': types('the secrets of receivers are handed on'),
    document: types('the keys that are watched, and the channels'),
    keys: { why: 'under which id a channel’s secret is sealed' },
    notices: { why: 'it puts the room to use' },
  },
  'forward-trail.ts': {
    shared,
    document: types('the receiver'),
    audit: { why: 'it hands the trail over' },
    notices: { why: 'syslog on the wire' },
  },
  'watch-locked.ts': { shared, notices: { why: 'what is due is said in one place' } },
  'alarms.ts': {
    shared,
    'problem.ts': problem,
    'log.ts': types('handed in'),
    'tell.ts': types('handed in'),
  },
  'record-call.ts': {
    'change-feed.ts': types('handed in'),
    gateway: types('what is known of a call'),
    'log.ts': { why: 'what a path may say in the log' },
    'open-store.ts': types('handed in'),
    'tell.ts': types('handed in'),
    'trap.ts': types('handed in'),
  },
  'try-key.ts': {
    shared,
    'problem.ts': problem,
    'change.ts': types('who acts'),
    gateway: types('what is known of a call'),
    'log.ts': { why: 'what a path may say in the trail' },
    'open-store.ts': types('handed in'),
  },
  'trap.ts': {
    access: { why: 'which callers count as one network' },
    'open-store.ts': types('it blocks'),
    'tell.ts': types('people are told'),
  },
  'init-store.ts': {
    'problem.ts': problem,
    'settings.ts': { why: 'the name of the settings file' },
    'change.ts': types('who acts'),
    'open-store.ts': { why: 'the making and the unlocking are recorded' },
    document: { why: 'the first document, and its codec' },
    keystore: { why: 'it makes and unlocks keystores' },
    disk: { why: 'the settings file is written durably; the trail is read' },
    shared,
    audit: { why: 'the trail is checked with the daemon stopped' },
  },
  admin: {
    shared,
    'problem.ts': problem,
    'change.ts': types('who acts'),
    access: { why: 'which callers count as one network' },
    keys: { why: 'the steps behind the calls' },
    document: types('what lists and views are made from'),
    keystore: types('slots are listed through what is handed in'),
    backup: types('backups are made through what is handed in'),
    usage: { why: 'reports and evidence are worked out from its rows' },
  },
  'jobs.ts': {},
  'daemon-status.ts': {
    shared,
    'problem.ts': types('why it is locked'),
    'settings.ts': types('the folder'),
    'open-store.ts': types('the store, when it is open'),
    gateway: types('the doors'),
    tls: types('the certificate'),
    host: { why: 'what the machine says of itself' },
  },
  'postern.ts': {
    shared,
    'problem.ts': problem,
    'settings.ts': types('it builds everything from them'),
    'log.ts': types('handed in'),
    'jobs.ts': { why: 'it builds everything' },
    'change-feed.ts': { why: 'it builds everything' },
    'daemon-status.ts': { why: 'it builds everything' },
    'tell.ts': { why: 'it builds everything' },
    'trap.ts': { why: 'it builds everything' },
    'try-key.ts': { why: 'it builds everything' },
    'record-call.ts': { why: 'it builds everything' },
    'alarms.ts': { why: 'it builds everything' },
    'watch-locked.ts': { why: 'it builds everything' },
    'forward-trail.ts': { why: 'it builds everything' },
    'open-store.ts': { why: 'it builds everything' },
    'init-store.ts': { why: 'a keystore is opened in one way everywhere' },
    document: types('what the keystore holds'),
    keystore: { why: 'it builds everything' },
    gateway: { why: 'it builds everything' },
    admin: { why: 'it builds everything' },
    tls: { why: 'it builds everything' },
    host: { why: 'it builds everything' },
    metrics: { why: 'it builds everything' },
  },
  'desktop/src/bridge.ts': { shared },
  'desktop/src/renderer': { shared, 'desktop/src/bridge.ts': { why: 'all that the pages know of the world outside' } },
  'desktop/src/web': {
    shared,
    'desktop/src/bridge.ts': { why: 'it is one of its doors' },
    'desktop/src/renderer': { why: 'it opens the pages' },
  },
  'desktop/src/ipc.ts': { shared, 'desktop/src/bridge.ts': { why: 'what crosses is what the bridge gives' } },
  'desktop/src/preload': { 'desktop/src/ipc.ts': { why: 'the names of what crosses' } },
  'desktop/src/window': {
    shared,
    'desktop/src/bridge.ts': { why: 'it is one of its doors' },
    'desktop/src/ipc.ts': { why: 'what the preload offers' },
    'desktop/src/renderer': { why: 'it opens the pages' },
  },
  'desktop/src/main': {
    shared,
    'desktop/src/bridge.ts': { why: 'a refusal, and what is pushed' },
    'desktop/src/ipc.ts': { why: 'it answers what crosses' },
    'desktop/src/renderer': {
      why: 'the catalogue of texts, and the pages’ own rules for dates and standings, which are pure',
    },
  },
  cli: {
    shared,
    'problem.ts': problem,
    'settings.ts': { why: 'the same flags and folders as the daemon' },
    'postern.ts': { why: '`run`' },
    'init-store.ts': { why: '`init`, and `unlock` with the daemon stopped' },
    'log.ts': { why: '`run`' },
    host: { why: 'what doctor looks at' },
    scan: { why: '`scan`' },
    disk: { why: 'doctor looks at folder modes' },
  },
  'main.ts': {
    shared,
    cli: { why: 'argv is the CLI' },
    'daemon-status.ts': { why: 'its version' },
    'log.ts': { why: 'what is printed is redacted like the log' },
    'problem.ts': problem,
  },
}

/** Package -> the rooms that may import it. Whoever replaces one has these rooms to look at and no others. */
export const packageRooms: Readonly<Record<string, readonly string[]>> = {
  'cli-table3': ['cli'],
  commander: ['cli', 'main.ts'],
  electron: ['desktop/src/main', 'desktop/src/preload'],
  express: ['admin'],
  helmet: ['admin'],
  jose: ['keystore'],
  'ical-generator': ['notices'],
  lowdb: ['keystore'],
  react: ['desktop/src/renderer', 'desktop/src/web'],
  'react-dom': ['desktop/src/renderer'],
  '@tanstack/react-virtual': ['desktop/src/renderer'],
  nodemailer: ['notices'],
  'node-forge': ['tls'],
  'prom-client': ['metrics'],
  'rate-limiter-flexible': ['admin'],
  // Never imported: its files are found by their names and served to browsers.
  'swagger-ui-dist': ['admin'],
  systeminformation: ['host'],
  undici: ['gateway', 'notices'],
  winston: ['log.ts'],
  yauzl: ['scan'],
  zod: ['shared', 'document', 'settings.ts', 'admin', 'desktop/src/main'],
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
  'daemon/src/tls/throwaway-context.ts': 'the certificate of the locked listener goes into memory only',
  'daemon/src/try-key.ts': 'the value is presented to the gateway of this very process',
  'daemon/src/open-secrets.ts': 'a revealed secret becomes the key value',
  'daemon/src/notices/channels/mail.ts': 'the password goes to the mail server, encrypted',
  'daemon/src/notices/channels/webhook.ts': 'the secret signs what is sent',
  'daemon/src/keys/channel-steps.ts': 'the secret of a receiver is looked at and sealed',
  'daemon/src/admin/notices.ts': 'a drawn webhook secret and a drawn calendar token, each answered once',
  'daemon/src/cli/notices.ts': 'a typed password goes to the daemon',
  'daemon/src/admin/views.ts': 'the value of a key, in the one answer that carries it',
  'daemon/src/keys/site-steps.ts': 'the token of the calendar becomes its verifier',
  'daemon/src/admin/pages.ts': 'the code of a one-time link, in the one answer that carries it',
  'daemon/src/admin/page-door.ts': 'the token of a session, in the one answer that carries it',
  'daemon/src/admin/store.ts': 'the code of a new recovery kit, answered once',
  'daemon/src/cli/store.ts': 'the recovery kit is printed once; a typed code goes to the daemon',
  'daemon/src/keystore/recovery-code.ts': 'what was typed is read back into the seed',
}
