import { pino } from 'pino'

/**
 * Structured log lines on standard output. Never a message body, code, key or full phone number
 * (design, section 6): log ids, and `maskNumber` where a number must be seen.
 */
export interface Log {
  debug(fields: object, message: string): void
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
  child(fields: object): Log
}

export function createLog(level: string): Log {
  return pino({
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
  })
}

export const silentLog: Log = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  child: () => silentLog,
}

/** `+49 30 1234567` becomes `+493…67`: enough to recognise, too little to call. */
export function maskNumber(address: string): string {
  return address.length <= 6 ? '…' : `${address.slice(0, 4)}…${address.slice(-2)}`
}
