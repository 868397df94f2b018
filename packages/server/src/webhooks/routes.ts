import type { Static } from 'typebox'
import type { Bell } from '../bell.ts'
import type { Clock } from '../clock.ts'
import type { Guard } from '../egress.ts'
import { KurzpostError } from '../errors.ts'
import { type IdKind, parseId, publicId, uuidv7 } from '../ids.ts'
import { type Call, noContent, type Route } from '../route.ts'
import type { Db } from '../store/db.ts'
import {
  deleteEndpoint,
  type Endpoint,
  insertEndpoint,
  listEndpoints,
  rotateSecret,
  updateEndpoint,
} from './endpoint.store.ts'
import { insertTestEvent, listDeliveries, replayDelivery } from './log.store.ts'
import * as schema from './schemas.ts'
import { newSecret, showSecret } from './sign.ts'

/** More would each get a copy of every event, and cost as much as the messages themselves. */
const mostEndpoints = 20
/** How long the secret before a rotation still signs. */
const rotationMs = 24 * 3_600_000

type Params = Static<typeof schema.EndpointParams>
type LogParams = Static<typeof schema.DeliveryParams>

/** `/v1/webhooks`: endpoints, their secrets, their log. */
export function webhookRoutes(house: { db: Db; bell: Bell; clock: Clock; guard: Guard }): Route[] {
  return [...endpointRoutes(house), ...deliveryRoutes(house)].map((route) => ({
    tag: 'Webhooks',
    scope: 'webhooks',
    ...route,
  }))
}

type Untagged = Omit<Route, 'tag' | 'scope'>

function demandId(kind: IdKind, text: string): string {
  const uuid = parseId(kind, text)
  if (!uuid) throw new KurzpostError('not_found')
  return uuid
}

function demand<T>(found: T | undefined): T {
  if (found === undefined) throw new KurzpostError('not_found')
  return found
}

function endpointRoutes({ db, bell, clock, guard }: Parameters<typeof webhookRoutes>[0]): Untagged[] {
  const withSecret = (row: Endpoint, secret: Buffer) => ({
    ...schema.endpointJson(row),
    secret: showSecret(secret),
  })
  const path = '/v1/webhooks/:id'
  const params = schema.EndpointParams

  return [
    {
      method: 'POST',
      path: '/v1/webhooks',
      summary: 'Add an endpoint',
      description:
        'Events are POSTed to it as they happen, signed after Standard Webhooks (standardwebhooks.com). Each comes at ' +
        'least once, in no promised order: drop a `webhook-id` that you have seen. Answer with 2xx within 15 seconds; ' +
        'anything else is tried again, twelve times over five days. 410 switches the endpoint off.',
      body: schema.NewEndpoint,
      responses: { 201: schema.EndpointWithSecret },
      async handler({ accountId, body }: Call<Static<typeof schema.NewEndpoint>>) {
        const secret = newSecret()
        const now = clock.now()
        const endpoint = {
          id: uuidv7(now.getTime()),
          url: guard.checkUrl(body.url),
          events: body.events ?? [],
          description: body.description ?? null,
          secret,
          created_at: now,
        }
        const row = await insertEndpoint(db, accountId, endpoint, mostEndpoints)
        if (!row) throw new KurzpostError('too_many_webhooks')
        bell.ring('webhooks')
        return { status: 201, body: withSecret(row, secret) }
      },
    },
    {
      method: 'GET',
      path: '/v1/webhooks',
      summary: 'List endpoints',
      responses: { 200: schema.page(schema.EndpointOut) },
      async handler({ accountId }: Call) {
        const rows = await listEndpoints(db, accountId)
        return { status: 200, body: { data: rows.map(schema.endpointJson), next: null } }
      },
    },
    {
      method: 'GET',
      path,
      summary: 'One endpoint',
      params,
      responses: { 200: schema.EndpointOut },
      async handler({ accountId, params }: Call<unknown, unknown, Params>) {
        const [row] = await listEndpoints(db, accountId, demandId('webhook', params.id))
        return { status: 200, body: schema.endpointJson(demand(row)) }
      },
    },
    {
      method: 'PATCH',
      path,
      summary: 'Change an endpoint',
      description:
        'While it is switched off it gets no new events, and what waited for it waits. `GET /v1/events` has what it missed.',
      params,
      body: schema.EndpointChange,
      responses: { 200: schema.EndpointOut },
      async handler({
        accountId,
        params,
        body,
      }: Call<Static<typeof schema.EndpointChange>, unknown, Params>) {
        const change = { ...body, ...(body.url !== undefined && { url: guard.checkUrl(body.url) }) }
        const row = await updateEndpoint(db, accountId, demandId('webhook', params.id), change)
        bell.ring('webhooks')
        return { status: 200, body: schema.endpointJson(demand(row)) }
      },
    },
    {
      method: 'DELETE',
      path,
      summary: 'Delete an endpoint',
      description: 'What waits for it is not sent any more, and its log is gone.',
      params,
      responses: { 204: { description: 'Deleted' } },
      async handler({ accountId, params }: Call<unknown, unknown, Params>) {
        if (!(await deleteEndpoint(db, accountId, demandId('webhook', params.id))))
          throw new KurzpostError('not_found')
        bell.ring('webhooks')
        return noContent
      },
    },
    {
      method: 'POST',
      path: `${path}/rotate-secret`,
      summary: 'Change the secret',
      description: 'For a day every delivery carries two signatures, of the new secret and of the old one.',
      params,
      responses: { 200: schema.EndpointWithSecret },
      async handler({ accountId, params }: Call<unknown, unknown, Params>) {
        const secret = newSecret()
        const until = new Date(clock.now().getTime() + rotationMs)
        const row = await rotateSecret(db, accountId, demandId('webhook', params.id), secret, until)
        return { status: 200, body: withSecret(demand(row), secret) }
      },
    },
  ]
}

function deliveryRoutes({ db, bell, clock }: Parameters<typeof webhookRoutes>[0]): Untagged[] {
  const path = '/v1/webhooks/:id/deliveries'
  const findEndpoint = async (accountId: string, id: string): Promise<Endpoint> =>
    demand((await listEndpoints(db, accountId, demandId('webhook', id)))[0])

  async function showDelivery(accountId: string, webhookId: string, eventId: string) {
    const [row] = await listDeliveries(db, accountId, webhookId, { eventId })
    return schema.deliveryJson(demand(row))
  }

  return [
    {
      method: 'GET',
      path,
      summary: 'The log of an endpoint, newest event first',
      description:
        'With what exactly was signed and how each attempt ended. Kept for a week, failures for a month.',
      params: schema.EndpointParams,
      query: schema.LogQuery,
      responses: { 200: schema.page(schema.DeliveryOut) },
      async handler({ accountId, params, query }: Call<unknown, Static<typeof schema.LogQuery>, Params>) {
        const endpoint = await findEndpoint(accountId, params.id)
        const { limit = 50, status } = query
        const before = query.before === undefined ? undefined : parseId('delivery', query.before)
        if (query.before !== undefined && !before) throw new KurzpostError('invalid_cursor')
        const rows = await listDeliveries(db, accountId, endpoint.id, {
          limit: limit + 1,
          ...(before && { before }),
          ...(status && { status }),
        })
        const items = rows.slice(0, limit)
        const next = rows.length > limit ? publicId('delivery', items.at(-1)!.event_id) : null
        return { status: 200, body: { data: items.map(schema.deliveryJson), next } }
      },
    },
    {
      method: 'POST',
      path: `${path}/:delivery/replay`,
      summary: 'Send a delivery again',
      description: 'Under the same `webhook-id`, with a fresh run of retries.',
      params: schema.DeliveryParams,
      responses: { 202: schema.DeliveryOut },
      async handler({ accountId, params }: Call<unknown, unknown, LogParams>) {
        const endpoint = await findEndpoint(accountId, params.id)
        const eventId = demandId('delivery', params.delivery)
        await replayDelivery(db, accountId, endpoint.id, eventId, clock.now())
        bell.ring('deliveries')
        return { status: 202, body: await showDelivery(accountId, endpoint.id, eventId) }
      },
    },
    {
      method: 'POST',
      path: '/v1/webhooks/:id/test',
      summary: 'Send a test event',
      description:
        'A `webhook.test` event to this endpoint alone, whatever its filter. The log shows how it went.',
      params: schema.EndpointParams,
      responses: { 202: schema.DeliveryOut },
      async handler({ accountId, params }: Call<unknown, unknown, Params>) {
        const endpoint = await findEndpoint(accountId, params.id)
        const now = clock.now()
        const payload = { webhook_id: publicId('webhook', endpoint.id), text: 'Hello from Kurzpost.' }
        const test = { accountId, webhookId: endpoint.id, payload, now }
        const eventId = await db.transaction((tx) => insertTestEvent(tx, test))
        bell.ring('deliveries')
        bell.ring('outbox')
        return { status: 202, body: await showDelivery(accountId, endpoint.id, eventId) }
      },
    },
  ]
}
