import { isDeepStrictEqual } from 'node:util'
import type { Bell } from '../bell.ts'
import type { Clock } from '../clock.ts'
import type { Guard } from '../egress.ts'
import { KurzpostError } from '../errors.ts'
import { uuidv7 } from '../ids.ts'
import { normalizeSender } from '../message/address.ts'
import type { RouteRule } from '../routing/rank.ts'
import {
  catchAll,
  deleteRoute,
  deleteRoutesOf,
  insertRoute,
  lockRoute,
  raiseRevision,
  updateRoute,
} from '../routing/routes.store.ts'
import type { Db, Tx } from '../store/db.ts'
import { setByUrl } from './config-carrier.ts'
import { checkSetup, merged } from './kinds.ts'
import {
  type CarrierRow,
  insertCarrier,
  isNameTaken,
  lockCarrier,
  type Mode,
  readUsage,
  retireCarrier,
  updateCarrier,
} from './store.ts'

/** Changes of carriers and routes, as the API and the command line make them. All throw KurzpostError. */
export interface ManageHouse {
  readonly db: Db
  readonly bell: Bell
  readonly clock: Clock
  /** Where HTTP carriers may lead. */
  readonly guard: Guard
  /** Of senders that are written as national numbers. */
  readonly country: string
  /** Resolves when this process works by what has been written: whoever was answered finds his change in force. */
  readonly reread?: () => Promise<void>
}

type Json = Record<string, unknown>
export type RouteFields = Omit<RouteRule, 'id' | 'carrierId'>

/** In one transaction; every node is told once it has committed. `reroute`: messages may have another path now. */
export async function change<T>(
  { db, bell, reread }: ManageHouse,
  reroute: boolean,
  work: (tx: Tx) => Promise<T>,
): Promise<T> {
  const result = await db.transaction(async (tx) => {
    const done = await work(tx)
    if (reroute) await raiseRevision(tx)
    return done
  })
  bell.ring('carriers')
  // It is done; a poll brings what could not be read now.
  await reread?.().catch(() => {})
  return result
}

const wrong = (field: string, problem: string) =>
  new KurzpostError('invalid_request', { details: [{ field, problem }] })

/** Without `routes` it gets one that takes everything; with an empty list none. */
export function addCarrier(
  house: ManageHouse,
  carrier: {
    accountId: string
    name: string
    kind: string
    profile: string | null
    settings: Json
    secrets: Json
    mode: Mode
    routes?: readonly Partial<RouteFields>[] | undefined
  },
): Promise<CarrierRow> {
  const { accountId, routes, ...rest } = carrier
  checkSetup(rest, house.guard)
  return change(house, true, async (tx) => {
    const now = house.clock.now()
    const id = uuidv7(now.getTime())
    const row = await insertCarrier(tx, { ...rest, id, account_id: accountId, origin: 'api' }, now)
    if (!row) throw new KurzpostError('name_taken')
    for (const fields of routes ?? [{}]) await insertFor(house, tx, id, fields, now)
    return row
  })
}

export interface CarrierChange {
  name?: string | undefined
  mode?: Mode | undefined
  profile?: string | null | undefined
  /** Laid over those that there are (RFC 7396). */
  settings?: Json | undefined
  secrets?: Json | undefined
  /** Of the carrier that the change was made for. */
  revision?: number | undefined
}

export function changeCarrier(house: ManageHouse, id: string, wanted: CarrierChange): Promise<CarrierRow> {
  return change(house, wanted.name !== undefined, async (tx) => {
    const row = await lockCarrier(tx, id)
    if (!row) throw new KurzpostError('not_found')
    if (wanted.revision !== undefined && wanted.revision !== row.revision)
      throw new KurzpostError('stale_revision', { details: { revision: row.revision } })
    const { name = row.name, mode = row.mode, profile = row.profile } = wanted
    const settings = merged(row.settings, wanted.settings ?? {})
    const secrets = merged(row.secrets, wanted.secrets ?? {})
    if (row.origin === 'config') demandOthers(row, settings, secrets, name)
    const next = { ...row, name, mode, profile, settings, secrets }
    checkSetup(next, house.guard)
    if (await isNameTaken(tx, name, id)) throw new KurzpostError('name_taken')
    return updateCarrier(tx, next, house.clock.now())
  })
}

/** The next start would set them back, and nobody would know why. */
function demandOthers(row: CarrierRow, settings: Json, secrets: Json, name: string): void {
  const passwords = [secrets, row.secrets].map(({ password }) => password)
  const fields = [
    ...setByUrl
      .filter((key) => !isDeepStrictEqual(settings[key], row.settings[key]))
      .map((key) => `settings.${key}`),
    ...(passwords[0] === passwords[1] ? [] : ['secrets.password']),
    // It is found by its name.
    ...(name === row.name ? [] : ['name']),
  ]
  if (fields.length > 0) throw new KurzpostError('set_by_environment', { details: { fields } })
}

/**
 * Takes a carrier and its routes out. Refuses with `carrier_in_use` while messages depend on it; `force` takes it out all
 * the same: what is on the wire is answered or becomes uncertain, and what has no other carrier waits for a route.
 */
export function removeCarrier(house: ManageHouse, id: string, { force }: { force: boolean }): Promise<void> {
  return change(house, true, async (tx) => {
    if (!(await lockCarrier(tx, id))) throw new KurzpostError('not_found')
    const usage = await readUsage(tx, id)
    if (!force && usage.on_wire + usage.only_way > 0)
      throw new KurzpostError('carrier_in_use', { details: usage })
    await deleteRoutesOf(tx, id)
    await retireCarrier(tx, id, house.clock.now())
  })
}

export function addRoute(
  house: ManageHouse,
  carrierId: string,
  fields: Partial<RouteFields>,
): Promise<RouteRule> {
  return change(house, true, (tx) => insertFor(house, tx, carrierId, fields, house.clock.now()))
}

async function insertFor(
  house: ManageHouse,
  tx: Tx,
  carrierId: string,
  fields: Partial<RouteFields>,
  now: Date,
): Promise<RouteRule> {
  const route = { ...catchAll(uuidv7(now.getTime()), carrierId), ...fields }
  return found(await insertRoute(tx, spelled(house, route), now))
}

export function changeRoute(
  house: ManageHouse,
  id: string,
  fields: Partial<Omit<RouteRule, 'id'>>,
): Promise<RouteRule> {
  return change(house, true, async (tx) => {
    const row = await lockRoute(tx, id)
    if (!row) throw new KurzpostError('not_found')
    return found(await updateRoute(tx, spelled(house, { ...row, ...fields }), house.clock.now()))
  })
}

export function removeRoute(house: ManageHouse, id: string): Promise<void> {
  return change(house, true, async (tx) => {
    if (!(await deleteRoute(tx, id))) throw new KurzpostError('not_found')
  })
}

/** Senders are compared in their one spelling. */
function spelled({ country }: ManageHouse, route: RouteRule): RouteRule {
  if (route.sender === null) return route
  const sender = normalizeSender(route.sender, country)
  if (sender === undefined) throw new KurzpostError('invalid_sender', { details: { field: 'sender' } })
  return { ...route, sender }
}

function found(route: RouteRule | undefined): RouteRule {
  if (!route) throw wrong('carrier_id', 'names no carrier, or account_id names no account')
  return route
}
