import assert from 'node:assert/strict'
import { it } from 'node:test'
import { Webhook } from 'standardwebhooks'
import { publicId } from '../ids.ts'
import { statement } from '../store/db.ts'
import {
  advance,
  answers,
  clock,
  db,
  emit,
  hour,
  idOf,
  newAccount,
  newPath,
  next,
  node,
  ok,
  origin,
  several,
  type Taken,
  tally,
  took,
} from './testing.ts'

it('sends a signed event to each endpoint that wants it, and logs what was signed', async () => {
  const account = await newAccount()
  const here = await node()
  const all = newPath(ok)
  const some = newPath(ok)
  const { body: created } = await here.call('POST /v1/webhooks', account, { body: { url: origin + all } })
  await here.call('POST /v1/webhooks', account, {
    body: { url: origin + some, events: ['message.received'] },
  })
  const first = next(all)
  const both = [several(all, 2), next(some)] as const
  await emit(account)
  here.bell.ring('outbox')
  const taken = await first
  await emit(account, 1, 'message.received')
  here.bell.ring('outbox')
  assert.equal(JSON.parse((await both[1]).body).type, 'message.received')
  await both[0]

  const verified = new Webhook(created.secret).verify(taken.body, taken.headers as Record<string, string>)
  assert.deepEqual(Object.keys(verified as object), ['type', 'timestamp', 'data'])
  assert.equal((verified as { type: string }).type, 'message.delivered')
  assert.match(created.secret, /^whsec_[A-Za-z0-9+/]{43}=$/)
  assert.equal(taken.headers['content-type'], 'application/json')

  await here.stop()
  const { body: logged } = await here.call(`GET /v1/webhooks/${created.id}/deliveries`, account, {
    query: { status: 'delivered' },
  })
  assert.equal(logged.data.length, 2)
  const [, entry] = logged.data
  assert.equal(entry.event_id, idOf(taken))
  assert.equal(entry.signed_content, `${idOf(taken)}.${taken.headers['webhook-timestamp']}.${taken.body}`)
  assert.deepEqual([entry.status, entry.attempt, entry.response_status], ['delivered', 1, 204])
})

it('tries again later under the same webhook-id, and keeps each failure in the log', async () => {
  const account = await newAccount()
  let here = await node()
  const path = newPath()
  const { body: created } = await here.call('POST /v1/webhooks', account, { body: { url: origin + path } })
  const first = next(path)
  await emit(account)
  here.bell.ring('outbox')
  ;(await first).answer(500)
  await here.stop()
  const list = async () => (await here.call(`GET /v1/webhooks/${created.id}/deliveries`, account)).body.data
  const [waiting] = await list()
  assert.deepEqual([waiting.status, waiting.attempt, waiting.response_status], ['pending', 1, 500])
  const wait = Date.parse(waiting.next_attempt_at) - Date.parse(waiting.sent_at)
  assert.ok(wait >= 5_000 && wait < 20_000, `${wait}`)

  advance(hour)
  const second = next(path)
  here = await node()
  const again = await second
  assert.equal(idOf(again), idOf(await first))
  assert.equal(again.body, (await first).body)
  again.answer(200)
  await here.stop()
  const [done] = await list()
  assert.deepEqual([done.status, done.attempt, done.response_status, done.error], ['delivered', 2, 200, null])
  assert.deepEqual(
    done.failures.map(({ at, ms, ...rest }: { at: string; ms: number }) => ({
      ...rest,
      timed: ms >= 0 && !!at,
    })),
    [{ attempt: 1, status: 500, error: 'the endpoint answered 500', answer: 'so be it', timed: true }],
  )
})

it('sends again what a killed node had claimed, under the same webhook-id', async () => {
  const account = await newAccount()
  const dead = await node()
  const path = newPath(ok)
  await dead.call('POST /v1/webhooks', account, { body: { url: origin + path } })
  const before = next(path)
  await emit(account)
  dead.bell.ring('outbox')
  const taken = await before
  await dead.stop()
  // As if the process had ended between the POST and its settling.
  await db.query(
    statement(
      'test_crash',
      `update webhook_deliveries set status = 'sending', due_at = $2, sent_at = null where account_id = $1`,
    ),
    [account, clock.now()],
  )
  const after = next(path)
  await node()
  const again = await after
  assert.equal(idOf(again), idOf(taken))
  assert.equal(again.body, taken.body)
})

it('gives up after the last attempt, and says so', async () => {
  const account = await newAccount()
  let here = await node()
  const path = newPath((response) => response.writeHead(503).end())
  const { body: created } = await here.call('POST /v1/webhooks', account, { body: { url: origin + path } })
  const first = next(path)
  await emit(account)
  here.bell.ring('outbox')
  await first
  await here.stop()
  await db.query(
    statement('test_last', `update webhook_deliveries set attempt = 11, due_at = $2 where account_id = $1`),
    [account, clock.now()],
  )
  const last = next(path)
  here = await node()
  await last
  await here.stop()
  const { body } = await here.call(`GET /v1/webhooks/${created.id}/deliveries`, account)
  assert.deepEqual([body.data[0].status, body.data[0].attempt], ['failed', 12])
  assert.equal(body.data[0].error, 'the endpoint answered 503')
})

it('does not follow redirects', async () => {
  const account = await newAccount()
  const here = await node()
  const path = newPath((response) => response.writeHead(302, { location: '/elsewhere' }).end())
  const { body: created } = await here.call('POST /v1/webhooks', account, { body: { url: origin + path } })
  took.once('/elsewhere', () => assert.fail('followed'))
  const taken = next(path)
  await emit(account)
  here.bell.ring('outbox')
  await taken
  await here.stop()
  const { body } = await here.call(`GET /v1/webhooks/${created.id}/deliveries`, account)
  assert.deepEqual([body.data[0].status, body.data[0].response_status], ['pending', 302])
})

it('does not let a silent endpoint delay the others', async () => {
  const account = await newAccount()
  const here = await node()
  const silent = newPath()
  const lively = newPath(ok)
  await here.call('POST /v1/webhooks', account, { body: { url: origin + silent } })
  await here.call('POST /v1/webhooks', account, { body: { url: origin + lively } })
  const held: Taken[] = []
  took.on(silent, (taken: Taken) => held.push(taken))
  const got = several(lively, 1_500)
  await emit(account, 1_500)
  here.bell.ring('outbox')
  assert.equal(tally(await got), 1_500)
  assert.ok(held.length > 0 && held.length <= 64, `${held.length} under way`)
  answers.set(silent, ok)
  for (const taken of held) taken.answer(200)
})

it('hands the rest of a long backlog to an endpoint that comes back', async () => {
  const account = await newAccount()
  const here = await node()
  const path = newPath(ok)
  await here.call('POST /v1/webhooks', account, { body: { url: origin + path } })
  const got = several(path, 3_000)
  await emit(account, 3_000)
  here.bell.ring('outbox')
  assert.equal(tally(await got), 3_000)
})

it('shares the work between nodes, each delivery once', async () => {
  const account = await newAccount()
  const nodes = [await node(), await node(), await node()]
  const path = newPath(ok)
  await nodes[0]!.call('POST /v1/webhooks', account, { body: { url: origin + path } })
  const taken: Taken[] = []
  took.on(path, (one: Taken) => taken.push(one))
  const got = several(path, 600)
  for (let round = 0; round < 20; round++) {
    await emit(account, 30)
    for (const { bell } of nodes) bell.ring('outbox')
  }
  await got
  await Promise.all(nodes.map(({ stop }) => stop()))
  assert.equal(taken.length, 600)
  assert.equal(tally(taken), 600)
})

it('gives back what it had claimed and not sent when it stops', async () => {
  const account = await newAccount()
  const here = await node()
  const path = newPath()
  await here.call('POST /v1/webhooks', account, { body: { url: origin + path } })
  const first = several(path, 64)
  await emit(account, 300)
  here.bell.ring('outbox')
  const held = await first
  const stopped = here.stop()
  for (const taken of held) taken.answer(200)
  await stopped
  const count = statement(
    'test_count',
    'select status, attempt, count(*) from webhook_deliveries where account_id = $1 group by 1, 2 order by 1',
  )
  assert.deepEqual(await db.query(count, [account]), [
    { status: 'delivered', attempt: 1, count: 64 },
    { status: 'pending', attempt: 0, count: 236 },
  ])
  answers.set(path, ok)
  const rest = several(path, 236)
  await node()
  assert.equal(tally([...(await rest), ...held]), 300)
})

it('breaks off at its stop what an endpoint leaves unanswered, and sends it again later', async () => {
  const account = await newAccount()
  const here = await node({ stopGraceMs: 0 })
  const path = newPath()
  await here.call('POST /v1/webhooks', account, { body: { url: origin + path } })
  const first = next(path)
  await emit(account)
  here.bell.ring('outbox')
  const id = idOf(await first)
  await here.stop()
  answers.set(path, ok)
  const again = next(path)
  await node()
  assert.equal(idOf(await again), id)
})

it('does not connect where a public name leads to this machine', async () => {
  const account = await newAccount()
  const here = await node({ sandbox: false })
  const path = newPath(() => assert.fail('connected'))
  const named = `${origin.replace('127.0.0.1', 'localhost')}${path}`
  const { body: byName } = await here.call('POST /v1/webhooks', account, { body: { url: named } })
  const { body: byAddress } = await here.call('POST /v1/webhooks', account, { body: { url: origin + path } })
  await emit(account)
  here.bell.ring('outbox')
  for (const { id } of [byName, byAddress]) {
    for (;;) {
      const { body } = await here.call(`GET /v1/webhooks/${id}/deliveries`, account)
      if (!body.data[0]?.error) continue
      assert.match(body.data[0].error, /does not lead to a public address/)
      break
    }
  }
})

it('sends what was open, and what is new, after a restore into another cluster', async () => {
  const account = await newAccount()
  const here = await node()
  const path = newPath(ok)
  await here.call('POST /v1/webhooks', account, { body: { url: origin + path } })
  const before = next(path)
  const [done] = await emit(account)
  here.bell.ring('outbox')
  await before
  await here.stop()
  const [open] = await emit(account)
  // As in a dump of a cluster that has seen more transactions.
  await db.pool.query(`update event_chunks set xid = ((xid::text::bigint + 5000000)::text)::xid8`)
  await db.pool.query(`update event_cursors set xid = ((xid::text::bigint + 5000000)::text)::xid8`)

  const restored = await node()
  const got = several(path, 2)
  const [fresh] = await emit(account)
  restored.bell.ring('outbox')
  const ids = (await got).map(idOf).sort()
  assert.deepEqual(ids, [open, fresh].map((id) => publicId('event', id!)).sort())
  assert.ok(!ids.includes(publicId('event', done!)))
})
