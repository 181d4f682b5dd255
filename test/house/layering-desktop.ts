/** The rows of the law of direction for the console's rooms; see layering-table.ts, which they are part of. */
import { shared, type Rows } from './layering-edges.ts'

export const desktopMayImport: Rows = {
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
}
