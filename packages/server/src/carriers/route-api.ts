import type { Static } from 'typebox'
import { KurzpostError } from '../errors.ts'
import { type IdKind, parseId } from '../ids.ts'
import { normalizeRecipient, normalizeSender } from '../message/address.ts'
import { type Call, noContent, type Route } from '../route.ts'
import { explain } from '../routing/explain.ts'
import { deleteLimit, listLimits, putLimit } from '../routing/limits.store.ts'
import type { RouteRule, RoutingFacts } from '../routing/rank.ts'
import { raiseRevision, readRules } from '../routing/routes.store.ts'
import { readRoute } from './api.ts'
import { readStandings } from './health.ts'
import { addRoute, change, changeRoute, type ManageHouse, removeRoute } from './manage.ts'
import * as schema from './schemas.ts'

export interface RouteHouse extends ManageHouse {
  /** Sandbox: take numbers of the fictitious ranges. */
  readonly lenient: boolean
  readonly defaultSender: string | null
}

type Params = Static<typeof schema.RouteParams>
type Untagged = Omit<Route, 'scope'>

function demandId(kind: IdKind, text: string): string {
  const uuid = parseId(kind, text)
  if (!uuid) throw new KurzpostError('not_found')
  return uuid
}

function demandCarrier(text: string): string {
  const uuid = parseId('carrier', text)
  if (uuid) return uuid
  const details = [{ field: 'carrier_id', problem: 'must be the id of a carrier, car_…' }]
  throw new KurzpostError('invalid_request', { details })
}

/** What a message to be explained would be routed by. Throws `invalid_number` and `invalid_sender`. */
export function readQuestion(
  { country, lenient, defaultSender }: Pick<RouteHouse, 'country' | 'lenient' | 'defaultSender'>,
  accountId: string,
  { to, from, lane = 'transactional' }: Static<typeof schema.Question>,
): RoutingFacts {
  const recipient = normalizeRecipient(to, { country, lenient })
  if (!recipient) throw new KurzpostError('invalid_number', { details: { field: 'to' } })
  const wanted = from ?? defaultSender
  const sender = wanted === null ? null : normalizeSender(wanted, country)
  if (sender === undefined) throw new KurzpostError('invalid_sender', { details: { field: 'from' } })
  return { accountId, recipient, sender, lane }
}

/** By the rules and the links as they are in the database at this moment. */
export async function explainNow(db: ManageHouse['db'], facts: RoutingFacts) {
  const { carriers, routes } = await readRules(db)
  const standings = await readStandings(db)
  return explain({ routes, carriers: new Map(carriers.map((each) => [each.id, each])) }, facts, standings)
}

/** `/v1/routes` and `/v1/rate-limits`. */
export function routeRoutes(house: RouteHouse): Route[] {
  const all = [...ruleRoutes(house), ...limitRoutes(house)]
  return all.map((route) => ({ scope: 'operate', operator: true, ...route }))
}

function ruleRoutes(house: RouteHouse): Untagged[] {
  const { db } = house
  const named = async (route: RouteRule) => {
    const { carriers } = await readRules(db)
    return schema.routeJson(route, carriers.find(({ id }) => id === route.carrierId)?.name ?? '')
  }
  const path = '/v1/routes/:id'
  const params = schema.RouteParams
  const tag = 'Routes'
  return [
    {
      method: 'GET',
      path: '/v1/routes',
      tag,
      summary: 'List routes, oldest first',
      responses: { 200: schema.list(schema.RouteOut) },
      async handler() {
        const { carriers, routes } = await readRules(db)
        const names = new Map(carriers.map(({ id, name }) => [id, name]))
        const data = routes.map((route) => schema.routeJson(route, names.get(route.carrierId) ?? ''))
        return { status: 200, body: { data } }
      },
    },
    {
      method: 'POST',
      path: '/v1/routes',
      tag,
      summary: 'Offer a carrier to messages',
      description:
        'The longest prefix wins; then a route that names the account, the sender, the lanes; then the cheapest. Equals share by weight, and a number keeps its way. Messages that wait are moved.',
      body: schema.NewRoute,
      responses: { 201: schema.RouteOut },
      async handler({ body: { carrier_id, ...fields } }: Call<Static<typeof schema.NewRoute>>) {
        const route = await addRoute(house, demandCarrier(carrier_id), readRoute(fields))
        return { status: 201, body: await named(route) }
      },
    },
    {
      method: 'PATCH',
      path,
      tag,
      summary: 'Change a route, or switch it off',
      params,
      body: schema.RouteChange,
      responses: { 200: schema.RouteOut },
      async handler({ params: { id }, body }: Call<Static<typeof schema.RouteChange>, unknown, Params>) {
        const { carrier_id, ...fields } = body
        const to = carrier_id === undefined ? {} : { carrierId: demandCarrier(carrier_id) }
        const route = await changeRoute(house, demandId('route', id), { ...readRoute(fields), ...to })
        return { status: 200, body: await named(route) }
      },
    },
    {
      method: 'DELETE',
      path,
      tag,
      summary: 'Take a route away',
      description: 'Messages for which there is no route left wait until there is one, or expire.',
      params,
      responses: { 204: { description: 'Gone' } },
      async handler(call: Call<unknown, unknown, Params>) {
        await removeRoute(house, demandId('route', call.params.id))
        return noContent
      },
    },
    {
      method: 'POST',
      path: '/v1/routes/explain',
      tag,
      effect: 'none',
      summary: 'Which carrier a message would take now, and why',
      description: 'Nothing is sent.',
      body: schema.Question,
      responses: { 200: schema.ExplanationOut },
      async handler({ accountId, body }: Call<Static<typeof schema.Question>>) {
        const explanation = await explainNow(db, readQuestion(house, accountId, body))
        return { status: 200, body: schema.explanationJson(explanation) }
      },
    },
  ]
}

function limitRoutes(house: RouteHouse): Untagged[] {
  const { db, country } = house
  const tag = 'Rate limits'
  const path = '/v1/rate-limits'
  const spelled = (sender: string | null): string | null => {
    const known = sender === null ? null : normalizeSender(sender, country)
    if (known === undefined) throw new KurzpostError('invalid_sender', { details: { field: 'sender' } })
    return known
  }
  return [
    {
      method: 'GET',
      path,
      tag,
      summary: 'List the limits of the account and its senders',
      responses: { 200: schema.list(schema.LimitOut) },
      async handler({ accountId }: Call) {
        return { status: 200, body: { data: await listLimits(db, accountId) } }
      },
    },
    {
      method: 'PUT',
      path,
      tag,
      summary: 'Limit the account, or one of its senders',
      description:
        'Beside what each carrier allows. Messages of the limited one wait in nobody’s way; those of a sender count for the account too.',
      body: schema.NewLimit,
      responses: { 200: schema.LimitOut },
      async handler({ accountId, body }: Call<Static<typeof schema.NewLimit>>) {
        const limit = { ...body, sender: spelled(body.sender) }
        await change(house, false, async (tx) => {
          // Only who is limited decides about paths, not how much.
          if (await putLimit(tx, accountId, limit)) await raiseRevision(tx)
        })
        return { status: 200, body: limit }
      },
    },
    {
      method: 'DELETE',
      path,
      tag,
      summary: 'Lift a limit',
      query: schema.LimitQuery,
      responses: { 204: { description: 'Lifted' } },
      async handler({ accountId, query }: Call<unknown, Static<typeof schema.LimitQuery>>) {
        await change(house, true, async (tx) => {
          if (!(await deleteLimit(tx, accountId, spelled(query.sender ?? null))))
            throw new KurzpostError('not_found')
        })
        return noContent
      },
    },
  ]
}
