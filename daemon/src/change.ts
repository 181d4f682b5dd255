/**
 * THE way a change happens: step -> audit intent -> what it takes away foretold -> keystore.write -> publish -> answer.
 * Promises: an answered change is on the disk, in the trail and true for the very next call; a refused or failed one has
 * changed nothing. Changes that arrive while one is being written share the next write (group commit). Never: an answer
 * before all of that.
 */
import type { Actor } from '@postern/shared'
import { notCommitted, type AuditTrail, type NewAuditEntry } from './audit/audit-trail.ts'
import type { Document } from './document/document.ts'
import type { Step, StepContext, Stepped } from './document/step.ts'

/** Who asks for a change, and by which request. */
export interface Who {
  readonly actor: Actor
  readonly requestId: string | null
}

export interface Changes {
  /** Applies a step. Throws what the step throws, or `store_unavailable` when it could not be made durable. */
  change<R>(who: Who, step: Step<R>): Promise<R>
  /** Runs a job that writes to the keystore itself, with no change in between. */
  exclusively<R>(job: () => Promise<R>): Promise<R>
}

export interface ChangeDeps {
  readonly keystore: {
    readonly document: Document
    readonly nextGeneration: number
    write(next: Document): Promise<number>
  }
  readonly audit: Pick<AuditTrail, 'append'>
  /**
   * Told of a change before it is made; a rejection keeps it from being made. Then of one of two: it has been made, or it has
   * failed. Those must not fail.
   */
  readonly foretell?: (
    before: Document,
    after: Document,
    generation: number,
  ) => Promise<{ made(): Promise<void>; failed(): Promise<void> }>
  /** Makes a batch, or refuses it where the disk does not take changes. */
  readonly guard: <R>(change: () => Promise<R>) => Promise<R>
  /** Makes the document what calls are judged by. Must not fail. */
  readonly publish: (document: Document, generation: number) => void
  readonly context: () => StepContext
}

interface Waiting {
  /** Applies the step to a document that already holds the changes before it in the batch. */
  apply(document: Document): { next: Document; entry: Stepped<unknown>['entry']; settle(): void }
  who: Who
  reject(error: unknown): void
}

export const createChanges = ({ keystore, audit, foretell, guard, publish, context }: ChangeDeps): Changes => {
  let waiting: Waiting[] = []
  let turn: Promise<unknown> = Promise.resolve()
  /** What the trail has yet to be told, because it could not be written when it was due. */
  let owed: NewAuditEntry[] = []

  const exclusively = <R>(job: () => Promise<R>): Promise<R> => {
    const mine = turn.then(job)
    turn = mine.catch(() => undefined)
    return mine
  }

  const commit = async (): Promise<void> => {
    const batch = waiting
    waiting = []
    let document = keystore.document
    const done: { who: Who; entry: Stepped<unknown>['entry']; settle: () => void; reject: (error: unknown) => void }[] =
      []
    for (const { apply, who, reject } of batch) {
      try {
        const { next, entry, settle } = apply(document)
        document = next
        done.push({ who, entry, settle, reject })
      } catch (error) {
        reject(error)
      }
    }
    try {
      if (document !== keystore.document) await guard(() => makeTrue(document, done))
      for (const { settle } of done) settle()
    } catch (error) {
      for (const { reject } of done) reject(error)
    }
  }

  const makeTrue = async (
    document: Document,
    done: readonly { who: Who; entry: Stepped<unknown>['entry'] }[],
  ): Promise<void> => {
    const generation = keystore.nextGeneration
    await audit.append([
      ...owed,
      ...done.flatMap(({ who, entry }) =>
        entry === null
          ? []
          : [
              {
                actor: who.actor,
                action: entry.action,
                object: entry.object,
                outcome: 'intent' as const,
                generation,
                request_id: who.requestId,
                ...(entry.fields === undefined ? {} : { fields: [...entry.fields] }),
                ...(entry.client === undefined ? {} : { client: entry.client }),
                ...(entry.note === undefined ? {} : { note: entry.note }),
              },
            ],
      ),
    ])
    owed = []
    let written: number
    let foretold: Awaited<ReturnType<NonNullable<typeof foretell>>> | undefined
    try {
      foretold = await foretell?.(keystore.document, document, generation)
      written = await keystore.write(document)
    } catch (error) {
      await foretold?.failed()
      // If this entry cannot be written either it goes before the next intents, or the next start takes the intent back.
      const taken = notCommitted(generation, 'the change could not be written')
      await audit.append([taken]).catch(() => owed.push(taken))
      throw error
    }
    // True for calls before anything else is said about it.
    publish(document, written)
    await foretold?.made()
  }

  return {
    exclusively,
    change: (who, step) =>
      new Promise((resolve, reject) => {
        const apply = (document: Document) => {
          const { document: next, result, entry } = step(document, context())
          return { next, entry, settle: () => resolve(result) }
        }
        waiting.push({ apply, who, reject })
        // The first to wait brings everyone who has joined by the time its turn comes.
        if (waiting.length === 1) exclusively(commit).catch(reject)
      }),
  }
}
