import type { Clock } from '../../clock.ts'
import type { Guard } from '../../egress.ts'
import type { Log } from '../../log.ts'
import type { Adjustable } from '../carrier.ts'
import { createHttpCarrier, type HttpWays, originOf } from './carrier.ts'
import type { HttpSettings } from './settings.ts'

/** One: requests share their connections, and whoever holds the slot sends them. */
export const httpSlots = (_settings: HttpSettings) => [{ type: 'http', submits: true }]

/** Where the connections lead; all else holds from one request to the next. */
export const httpConnection = (settings: HttpSettings): unknown => originOf(settings)

export function createHttpSlot(
  parts: HttpWays & { guard: Guard; clock: Clock; log: Log },
): Adjustable<HttpWays> {
  const made = createHttpCarrier({ ...parts, ...called(parts) })
  const { adjust } = made
  return Object.assign(made, { adjust: (next: HttpWays) => adjust(called(next)) })
}

/** Without callbacks the provider is told of no place to call. */
const called = ({ settings, secrets, callbackUrl }: HttpWays): HttpWays => ({
  settings,
  secrets,
  callbackUrl: settings.callbacks ? callbackUrl : null,
})
