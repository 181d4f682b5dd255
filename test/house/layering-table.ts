/**
 * THE law of direction: which room may import which, and why; and which room brings in which package. A room without
 * a row, and an edge that is not here, fail the build. To add an edge is a decision: write its reason beside it.
 */

import { desktopMayImport } from './layering-desktop.ts'
import { held, problem, shared, types, type Rows } from './layering-edges.ts'
import { rootsMayImport } from './layering-roots.ts'

/** Rooms inside a room that stand by their own law. A path prefix under daemon/src. */
export const roomsWithin = ['access/build-index', 'document/migrations'] as const

/** Room -> may import -> why. Root files are rooms of one file. Inside itself a room imports freely. */
export const mayImport: Rows = {
  shared: {},

  'problem.ts': { shared },
  'settings.ts': {
    shared,
    'problem.ts': problem,
    host: { why: 'the default folders of this system' },
    addresses: { why: 'networks of proxies are read' },
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
    addresses: { why: 'lists of networks are read; where issuers may not be' },
    verifiers: { why: 'what an issued secret is checked by; what a key that checks signatures has to be' },
  },
  verifiers: { shared: types('names of algorithms') },
  'sign-in': {
    shared: types('names of algorithms'),
    'problem.ts': problem,
    addresses: { why: 'where issuers may not be' },
    verifiers: { why: 'what a key that checks signatures has to be' },
  },
  kit: { shared, 'problem.ts': problem },
  tokens: { 'problem.ts': problem, disk: { why: 'tokens that were taken back are kept' } },
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
  limits: {
    shared,
    'problem.ts': problem,
    access: { why: 'which callers count as one network, and what the index says of limits' },
    disk: { why: 'days and months outlive a restart' },
  },
  gateway: {
    shared,
    'problem.ts': problem,
    access: { why: 'the index it asks, and the pure decision' },
    limits: { why: 'how its answers are said in headers; the counters themselves are handed in' },
    addresses: { why: 'where upstreams may not be' },
    tokens: types('what makes and checks tokens is handed in'),
  },

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

  notices: { shared, 'problem.ts': problem, disk: { why: 'the append log under the book' } },
  admin: {
    shared,
    'problem.ts': problem,
    'change.ts': types('who acts'),
    access: { why: 'which callers count as one network' },
    keys: { why: 'the steps behind the calls' },
    verifiers: { why: 'admin tokens are checked at the doors' },
    document: types('what lists and views are made from'),
    keystore: types('slots are listed through what is handed in'),
    backup: types('backups are made through what is handed in'),
    usage: { why: 'reports and evidence are worked out from its rows' },
    limits: types('what is left of a limit'),
  },
  ...rootsMayImport,
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
