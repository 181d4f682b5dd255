/**
 * The log: JSON lines on standard error, where service managers collect them. Promises: anything that looks like a key
 * value, an admin token or a recovery code is blanked out, whatever field it stands in. Never: a secret, a query string, a body.
 */
import { adminTokenInText, keyValueInText } from '@postern/shared'
import winston from 'winston'
import type { LogLevel } from './settings.ts'

export type Log = Pick<winston.Logger, 'error' | 'warn' | 'info' | 'debug'>

const recoveryCodeInText = /\b(?:[0-9A-HJKMNP-TV-Z]{4}[- ]){13}[0-9A-HJKMNP-TV-Z]{4}\b/gi

/** Blanks out what must not be printed. The last line of defence: nothing should reach it. */
export const redact = (text: string): string =>
  text
    .replaceAll(keyValueInText, 'postern_[redacted]')
    .replaceAll(adminTokenInText, 'posternadm_[redacted]')
    .replaceAll(recoveryCodeInText, '[redacted recovery code]')

/** A path for the log. What callers put into a long segment may be a secret, whatever it looks like. */
export const pathForLog = (path: string): string => path.replaceAll(/[^/]{25,}/g, '…')

/** A host as a caller has named it; a long label may be a secret too. */
export const hostForLog = (host: string): string => host.replaceAll(/[^.]{25,}/g, '…')

export const createLog = (level: LogLevel): Log =>
  winston.createLogger({
    level,
    format: winston.format.combine(
      winston.format.timestamp(),
      winston.format.json(),
      winston.format((info) => {
        const line = Symbol.for('message')
        info[line] = redact(String(info[line]))
        return info
      })(),
    ),
    transports: [new winston.transports.Console({ stderrLevels: ['error', 'warn', 'info', 'debug'] })],
  })
