/**
 * `Idempotency-Key`: a request that is sent again gets the first answer again, for ten minutes. Promises: a create whose
 * answer was lost does not leave a second secret behind. Lives in memory: a restart forgets. Never: drops an answer that
 * may still be asked for; when there are too many, new ones are refused.
 */
import { createHash } from 'node:crypto'
import { Problem } from '../problem.ts'

export interface Answer {
  readonly status: number
  readonly body: unknown
}

const keptMs = 600_000
const keptMax = 1_000

export const createIdempotency = (now: () => number) => {
  const answers = new Map<string, { fingerprint: string; answer: Promise<Answer>; untilMs: number }>()

  /** Runs `act` once for a key; `replayed` says that the answer is an earlier one. Throws `idempotency_mismatch`. */
  return async (
    asked: { key: string; actor: string; call: string; content: unknown },
    act: () => Promise<Answer>,
  ): Promise<Answer & { replayed: boolean }> => {
    if (!/^[\x21-\x7e]{1,200}$/.test(asked.key))
      throw new Problem('field_invalid', {
        detail: 'Idempotency-Key: 1 to 200 visible ASCII characters, for example a UUID',
      })
    const nowMs = now()
    for (const [key, { untilMs }] of answers) if (untilMs <= nowMs) answers.delete(key)
    const name = `${asked.actor} ${asked.key}`
    const fingerprint = createHash('sha256')
      .update(JSON.stringify([asked.call, asked.content]))
      .digest('hex')
    const known = answers.get(name)
    if (known !== undefined) {
      if (known.fingerprint !== fingerprint)
        throw new Problem('idempotency_mismatch', {
          detail: 'Idempotency-Key: this key was used for another request; draw a new one for each',
        })
      return { ...(await known.answer), replayed: true }
    }
    if (answers.size >= keptMax)
      throw new Problem('overloaded', {
        detail: `At most ${keptMax} idempotent requests in ten minutes; try again later`,
        headers: { 'retry-after': '60' },
      })
    const answer = act()
    answers.set(name, { fingerprint, answer, untilMs: nowMs + keptMs })
    try {
      return { ...(await answer), replayed: false }
    } catch (error) {
      // What failed has changed nothing, so asking again must be a new attempt.
      answers.delete(name)
      throw error
    }
  }
}
