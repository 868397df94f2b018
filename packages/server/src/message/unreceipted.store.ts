import { statement, type Tx } from '../store/db.ts'
import type { MessageKey } from './store.ts'

/** A stretch of time in which messages were accepted. */
export interface Stretch {
  age: string
  from: Date
  to: Date
  strideMs: number
}

const takeStretch = statement(
  'take_receipt_walk',
  // Not before some minutes of it are due: that is a step, too, and each costs a commit.
  `select age::text as age, walked_to as from, least(walked_to + stride, $1::timestamptz - age) as to,
     (extract(epoch from stride) * 1000)::float8 as "strideMs"
   from receipt_walks where walked_to + interval '10 minutes' <= $1::timestamptz - age
   order by age limit 1 for update skip locked`,
)
const walked = statement(
  'receipt_walk_walked',
  `update receipt_walks set walked_to = $2, stride = $3 * interval '1 millisecond' where age = $1::interval`,
)
const overdueBetween = statement(
  'select_unreceipted',
  `select count(*)::integer as looked,
     coalesce(jsonb_agg(jsonb_build_object('account_id', account_id, 'id', id))
       filter (where state = 'submitted' and expires_at < $3), '[]') as overdue
   from messages where id >= uuidv7_floor($1) and id < uuidv7_floor($2)`,
)

/** The next stretch that a walk has before it, held until the transaction ends; undefined when none is due. */
export async function nextStretch(tx: Tx, now: Date): Promise<Stretch | undefined> {
  return (await tx.query<Stretch>(takeStretch, [now]))[0]
}

export async function finishStretch(tx: Tx, { age, to }: Stretch, strideMs: number): Promise<void> {
  await tx.query(walked, [age, to, strideMs])
}

/** The submitted messages of a stretch that were worth delivering until `before` and no longer, and how many there are at all. */
export async function unreceipted(
  tx: Tx,
  { from, to }: Stretch,
  before: Date,
): Promise<{ looked: number; overdue: MessageKey[] }> {
  return (await tx.query<{ looked: number; overdue: MessageKey[] }>(overdueBetween, [from, to, before]))[0]!
}
