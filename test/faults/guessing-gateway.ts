/** A gateway in a process of its own, so that who measures it does not share its core's time. Run as a program only. */
import { buildIndex } from '../../daemon/src/access/build-index.ts'
import { bareGateway } from '../support/bare-gateway.ts'
import { listen } from '../../daemon/src/gateway/listener.ts'
import { makeDocument, makeEndpoint, makeKey } from '../support/access-document.ts'
import { startUpstream } from '../support/fake-upstream.ts'

/** What it prints, as one line of JSON. */
export interface GuessingGateway {
  readonly url: string
  /** Passes. */
  readonly good: string
  /** Of a key that was removed. */
  readonly removed: string
  /** There, beside 1,000 others. */
  readonly ids: readonly string[]
}

if (import.meta.main) {
  const keys = Array.from({ length: 1_000 }, () => makeKey())
  const removed = makeKey({ removedAt: '2026-01-02T00:00:00.000Z' })
  const upstream = await startUpstream((_request, response) => response.end('ok'))
  const endpoints = [makeEndpoint('GET', '/x', { upstream: upstream.origin })]
  const document = makeDocument({ keys: [...keys, removed], endpoints })
  // What is tried lies beneath the bound on guesses, which answers 429 long before.
  const settings = { ...document.settings, wrongCredentialsPerMinute: 1_000_000_000 }
  const index = buildIndex({ ...document, settings }, 1)
  const gateway = bareGateway(index)
  const { url } = await listen({ protocol: 'http', host: '127.0.0.1', port: 0 }, gateway, {})
  const told: GuessingGateway = {
    url,
    good: keys[0]?.value ?? '',
    removed: removed.value,
    ids: keys.map(({ record }) => record.id),
  }
  process.stdout.write(`${JSON.stringify(told)}\n`)
  process.stdin.resume().on('end', () => process.exit())
}
