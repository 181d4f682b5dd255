/**
 * What becomes of calls after their verdict. Promises: each judged call ends once, when its answer is out or its connection
 * gone. A few hundred nanoseconds, and nothing at all where nobody wants to know.
 */
import type { ServerResponse } from 'node:http'
import type { ProblemCode } from '@postern/shared'

/** None of it may throw or wait. */
export interface CallMeter {
  /** Milliseconds of a clock that never goes back. */
  readonly nowMs: () => number
  readonly ended: (allowed: boolean, tookMs: number) => void
  /** An allowed call of an endpoint has failed on its way. */
  readonly failed: (endpointId: string, code: ProblemCode) => void
}

/** A call on its way; `allowed` is known once it is judged, which happens before the gateway gives the call away. */
export interface Timed {
  readonly beganMs: number
  allowed: boolean | null
}

/** A verdict and most refusals are out by now. To listen for the end of the others costs more than all the rest of it. */
export const awaitEnd = (meter: CallMeter, { allowed, beganMs }: Timed, response: ServerResponse): void => {
  if (allowed === null) return
  if (response.writableEnded) meter.ended(allowed, meter.nowMs() - beganMs)
  else response.on('close', () => meter.ended(allowed, meter.nowMs() - beganMs))
}
