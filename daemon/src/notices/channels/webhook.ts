/**
 * Notices to a webhook in the form of Standard Webhooks (standardwebhooks.com): id, timestamp and HMAC-SHA-256 signature in
 * headers, so that a receiver can tell ours from others' and a repeated one from a new one. Accepted on 2xx alone. Never:
 * follows a redirect, or sends to plain http beyond this machine.
 */
import { createHmac } from 'node:crypto'
import { Agent, request } from 'undici'
import type { Secret } from '../../problem.ts'
import type { Channel } from '../deliver.ts'

export interface WebhookSettings {
  readonly url: string
  /** `whsec_` and base64 of 24 to 64 bytes. */
  readonly secret: Secret
  readonly ca: string | null
}

/** `v1,` and base64 of HMAC-SHA-256 over `id.timestamp.body`. */
export const webhookSignature = (
  secret: Secret,
  { id, timestamp, body }: { id: string; timestamp: string; body: string },
): string => {
  const key = Buffer.from(secret.reveal().slice('whsec_'.length), 'base64')
  return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`
}

export const webhookChannel = ({ url, secret, ca }: WebhookSettings, now: () => number): Channel => ({
  name: 'webhook',
  batchMax: 1,
  async send([notice], signal) {
    if (notice === undefined) return 'nothing to send'
    const id = notice.id
    const timestamp = String(Math.floor(now() / 1000))
    const body = JSON.stringify({ type: `postern.${notice.kind}`, timestamp: notice.at, data: notice })
    const agent = new Agent({ allowH2: false, connect: { timeout: 10_000, ...(ca === null ? {} : { ca }) } })
    try {
      const answer = await request(url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'user-agent': 'Postern',
          'webhook-id': id,
          'webhook-timestamp': timestamp,
          'webhook-signature': webhookSignature(secret, { id, timestamp, body }),
        },
        body,
        signal,
        dispatcher: agent,
      })
      // What is answered is not read; a receiver could go on for ever.
      answer.body.on('error', () => undefined).destroy()
      if (answer.statusCode < 200 || answer.statusCode > 299)
        throw new Error(`the receiver answered ${answer.statusCode}`)
      return `answered ${answer.statusCode}`
    } finally {
      await agent.destroy()
    }
  },
})
