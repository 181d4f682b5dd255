/** What the daemon does by the clock, and how often. Nothing here waits for the keystore: what is not there yet is left out. */
import type { TrailForwarding } from './forward-trail.ts'
import type { JudgingClock } from './host/keep-clock.ts'
import type { Job } from './jobs.ts'
import type { StoreInUse } from './open-store.ts'
import type { PosternDeps } from './postern-deps.ts'
import type { Telling } from './tell.ts'
import type { CertificateKeeper } from './tls/keep-certificate.ts'
import type { LockedWatch } from './watch-locked.ts'

const minuteMs = 60_000

export interface RegularRooms {
  readonly clock: JudgingClock
  readonly store: () => StoreInUse | undefined
  readonly telling: () => Telling | undefined
  readonly lockedWatch: LockedWatch
  readonly forwarding: () => TrailForwarding | undefined
  readonly certificate: () => CertificateKeeper | undefined
  readonly everyMs: Pick<PosternDeps, 'flushEveryMs' | 'probeEveryMs'>
}

export const regularJobs = (rooms: RegularRooms): Job[] => {
  const { clock, store, telling, lockedWatch, forwarding, certificate, everyMs } = rooms
  const lookAndTell = async (): Promise<void> => {
    await (telling() ?? lockedWatch).look()
    await telling()?.deliver()
  }
  return [
    { name: 'clock', everyMs: minuteMs, afterStep: true, run: () => clock.look() },
    { name: 'flush', everyMs: everyMs.flushEveryMs ?? minuteMs, run: async () => store()?.flush() },
    { name: 'storage', everyMs: everyMs.probeEveryMs ?? 10_000, run: async () => store()?.probe() },
    { name: 'purge', everyMs: 15 * minuteMs, afterStep: true, run: async () => store()?.purge() },
    { name: 'watch', everyMs: 15 * minuteMs, afterStep: true, run: () => lookAndTell() },
    { name: 'notices', everyMs: minuteMs, run: async () => telling()?.deliver() },
    { name: 'trail', everyMs: 2_000, run: async () => forwarding()?.tick() },
    { name: 'tidy', everyMs: 60 * minuteMs, run: async () => store()?.tidy() },
    { name: 'backups', everyMs: minuteMs / 2, afterStep: true, run: async () => store()?.backups.tick() },
    { name: 'sign_ins', everyMs: minuteMs, run: async () => store()?.signIns.settle() },
    { name: 'signing', everyMs: 60 * minuteMs, afterStep: true, run: async () => store()?.signing.turn() },
    { name: 'certificate', everyMs: 15 * minuteMs, afterStep: true, run: async () => certificate()?.check() },
  ]
}
