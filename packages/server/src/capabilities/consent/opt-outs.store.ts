import { statement, type Tx } from '../../store/db.ts'
import type { How } from './entry.ts'

export interface OptOutRow {
  seq: number
  entry_id: string
  topic_id: string | null
  sender: string | null
  at: Date
  how: How
  via: string | null
  number: string | null
  details: { word?: string; note?: string; text_received?: string; source_address?: string } | null
}

const list = statement(
  'consent_opt_outs',
  `select s.seq, s.entry_id, s.topic_id, s.sender, s.at, s.how, s.via, d.number, d.details
   from consent_state s
   left join lateral (
     select number, details from consent_details d where d.account_id = s.account_id and d.seq = s.seq limit 1) d on true
   where s.account_id = $1 and s.granted is false and s.seq < $2 and ($3::uuid is null or s.topic_id = $3)
     and ($4::text is null or s.how = $4) and ($5::timestamptz is null or s.at >= $5)
   order by s.seq desc limit $6`,
)

/** Who is out, newest first; `before` is the place of the last one of the page before. */
export function listOptOuts(
  tx: Tx,
  accountId: string,
  filter: {
    before: number | undefined
    topic: string | undefined
    how: How | undefined
    since: Date | undefined
    limit: number
  },
): Promise<OptOutRow[]> {
  const { before = Number.MAX_SAFE_INTEGER, topic = null, how = null, since = null, limit } = filter
  return tx.query<OptOutRow>(list, [accountId, before, topic, how, since, limit])
}
