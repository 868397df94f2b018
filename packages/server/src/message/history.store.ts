import { statement, type Tx } from '../store/db.ts'
import type { MessageDetail, MessageFilter, MessageRow, SegmentRow } from './core.ts'

/** `on_wire` stands in the queue's absence: a claim does not touch the message's own row. */
const onWire = `(state = 'queued' and (
  select true from queue q where q.account_id = messages.account_id and q.message_id = messages.id limit 1) is null)`

const columns = `id, direction, channel, case when ${onWire} then 'on_wire' else state end as state, lane, sender, recipient, body, encoding, segments, client_ref, error_code,
  carrier_code, possible_duplicate, topic_id, send_at, expires_at, created_at, updated_at, final_at`

/** Each condition that a list can have besides the direction. Order is the order of the parameters. */
const conditions: readonly [keyof MessageFilter, (parameter: string) => string][] = [
  [
    'states',
    (p) => `(state = any (${p}) or (state = 'queued' and 'on_wire' = any (${p})))
      and case when ${onWire} then 'on_wire' else state end = any (${p})`,
  ],
  ['lane', (p) => `lane = ${p}`],
  ['to', (p) => `recipient = ${p}`],
  ['from', (p) => `sender = ${p}`],
  ['clientRef', (p) => `client_ref = ${p}`],
  ['since', (p) => `id >= uuidv7_floor(${p})`],
  ['until', (p) => `id < uuidv7_floor(${p})`],
  ['before', (p) => `id < ${p}`],
  ['after', (p) => `id > ${p}`],
]

/** Newest first, by key: page 1,000 costs what page 1 costs. Filters decide the statement, so each mix has its own plan. */
export async function selectMessages(
  tx: Tx,
  accountId: string,
  filter: MessageFilter,
): Promise<MessageRow[]> {
  const used = conditions.filter(([name]) => filter[name] !== undefined)
  // Written out, for the few inbound ones among many outbound ones have an index of their own.
  const direction = filter.direction ? ` and direction = '${filter.direction}'` : ''
  const where = direction + used.map(([, sql], at) => ` and ${sql(`$${at + 3}`)}`).join('')
  // By number: PostgreSQL cuts names off at 63 characters, and then they are no names any more.
  const mix = used.map((entry) => conditions.indexOf(entry)).join('')
  const name = `select_messages_${filter.direction ?? 'all'}_${mix}`
  const text = `select ${columns} from messages where account_id = $1${where} order by id desc limit $2`
  return tx.query<MessageRow>({ name, text }, [accountId, filter.limit, ...used.map(([key]) => filter[key])])
}

const selectMessage = statement(
  'select_message',
  `select ${columns}, json_list(timeline) as timeline, trace from messages where account_id = $1 and id = $2`,
)
const selectSegments = statement(
  'select_segments',
  `select index, attempt, state, remote_id, request, json_list(receipts) as receipts, submitted_at, final_at from segments
   where account_id = $1 and message_id = $2 order by attempt, index`,
)

export async function selectDetail(
  tx: Tx,
  accountId: string,
  id: string,
): Promise<MessageDetail | undefined> {
  const [message] = await tx.query<MessageDetail>(selectMessage, [accountId, id])
  if (!message) return undefined
  const timeline = [...beginning(message), ...message.timeline]
  return { ...message, timeline, segment_rows: await tx.query<SegmentRow>(selectSegments, [accountId, id]) }
}

/** The first steps of an outbound message are its own columns; only what followed is written down. */
function beginning({ direction, created_at, send_at }: MessageDetail): MessageDetail['timeline'] {
  if (direction === 'inbound') return []
  const at = created_at.toISOString()
  return [
    { state: 'accepted', at },
    { state: send_at ? 'scheduled' : 'queued', at },
  ]
}
