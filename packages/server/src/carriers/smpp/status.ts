import { statusName } from '@kurzpost/smpp'
import { CarrierError } from '../carrier.ts'
import type { ErrorClass, SmppSettings } from './settings.ts'

/**
 * What a refusal means where the settings do not say otherwise (smpp-interop group 26). What is not listed is permanent:
 * the carrier has understood the message and does not want it.
 */
export const defaultErrors: Readonly<Record<string, ErrorClass>> = {
  ESME_RTHROTTLED: 'throttle',
  ESME_RMSGQFUL: 'throttle',
  ESME_RSYSERR: 'same',
  ESME_RX_T_APPN: 'same',
  ESME_RINVBNDSTS: 'same', // the SMSC has given up this bind; says nothing about the message
  // Says something about us and this carrier, not about the message: another may take it.
  ESME_RSUBMITFAIL: 'elsewhere',
  ESME_RINVSRCADR: 'elsewhere',
  ESME_RSERTYPUNAUTH: 'elsewhere',
  ESME_RPROHIBITED: 'elsewhere',
  ESME_RSERTYPUNAVAIL: 'elsewhere',
  ESME_RSERTYPDENIED: 'elsewhere',
  ESME_RDELIVERYFAILURE: 'elsewhere',
  ESME_RUNKNOWNERR: 'elsewhere',
  '0x400-0x4ff': 'elsewhere', // the vendor's own: credit, routes, rights more often than the message
}

interface Entry {
  from: number
  to: number
  class: ErrorClass
}

const nameOf = new Map<string, number>()
// Every code that has a name has it by way of its number.
for (let code = 0; code < 0x200; code++) nameOf.set(statusName(code), code)

function entry([key, class_]: [string, ErrorClass]): Entry {
  const named = nameOf.get(key)
  if (named !== undefined) return { from: named, to: named, class: class_ }
  const [from, to = from] = key.split('-').map(Number)
  if (!(Number.isInteger(from) && Number.isInteger(to) && from! <= to! && to! <= 0xffff_ffff))
    throw new RangeError(`No status is called ${key}.`)
  return { from: from!, to: to!, class: class_ }
}

const narrowest = (a: Entry, b: Entry): number => a.to - a.from - (b.to - b.from)

/**
 * The error for a submit_sm_resp with a status other than 0: answered, so nothing is on its way. A code of the settings goes before
 * a range of theirs, and both before the table above. Throws RangeError for names that no status has.
 */
export function refusals(
  settings: Pick<SmppSettings, 'errors' | 'retry_pause_seconds' | 'throttle_pause_seconds'>,
): { of(status: number): CarrierError; throttles(status: number): boolean } {
  const own = Object.entries(settings.errors).map(entry).sort(narrowest)
  const table = [...own, ...Object.entries(defaultErrors).map(entry)]
  const classOf = (status: number): ErrorClass =>
    table.find(({ from, to }) => from <= status && status <= to)?.class ?? 'permanent'
  const retryMs = settings.retry_pause_seconds * 1_000
  const throttleMs = settings.throttle_pause_seconds * 1_000
  const outcomes = {
    same: { retry: 'later', sent: 'no', afterMs: retryMs },
    throttle: { retry: 'later', sent: 'no', afterMs: throttleMs, throttled: true },
    elsewhere: { retry: 'elsewhere', sent: 'no', afterMs: retryMs },
    permanent: { retry: 'never', sent: 'no' },
  } as const
  return {
    of: (status) => new CarrierError(statusName(status), outcomes[classOf(status)]),
    throttles: (status) => classOf(status) === 'throttle',
  }
}
