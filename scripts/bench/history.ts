import { readFlags } from '../flags.ts'
import { type Figures, fullCycle } from './runs.ts'
import { onStage, recipients, say, startCycle, surroundings } from './setting.ts'
import { table } from './table.ts'

/** What a message costs when there is much history, which must be what it costs when there is little. */

const flags = {
  rows: { fallback: '10000,1000000', help: 'Delivered messages in the database before each run.' },
  messages: { fallback: '20000', help: 'Messages of each run.' },
  connections: { fallback: '64', help: 'Connections of the load.' },
  window: { fallback: '500', help: 'Unanswered PDUs at a time, each way.' },
} as const

/** Rows filled in by one statement. */
const atOnce = 100_000

// A delivered message as the house leaves it: its row, its segment, its share of a chunk of events, its webhook. Ids lie in the
// past minutes, so that what is sent now follows them.
const fill = `
  with new as materialized (
    select n, uuidv7(make_interval(secs => -600 + n * 0.00001)) as id, n * 7919 % 100000000 as number
    from generate_series($1::bigint, $2::bigint) n),
  one as materialized (select * from messages where state = 'delivered' order by id desc limit 1),
  part as materialized (select s.* from segments s join one on s.account_id = one.account_id and s.message_id = one.id),
  hook as materialized (select * from webhook_deliveries limit 1),
  chunk as materialized (select * from event_chunks order by length(events) desc limit 1),
  told as (
    insert into event_chunks (id, xid, accounts, names, count, events, at)
    select (left(new.id::text, 33) || '000')::uuid, '3', c.accounts, c.names, c.count, c.events, c.at from new, chunk c where new.n % 100 = 0),
  logged as (
    insert into webhook_deliveries (account_id, webhook_id, event_id, status, attempt, due_at, sent_at, response_status, duration_ms, updated_at)
    select h.account_id, h.webhook_id, new.id, 'delivered', 1, h.due_at, h.sent_at, 204, 3, h.updated_at from new, hook h),
  parts as (
    insert into segments (account_id, message_id, attempt, index, state, carrier_id, remote_id, remote_key, receipts, submitted_at, final_at)
    select p.account_id, new.id, 1, 1, 'delivered', p.carrier_id, md5(new.n::text), md5(new.n::text), p.receipts, p.submitted_at, p.final_at
    from new, part p)
  insert into messages (account_id, id, direction, state, lane, sender, recipient, body, encoding, segments, timeline, expires_at,
    created_at, updated_at, final_at)
  select one.account_id, new.id, 'outbound', 'delivered', one.lane, one.sender, '+4917' || lpad(number::text, 9, '0'), one.body, one.encoding,
    1, one.timeline, one.expires_at, one.created_at, one.updated_at, one.final_at from new, one`

export async function benchHistory(args: readonly string[]): Promise<void> {
  const given = readFlags('npm run bench -- history', flags, args)
  if (given === undefined) return
  const sizes = given.rows.split(',').map(Number)
  const columns: Record<string, Figures> = {}
  let where = ''
  await onStage(async (stage) => {
    const cycle = await startCycle(stage, {
      connections: Number(given.connections),
      window: Number(given.window),
      receiptDelayMs: 50,
    })
    const { store, server } = cycle
    await fullCycle(cycle, { ...recipients(10_000), goal: 'The warm-up' })
    let filled = 0
    for (const size of sizes) {
      say(`Filling in history up to ${size.toLocaleString('en')} messages …`)
      for (; filled < size; filled = Math.min(size, filled + atOnce)) {
        await store.query(fill, [filled + 1, Math.min(size, filled + atOnce)])
      }
      // What the filling left to do is not what a message costs.
      await store.query('vacuum messages, segments, event_chunks, webhook_deliveries')
      await store.query('checkpoint')
      await fullCycle(cycle, { ...recipients(5_000), goal: 'The warm-up' })
      say('Full cycle …')
      columns[size.toLocaleString('en')] = await fullCycle(cycle, {
        ...recipients(Number(given.messages)),
        goal: 'The full cycle',
      })
    }
    where = surroundings(server)
  })
  if (process.exitCode) return
  process.stdout.write(`${table(columns)}\n\nBy messages in the database. ${where}\n`)
}
