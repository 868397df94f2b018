import { readFlags } from '../flags.ts'
import type { LoadOrder, LoadResult } from './load.ts'
import { between, spreadOf } from './percentiles.ts'
import { readSubmits, simulatorStats } from './runs.ts'
import { call, onStage, recipients, say, startCycle, surroundings } from './setting.ts'
import { aligned } from './table.ts'
import { recipientOf, textOf } from './traffic.ts'

/** How long a `code` waits while a backlog of marketing drains at the link's full rate. */

const flags = {
  backlog: { fallback: '200000', help: 'Marketing messages that wait when it begins.' },
  seconds: { fallback: '30', help: 'How long codes are sent.' },
  'per-second': { fallback: '10', help: 'Codes a second.' },
  window: { fallback: '500', help: 'Unanswered PDUs at a time on the one bind.' },
  'link-per-second': {
    fallback: '0',
    help: 'Segments a second by the carrier’s contract; 0: as many as the machine can do.',
  },
  'receipt-delay-ms': { fallback: '2000', help: 'Time from a submit_sm to its receipt.' },
} as const

// As accept writes them, on the path of the one that was accepted. The texts are read when they are sent.
const fill = `
  with new as materialized (
    select uuidv7() as id, n from generate_series(1, $1::integer) n),
  queued as (
    insert into queue (account_id, message_id, path, lane, status, due_at, expires_at)
    select m.account_id, new.id, $2, 'marketing', 'ready', now(), now() + interval '2 days' from new, messages m where m.id = $3)
  insert into messages (account_id, id, direction, state, lane, sender, recipient, body, encoding, segments, expires_at, created_at, updated_at)
  select m.account_id, new.id, 'outbound', 'queued', 'marketing', m.sender, '+4917' || lpad((n * 7919 % 100000000)::text, 9, '0'),
    m.body, m.encoding, m.segments, now() + interval '2 days', now(), now() from new, messages m where m.id = $3`
const born = `select m.id, p.id as path from messages m, paths p where m.recipient = $1 order by p.id desc limit 1`

export async function benchLanes(args: readonly string[]): Promise<void> {
  const given = readFlags('npm run bench -- lanes', flags, args)
  if (given === undefined) return
  const backlog = Number(given.backlog)
  const seconds = Number(given.seconds)
  const perSecond = Number(given['per-second'])
  const linkPerSecond = Number(given['link-per-second'])
  await onStage(async (stage) => {
    const cycle = await startCycle(stage, {
      connections: 16,
      window: Number(given.window),
      receiptDelayMs: Number(given['receipt-delay-ms']),
    })
    const { server, load, simulator, store } = cycle
    const pattern = recipients(1).first
    const reason = 'Nobody reads what is sent in a trial.'
    await call(server, 'PUT /v1/consent-rules', {
      kept_elsewhere: reason,
      hours: [{ country: 'DE', hours: 'daily 00:00-24:00', holidays: 'yes', instead: reason }],
    })
    if (linkPerSecond > 0) {
      const { data } = await call<{ data: { id: string }[] }>(server, 'GET /v1/carriers')
      await call(server, `PATCH /v1/carriers/${data[0]!.id}`, {
        settings: { segments_per_second: linkPerSecond },
      })
    }
    await call(server, 'POST /v1/messages', {
      to: recipientOf(pattern),
      text: textOf(pattern),
      lane: 'marketing',
    })
    const [row] = (await store.query<{ id: string; path: number }>(born, [recipientOf(pattern)])).rows
    say(`Filling the queue with ${backlog.toLocaleString('en')} marketing messages …`)
    for (let left = backlog; left > 0; left -= 50_000) {
      await store.query(fill, [Math.min(left, 50_000), row!.path, row!.id])
    }
    const send = (count: number): Promise<LoadResult & { first: number }> => {
      const range = recipients(count)
      const order: LoadOrder = {
        ...{ ...range, url: server.url, key: server.key, connections: 16 },
        ...{ perSecond, lane: 'code' },
      }
      return load.ask<LoadResult>('run', order).then((result) => ({ ...result, first: range.first }))
    }
    say('Codes while it drains …')
    await send(perSecond * 3) // until plans are made and code is compiled
    const before = await simulatorStats(simulator)
    const begun = performance.now()
    const { startedAt, answeredAt, first } = await send(perSecond * seconds)
    const drained = (await simulatorStats(simulator)).submitted - before.submitted
    const rate = drained / ((performance.now() - begun) / 1_000)
    const [rest] = (await store.query<{ count: string }>('select count(*) from queue')).rows
    if (Number(rest!.count) === 0)
      throw new Error('The backlog was gone before the end: give it more with --backlog.')
    const { submittedAt, sentTwice } = await readSubmits(simulator, { first, count: answeredAt.length })
    const waited = spreadOf(between(answeredAt, submittedAt))!
    const whole = spreadOf(between(startedAt, submittedAt))!
    const ms = (value: number): string => value.toFixed(1)
    const lines = [
      ['', 'p50 ms', 'p99 ms', 'most ms'],
      ['acceptance to the wire', ms(waited.p50), ms(waited.p99), ms(waited.max)],
      ['request to the wire', ms(whole.p50), ms(whole.p99), ms(whole.max)],
    ]
    process.stdout.write(
      `${aligned(lines)}\n\n${answeredAt.length} codes at ${perSecond} a second, ${sentTwice} sent twice, while marketing drained at ` +
        `${Math.round(rate).toLocaleString('en')} a second; ${Number(rest!.count).toLocaleString('en')} of ${backlog.toLocaleString('en')} were left.\n${surroundings(server)}\n`,
    )
  })
}
