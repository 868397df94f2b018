import { type Clock, systemClock } from '../../clock.ts'
import { type Log, silentLog } from '../../log.ts'
import type { Adjustable } from '../carrier.ts'
import { bindPart, createSmppCarrier } from './carrier.ts'
import { type BindType, completeSettings, type GivenSmppSettings, type SmppSecrets } from './settings.ts'

/** Registered for SMPP, and for SMPP over TLS. */
const defaultPort = (tls: boolean): number => (tls ? 3550 : 2775)

/** The binds of a carrier, slot 0 first. A bind that only receives never submits. */
export function smppSlots(settings: GivenSmppSettings): { type: BindType; submits: boolean }[] {
  return completeSettings(settings).binds.flatMap(({ type, count }) =>
    Array.from({ length: count }, () => ({ type, submits: type !== 'receiver' })),
  )
}

/** All that a bind is asked for with. The other settings hold without a new one. */
export function smppConnection(settings: GivenSmppSettings, secrets: SmppSecrets, slot: number): unknown {
  return inOrder({
    ...bindPart(completeSettings(settings)),
    type: smppSlots(settings)[slot]?.type,
    password: secrets.password ?? '',
  })
}

/** Names in one order, so that the same settings are the same text wherever they have been. */
const inOrder = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(inOrder)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(entries.map(([name, each]) => [name, inOrder(each)]))
}

/** The bind of one slot. Throws RangeError or SmppError for settings that no bind can be made of. */
export function createSmppSlot(parts: {
  settings: GivenSmppSettings
  secrets: SmppSecrets
  slot: number
  clock: Clock
  log: Log
}): Adjustable<{ settings: GivenSmppSettings }> {
  const { settings, secrets, slot, clock, log } = parts
  const made = createSmppCarrier({
    settings: completeSettings(settings),
    password: secrets.password ?? '',
    type: smppSlots(settings)[slot]?.type ?? 'transceiver',
    clock,
    log,
  })
  const { adjust } = made
  return Object.assign(made, {
    adjust: (next: { settings: GivenSmppSettings }) => adjust({ settings: completeSettings(next.settings) }),
  })
}

/**
 * What keeps a bind from being made of settings that fit their schema, in sentences: one is made, and never opened. What
 * is not found here would show at every node as a carrier that cannot be run.
 */
export function smppProblems(settings: GivenSmppSettings, secrets: SmppSecrets): string[] {
  try {
    createSmppSlot({ settings, secrets, slot: 0, clock: systemClock, log: silentLog })
    return []
  } catch (error) {
    return [(error as Error).message]
  }
}

/** `smpp://system_id:password@host:port`, or `smpps:` for TLS, as settings and secrets. */
export function readSmppUrl(text: string): { settings: GivenSmppSettings; secrets: SmppSecrets } {
  const url = new URL(text)
  const tls = url.protocol === 'smpps:'
  return {
    settings: {
      hosts: [
        {
          host: url.hostname.replace(/^\[|\]$/g, ''),
          port: Number(url.port || defaultPort(tls)),
          tls,
        },
      ],
      system_id: decodeURIComponent(url.username),
    },
    secrets: { password: decodeURIComponent(url.password) },
  }
}
