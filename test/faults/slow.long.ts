/** Slow callers in every way, twenty of each at once, under the true limits: gone within 15 s, and others are served meanwhile. */
import { buildIndex } from '../../daemon/src/access/build-index.ts'
import { bareGateway } from '../support/bare-gateway.ts'
import { listen, type ListenOptions } from '../../daemon/src/gateway/listener.ts'
import { makeDocument, makeEndpoint, makeKey } from '../support/access-document.ts'
import { bearer, call } from '../support/call.ts'
import { rawAnswer, startRawUpstream } from '../support/raw-upstream.ts'
import { slowCaller, slowWays, untilGone, watchGateway, type SlowWay } from '../support/slow-callers.ts'
import { createTally, type Report } from './count.ts'
import type { LongRig } from './long-rig.ts'
import type { Tally } from './tally.ts'

const goneWithinMs = 15_000
const servedWithinMs = 200
/** Answers of 12 MB. Who asks without end is a flood more than slow, and left to the short test. */
const loud = new Set<SlowWay>(['neverReads', 'readsSlowly'])

const runSlow = async (ofEach: number, options: ListenOptions, say: Report = () => {}): Promise<Tally> => {
  const tally = createTally()
  const upstream = await startRawUpstream((socket, soFar) => {
    if (soFar.includes('/large')) socket.end(rawAnswer('x'.repeat(12_000_000)))
    else if (soFar.includes('/quick') && soFar.endsWith('\r\n\r\n')) socket.write(rawAnswer())
  })
  const key = makeKey()
  const parts = { idleTimeoutMs: 10_000, bodyBytesMax: 100_000_000 }
  const endpoints = ['/large', '/body', '/quick'].map((path) =>
    makeEndpoint('ANY', path, { ...parts, upstream: upstream.origin + path }),
  )
  const index = buildIndex(makeDocument({ keys: [key], endpoints }), 1)
  const gateway = watchGateway(bareGateway(index))
  const listener = await listen({ protocol: 'http', host: '127.0.0.1', port: 0 }, gateway, {}, options)
  const trials = (Object.keys(slowWays) as SlowWay[])
    .filter((way) => way !== 'pipelines')
    .flatMap((way) =>
      // Those that are loud cost this program, which is both sides, more than the gateway: few of them.
      Array.from({ length: loud.has(way) ? Math.min(2, ofEach) : ofEach }, (_, at) => ({
        way,
        localAddress: `127.0.3.${at + 1}`,
      })),
    )
  const going = new AbortController()
  const took: number[] = []
  const served = (async () => {
    while (!going.signal.aborted) {
      const startedAt = performance.now()
      const { status } = await call(`${listener.url}/quick`, { headers: bearer(key.value) })
      took.push(performance.now() - startedAt)
      if (status !== 200) tally.count('lost', () => `an honest call was answered ${status}`)
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  })()
  const slowest = new Map<SlowWay, number>()
  await Promise.all(
    trials.map(async ({ way, localAddress }) => {
      const caller = slowCaller(listener.url, way, { key: key.value, everyMs: 1_000, localAddress, watched: gateway })
      const gone = await untilGone(caller, goneWithinMs).catch(() => Infinity)
      slowest.set(way, Math.max(slowest.get(way) ?? 0, gone))
      tally.count(gone <= goneWithinMs ? 'fine' : 'wrong', () => `${slowWays[way]}: still there after 15 s`)
    }),
  )
  going.abort()
  await served
  for (const [way, ms] of slowest) say(`${slowWays[way]}: gone after ${(ms / 1000).toFixed(1)} s at most`)
  took.sort((a, b) => a - b)
  const p99 = took[Math.floor(took.length * 0.99)] ?? Infinity
  tally.say(`${took.length} honest calls meanwhile, 99 % within ${p99.toFixed(0)} ms`)
  if (p99 > servedWithinMs) tally.count('wrong', () => `honest calls took ${p99.toFixed(0)} ms (99 %)`)
  await listener.stop(0)
  await gateway.close()
  await upstream.close()
  return tally
}

const rig: LongRig = {
  name: 'slow callers, true limits',
  run: (say) => runSlow(20, {}, say),
  controls: [
    {
      name: 'a listener without limits',
      run: () => runSlow(1, { limits: { headMs: 60_000, stillMs: 60_000, keepAliveMs: 60_000 } }),
    },
  ],
}

export default rig
