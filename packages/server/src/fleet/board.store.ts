import { statement, type Tx } from '../store/db.ts'

/** How a bind slot stands, as its holder says. `binding`: held, and not with the carrier yet or any more. `open`: its circuit is. */
export type BindState = 'down' | 'binding' | 'bound' | 'open'

/** A row of `binds` as all nodes read it. Times in milliseconds before the answer. */
export interface BindRow {
  carrier_id: string
  slot: number
  node: number | null
  state: BindState
  /** How long it has been in that state. */
  for_ms: number
  /** How long its holder has said nothing. */
  silent_ms: number
  submits: boolean
}

const readAll = statement(
  'bind_states',
  `select carrier_id, slot, node, state, (extract(epoch from clock_timestamp() - state_at) * 1000)::float8 as for_ms,
     (extract(epoch from clock_timestamp() - coalesce((report ->> 'said_at')::timestamptz, state_at)) * 1000)::float8 as silent_ms,
     coalesce((report ->> 'submits')::boolean, true) as submits
   from binds`,
)

export const readBinds = (tx: Tx): Promise<BindRow[]> => tx.query<BindRow>(readAll)

// A limit of yesterday would be found too high by refusals, but too low only by many small steps.
const foundOf = statement(
  'pace_found',
  `select (report ->> 'pace')::float8 as "heldRate", (report ->> 'limit')::float8 as "limit" from binds
   where carrier_id = $1 and slot = $2 and (report ->> 'pace')::float8 > 0 and (report ->> 'limit')::float8 > 0
     and (report ->> 'said_at')::timestamptz > clock_timestamp() - interval '1 hour'`,
)

/** Segments a second that the last holder of a bind has measured, if it said so within an hour. */
export async function readFound(
  tx: Tx,
  carrierId: string,
  slot: number,
): Promise<{ heldRate: number; limit: number } | undefined> {
  return (await tx.query<{ heldRate: number; limit: number }>(foundOf, [carrierId, slot]))[0]
}

/** What a holder says of its bind. */
export interface Said {
  carrier_id: string
  slot: number
  fence: number
  state: BindState
  /** Whether the state has begun just now. */
  turned: boolean
  report: object
}

const sayAll = statement(
  'say_bind_states',
  `update binds b set state = s.state, state_at = case when s.turned then clock_timestamp() else b.state_at end,
     report = s.report || jsonb_build_object('said_at', clock_timestamp())
   from json_to_recordset($1) as s(carrier_id uuid, slot smallint, fence bigint, state text, turned boolean, report jsonb)
   where b.carrier_id = s.carrier_id and b.slot = s.slot and b.fence = s.fence`,
)

/** Writes down how binds stand, for other nodes and for people. What a later holder has said stays. */
export async function sayBinds(tx: Tx, said: readonly Said[]): Promise<void> {
  if (said.length > 0) await tx.query(sayAll, [JSON.stringify(said)])
}
