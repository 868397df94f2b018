import { statement, type Tx } from '../../../store/db.ts'

/** A question on its way to a source, as the message asked it. */
export interface AskRow {
  account_id: string
  /** Bare UUID of the incoming message. */
  message_id: string
  service_id: string
  asking: {
    from: string
    to: string
    /** The word that was used, as the service has it. */
    keyword: string
    how: 'exact' | 'typo'
    given: readonly string[]
    at: string
  }
}

const insert = statement(
  'keywords_insert_asks',
  `insert into keyword_asks (account_id, message_id, service_id, asking, due_at, created_at)
   select account_id, message_id, service_id, asking, $2::timestamptz, $2::timestamptz
   from json_to_recordset($1) as d(account_id uuid, message_id uuid, service_id uuid, asking jsonb)`,
)

export async function insertAsks(tx: Tx, rows: readonly AskRow[], now: Date): Promise<void> {
  if (rows.length > 0) await tx.query(insert, [JSON.stringify(rows), now])
}

export type TakenAsk = AskRow & { attempt: number; due_at: Date }

const take = statement(
  'keywords_take_asks',
  // Whoever takes one has it for as long as its source may take, and a little for the database.
  `with due as (
     select a.account_id, a.message_id, coalesce((s.settings -> 'source' ->> 'timeout_ms')::integer, 0) as ms
     from keyword_asks a left join keyword_services s on s.account_id = a.account_id and s.id = a.service_id
     where a.due_at <= $1 order by a.due_at limit $3 for update of a skip locked)
   update keyword_asks a set due_at = $1::timestamptz + (d.ms + $2::integer) * interval '1 ms', attempt = a.attempt + 1 from due d
   where a.account_id = d.account_id and a.message_id = d.message_id
   returning a.account_id, a.message_id, a.service_id, a.asking, a.attempt, a.due_at`,
)

/** Questions that nobody works on, or whose worker did not come back until `due_at`: the timeout of their source, and `spareMs`. */
export function takeAsks(tx: Tx, now: Date, spareMs: number, most: number): Promise<TakenAsk[]> {
  return tx.query(take, [now, spareMs, most])
}

const finish = statement(
  'keywords_finish_ask',
  'delete from keyword_asks where account_id = $1 and message_id = $2 and attempt = $3 returning 1',
)

/** True when it is ours still: whoever gets a false must not answer, for somebody else does. */
export async function finishAsk(tx: Tx, { account_id, message_id, attempt }: TakenAsk): Promise<boolean> {
  return (await tx.query(finish, [account_id, message_id, attempt])).length > 0
}
