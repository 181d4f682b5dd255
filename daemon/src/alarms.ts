/**
 * What is wrong with the daemon itself, until it is over. Promises: said in the log and told to people, and shown by `status`
 * no longer than it lasts.
 */
import type { StatusView } from '@postern/shared'
import type { Log } from './log.ts'
import { faultText } from './problem.ts'
import type { Telling } from './tell.ts'

export interface Alarms {
  readonly standing: StatusView['alarms']
  raise(kind: string, message: string): void
  ended(kind: string, message: string): void
}

const kept = 100

/** `telling`: nobody, as long as the keystore has not been opened. `onChange`: what stands has changed. */
export const createAlarms = ({
  log,
  now,
  telling,
  onChange,
}: {
  log: Log
  now: () => number
  telling: () => Telling | undefined
  onChange: () => void
}): Alarms => {
  const standing: StatusView['alarms'] = []
  return {
    standing,
    raise(kind, message) {
      log.warn(message, { alarm: kind })
      standing.push({ at: new Date(now()).toISOString(), kind, message })
      if (standing.length > kept) standing.shift()
      onChange()
      telling()
        ?.alarm(kind, message)
        .catch((error: unknown) => log.error('a notice could not be kept', { error: faultText(error) }))
    },
    ended(kind, message) {
      log.info(message, { alarm_ended: kind })
      for (const each of standing.filter((one) => one.kind === kind)) standing.splice(standing.indexOf(each), 1)
      telling()?.alarmEnded(kind)
      onChange()
    },
  }
}
