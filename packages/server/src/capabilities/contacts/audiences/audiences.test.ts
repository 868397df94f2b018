import assert from 'node:assert/strict'
import { test } from 'node:test'
import { publicId } from '../../../ids.ts'
import type { Asked, Verdict } from '../../../message/gate.ts'
import { handClock, ask as sql } from '../../../message/testing.ts'
import type { Platform } from '../../../platform.ts'
import { putDefinition } from '../people/attributes.store.ts'
import { createPeople } from '../people/people.ts'
import { segmentRoutes } from '../segments/routes.ts'
import { asks, contactsBench } from '../testing.ts'
import { audienceKey, expandAudience, recallAudience } from './expand.ts'
import { audienceRoutes } from './routes.ts'
import { readTemplate, render } from './template.ts'

const clock = handClock()
const tomorrow = new Date(clock.now().getTime() + 86_400_000)
/** Refuses some numbers and puts others off, as consent does. */
const seen: Asked[] = []
const gate = {
  concerns: () => true,
  async judge(asked: readonly Asked[]): Promise<Verdict[]> {
    seen.push(...asked)
    return asked.map(({ draft }): Verdict => {
      if (draft.to.endsWith('7')) return { verdict: 'refuse', code: 'consent_missing', message: 'No yes.' }
      if (draft.to.endsWith('8')) {
        const hold = { code: 'quiet_hours', sentence: 'Too late.' }
        return { verdict: 'amend', draft: { ...draft, sendAt: tomorrow, hold } }
      }
      return { verdict: 'pass' }
    })
  },
}
/** What a segment costs, by the lane. */
const costs: Record<string, number> = { transactional: 0.07 }
const priceOf: Platform['priceOf'] = ({ lane }) =>
  costs[lane] ? { amount: costs[lane], currency: 'EUR' } : null
const { db, platform, accountId } = await contactsBench({ clock, gates: [gate], priceOf })
const people = createPeople(platform)
const routes = [...audienceRoutes(platform), ...segmentRoutes(platform)]
const api = (request: string, given?: object) => asks(routes, accountId, request, given)
const total = 4_500
await putDefinition(
  db,
  accountId,
  { key: 'points', label: 'Punkte', type: 'number', choices: [] },
  clock.now(),
)
for (let from = 0; from < total; from += 1_000) {
  await people.upsert(
    accountId,
    Array.from({ length: Math.min(1_000, total - from) }, (_, n) => ({
      external_id: `k${from + n}`,
      ...((from + n) % 50 !== 0 && { name: `Ada ${from + n}` }),
      attributes: { points: from + n },
      tags: (from + n) % 3 === 0 ? ['third'] : [],
      addresses:
        (from + n) % 100 === 1
          ? []
          : [{ channel: 'sms' as const, address: `+49151${30_000_000 + from + n}` }],
    })),
  )
}
const segment = await api('POST /v1/segments', { body: { name: 'All', definition: { all: [] } } })
const third = await api('POST /v1/segments', { body: { name: 'Third', definition: { tag: 'third' } } })
const begin = (of: string, text = 'Hallo {{first_name}}, {{points}} Punkte.') =>
  api('POST /v1/audiences', { body: { segment: of, text, lane: 'transactional' } })
const bare = async (id: string): Promise<{ accountId: string; id: string }> => {
  const [row] = await sql<{ id: string }>(
    db,
    `select id from contact_audiences where account_id = $1 order by id desc limit 1`,
    [accountId],
  )
  assert.ok(id.startsWith('aud_'))
  return { accountId, id: row!.id }
}
const sent = async (id: string) =>
  (
    await sql<{ n: number; people: number }>(
      db,
      'select count(*)::integer as n, count(distinct recipient)::integer as people from messages where client_ref = $1',
      [id],
    )
  )[0]!

const refusals = ({ refused }: { refused: { count: number }[] }): number =>
  refused.reduce((sum, { count }) => sum + count, 0)

test('nothing happens until the hold is over; then everybody is written to once, and who is not has a reason', async () => {
  const made = await begin(segment.id)
  assert.equal(made.state, 'held')
  assert.equal(new Date(made.starts_at).getTime() - clock.now().getTime(), 30_000)
  const job = await bare(made.id)
  await expandAudience(platform, job)
  assert.deepEqual(await sent(made.id), { n: 0, people: 0 })

  clock.forward(30_000)
  // Two nodes that believe it is theirs.
  await Promise.all([expandAudience(platform, job), expandAudience(platform, job)])
  const done = await api('GET /v1/audiences/:id', { id: made.id })
  const numberless = total / 100
  const nameless = total / 50
  assert.deepEqual(
    Object.fromEntries(done.refused.map(({ code, count }: { code: string; count: number }) => [code, count])),
    { audience_no_number: numberless, audience_variable_missing: nameless, consent_missing: 450 },
  )
  const queued = total - numberless - nameless - 450
  assert.deepEqual(
    [done.state, done.people, done.looked_at, done.queued, done.deferred],
    ['finished', total, total, queued, 450],
  )
  assert.deepEqual(await sent(made.id), { n: queued, people: queued })
  const [one] = await sql<{ body: string }>(
    db,
    `select body from messages where client_ref = $1 and recipient = '+4915130001234'`,
    [made.id],
  )
  assert.equal(one!.body, 'Hallo Ada, 1.234 Punkte.')
})

test('who asks again after a lost answer has made one audience, and another wish under the same key is refused', async () => {
  const body = { segment: third.id, text: 'Hallo', lane: 'transactional' }
  const headers = { 'idempotency-key': 'spring' }
  const wish = (text = body.text) => api('POST /v1/audiences', { body: { ...body, text }, headers })
  const [one, two] = await Promise.all([wish(), wish()])
  const later = await wish()
  assert.deepEqual([two.id, later.id], [one.id, one.id])
  await assert.rejects(wish('Guten Tag'), { code: 'idempotency_conflict' })
  clock.forward(86_400_001)
  const next = await wish()
  assert.notEqual(next.id, one.id, 'a day later the key is free')
  for (const { id } of [one, next]) await api('POST /v1/audiences/:id/stop', { id })
})

test('a node that dies in the middle of a page leaves it to the next one, and nobody is written to twice', async () => {
  const made = await begin(segment.id)
  const job = await bare(made.id)
  clock.forward(30_000)
  let pages = 0
  const dying = {
    ...platform,
    async send(...[account, drafts, tx]: Parameters<typeof platform.send>) {
      const sent = await platform.send(account, drafts, tx)
      // Their messages are written, that they are sent is not: the connections go, as of a process that is killed.
      if (++pages >= 2) await sql(tx, 'select pg_terminate_backend(pg_backend_pid())')
      return sent
    },
  }
  await assert.rejects(expandAudience(dying, job))
  const during = await api('GET /v1/audiences/:id', { id: made.id })
  assert.deepEqual(
    [during.state, during.looked_at],
    ['running', 2_000],
    'one page is done, those beside and after it are not',
  )
  assert.equal((await sent(made.id)).n, during.queued)

  const [left] = await sql<{ payload: object; in_ms: number }>(
    db,
    `select payload, extract(epoch from run_at)::float8 * 1000 - $2 as in_ms from graphile_worker._private_jobs where key = $1`,
    [`contacts.${audienceKey(job.id)}`, clock.now().getTime()],
  )
  assert.ok(left!.in_ms > 0 && left!.in_ms <= 10_000, `another node looks after it in ${left!.in_ms} ms`)
  await expandAudience(platform, left!.payload)
  const done = await api('GET /v1/audiences/:id', { id: made.id })
  assert.deepEqual([done.state, done.looked_at], ['finished', total])
  assert.deepEqual(await sent(made.id), { n: done.queued, people: done.queued })
})

// One that goes page by page would wait for ever.
const patience = { timeout: 120_000 }
test('two pages are under way at once, and what came of each is counted', patience, async () => {
  const made = await begin(segment.id)
  const job = await bare(made.id)
  clock.forward(30_000)
  const both = Promise.withResolvers<void>()
  let sending = 0
  const meeting = {
    ...platform,
    async send(...[account, drafts, tx]: Parameters<typeof platform.send>) {
      // Nobody goes on before a second one is here.
      if (++sending === 2) both.resolve()
      await both.promise
      return platform.send(account, drafts, tx)
    },
  }
  await expandAudience(meeting, job)
  const done = await api('GET /v1/audiences/:id', { id: made.id })
  assert.deepEqual([done.state, done.looked_at, sending], ['finished', total, 3])
  assert.equal(refusals(done) + done.queued, total)
  assert.deepEqual(await sent(made.id), { n: done.queued, people: done.queued })
})

test('a stop does not wait for the pages under way, and of them nothing is queued', async () => {
  const made = await begin(segment.id)
  const job = await bare(made.id)
  clock.forward(30_000)
  const answers: { state: string }[] = []
  let pages = 0
  const interrupted = {
    ...platform,
    async send(...[account, drafts, tx]: Parameters<typeof platform.send>) {
      const sent = await platform.send(account, drafts, tx)
      // The messages of this page are written and not committed.
      if (++pages === 2) answers.push(await api('POST /v1/audiences/:id/stop', { id: made.id }))
      return sent
    },
  }
  await expandAudience(interrupted, job)
  assert.deepEqual(
    answers.map(({ state }) => state),
    ['stopped'],
  )
  const after = await api('GET /v1/audiences/:id', { id: made.id })
  assert.equal(after.looked_at, refusals(after) + after.queued)
  assert.ok(after.looked_at < total, 'the page that was written when the stop was answered is not counted')
  assert.deepEqual(await sent(made.id), { n: after.queued, people: after.queued })
  await expandAudience(platform, job)
  assert.equal((await sent(made.id)).n, after.queued, 'nor does anybody take it up again')
  await recallAudience(platform, job)
  const { withdrawn } = await api('GET /v1/audiences/:id', { id: made.id })
  assert.equal(withdrawn, after.queued)
})

test('lane and sender of a topic and the zone of a person stand in each draft, so that no gate amends it', async () => {
  const topic = platform.id()
  await sql(
    db,
    `insert into topics (account_id, id, key, name, kind, sender, language, created_at, updated_at)
     values ($1, $2, 'angebote', 'Angebote', 'marketing', '12345', 'de', now(), now())`,
    [accountId, topic],
  )
  const wish = { segment: third.id, text: 'Hallo.', topic: publicId('topic', topic), lane: 'transactional' }
  const made = await api('POST /v1/audiences', { body: wish })
  assert.equal(made.lane, 'marketing', 'what is on a topic of marketing is marketing')
  await sql(
    db,
    `update contacts set time_zone = 'Asia/Tokyo' where account_id = $1 and external_id in ('k3', 'k4')`,
    [accountId],
  )
  seen.length = 0
  clock.forward(30_000)
  await expandAudience(platform, await bare(made.id))
  const away = seen.flatMap(({ draft: { to, timeZone } }) => (timeZone === null ? [] : [`${to} ${timeZone}`]))
  assert.deepEqual(away, ['+4915130000003 Asia/Tokyo'], 'nor looks up where each person is')
  const kinds = new Set(seen.map(({ draft: { lane, from } }) => `${lane} ${from}`))
  assert.deepEqual([...kinds], ['marketing 12345'])
  await assert.rejects(api('POST /v1/audiences', { body: { ...wish, from: 'no sender at all' } }), {
    code: 'invalid_sender',
  })
})

test('one that is stopped within its hold leaves no trace', async () => {
  const made = await begin(third.id)
  const stopped = await api('POST /v1/audiences/:id/stop', { id: made.id })
  assert.equal(stopped.state, 'stopped')
  clock.forward(60_000)
  await expandAudience(platform, await bare(made.id))
  assert.equal((await sent(made.id)).n, 0)
  await assert.rejects(api('POST /v1/audiences/:id/stop', { id: made.id }), { code: 'audience_over' })
})

test('a stop withdraws what still waits, and nothing of anybody else', async () => {
  const [other] = await platform.transaction((tx) =>
    platform.send(accountId, [{ to: '+4915130000003', text: 'A code' }], tx),
  )
  const made = await begin(third.id)
  clock.forward(30_000)
  const job = await bare(made.id)
  // As if it was stopped a moment before it was through.
  await expandAudience(platform, job)
  const { queued } = await api('GET /v1/audiences/:id', { id: made.id })
  assert.ok(queued > 1_000)
  await sql(db, `update contact_audiences set state = 'running' where id = $1`, [job.id])
  await sql(
    db,
    // Between two that were not yet sent.
    `insert into contact_audience_pages (account_id, audience_id, page, contact_ids, sent)
     select account_id, $2, page, case page when 1 then array_agg(id) else '{}' end, page = 1
     from contacts, generate_series(0, 2) page where account_id = $1 and tags @> '{third}' group by 1, page`,
    [accountId, job.id],
  )
  await api('POST /v1/audiences/:id/stop', { id: made.id })
  await recallAudience(platform, job)
  const after = await api('GET /v1/audiences/:id', { id: made.id })
  assert.equal(after.withdrawn, queued)
  const kept = await sql(db, 'select page from contact_audience_pages where audience_id = $1', [job.id])
  assert.deepEqual(kept, [], 'it is forgotten who was meant')
  const states = await sql<{ state: string; error_code: string; n: number }>(
    db,
    'select state, error_code, count(*)::integer as n from messages where client_ref = $1 group by 1, 2',
    [made.id],
  )
  assert.deepEqual(states, [{ state: 'cancelled', error_code: 'audience_stopped', n: queued }])
  assert.ok(other!.ok)
  const [left] = await sql<{ state: string }>(db, `select state from messages where body = 'A code'`)
  assert.equal(left!.state, 'queued')
})

test('a preview says who would be left out, and shows what some would read', async () => {
  const body = { segment: segment.id, text: 'Hallo {{name|Sie}}! 🙂', lane: 'transactional', language: 'de' }
  const preview = await api('POST /v1/audiences/preview', { body })
  assert.equal(preview.words, 'Alle.')
  assert.equal(preview.people, total)
  assert.deepEqual(
    preview.left_out.map(({ code, count }: { code: string; count: number }) => [code, count]),
    [['audience_no_number', total / 100]],
  )
  assert.equal(preview.recipients, total - total / 100)
  assert.equal(preview.segments.unicode, 200)
  assert.match(preview.sample[0].text, /^Hallo Ada \d+! 🙂$/)
  assert.equal(preview.price.currency, 'EUR')
  assert.equal(preview.price.amount.toFixed(2), (preview.segments.total * 0.07).toFixed(2))
  const unpriced = await api('POST /v1/audiences/preview', { body: { ...body, lane: 'alert' } })
  assert.equal(unpriced.price, null)
})

test('texts name what is known, as the person’s language writes it', () => {
  const definitions = new Map([
    ['points', { key: 'points', label: '', type: 'number' as const, choices: [] }],
    ['due', { key: 'due', label: '', type: 'date' as const, choices: [] }],
  ])
  const person = { name: 'Ada Lovelace', external_id: null, language: 'en', postcode: null }
  const say = (text: string, attributes = {}, language: string | null = 'en') => {
    const read = readTemplate(text, definitions)
    if ('problem' in read) return read.problem
    const rendered = render(read.template, { ...person, language, attributes }, definitions, 'de')
    return 'text' in rendered ? rendered.text : `? ${rendered.missing}`
  }
  assert.equal(say('{{ first_name }}: {{points}}', { points: 1234.5 }), 'Ada: 1,234.5')
  assert.equal(say('{{points}} {{due}}', { points: 1234.5, due: '2026-03-09' }, 'de'), '1.234,5 9.3.2026')
  assert.equal(say('{{postcode|}}x{{points|viele}}'), 'xviele')
  assert.equal(say('{{postcode}}'), '? postcode')
  assert.match(say('{{nope}}'), /names \{\{nope\}\}, which is not known/)
  assert.match(say('{{name'), /braces that do not close/)
})
