import type { Tx } from '../../../store/db.ts'
import type { Almanac } from './almanac.ts'
import { readZones } from './gate.store.ts'
import type { Kind } from './judge.ts'
import { placeOf, settledIn } from './place.ts'
import { type ConsentRules, type Holding, holdingAt } from './settings.ts'

/** Somebody who is to be sent something. */
export interface Recipient {
  accountId: string
  /** E.164. */
  number: string
  kind: Kind
  rules: ConsentRules
}

/** What holds where each of them may be, in their order; one statement, for the zones of contacts. */
export async function holdingsOf(
  tx: Tx,
  recipients: readonly Recipient[],
  almanac: Almanac,
): Promise<Holding[]> {
  const zones = await readZones(
    tx,
    recipients.filter(({ kind }) => kind === 'marketing'),
  )
  // Most share a place, and so what holds there.
  const shared = new Map<string, Holding>()
  const versions = new Map([...new Set(recipients.map(({ rules }) => rules))].map((rules, at) => [rules, at]))
  const holdings = recipients.map(({ accountId, number, kind, rules }) => {
    const zone = zones.get(accountId + number)
    const place = placeOf(number)
    const settled = zone !== undefined && isZone(zone) ? settledIn(place, zone) : place
    const key = `${versions.get(rules)} ${kind} ${settled.key}`
    const holding = shared.get(key) ?? holdingAt(settled, kind, rules)
    shared.set(key, holding)
    return holding
  })
  await almanac.prepare([...shared.values()].map(({ hours }) => hours))
  return holdings
}

const known = new Map<string, boolean>()

/** Contacts may have come with a zone that this Node does not know. */
export function isZone(zone: string): boolean {
  let is = known.get(zone)
  if (is === undefined) {
    try {
      new Intl.DateTimeFormat('en', { timeZone: zone })
      is = true
    } catch {
      is = false
    }
    if (known.size < 1_000) known.set(zone, is)
  }
  return is
}
