import assert from 'node:assert/strict'
import { EventEmitter, on, once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, afterEach, it } from 'node:test'
import { Webhook } from 'standardwebhooks'
import { createBell } from '../bell.ts'
import { type Clock, systemClock } from '../clock.ts'
import type { EventName } from '../events.ts'
import { uuidv7 } from '../ids.ts'
import { silentLog as log } from '../log.ts'
import { insertEvents } from '../outbox/store.ts'
import type { Call, Reply } from '../route.ts'
import { statement } from '../store/db.ts'
import { testDatabase } from '../store/testing.ts'
import { deleteOldDeliveries } from './delivery.store.ts'
import { createGuard } from './guard.ts'
import { webhookRoutes } from './routes.ts'
import { startWebhooks } from './start.ts'

const { db } = await testDatabase({ connections: 8 })

/** Wall time that a test can move; leases and timeouts run on. */
let offset = 0
const clock: Clock = {
  now: () => new Date(Date.now() + offset),
  monotonic: systemClock.monotonic,
}
const hour = 3_600_000
const newId = () => uuidv7(clock.now().getTime())

interface Taken {
  path: string
  headers: IncomingHttpHeaders
  body: string
  answer: (status: number, headers?: Record<string, string>) => void
}
/** The customer's side: `took` says what came; a path with an entry in `answers` is answered so, else by hand. */
const took = new EventEmitter()
const answers = new Map<string, (response: ServerResponse) => void>()
const sink = createServer((request, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk) => chunks.push(chunk))
  request.on('end', () => {
    const path = request.url!
    const body = Buffer.concat(chunks).toString('utf8')
    const answer = (status: number, headers = {}) => response.writeHead(status, headers).end('so be it')
    took.emit(path, { path, headers: request.headers, body, answer } satisfies Taken)
    answers.get(path)?.(response)
  })
})
await once(sink.listen(0, '127.0.0.1'), 'listening')
const origin = `http://127.0.0.1:${(sink.address() as AddressInfo).port}`
after(() => {
  sink.closeAllConnections()
  sink.close()
})
const next = async (path: string): Promise<Taken> => (await once(took, path))[0]
/** The next `count` requests on a path, from now on. */
async function several(path: string, count: number): Promise<Taken[]> {
  const all: Taken[] = []
  for await (const [taken] of on(took, path)) {
    all.push(taken)
    if (all.length === count) break
  }
  return all
}
const ok = (response: ServerResponse) => response.writeHead(204).end()
let paths = 0
const newPath = (answer?: (response: ServerResponse) => void) => {
  const path = `/hook${++paths}`
  if (answer) answers.set(path, answer)
  return path
}

const running = new Set<{ stop(): Promise<void> }>()
/** One node, with a bell of its own. */
function node({ sandbox = true, stopGraceMs = 10_000 } = {}) {
  const bell = createBell()
  const guard = createGuard({ sandbox })
  const webhooks = startWebhooks({ db, bell, clock, log, guard, stopGraceMs, random: () => 0.5 })
  running.add(webhooks)
  const routes = webhookRoutes({ db, bell, clock, guard: createGuard({ sandbox: true }) })
  return {
    bell,
    /** After this, every outcome is in the database. */
    async stop() {
      running.delete(webhooks)
      await webhooks.stop()
    },
    async call(request: string, accountId: string, given: { body?: object; query?: object } = {}) {
      const [method, path = ''] = request.split(' ')
      const parts = path.split('/')
      const params: Record<string, string> = {}
      const route = routes.find((route) => {
        const names = route.path.split('/')
        return (
          route.method === method &&
          names.length === parts.length &&
          names.every((name, at) => {
            if (name.startsWith(':')) params[name.slice(1)] = parts[at]!
            return name.startsWith(':') || name === parts[at]
          })
        )
      })
      const call = { accountId, params, query: {}, ...given } as unknown as Call
      const reply = (await route!.handler(call)) as Extract<Reply, { status: number }>
      // biome-ignore lint/suspicious/noExplicitAny: what a client would see
      return { status: reply.status, body: JSON.parse(JSON.stringify(reply.body ?? null)) as any }
    },
  }
}
afterEach(async () => {
  for (const webhooks of running) await webhooks.stop()
  running.clear()
  await db.pool.query('truncate webhooks, webhook_deliveries')
  took.removeAllListeners()
  offset = 0
})

const addAccount = statement(
  'test_account',
  `insert into accounts (id, name, created_at) values ($1, 'test', $2)`,
)
async function newAccount(): Promise<string> {
  const id = newId()
  await db.query(addAccount, [id, clock.now()])
  return id
}
async function emit(accountId: string, count = 1, name: EventName = 'message.delivered'): Promise<string[]> {
  const rows = Array.from({ length: count }, (_, at) => ({
    account_id: accountId,
    id: newId(),
    name,
    payload: { message_id: `msg_${at}` },
  }))
  await db.transaction((tx) => insertEvents(tx, rows, clock.now()))
  return rows.map((row) => row.id)
}
const idOf = (taken: Taken) => taken.headers['webhook-id'] as string
const tally = (taken: Taken[]) => new Set(taken.map(idOf)).size

it('sends a signed event to each endpoint that wants it, and logs what was signed', async () => {
  const account = await newAccount()
  const here = node()
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
  assert.equal(logged.items.length, 2)
  const [, entry] = logged.items
  assert.equal(entry.event_id, idOf(taken))
  assert.equal(entry.signed_content, `${idOf(taken)}.${taken.headers['webhook-timestamp']}.${taken.body}`)
  assert.deepEqual([entry.status, entry.attempt, entry.response_status], ['delivered', 1, 204])
})

it('leaves the past to the past when the first endpoint is made', async () => {
  const account = await newAccount()
  const before = node()
  await emit(account, 3)
  // Its own stop lets the relay that ran at its start end.
  await before.stop()
  const here = node()
  const path = newPath(ok)
  const taken = next(path)
  await here.call('POST /v1/webhooks', account, { body: { url: origin + path } })
  const [id] = await emit(account)
  here.bell.ring('outbox')
  await taken
  await here.stop()
  const rows = await db.query(
    statement('test_rows', 'select event_id from webhook_deliveries where account_id = $1'),
    [account],
  )
  assert.deepEqual(rows.at(-1), { event_id: id })
})

it('tries again later under the same webhook-id, and keeps each failure in the log', async () => {
  const account = await newAccount()
  let here = node()
  const path = newPath()
  const { body: created } = await here.call('POST /v1/webhooks', account, { body: { url: origin + path } })
  const first = next(path)
  await emit(account)
  here.bell.ring('outbox')
  ;(await first).answer(500)
  await here.stop()
  const list = async () => (await here.call(`GET /v1/webhooks/${created.id}/deliveries`, account)).body.items
  const [waiting] = await list()
  assert.deepEqual([waiting.status, waiting.attempt, waiting.response_status], ['pending', 1, 500])
  const wait = Date.parse(waiting.next_attempt_at) - Date.parse(waiting.sent_at)
  assert.ok(wait >= 5_000 && wait < 20_000, `${wait}`)

  offset += hour
  const second = next(path)
  here = node()
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
  const dead = node()
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
  node()
  const again = await after
  assert.equal(idOf(again), idOf(taken))
  assert.equal(again.body, taken.body)
})

it('gives up after the last attempt, and says so', async () => {
  const account = await newAccount()
  let here = node()
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
  here = node()
  await last
  await here.stop()
  const { body } = await here.call(`GET /v1/webhooks/${created.id}/deliveries`, account)
  assert.deepEqual([body.items[0].status, body.items[0].attempt], ['failed', 12])
  assert.equal(body.items[0].error, 'the endpoint answered 503')
})

it('does not follow redirects', async () => {
  const account = await newAccount()
  const here = node()
  const path = newPath((response) => response.writeHead(302, { location: '/elsewhere' }).end())
  const { body: created } = await here.call('POST /v1/webhooks', account, { body: { url: origin + path } })
  took.once('/elsewhere', () => assert.fail('followed'))
  const taken = next(path)
  await emit(account)
  here.bell.ring('outbox')
  await taken
  await here.stop()
  const { body } = await here.call(`GET /v1/webhooks/${created.id}/deliveries`, account)
  assert.deepEqual([body.items[0].status, body.items[0].response_status], ['pending', 302])
})

it('switches off an endpoint that answers 410, and tells so in an event', async () => {
  const account = await newAccount()
  let here = node()
  const gone = newPath((response) => response.writeHead(410).end())
  const watch = newPath(ok)
  const { body: created } = await here.call('POST /v1/webhooks', account, { body: { url: origin + gone } })
  await here.call('POST /v1/webhooks', account, {
    body: { url: origin + watch, events: ['webhook.disabled'] },
  })
  const told = next(watch)
  await emit(account)
  here.bell.ring('outbox')
  const { data } = JSON.parse((await told).body)
  assert.equal(data.webhook_id, created.id)
  await here.stop()
  const { body: shown } = await here.call(`GET /v1/webhooks/${created.id}`, account)
  assert.equal(shown.enabled, false)
  assert.match(shown.disabled_reason, /410/)
  const { body } = await here.call(`GET /v1/webhooks/${created.id}/deliveries`, account)
  assert.equal(body.items[0].status, 'failed')

  // Nothing new while it is off; when it is on again, it starts anew.
  answers.set(gone, ok)
  here = node()
  took.once(gone, () => assert.fail('sent while switched off'))
  const other = next(watch)
  await emit(account)
  await emit(account, 1, 'webhook.disabled')
  here.bell.ring('outbox')
  await other
  took.removeAllListeners(gone)
  await here.call(`PATCH /v1/webhooks/${created.id}`, account, { body: { enabled: true } })
  const taken = next(gone)
  const [id] = await emit(account)
  here.bell.ring('outbox')
  await taken
  assert.ok(id)
})

it('switches off an endpoint that has failed for five days, unless something got through', async () => {
  const account = await newAccount()
  let here = node()
  const path = newPath((response) => response.writeHead(500).end())
  const { body: created } = await here.call('POST /v1/webhooks', account, { body: { url: origin + path } })
  const round = async () => {
    const taken = next(path)
    await emit(account)
    here.bell.ring('outbox')
    await taken
    await here.stop()
    const { body } = await here.call(`GET /v1/webhooks/${created.id}`, account)
    here = node()
    return body
  }
  assert.ok((await round()).failing_since)
  const setFailing = statement('test_failing', 'update webhooks set failing_since = $2 where account_id = $1')
  const longAgo = new Date(clock.now().getTime() - 121 * hour)
  await db.query(setFailing, [account, longAgo])
  assert.equal((await round()).enabled, false)

  await here.call(`PATCH /v1/webhooks/${created.id}`, account, { body: { enabled: true } })
  answers.set(path, ok)
  assert.equal((await round()).failing_since, null)
  answers.set(path, (response) => response.writeHead(500).end())
  await db.query(setFailing, [account, longAgo])
  const spared = await round()
  assert.equal(spared.enabled, true)
  assert.ok(Date.parse(spared.failing_since) > longAgo.getTime() + hour)
})

it('does not let a silent endpoint delay the others', async () => {
  const account = await newAccount()
  const here = node()
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
  const here = node()
  const path = newPath(ok)
  await here.call('POST /v1/webhooks', account, { body: { url: origin + path } })
  const got = several(path, 3_000)
  await emit(account, 3_000)
  here.bell.ring('outbox')
  assert.equal(tally(await got), 3_000)
})

it('shares the work between nodes, each delivery once', async () => {
  const account = await newAccount()
  const nodes = [node(), node(), node()]
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
  const here = node()
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
  node()
  assert.equal(tally([...(await rest), ...held]), 300)
})

it('breaks off at its stop what an endpoint leaves unanswered, and sends it again later', async () => {
  const account = await newAccount()
  const here = node({ stopGraceMs: 0 })
  const path = newPath()
  await here.call('POST /v1/webhooks', account, { body: { url: origin + path } })
  const first = next(path)
  await emit(account)
  here.bell.ring('outbox')
  const id = idOf(await first)
  await here.stop()
  answers.set(path, ok)
  const again = next(path)
  node()
  assert.equal(idOf(await again), id)
})

it('replays a delivery, and sends a test to one endpoint alone', async () => {
  const account = await newAccount()
  const here = node()
  const path = newPath(ok)
  const other = newPath(ok)
  const { body: created } = await here.call('POST /v1/webhooks', account, {
    body: { url: origin + path, events: ['message.delivered'] },
  })
  await here.call('POST /v1/webhooks', account, { body: { url: origin + other } })
  const both = Promise.all([next(path), next(other)])
  await emit(account)
  here.bell.ring('outbox')
  const [taken] = await both
  await here.stop()

  const again = node()
  took.once(other, () => assert.fail('sent to the other endpoint'))
  const { body } = await again.call(`GET /v1/webhooks/${created.id}/deliveries`, account)
  const replayed = next(path)
  const { status } = await again.call(
    `POST /v1/webhooks/${created.id}/deliveries/${body.items[0].id}/replay`,
    account,
  )
  assert.equal(status, 202)
  assert.equal(idOf(await replayed), idOf(taken))
  const test = next(path)
  const { body: shown } = await again.call(`POST /v1/webhooks/${created.id}/test`, account)
  assert.equal(shown.type, 'webhook.test')
  assert.equal(idOf(await test), shown.event_id)
  await again.stop()
})

it('signs with both secrets after a rotation, and shows the new one once', async () => {
  const account = await newAccount()
  const here = node()
  const path = newPath(ok)
  const { body: old } = await here.call('POST /v1/webhooks', account, { body: { url: origin + path } })
  const { body: rotated } = await here.call(`POST /v1/webhooks/${old.id}/rotate-secret`, account)
  assert.notEqual(rotated.secret, old.secret)
  const taken = next(path)
  await emit(account)
  here.bell.ring('outbox')
  const { body, headers } = await taken
  for (const { secret } of [old, rotated]) {
    assert.ok(new Webhook(secret).verify(body, headers as Record<string, string>))
  }
  const { body: shown } = await here.call(`GET /v1/webhooks/${old.id}`, account)
  assert.ok(!('secret' in shown))
})

it('sends nothing more to an endpoint that was deleted, and clears its log', async () => {
  const account = await newAccount()
  let here = node()
  const path = newPath((response) => response.writeHead(500).end())
  const watch = newPath(ok)
  const { body: created } = await here.call('POST /v1/webhooks', account, { body: { url: origin + path } })
  await here.call('POST /v1/webhooks', account, { body: { url: origin + watch } })
  const both = Promise.all([next(path), next(watch)])
  await emit(account)
  here.bell.ring('outbox')
  await both
  await here.stop()
  await here.call(`DELETE /v1/webhooks/${created.id}`, account)
  await assert.rejects(here.call(`DELETE /v1/webhooks/${created.id}`, account), { code: 'not_found' })
  took.once(path, () => assert.fail('sent after the deletion'))
  offset += hour
  here = node()
  const passed = next(watch)
  await emit(account)
  here.bell.ring('outbox')
  await passed
  await here.stop()
  await deleteOldDeliveries(db, clock.now())
  const left = statement(
    'test_left',
    'select distinct webhook_id from webhook_deliveries where account_id = $1',
  )
  assert.equal((await db.query(left, [account])).length, 1)
})

it('does not connect where a public name leads to this machine', async () => {
  const account = await newAccount()
  const here = node({ sandbox: false })
  const path = newPath(() => assert.fail('connected'))
  const named = `${origin.replace('127.0.0.1', 'localhost')}${path}`
  const { body: byName } = await here.call('POST /v1/webhooks', account, { body: { url: named } })
  const { body: byAddress } = await here.call('POST /v1/webhooks', account, { body: { url: origin + path } })
  await emit(account)
  here.bell.ring('outbox')
  for (const { id } of [byName, byAddress]) {
    for (;;) {
      const { body } = await here.call(`GET /v1/webhooks/${id}/deliveries`, account)
      if (!body.items[0]?.error) continue
      assert.match(body.items[0].error, /does not lead to a public address/)
      break
    }
  }
})

it('keeps deliveries for a week, and those that never arrived for a month', async () => {
  const account = await newAccount()
  const here = node()
  const good = newPath(ok)
  const bad = newPath((response) => response.writeHead(500).end())
  await here.call('POST /v1/webhooks', account, { body: { url: origin + good } })
  await here.call('POST /v1/webhooks', account, { body: { url: origin + bad } })
  const both = Promise.all([next(good), next(bad)])
  await emit(account)
  here.bell.ring('outbox')
  await both
  await here.stop()
  const left = statement('test_statuses', 'select status from webhook_deliveries where account_id = $1')
  const inDays = (days: number) => new Date(clock.now().getTime() + days * 24 * hour)
  await deleteOldDeliveries(db, inDays(6))
  assert.equal((await db.query(left, [account])).length, 2)
  await deleteOldDeliveries(db, inDays(8))
  assert.deepEqual(await db.query(left, [account]), [{ status: 'pending' }])
  await deleteOldDeliveries(db, inDays(31))
  assert.deepEqual(await db.query(left, [account]), [])
})

it('keeps the endpoints of accounts apart, and refuses what it cannot use', async () => {
  const account = await newAccount()
  const stranger = await newAccount()
  const here = node()
  const body = { url: `${origin}/x`, events: ['message.received'], description: 'mine' }
  const { body: created } = await here.call('POST /v1/webhooks', account, { body })
  assert.deepEqual((await here.call('GET /v1/webhooks', stranger)).body.items, [])
  for (const request of ['GET', 'DELETE', 'PATCH'] as const) {
    await assert.rejects(here.call(`${request} /v1/webhooks/${created.id}`, stranger, { body: {} }), {
      code: 'not_found',
    })
  }
  await assert.rejects(here.call('GET /v1/webhooks/whk_nonsense', account), { code: 'not_found' })
  await assert.rejects(
    here.call(`GET /v1/webhooks/${created.id}/deliveries`, account, { query: { before: 'x' } }),
    {
      code: 'invalid_cursor',
    },
  )
  await assert.rejects(here.call('POST /v1/webhooks', account, { body: { url: 'http://10.0.0.1/' } }), {
    code: 'url_not_allowed',
  })
  const { body: changed } = await here.call(`PATCH /v1/webhooks/${created.id}`, account, {
    body: { events: [], description: null },
  })
  assert.deepEqual([changed.events, changed.description, changed.url], [[], null, body.url])
  for (let made = 1; made < 20; made++) await here.call('POST /v1/webhooks', account, { body })
  await assert.rejects(here.call('POST /v1/webhooks', account, { body }), { code: 'too_many_webhooks' })
})
