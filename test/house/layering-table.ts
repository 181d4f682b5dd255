/**
 * THE law of direction: which room may import which, and why; and which room brings in which package. A room without
 * a row, and an edge that is not here, fail the build. To add an edge is a decision: write its reason beside it.
 */

import { callsMayImport } from './layering-calls.ts'
import { desktopMayImport } from './layering-desktop.ts'

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
const held = types('handed in')

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
    admin: types('where the pages are'),
  },
  'log.ts': { shared, 'problem.ts': problem, 'settings.ts': types('where the log goes') },

  document: {
    shared,
    'problem.ts': problem,
    'document/migrations': { why: 'older documents are brought up to this shape' },
  },
  'document/migrations': {},
  addresses: {},
  keys: {
    shared,
    'problem.ts': problem,
    document: { why: 'a step takes a document and gives the next one' },
    addresses: { why: 'lists of networks are read' },
  },
  verifiers: {},
  access: {
    shared,
    'problem.ts': problem,
    addresses: { why: 'lists of networks are compiled' },
    verifiers: { why: 'values from elsewhere are looked up' },
  },
  'access/build-index': {
    shared,
    'problem.ts': problem,
    document: { why: 'the keeper turns the document into the index' },
    access: { why: 'the index it makes' },
  },
  gateway: { shared, 'problem.ts': problem, access: { why: 'the index it asks, and the pure decision' } },

  disk: { 'problem.ts': problem },
  revocations: {
    shared,
    'problem.ts': problem,
    disk: { why: 'the append log' },
    document: types('records'),
    keystore: held,
  },
  keystore: { 'problem.ts': problem, disk: { why: 'durable files; what is in them is its own business' } },
  audit: { shared, 'problem.ts': problem, disk: { why: 'the append log' } },
  backup: { 'problem.ts': problem, disk: { why: 'durable files' } },
  usage: { shared, 'problem.ts': problem, disk: { why: 'durable files' } },
  tls: { 'problem.ts': problem, disk: { why: 'durable files' } },
  host: { shared, 'problem.ts': problem, disk: { why: 'the clock floor is kept' } },
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
    keys: { why: 'what each sealed secret is bound to' },
    'problem.ts': problem,
    audit: types('what is recorded'),
    'change.ts': types('who acts'),
    document: types('what is sealed'),
    keystore: types('handed in'),
  },
  'change-feed.ts': { shared, 'problem.ts': problem, document: types('which records a change has touched') },
  'prove-backup.ts': {
    shared: types('what it has found'),
    'problem.ts': problem,
    disk: { why: 'lines of a trail that comes in pieces' },
    backup: { why: 'the bytes of a backup' },
    keystore: { why: 'a backup is opened as a keystore, in memory' },
    document: { why: 'its records are parsed' },
    keys: { why: 'what each sealed secret is bound to' },
    audit: { why: 'the chain of its trail' },
  },
  'merge-backup.ts': {
    shared: types('what is shown'),
    'problem.ts': problem,
    'change.ts': types('who acts'),
    document: types('what is merged'),
    keys: { why: 'the merge is a step' },
    keystore: types('the opened copy'),
    'prove-backup.ts': { why: 'only a backup that is good as a whole' },
  },
  'keep-backups.ts': {
    shared,
    admin: held,
    'problem.ts': problem,
    'change.ts': types('who acts'),
    document: types('the schedules'),
    keys: { why: 'a schedule is set by a step' },
    keystore: types('the seal of secrets, handed in'),
    backup: { why: 'it makes and remembers them' },
    disk: { why: 'whether a folder can be written' },
    'prove-backup.ts': { why: 'a drill is a proof' },
    'merge-backup.ts': { why: 'a restore is a merge' },
  },
  'restore-store.ts': {
    disk: { why: 'what lies in the folder' },
    shared: types('what is shown'),
    'problem.ts': problem,
    'init-store.ts': types('the two folders'),
    backup: { why: 'it puts one in place' },
    keystore: { why: 'a whole keystore is left alone; nobody else may use the folder' },
    'prove-backup.ts': { why: 'only a backup that is good is put in place' },
    revocations: { why: 'what lies beside the backup is taken along' },
  },
  'guard-store.ts': { audit: held, document: held, keystore: held, revocations: { why: 'its journal' } },
  'keep-slots.ts': {
    shared: held,
    admin: held,
    audit: held,
    'change.ts': held,
    document: held,
    keystore: held,
    keys: { why: 'a kit that was tried is a step' },
  },
  'open-store.ts': {
    'keep-slots.ts': { why: 'slots are changed through it' },
    'guard-store.ts': { why: 'what was taken back stays so' },
    shared,
    'problem.ts': problem,
    'change.ts': { why: 'every change goes through it' },
    'keep-backups.ts': { why: 'backups stand on the store' },
    'storage-guard.ts': { why: 'every change goes through it too' },
    'open-secrets.ts': { why: 'secrets of the document' },
    document: { why: 'what the store holds' },
    keystore: types('handed in, open'),
    keys: { why: 'a reveal finds its key; the purge is a step' },
    'access/build-index': { why: 'a change is published as a new index' },
    access: { why: 'the index it publishes, with blocks that cannot wait for the disk' },
    admin: types('it is what the control plane is given'),
    audit: { why: 'it stands on the store' },
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
  ...callsMayImport,
  'try-key.ts': {
    shared,
    'problem.ts': problem,
    'change.ts': types('who acts'),
    gateway: types('what is known of a call'),
    'log.ts': { why: 'what a path may say in the trail' },
    'open-store.ts': types('handed in'),
  },
  'init-store.ts': {
    revocations: { why: 'what comes up is made as strict as the journals say' },
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
  'postern-deps.ts': { shared, 'log.ts': held },
  'postern.ts': {
    'postern-deps.ts': held,
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
    'explain-call.ts': { why: 'it builds everything' },
    usage: { why: 'it builds everything' },
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
  ...desktopMayImport,
  cli: {
    shared,
    'problem.ts': problem,
    'settings.ts': { why: 'the same flags and folders as the daemon' },
    'postern.ts': { why: '`run`' },
    'init-store.ts': { why: '`init`, and `unlock` with the daemon stopped' },
    'prove-backup.ts': { why: '`backup verify` with the daemon stopped, or with the recovery code' },
    'restore-store.ts': { why: '`backup restore` where no daemon can run' },
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

export { packageRooms } from './layering-packages.ts'

export { mayReveal, outOfReachOfGateway, roomsWithoutFiles } from './layering-limits.ts'
