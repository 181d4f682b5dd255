/** The certificate that the listener shows while the keystore, and with it the real one, is locked: in memory only. */
import { issueThrowaway } from './certificate.ts'

export const throwawayContext = async (names: string[], nowMs: number): Promise<{ cert: string; key: string }> => {
  const { certificate, key } = await issueThrowaway(names, nowMs)
  return { cert: certificate, key: key.reveal() }
}
