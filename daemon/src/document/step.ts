/**
 * A step: how a change is said. Pure: the same document, context and command give the same result, and a refused step
 * throws a Problem and leaves nothing behind. Random bytes are part of the command; time and sealing are handed in.
 */
import type { AuditAction } from '@postern/shared'
import type { Document } from './document.ts'

export interface StepContext {
  readonly nowMs: number
  /** IANA name of the gateway's time zone, for expiry dates without a time. */
  readonly zone: string
  /** Seals one secret for the document; the associated data are key id, field and version. */
  sealSecret(secret: string, keyId: string, version: number): string
}

export interface Stepped<R> {
  readonly document: Document
  readonly result: R
  /** What the audit trail will say; `null` when the step found nothing to change. */
  readonly entry: {
    readonly action: AuditAction
    readonly object: { readonly kind: string; readonly id: string; readonly name?: string }
    readonly fields?: readonly string[]
    readonly note?: string
    /** Whose record it is about: the id of a client. */
    readonly client?: string
  } | null
}

export type Step<R> = (document: Document, context: StepContext) => Stepped<R>
