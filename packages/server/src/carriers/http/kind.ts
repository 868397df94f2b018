import type { Clock } from '../../clock.ts'
import type { Guard } from '../../egress.ts'
import type { Log } from '../../log.ts'
import type { Carrier } from '../carrier.ts'
import { createHttpCarrier } from './carrier.ts'
import type { HttpSecrets, HttpSettings } from './settings.ts'

/** One: requests share their connections, and whoever holds the slot sends them. */
export const httpSlots = (_settings: HttpSettings) => [{ type: 'http', submits: true }]

/** All but the rate, which the pacer changes while requests are under way, and what concerns callbacks alone. */
export function httpConnection(settings: HttpSettings, secrets: HttpSecrets): unknown {
  const { segments_per_second: _, callbacks: __, ...made } = settings
  return { ...made, secrets }
}

export const createHttpSlot = (parts: {
  settings: HttpSettings
  secrets: HttpSecrets
  callbackUrl: string | null
  guard: Guard
  clock: Clock
  log: Log
}): Carrier =>
  createHttpCarrier({ ...parts, callbackUrl: parts.settings.callbacks ? parts.callbackUrl : null })
