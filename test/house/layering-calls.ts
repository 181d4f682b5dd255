/** The rows of the law of direction for what becomes of single calls; see layering-table.ts, which they are part of. */
import type { Edge } from './layering-table.ts'

const shared: Edge = { why: 'the contracts' }
const problem: Edge = { why: 'the one way to say an expected failure' }
const types = (why: string): Edge => ({ why, types: true })
const held = types('handed in')

export const callsMayImport: Readonly<Record<string, Readonly<Record<string, Edge>>>> = {
  'store-words.ts': {
    access: types('the words it has to find'),
    document: types('where they stand'),
  },
  'explain-call.ts': {
    shared,
    'problem.ts': problem,
    access: { why: 'the very verdict that calls get, with its trace' },
    addresses: { why: 'an address is read as lists are' },
    gateway: { why: 'the request is read as calls are' },
    keys: { why: 'the key is named by id or name' },
    'open-store.ts': held,
    'store-words.ts': { why: 'what the index knows by id alone' },
  },
  'record-call.ts': {
    access: { why: 'what a question has looked at, in a sentence' },
    'store-words.ts': { why: 'what the index knows by id alone' },
    'change-feed.ts': types('handed in'),
    gateway: types('what is known of a call'),
    'log.ts': { why: 'what a path may say in the log, and in a key’s last calls' },
    'open-store.ts': types('handed in'),
    'tell.ts': types('handed in'),
    'trap.ts': types('handed in'),
    usage: types('what is remembered of a call'),
  },
  'trap.ts': {
    access: { why: 'which callers count as one network' },
    'open-store.ts': types('it blocks'),
    'tell.ts': types('people are told'),
  },
}
