/**
 * Who is at the other end of the socket. Node cannot ask the kernel, so a caller proves its user by making a file that the
 * daemon names, in a folder where only the socket's users can; the file's owner is the user. Without that the trail says
 * `claimed`.
 */
import { randomBytes } from 'node:crypto'
import { chmod, lstat, mkdir, readFile, unlink } from 'node:fs/promises'
import type { IncomingHttpHeaders } from 'node:http'
import { dirname, join } from 'node:path'
import { couldHoldSecret, type Actor } from '@postern/shared'
import { Problem } from '../problem.ts'

const goodForMs = 60_000
const openMax = 1_000

export const createActorProof = (options: { socketPath: string; now: () => number }) => {
  const folder = join(dirname(options.socketPath), 'postern-proof')
  const challenges = new Map<string, { file: string; untilMs: number; actor: Promise<Actor> | undefined }>()

  return {
    /** Names a file for a caller to make. The answer's token then stands for the file's owner for a minute. */
    async challenge(): Promise<{ file: string; token: string }> {
      const nowMs = options.now()
      for (const [token, { untilMs }] of challenges) if (untilMs <= nowMs) challenges.delete(token)
      if (challenges.size >= openMax)
        throw new Problem('overloaded', { detail: 'Too many callers are proving who they are; try again' })
      await mkdir(folder, { recursive: true, mode: 0o700 })
      // Whoever may use the socket may make a file here, and nobody may list or remove another's.
      await chmod(folder, 0o1730)
      const file = join(folder, randomBytes(16).toString('hex'))
      const token = randomBytes(16).toString('hex')
      challenges.set(token, { file, untilMs: nowMs + goodForMs, actor: undefined })
      return { file, token }
    },

    /** The actor of a request, from its token or from what it claims. */
    async actorOf(headers: IncomingHttpHeaders): Promise<Actor> {
      const claimed = String(headers['postern-actor'] ?? '')
      const fallback: Actor = {
        kind: 'local',
        name: /^[\p{L}\p{N}._@\\ -]{1,100}$/u.test(claimed) && !couldHoldSecret(claimed) ? claimed : 'unknown',
        proof: 'claimed',
      }
      const challenge = challenges.get(String(headers['postern-actor-token'] ?? ''))
      if (challenge === undefined || challenge.untilMs <= options.now()) return fallback
      challenge.actor ??= ownerOf(challenge.file)
      return challenge.actor.catch(() => fallback)
    },
  }
}

const ownerOf = async (file: string): Promise<Actor> => {
  const facts = await lstat(file)
  // A link or a second name would let one user show a file that another one made.
  if (!facts.isFile() || facts.nlink !== 1) throw new Error('not a proof')
  await unlink(file)
  return { kind: 'local', name: await userName(facts.uid), proof: 'file' }
}

const userName = async (uid: number): Promise<string> => {
  const users = await readFile('/etc/passwd', 'utf8').catch(() => '')
  const line = users.split('\n').find((each) => each.split(':')[2] === String(uid))
  return line?.split(':')[0] ?? `uid ${uid}`
}
