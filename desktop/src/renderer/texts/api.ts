/** The texts of the documentation of the admin API in English: a section of the catalogue with a file of its own. */
import { many } from './words.ts'

export const api = {
  about:
    'Every call of the admin API, as this service answers it. Programs on this machine call it over the local socket.',
  tryIt: 'To try calls out in a browser:',
  tryItCommand: 'postern api',
  search: 'Search calls',
  loading: 'Loading the documentation',
  groups: 'Groups',
  calls: (count: number) => many(count, 'call', 'calls'),
  noMatch: (what: string) => `No call matches ‘${what}’.`,
  none: 'This service documents no calls.',
  role: (role: string) => `Needs the role ${role}`,
  parameters: 'Parameters',
  body: 'Body (JSON)',
  answer: (status: string) => `Answer ${status}`,
  noContent: 'Without content.',
  anyContent: 'A JSON object.',
  examples: 'Examples',
  field: 'Field',
  where: 'In',
  type: 'Type',
  meaning: 'Meaning',
  required: 'required',
  places: { path: 'path', query: 'query', header: 'header' },
  types: {
    string: 'text',
    number: 'number',
    integer: 'whole number',
    boolean: 'true or false',
    object: 'object',
    null: 'null',
    any: 'anything',
    listOf: (type: string) => `list of ${type}`,
    mapOf: (type: string) => `object of ${type}`,
  },
  socketDefault:
    'The socket is the one of an installed service; --socket, POSTERN_SOCKET or config.json may name another.',
  socketNamed: 'POSTERN_SOCKET: the path of this service’s admin socket.',
  secretBody: 'The body carries a secret: put it into a file that only you can read, not on the command line.',
} as const
