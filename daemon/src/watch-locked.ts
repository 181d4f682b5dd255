/**
 * What can be watched while the keystore is locked. Keys, their dates and the channels are inside it, so only the log can be
 * told: of the locked store itself, hour by hour, of the disk and of the clock.
 */
import type { Notice } from '@postern/shared'
import { dueNotices } from './notices/watch.ts'

export interface LockedWatch {
  /** What a schedule calls. */
  look(): Promise<void>
}

export const createLockedWatch = (deps: {
  now: () => number
  diskFreeBytes: () => Promise<number | null>
  say: (notice: Notice) => void
}): LockedWatch => {
  const { now, diskFreeBytes, say } = deps
  const said = new Set<string>()
  let lookedMs = now()
  return {
    async look() {
      const nowMs = now()
      const clockBackMs = Math.max(0, lookedMs - nowMs)
      lookedMs = nowMs
      const unknown = { keys: [], certificateNotAfter: null, untriedKit: null, backup: null }
      const due = dueNotices({ ...unknown, diskFreeBytes: await diskFreeBytes(), clockBackMs }, nowMs)
      for (const notice of [lockedNotice(nowMs), ...due]) {
        if (said.has(notice.id)) continue
        said.add(notice.id)
        say(notice)
      }
    },
  }
}

const lockedNotice = (nowMs: number): Notice => {
  const at = new Date(nowMs).toISOString()
  return {
    id: `locked:${at.slice(0, 13)}`,
    kind: 'alarm',
    severity: 'urgent',
    at,
    subject: { kind: 'alarm', id: 'locked', name: 'the keystore' },
    text: 'The keystore is locked: calls are answered 503, and nobody is told of keys that expire, because keys and channels are inside it. Unlock it: postern unlock --recovery.',
  }
}
