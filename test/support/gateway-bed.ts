/** A gateway on a real loopback listener, with an index built from a document and everything it tells kept. */
import { buildIndex } from '../../daemon/src/access/build-index.ts'
import type { Document } from '../../daemon/src/document/document.ts'
import { createGateway, type CallRecord, type GatewayDeps } from '../../daemon/src/gateway/gateway.ts'
import { listen } from '../../daemon/src/gateway/listener.ts'
import { createGateLimits } from '../../daemon/src/limits/gate-limits.ts'
import { createLimits } from '../../daemon/src/limits/limits.ts'

export const noTokens = (): never => {
  throw new Error('nobody makes tokens here')
}

export interface GatewayBed {
  readonly url: string
  readonly records: CallRecord[]
  readonly faults: unknown[]
  readonly clock: { nowMs: number }
  /** Another document takes effect; `null` locks. */
  publish(document: Document | null): void
  stop(): Promise<void>
}

export const startGatewayBed = async (
  document: Document | null,
  overrides: Partial<GatewayDeps> = {},
): Promise<GatewayBed> => {
  const records: CallRecord[] = []
  const faults: unknown[] = []
  const clock = { nowMs: Date.parse('2026-06-01T00:00:00.000Z') }
  let index = document === null ? null : buildIndex(document, 1)
  const gateway = createGateway({
    index: () => index,
    record: (record) => void records.push(record),
    onFault: (_requestId, error) => void faults.push(error),
    now: () => clock.nowMs,
    changes: async function* none() {},
    calendar: () => null,
    limits: createGateLimits(createLimits().take),
    jwks: () => ({ keys: [] }),
    documents: () => null,
    tokens: noTokens,
    ...overrides,
  })
  const listener = await listen({ protocol: 'http', host: '127.0.0.1', port: 0 }, gateway, {})
  return {
    url: listener.url,
    records,
    faults,
    clock,
    publish: (next) => {
      index = next === null ? null : buildIndex(next, 2)
    },
    stop: async () => {
      await listener.stop(100)
      await gateway.close()
    },
  }
}
