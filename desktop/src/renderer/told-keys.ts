/**
 * Of which keys news has told, and when they are read. Promises: what others changed is read at once; of what this console
 * has just changed itself the answer is known, so it is read when it has come to rest, all together, because somebody else
 * may have changed it in the same moment.
 */
export interface ToldKeys {
  hear(ids: readonly string[]): void
  /** Changed by this console: the answer is at hand. */
  own(id: string): void
  stop(): void
}

/** News may be here before the answer to the very change that it tells of. */
const answerMayComeMs = 150
/** News of a key that comes no later after one's own change is taken for news of that. */
const ownForMs = 4_000
const restMs = 2_000
const longestMs = 10_000

type After = (ms: number, run: () => void) => () => void

const afterTimer: After = (ms, run) => {
  const timer = setTimeout(run, ms)
  return () => clearTimeout(timer)
}

export const createToldKeys = (
  look: (ids: readonly string[]) => void,
  nowMs: () => number,
  after: After = afterTimer,
): ToldKeys => {
  const ownAt = new Map<string, number>()
  /** With when it was told. */
  const told = new Map<string, number>()
  let next: { readonly atMs: number; readonly cancel: () => void } | undefined
  let newestOwnMs = -Infinity

  const isOwn = (id: string): boolean => (told.get(id) ?? Infinity) - (ownAt.get(id) ?? -Infinity) <= ownForMs

  /** One that comes sooner stays. */
  const checkWithin = (ms: number): void => {
    const atMs = nowMs() + ms
    if (next !== undefined && next.atMs <= atMs) return
    next?.cancel()
    next = { atMs, cancel: after(ms, check) }
  }
  const check = (): void => {
    next = undefined
    const now = nowMs()
    const oldestMs = Math.min(...told.values())
    const atRest = now - newestOwnMs >= restMs || now - oldestMs >= longestMs
    for (const [id, atMs] of ownAt) if (now - atMs > ownForMs + longestMs) ownAt.delete(id)
    const due = [...told.keys()].filter((id) => atRest || !isOwn(id))
    for (const id of due) told.delete(id)
    if (told.size > 0) checkWithin(restMs)
    if (due.length > 0) look(due)
  }

  return {
    hear: (ids) => {
      if (ids.length === 0) return
      for (const id of ids) if (!told.has(id)) told.set(id, nowMs())
      checkWithin(answerMayComeMs)
    },
    own: (id) => {
      newestOwnMs = nowMs()
      ownAt.set(id, newestOwnMs)
    },
    stop: () => next?.cancel(),
  }
}
