import type { Draft } from '../message/draft.ts'
import { statement, type Tx } from '../store/db.ts'

/** What tells the parts of one long message from those of another. */
export interface PartsKey {
  login_id: string
  source: string
  destination: string
  reference: number
  total: number
}

export interface Part extends PartsKey {
  part: number
  account_id: string
  /** The one that the whole message will have; of the first part to come. */
  message_id: string
  /** The text as a JSON string: a part may end in half a character. */
  body: string
  /** The rest of the draft, as the first part said it. */
  draft: StoredDraft
}

/** JSON has no dates. */
export type StoredDraft = Omit<Draft, 'text' | 'sendAt' | 'expiresAt' | 'userData'> & {
  sendAt?: string
  expiresAt?: string
}

const key = 'login_id, source, destination, reference, total'
const asKeys = `json_to_recordset($1) as k(login_id uuid, source text, destination text, reference integer, total smallint)`

const lock = statement(
  'lock_smpp_parts',
  // One number a message, taken in one order: whoever stores another part at this moment waits, and then sees this one.
  `select pg_advisory_xact_lock(7679, k) from (
     select distinct hashtext(concat_ws('/', login_id, source, destination, reference, total)) as k from ${asKeys}) k order by k`,
)
/** Parts of one login that may wait for others. */
const mostWaiting = 5_000
const crowded = statement(
  'crowded_smpp_parts',
  `with crowd as materialized (
     select l.login_id from (select distinct login_id from ${asKeys}) l
     where $2 <= (select count(*) from (select from smpp_parts p where p.login_id = l.login_id limit $2) p))
   select k.* from ${asKeys} join crowd using (login_id)
   where not exists (select from smpp_parts p where p.login_id = k.login_id and p.source = k.source
     and p.destination = k.destination and p.reference = k.reference and p.total = k.total)`,
)
const insert = statement(
  'insert_smpp_parts',
  `insert into smpp_parts (${key}, part, account_id, message_id, body, draft, received_at)
   select ${key}, part, account_id, coalesce((
       select p.message_id from smpp_parts p where p.login_id = d.login_id and p.source = d.source
         and p.destination = d.destination and p.reference = d.reference and p.total = d.total limit 1), d.message_id),
     body, draft, $2
   from json_to_recordset($1) as d(login_id uuid, source text, destination text, reference integer, total smallint,
     part smallint, account_id uuid, message_id uuid, body text, draft jsonb)
   -- The ESME did not get our answer and sends it again, or uses the number anew after a message that never became whole.
   on conflict (${key}, part) do update set body = excluded.body, received_at = excluded.received_at
   returning ${key}, part, message_id`,
)
const take = statement(
  'take_smpp_parts',
  // The caller holds the lock of each message.
  `with whole as (
     select k.* from ${asKeys}
     where k.total = (select count(*) from smpp_parts p where p.login_id = k.login_id and p.source = k.source
       and p.destination = k.destination and p.reference = k.reference and p.total = k.total)),
   gone as (
     delete from smpp_parts p using whole w where p.login_id = w.login_id and p.source = w.source
       and p.destination = w.destination and p.reference = w.reference and p.total = w.total
     returning p.*)
   select ${key}, (array_agg(account_id))[1] as account_id, (array_agg(message_id))[1] as message_id,
     array_agg(body order by part) as bodies, (array_agg(draft order by part))[1] as draft,
     bool_or(draft ->> 'encoding' = 'ucs2') as wide
   from gone group by ${key}`,
)

/** A message of which every part is there. */
export interface Joined extends PartsKey {
  account_id: string
  message_id: string
  /** JSON strings. */
  bodies: string[]
  draft: StoredDraft
  /** A part of it is in UCS-2. */
  wide: boolean
}

const keyOf = ({ login_id, source, destination, reference, total }: PartsKey): PartsKey => ({
  login_id,
  source,
  destination,
  reference,
  total,
})

/**
 * Stores parts; gives the message id of each, and the messages that are whole now. A part without an id was not stored:
 * it begins a message, and too much of its login waits already.
 */
export async function storeParts(
  tx: Tx,
  parts: readonly Part[],
  now: Date,
): Promise<{ ids: Map<Part, string>; whole: Joined[] }> {
  const ids = new Map<Part, string>()
  const keys = [...new Map(parts.map((part) => [JSON.stringify(keyOf(part)), keyOf(part)])).values()]
  const asJson = JSON.stringify(keys)
  await tx.query(lock, [asJson])
  const refused = await tx.query<PartsKey>(crowded, [asJson, mostWaiting])
  const without = new Set(refused.map((row) => JSON.stringify(keyOf(row))))
  // Parts of one message follow each other, for the first one says the id of them all.
  for (let turn = parts.filter((part) => !without.has(JSON.stringify(keyOf(part)))); turn.length > 0; ) {
    const seen = new Map<string, Part>()
    const later: Part[] = []
    for (const part of turn) {
      const name = JSON.stringify(keyOf(part))
      if (seen.has(name)) later.push(part)
      else seen.set(name, part)
    }
    type Stored = PartsKey & { part: number; message_id: string }
    const rows = await tx.query<Stored>(insert, [JSON.stringify([...seen.values()]), now])
    for (const row of rows) ids.set(seen.get(JSON.stringify(keyOf(row)))!, row.message_id)
    turn = later
  }
  return { ids, whole: await tx.query<Joined>(take, [asJson]) }
}

const listStale = statement(
  'list_stale_smpp_parts',
  `select ${key} from smpp_parts where received_at < $1 group by ${key} limit $2`,
)
const takeStale = statement(
  'take_stale_smpp_parts',
  // Under their locks, and so with every part that was stored meanwhile; what became whole is gone.
  `with gone as (
     delete from smpp_parts p using ${asKeys} where p.login_id = k.login_id and p.source = k.source
       and p.destination = k.destination and p.reference = k.reference and p.total = k.total
     returning p.*)
   select ${key}, (array_agg(account_id))[1] as account_id, (array_agg(message_id))[1] as message_id,
     array_agg(body order by part) as bodies, (array_agg(draft order by part))[1] as draft, min(received_at) as first_at,
     bool_or(draft ->> 'encoding' = 'ucs2') as wide
   from gone group by ${key}`,
)

/** Takes messages that never became whole. */
export async function staleParts(
  tx: Tx,
  before: Date,
  limit: number,
): Promise<(Joined & { first_at: Date })[]> {
  const keys = await tx.query<PartsKey>(listStale, [before, limit])
  if (keys.length === 0) return []
  const asJson = JSON.stringify(keys)
  await tx.query(lock, [asJson])
  return tx.query(takeStale, [asJson])
}

const waiting = statement(
  'smpp_parts_waiting',
  'select exists (select from smpp_parts where login_id = $1 and message_id = $2) as found',
)

/** True for the id that parts were answered with whose message is not whole yet. */
export async function partsWait(tx: Tx, loginId: string, messageId: string): Promise<boolean> {
  return (await tx.query<{ found: boolean }>(waiting, [loginId, messageId]))[0]!.found
}
