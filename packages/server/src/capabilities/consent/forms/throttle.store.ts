import { plain } from '../../../store/arrays.ts'
import { statement, type Tx } from '../../../store/db.ts'

const take = statement(
  'consent_tries_take',
  `with now_ as materialized (
     insert into consent_tries as t (subject, hour, count)
     select decode(d.subject, 'hex'), $2, 1 from unnest($1::text[]) as d(subject)
     on conflict (subject, hour) do update set count = t.count + 1
     returning t.subject, t.count)
   select encode(n.subject, 'hex') as subject, n.count as "thisHour",
     n.count + coalesce((
       select sum(t.count) from consent_tries t
       where t.subject = n.subject and t.hour > $2::timestamptz - interval '24 hours' and t.hour < $2), 0)::integer as "thisDay"
   from now_ n`,
)
const forget = statement('consent_tries_forget', 'delete from consent_tries where hour < $1')

export interface Tried {
  /** Hex. */
  subject: string
  thisHour: number
  thisDay: number
}

/** Counts one more try of each, and tells how many there were with it, in this hour of the clock and in 24. */
export async function countTries(tx: Tx, subjects: readonly Buffer[], now: Date): Promise<Tried[]> {
  const ordered = subjects.map((subject) => subject.toString('hex')).sort()
  const hour = new Date(now)
  hour.setUTCMinutes(0, 0, 0)
  return tx.query<Tried>(take, [plain(ordered), hour])
}

export const forgetTries = async (tx: Tx, before: Date): Promise<void> => {
  await tx.query(forget, [before])
}
