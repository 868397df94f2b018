import type { Static } from 'typebox'
import { KurzpostError } from '../errors.ts'
import { parseId } from '../ids.ts'
import { type Call, noContent, type Route } from '../route.ts'
import { readFleet } from './health.ts'
import { kinds } from './kinds.ts'
import { addCarrier, changeCarrier, type ManageHouse, removeCarrier } from './manage.ts'
import * as schema from './schemas.ts'
import { countQueued } from './store.ts'

type Params = Static<typeof schema.CarrierParams>

/** The UUID in a public id, or `not_found`. */
function demandId(text: string): string {
  const uuid = parseId('carrier', text)
  if (!uuid) throw new KurzpostError('not_found')
  return uuid
}

/** `/v1/carriers` and `/v1/carrier-profiles`. Carriers are the operator's: every key with the scope sees all of them. */
export function carrierRoutes(house: ManageHouse): Route[] {
  async function one(id: string) {
    const found = (await readFleet(house.db)).find(({ carrier }) => carrier.id === id)
    if (!found) throw new KurzpostError('not_found')
    return schema.carrierJson(found, (await countQueued(house.db)).get(id) ?? 0)
  }
  const path = '/v1/carriers/:id'
  const params = schema.CarrierParams
  const routes: Omit<Route, 'tag' | 'scope'>[] = [
    {
      method: 'GET',
      path: '/v1/carriers',
      summary: 'List carriers with their links, by name',
      responses: { 200: schema.list(schema.CarrierOut) },
      async handler() {
        const queued = await countQueued(house.db)
        const fleet = await readFleet(house.db)
        const data = fleet.map((each) => schema.carrierJson(each, queued.get(each.carrier.id) ?? 0))
        return { status: 200, body: { data } }
      },
    },
    {
      method: 'POST',
      path: '/v1/carriers',
      summary: 'Add a carrier',
      description:
        'Its links are made at once by the nodes that hold links, and no other link is touched. What comes in on it belongs to the account of the key.',
      body: schema.NewCarrier,
      responses: { 201: schema.CarrierOut },
      async handler({ accountId, body }: Call<Static<typeof schema.NewCarrier>>) {
        const { name, kind, settings, secrets = {}, profile = null, mode = 'active', routes } = body
        const given = routes?.map(readRoute)
        const row = await addCarrier(house, {
          ...{ accountId, name, kind, settings, secrets, profile, mode },
          routes: given,
        })
        return { status: 201, body: await one(row.id) }
      },
    },
    {
      method: 'GET',
      path,
      summary: 'One carrier',
      params,
      responses: { 200: schema.CarrierOut },
      async handler(call: Call<unknown, unknown, Params>) {
        return { status: 200, body: await one(demandId(call.params.id)) }
      },
    },
    {
      method: 'PATCH',
      path,
      summary: 'Change, pause, drain or resume a carrier',
      description:
        'Settings and secrets are laid over those that there are; null takes one away (RFC 7396). A link is made anew only where something changes that it was made with.',
      params,
      body: schema.CarrierChange,
      responses: { 200: schema.CarrierOut },
      async handler({ params: { id }, body }: Call<Static<typeof schema.CarrierChange>, unknown, Params>) {
        const row = await changeCarrier(house, demandId(id), body)
        return { status: 200, body: await one(row.id) }
      },
    },
    {
      method: 'DELETE',
      path,
      summary: 'Take a carrier out, and its routes',
      description: 'Late receipts still find their messages. Its name is free again.',
      params,
      query: schema.DeleteQuery,
      responses: { 204: { description: 'Gone' } },
      async handler({ params: { id }, query }: Call<unknown, Static<typeof schema.DeleteQuery>, Params>) {
        await removeCarrier(house, demandId(id), { force: query.force ?? false })
        return noContent
      },
    },
    {
      method: 'GET',
      path: '/v1/carrier-profiles',
      summary: 'Settings of known carriers, by name',
      responses: { 200: schema.list(schema.ProfileOut) },
      handler() {
        const data = [...kinds.values()].flatMap(({ name: kind, profiles }) =>
          profiles.map(({ name, what, settings }) => ({ name, kind, what, settings })),
        )
        return { status: 200, body: { data } }
      },
    },
  ]
  return routes.map((route) => ({ tag: 'Carriers', scope: 'operate', operator: true, ...route }))
}

type GivenRoute = Omit<Static<typeof schema.RouteChange>, 'carrier_id'>

/** The fields of a route as they were given; a bare UUID in place of the public id of the account. */
export function readRoute({ account_id, ...fields }: GivenRoute) {
  const accountId = account_id == null ? account_id : parseId('account', account_id)
  if (accountId === undefined && account_id !== undefined)
    throw new KurzpostError('invalid_request', {
      details: [{ field: 'account_id', problem: 'must be the id of an account, acc_…' }],
    })
  return { ...fields, ...(accountId === undefined ? {} : { accountId }) }
}
