import { statement, type Tx } from '../store/db.ts'

export interface IdRow {
  n: number
  carrier_id: string
  remote_id: string
}

const noteIds = statement(
  'note_inbound_ids',
  `with d as materialized (
     select *, row_number() over (partition by carrier_id, remote_id order by n) as nth
     from json_to_recordset($1) as d(n integer, carrier_id uuid, remote_id text)),
   fresh as (
     insert into inbound_ids (carrier_id, remote_id, received_at)
     select carrier_id, remote_id, $2 from d where nth = 1
     on conflict do nothing returning carrier_id, remote_id)
   select n from d where nth > 1 or (carrier_id, remote_id) not in (select carrier_id, remote_id from fresh)`,
)

/**
 * Notes messages by their carrier's own ids. Returns the `n` of those that are stored already. Held until the commit: the
 * same id on another node waits, and then is known.
 */
export async function noteInboundIds(tx: Tx, rows: readonly IdRow[], now: Date): Promise<Set<number>> {
  if (rows.length === 0) return new Set()
  const copies = await tx.query<{ n: number }>(noteIds, [JSON.stringify(rows), now])
  return new Set(copies.map(({ n }) => n))
}

const forgetIds = statement('forget_inbound_ids', 'delete from inbound_ids where received_at < $1')

export async function forgetInboundIds(tx: Tx, before: Date): Promise<void> {
  await tx.query(forgetIds, [before])
}
