/** A gateway on an index, and nothing that it tells or asks is kept or answered: for what is about calls alone. */
import type { AccessIndex } from '../../daemon/src/access/access-index.ts'
import { createGateway, type Gateway } from '../../daemon/src/gateway/gateway.ts'
import { createGateLimits } from '../../daemon/src/limits/gate-limits.ts'
import { createLimits } from '../../daemon/src/limits/limits.ts'
import { noTokens } from './gateway-bed.ts'

export const bareGateway = (index: AccessIndex): Gateway =>
  createGateway({
    index: () => index,
    record: () => {},
    onFault: () => {},
    now: Date.now,
    changes: async function* none() {},
    calendar: () => null,
    limits: createGateLimits(createLimits().take),
    documents: () => null,
    jwks: () => ({ keys: [] }),
    tokens: noTokens,
  })
