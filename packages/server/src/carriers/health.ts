import type { Standing } from '../routing/explain.ts'
import type { Db, Tx } from '../store/db.ts'
import { kinds, type SlotPlan, slotsOf } from './kinds.ts'
import { type BindRow, type CarrierRow, listBinds, listCarriers } from './store.ts'

export const healthStates = ['up', 'degraded', 'down', 'paused', 'drained'] as const
export type HealthState = (typeof healthStates)[number]

/** How a carrier is, put together from what the holders of its binds say. */
export interface Health extends Standing {
  readonly state: HealthState
  readonly since: Date | null
  /** How many links that submit it shall have. */
  readonly links: number
}

/** The binds that a carrier shall have; none for a kind that a newer version has left behind. */
export const plansOf = (carrier: CarrierRow): SlotPlan[] => (kinds.has(carrier.kind) ? slotsOf(carrier) : [])

const counted = (count: number): string => (count === 1 ? 'its link' : `its ${count} links`)

/** Sentences go on after "it is": they begin small and end without a full stop. */
export function healthOf(carrier: CarrierRow, binds: readonly BindRow[]): Health {
  const plans = plansOf(carrier).filter(({ submits }) => submits)
  return { ...stateOf(carrier, binds, plans), links: plans.length }
}

function stateOf(
  carrier: CarrierRow,
  binds: readonly BindRow[],
  plans: readonly SlotPlan[],
): Omit<Health, 'links'> {
  const mine = plans.map(({ slot }) => binds.find((bind) => bind.slot === slot))
  const bound = mine.filter((bind) => bind?.state === 'bound').length
  const since = mine.reduce<Date | null>(
    (latest, bind) => (bind && (!latest || bind.state_at > latest) ? bind.state_at : latest),
    null,
  )
  const down = { takes: false, since }
  if (!kinds.has(carrier.kind))
    return {
      ...down,
      state: 'down',
      code: 'unknown_kind',
      sentence: `of a kind that this version does not know`,
    }
  if (carrier.mode === 'paused')
    return { takes: false, since: carrier.updated_at, state: 'paused', code: 'paused', sentence: 'paused' }
  if (carrier.mode === 'drained') {
    const isDone = binds.every(({ node }) => node === null)
    const sentence = isDone ? 'drained' : 'being drained: what is on the wire is waited for'
    return { takes: false, since: carrier.updated_at, state: 'drained', code: 'drained', sentence }
  }
  if (bound === plans.length && bound > 0)
    return { takes: true, since, state: 'up', code: 'up', sentence: `up, on ${counted(bound)}` }
  if (bound > 0)
    return {
      takes: true,
      since,
      state: 'degraded',
      code: 'degraded',
      sentence: `up on ${bound} of ${counted(plans.length)}`,
    }
  if (mine.some((bind) => bind?.state === 'open'))
    return {
      ...down,
      state: 'down',
      code: 'circuit_open',
      sentence: 'given a rest: too much of what it was sent failed',
    }
  const isTried = mine.some((bind) => bind?.node != null)
  return {
    ...down,
    state: 'down',
    code: isTried ? 'down' : 'not_held',
    sentence: isTried ? `down: ${counted(plans.length)} cannot be made` : 'down: no node holds its links',
  }
}

/** All carriers with their binds, by name. */
export async function readFleet(
  db: Tx,
): Promise<{ carrier: CarrierRow; binds: BindRow[]; health: Health }[]> {
  const [carriers, binds] = [await listCarriers(db), await listBinds(db)]
  return carriers.map((carrier) => {
    const mine = binds.filter((bind) => bind.carrier_id === carrier.id)
    return { carrier, binds: mine, health: healthOf(carrier, mine) }
  })
}

const unknown = { takes: false, code: 'unknown', sentence: 'not there any more', links: 0 }

/** How every carrier stands at this moment, by its id. */
export async function readStandings(
  db: Db,
): Promise<(carrierId: string) => Standing & Pick<Health, 'links'>> {
  const fleet = new Map((await readFleet(db)).map(({ carrier, health }) => [carrier.id, health]))
  return (id) => fleet.get(id) ?? unknown
}
