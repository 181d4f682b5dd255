/** The texts of the table of keys, in English: its columns, and what is done with many keys at once. */
import { many, numbers } from './words.ts'

export const grid = {
  select: (name: string) => `Select ${name}`,
  selectAll: (count: number) => `Select all ${many(count, 'key', 'keys')}`,
  usage: '14 days',
  calls: (calls: number, days: number, refused: number) =>
    calls === 0
      ? `No calls in ${days} days`
      : `${many(calls, 'call', 'calls')} in ${days} days${refused === 0 ? '' : `, ${numbers.format(refused)} refused`}`,
  density: 'Row height',
  densities: { compact: 'Compact rows', normal: 'Normal rows', comfortable: 'Comfortable rows, with description' },
  columnMenu: 'Column menu',
  sortUp: 'Sort ascending',
  sortDown: 'Sort descending',
  wider: 'Wider',
  narrower: 'Narrower',
  usualWidth: 'Usual width',
  bulk: 'Selected keys',
  selected: (count: number) => `${numbers.format(count)} selected`,
  hidden: (count: number) => `${numbers.format(count)} of them not in this list`,
  noneConcerned: 'There is nothing to change: the selected keys are so already.',
  busy: 'Another change is under way.',
  actions: {
    expiry: 'Extend expiry…',
    owner: 'Set owner…',
    disable: 'Disable',
    enable: 'Enable',
    remove: 'Delete…',
    export: 'Export list',
  },
  clear: 'Clear selection',
  fileName: (date: string) => `postern-keys-${date}.csv`,
  exported: (count: number) => `The list of ${many(count, 'key', 'keys')} is exported, without their values.`,
  extendTitle: (count: number) => `Extend ${many(count, 'key', 'keys')}`,
  extend: 'Extend',
  extended: (count: number) => `${many(count, 'key gets', 'keys get')} this date.`,
  leftAlone: (count: number) =>
    `${many(count, 'ends', 'end')} later, or never, and ${count === 1 ? 'stays' : 'stay'} so.`,
  extendsNone: 'None of the selected keys ends earlier than this. Choose a later date.',
  ownerTitle: (count: number) => `Set the owner of ${many(count, 'key', 'keys')}`,
  ownerHint: 'A person or a team to ask. Empty: no owner.',
  ownerSame: 'All of the selected keys have this owner already.',
  setOwner: 'Set owner',
  removeTitle: (count: number) => `Delete ${many(count, 'key', 'keys')}?`,
  removeEffect: 'Callers that use these keys are refused at once. You can take them back for 7 days.',
  removeUsed: (used: number, count: number) =>
    used === 0
      ? 'None of them was used in the last 30 days.'
      : `Still in use: ${used === count ? 'each' : numbers.format(used)} of them was used in the last 30 days.`,
  removeLatest: (name: string, when: string) => `Latest: “${name}”, ${when}.`,
  more: (count: number) => `and ${numbers.format(count)} more`,
  removeType: (count: number) => `Type the number of keys, ${count}, to confirm`,
  removeMismatch: 'This is not the number yet.',
  keep: (count: number) => (count === 1 ? 'Keep key' : 'Keep keys'),
  remove: (count: number) => `Delete ${many(count, 'key', 'keys')}`,
  running: {
    disable: (done: number, all: number) => `Disabling: ${numbers.format(done)} of ${many(all, 'key', 'keys')}`,
    enable: (done: number, all: number) => `Enabling: ${numbers.format(done)} of ${many(all, 'key', 'keys')}`,
    owner: (done: number, all: number) => `Setting the owner: ${numbers.format(done)} of ${many(all, 'key', 'keys')}`,
    expiry: (done: number, all: number) => `Extending: ${numbers.format(done)} of ${many(all, 'key', 'keys')}`,
    remove: (done: number, all: number) => `Deleting: ${numbers.format(done)} of ${many(all, 'key', 'keys')}`,
    undo: (done: number, all: number) => `Taking back: ${numbers.format(done)} of ${many(all, 'key', 'keys')}`,
  },
  done: {
    disable: (keys: string) => `${keys} disabled.`,
    enable: (keys: string) => `${keys} enabled.`,
    owner: (keys: string) => `${keys} given the new owner.`,
    expiry: (keys: string) => `${keys} extended.`,
    remove: (keys: string) => `${keys} deleted.`,
    undo: (keys: string) => `${keys} put back as before.`,
  },
  ofAll: (done: number, all: number) =>
    done === all ? many(all, 'key', 'keys') : `${numbers.format(done)} of ${many(all, 'key', 'keys')}`,
  failed: (count: number) => `${numbers.format(count)} failed.`,
  stopped: (count: number) => `Stopped: ${many(count, 'key was', 'keys were')} left as before.`,
  stop: 'Stop',
  stopping: 'Stopping…',
  retryThese: (count: number) => (count === 1 ? 'Retry the one' : `Retry the ${numbers.format(count)}`),
  goOn: (count: number) => `Go on with ${many(count, 'key', 'keys')}`,
  failedList: 'What failed',
} as const
