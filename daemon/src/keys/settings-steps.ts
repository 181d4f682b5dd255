/** Changes of the store's settings, as a pure step. */
import type { SettingsEdit } from '@postern/shared'
import type { SettingsRecord } from '../document/document.ts'
import type { Step } from '../document/step.ts'
import { assertMatches } from './find.ts'
import { refuseField } from './names.ts'

export const editSettings =
  (ifMatch: string, input: SettingsEdit): Step<SettingsRecord> =>
  (document) => {
    const { settings } = document
    assertMatches(settings, ifMatch)
    const fields = Object.keys(input)
    if (fields.length === 0) return { document, result: settings, entry: null }
    const rate = input.socket_requests_per_second ?? settings.socketRequestsPerSecond
    if (!Number.isInteger(rate) || rate < 1 || rate > 10_000)
      return refuseField('socket_requests_per_second', 'a whole number from 1 to 10000')
    const next: SettingsRecord = {
      ...settings,
      revision: settings.revision + 1,
      revealDefault: input.reveal_default ?? settings.revealDefault,
      socketRequestsPerSecond: rate,
    }
    return {
      document: { ...document, settings: next },
      result: next,
      entry: { action: 'settings.edit', object: { kind: 'settings', id: 'settings' }, fields },
    }
  }
