import type { EventName } from '../events.ts'
import { insertEvents, isoText } from '../outbox/store.ts'
import { statement, type Tx } from '../store/db.ts'
import { bodyOf, type Told } from './delivery.store.ts'

export const deliveryStatuses = ['pending', 'sending', 'delivered', 'failed'] as const
export type DeliveryStatus = (typeof deliveryStatuses)[number]

/** One line of the log: an event on its way to an endpoint. `event_id` names the delivery too. */
export interface DeliveryRow {
  event_id: string
  status: DeliveryStatus
  attempt: number
  due_at: Date
  sent_at: Date | null
  response_status: number | null
  error: string | null
  duration_ms: number | null
  failures: object[] | null
  updated_at: Date
  name: EventName
  /** What was or will be sent, byte for byte. */
  body: string
}

const list = statement(
  'webhooks_log',
  `select d.event_id, d.status, d.attempt, d.due_at, d.sent_at, d.response_status, d.error, d.duration_ms,
     d.failures, d.updated_at, e.name, ${isoText('e.at')} as at, e.payload
   from webhook_deliveries d cross join lateral event_of(d.event_id) e
   where d.account_id = $1 and d.webhook_id = $2 and d.event_id < $3
     and ($4::text is null or d.status = $4) and ($6::uuid is null or d.event_id = $6)
   order by d.event_id desc limit $5`,
)

const last = 'ffffffff-ffff-ffff-ffff-ffffffffffff'

/** Deliveries of an endpoint, newest event first; `before` is exclusive, `eventId` asks for one. */
export async function listDeliveries(
  tx: Tx,
  accountId: string,
  webhookId: string,
  filter: { before?: string; status?: DeliveryStatus; limit?: number; eventId?: string },
): Promise<DeliveryRow[]> {
  const { before = last, status = null, limit = 1, eventId = null } = filter
  type Row = Omit<DeliveryRow, 'body'> & Told
  const rows = await tx.query<Row>(list, [accountId, webhookId, before, status, limit, eventId])
  return rows.map(({ at, payload, ...row }) => ({ ...row, body: bodyOf({ name: row.name, at, payload }) }))
}

const replay = statement(
  'webhooks_replay',
  `update webhook_deliveries set status = 'pending', attempt = 0, due_at = $4, updated_at = $4
   where account_id = $1 and webhook_id = $2 and event_id = $3 and status || '' <> 'sending'
   returning event_id`,
)

/**
 * Sends again now, with a fresh run of retries, under the same webhook-id. What is being sent this moment is left
 * alone: its outcome comes first.
 */
export async function replayDelivery(
  tx: Tx,
  accountId: string,
  webhookId: string,
  eventId: string,
  now: Date,
): Promise<void> {
  await tx.query(replay, [accountId, webhookId, eventId, now])
}

const insertTest = statement(
  'webhooks_insert_test',
  `insert into webhook_deliveries (account_id, webhook_id, event_id, status, due_at, updated_at)
   values ($1, $2, $3, 'pending', $4, $4)`,
)

/** A `webhook.test` event for this endpoint alone; returns its id. Runs in a transaction. */
export async function insertTestEvent(
  tx: Tx,
  test: { accountId: string; webhookId: string; payload: object; now: Date },
): Promise<string> {
  const { accountId, webhookId, payload, now } = test
  const [eventId] = await insertEvents(tx, [{ account_id: accountId, name: 'webhook.test', payload }], now)
  await tx.query(insertTest, [accountId, webhookId, eventId, now])
  return eventId!
}
