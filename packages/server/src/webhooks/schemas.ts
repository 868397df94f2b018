import { type TSchema, Type } from 'typebox'
import { type EventName, eventNames } from '../events.ts'
import { publicId } from '../ids.ts'
import type { Endpoint } from './endpoint.store.ts'
import { type DeliveryRow, type DeliveryStatus, deliveryStatuses } from './log.store.ts'
import { signedContent } from './sign.ts'

/** What the webhook addresses take and give. A `title` makes a schema a named part of the OpenAPI document. */

const closed = { additionalProperties: false } as const
const nullable = <T extends TSchema>(inner: T) => Type.Union([inner, Type.Null()])
const time = Type.String({ format: 'date-time' })
export const page = <T extends TSchema>(item: T) =>
  Type.Object({ data: Type.Array(item), next: nullable(Type.String()) })

const id = Type.String({ description: 'whk_…', maxLength: 40 })
export const EndpointParams = Type.Object({ id })
export const DeliveryParams = Type.Object({
  id,
  delivery: Type.String({ description: 'dlv_…', maxLength: 40 }),
})

const given = {
  url: Type.String({
    maxLength: 2_000,
    description: 'Public https address that takes POSTs',
    examples: ['https://example.com/sms-events'],
  }),
  events: Type.Array(Type.Enum(eventNames), {
    uniqueItems: true,
    description: 'Event types wanted; none means all of them',
  }),
  description: nullable(Type.String({ maxLength: 200 })),
}
export const NewEndpoint = Type.Object(
  {
    url: given.url,
    events: Type.Optional(given.events),
    description: Type.Optional(given.description),
  },
  { ...closed, title: 'NewWebhook' },
)
export const EndpointChange = Type.Object(
  {
    url: Type.Optional(given.url),
    events: Type.Optional(given.events),
    description: Type.Optional(given.description),
    enabled: Type.Optional(
      Type.Boolean({ description: 'Switching on sends what waits, and forgets earlier failures' }),
    ),
  },
  { ...closed, minProperties: 1, title: 'WebhookChange' },
)

const endpoint = {
  id: Type.String(),
  url: Type.String(),
  events: Type.Array(Type.String()),
  description: nullable(Type.String()),
  enabled: Type.Boolean(),
  failing_since: nullable(time),
  disabled_reason: nullable(Type.String({ description: 'Why the server switched it off' })),
  created_at: time,
}
export const EndpointOut = Type.Object(endpoint, { title: 'Webhook' })
export const EndpointWithSecret = Type.Object(
  {
    ...endpoint,
    secret: Type.String({
      description: 'Checks the signatures. Keep it now: it is never shown again.',
      examples: ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'],
    }),
  },
  { title: 'WebhookWithSecret' },
)

export const LogQuery = Type.Object(
  {
    status: Type.Optional(Type.Enum(deliveryStatuses)),
    before: Type.Optional(
      Type.String({ maxLength: 40, description: 'Older than this delivery: the next page' }),
    ),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 50 })),
  },
  closed,
)
export const DeliveryOut = Type.Object(
  {
    id: Type.String({ description: 'dlv_…' }),
    event_id: Type.String({ description: 'evt_…, the header `webhook-id` of every attempt' }),
    type: Type.Enum(eventNames),
    status: Type.Enum(deliveryStatuses),
    attempt: Type.Integer({ description: 'How often it was tried' }),
    next_attempt_at: nullable(time),
    sent_at: nullable(time),
    response_status: nullable(Type.Integer()),
    duration_ms: nullable(Type.Integer()),
    error: nullable(Type.String()),
    failures: Type.Array(Type.Unknown(), {
      description: 'Attempts that failed: attempt, at, status, error, ms, answer',
    }),
    body: Type.String({ description: 'The body, byte for byte' }),
    signed_content: nullable(
      Type.String({
        description: 'What the last signature covers: id, timestamp and body, with dots between',
      }),
    ),
  },
  { title: 'WebhookDelivery' },
)

export function endpointJson(row: Endpoint) {
  const { url, events, description, enabled, failing_since, disabled_reason, created_at } = row
  const webhook = { id: publicId('webhook', row.id), url, events, description, enabled }
  return { ...webhook, failing_since, disabled_reason, created_at }
}

export function deliveryJson(row: DeliveryRow) {
  const eventId = publicId('event', row.event_id)
  const { status, attempt, sent_at, response_status, duration_ms, error, body } = row
  const seconds = sent_at && Math.floor(sent_at.getTime() / 1_000)
  return {
    id: publicId('delivery', row.event_id),
    event_id: eventId,
    type: row.name as EventName,
    status: status as DeliveryStatus,
    attempt,
    next_attempt_at: status === 'pending' ? row.due_at : null,
    sent_at,
    response_status,
    duration_ms,
    error,
    failures: row.failures ?? [],
    body,
    signed_content: seconds === null ? null : signedContent(eventId, seconds, body),
  }
}
