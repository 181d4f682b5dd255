/** The listener says what keeps it from listening, and bounds what it accepts. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { startTestPostern } from '../../support/start-postern.ts'

describe('the listener', () => {
  it('a taken port is said with the fix', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const { port } = other.address() as AddressInfo
    await assert.rejects(startTestPostern({ listen: [{ protocol: 'http', host: '127.0.0.1', port }] }), {
      code: 'port_taken',
      message: new RegExp(`${port}.*--listen`),
    })
    other.close()
  })

  it('plain http beyond loopback is refused', async () => {
    await assert.rejects(startTestPostern({ listen: [{ protocol: 'http', host: '0.0.0.0', port: 0 }] }), {
      code: 'settings_invalid',
    })
  })
})
