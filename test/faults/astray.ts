/**
 * A holder of a key who wants to reach what the key does not reach: known ways round proxies, and mutations of them. `wrong`:
 * a listener that nobody may reach was reached, or a call came through to another path than the endpoint's.
 */
import { makeCollection, makeDocument, makeEndpoint, makeKey } from '../support/access-document.ts'
import { knownBypasses, mutatedBypasses } from '../support/bypass-strings.ts'
import { sendRaw } from '../support/call.ts'
import { startGatewayBed } from '../support/gateway-bed.ts'
import { rawAnswer, startRawUpstream } from '../support/raw-upstream.ts'
import { createTally } from './count.ts'
import type { Tally } from './tally.ts'

export const runAstray = async (mutations: number, granted: readonly string[] = ['co_erp']): Promise<Tally> => {
  const tally = createTally()
  const key = makeKey({ collections: granted })
  const service = await startRawUpstream((socket) => socket.end(rawAnswer()))
  const canary = await startRawUpstream((socket) => socket.end(rawAnswer()))
  const bed = await startGatewayBed(
    makeDocument({
      keys: [key],
      collections: [makeCollection(), makeCollection({ id: 'co_other', name: 'Other' })],
      endpoints: [
        makeEndpoint('ANY', '/erp/{rest*}', { upstream: `${service.origin}/in/{rest*}` }),
        makeEndpoint('ANY', '/other/{rest*}', { upstream: `${canary.origin}/{rest*}`, collectionId: 'co_other' }),
      ],
    }),
  )
  const auth = `Connection: close\r\nAuthorization: Bearer ${key.value}`
  const all = [...knownBypasses(canary.authority, auth), ...mutatedBypasses(mutations, canary.authority, auth)]
  for (let at = 0; at < all.length; at += 50) {
    const some = all.slice(at, at + 50)
    const before = [canary.connections(), service.bytes().length] as const
    await Promise.all(some.map((bytes) => sendRaw(bed.url, Buffer.from(bytes, 'latin1'), 500)))
    const astray = service
      .bytes()
      .slice(before[1])
      .split('\r\n')
      .filter((line) => line.endsWith(' HTTP/1.1') && !line.startsWith('GET /in/'))
    const reached = canary.connections() - before[0] + astray.length
    for (const _ of some) tally.count('fine', () => '')
    if (reached > 0) tally.count('wrong', () => `among ${JSON.stringify(some).slice(0, 2_000)}: ${astray.join()}`)
  }
  tally.say(`${all.length} sent, ${service.connections()} connections to the service, ${canary.connections()} astray`)
  await bed.stop()
  await service.close()
  await canary.close()
  return tally
}
