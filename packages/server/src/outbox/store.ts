import type { NewEvent } from '../events.ts'
import { statement, type Tx } from '../store/db.ts'

/** An event with its bare UUID and moment, ready to be stored. */
export type EventToStore = NewEvent & { id: string; at: Date }

const insert = statement(
  'outbox_insert',
  `insert into events (account_id, id, name, payload, at)
   select "accountId", id, name, payload, at
   from json_to_recordset($1::json) as e("accountId" uuid, id uuid, name text, payload jsonb, at timestamptz)`,
)

/**
 * Writes events into the outbox in the transaction of their change: one statement for any number.
 * Ring `outbox` once it has committed.
 */
export async function insertEvents(tx: Tx, events: readonly EventToStore[]): Promise<void> {
  if (events.length > 0) await tx.query(insert, [JSON.stringify(events)])
}
