import type { Tx } from '../../../store/db.ts'
import type { Almanac } from './almanac.ts'
import { readZones } from './gate.store.ts'
import type { Kind } from './judge.ts'
import { type Place, placeOf, settledIn } from './place.ts'
import { type ConsentRules, type Holding, holdingAt } from './settings.ts'

/** Somebody who is to be sent something. */
export interface Recipient {
  accountId: string
  /** E.164. */
  number: string
  kind: Kind
  rules: ConsentRules
  /** Null: not known. Left out, it is looked up. */
  timeZone?: string | null | undefined
}

/** What holds where each of them may be, in their order; one statement at most, for the zones of contacts. */
export async function holdingsOf(
  tx: Tx,
  recipients: readonly Recipient[],
  almanac: Almanac,
): Promise<Holding[]> {
  const zones = await readZones(
    tx,
    recipients.filter(({ kind, timeZone }) => kind === 'marketing' && timeZone === undefined),
  )
  // Most share a place, and so what holds there; those whose zone is not known share it as it is.
  const shared = new Map<string, Holding>()
  const bare = new Map<ConsentRules, Map<Kind, Map<Place, Holding>>>()
  const versions = new Map<ConsentRules, number>()
  const holdings = recipients.map(({ accountId, number, kind, rules, timeZone }) => {
    const zone = kind === 'marketing' && timeZone !== undefined ? timeZone : zones.get(accountId + number)
    const place = placeOf(number)
    if (zone === undefined || zone === null || !isZone(zone)) {
      const ofRules = kept(bare, rules, () => new Map<Kind, Map<Place, Holding>>())
      const ofKind = kept(ofRules, kind, () => new Map<Place, Holding>())
      return kept(ofKind, place, () => holdingAt(place, kind, rules))
    }
    const settled = settledIn(place, zone)
    const version = kept(versions, rules, () => versions.size)
    return kept(shared, `${version} ${kind} ${settled.key}`, () => holdingAt(settled, kind, rules))
  })
  await almanac.prepare([...new Set(holdings)].map(({ hours }) => hours))
  return holdings
}

function kept<K, V>(by: Map<K, V>, key: K, make: () => V): V {
  let value = by.get(key)
  if (value === undefined) {
    value = make()
    by.set(key, value)
  }
  return value
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
