import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { ensureFirstAccount } from '../accounts/keys.ts'
import { createBell } from '../bell.ts'
import { systemClock } from '../clock.ts'
import { uuidv7 } from '../ids.ts'
import { listed } from '../store/arrays.ts'
import type { Db } from '../store/db.ts'
import { testDatabase } from '../store/testing.ts'
import { repath } from './repath.ts'
import { createRouter } from './router.ts'
import { raiseRevision } from './routes.store.ts'

const { db } = await testDatabase({ connections: 10 })
const { id: accountId } = await ensureFirstAccount(db, systemClock)
await run(`select ensure_partitions(now()::date, 2)`)
async function run(text: string, values: unknown[] = []) {
  return (await db.pool.query(text, values)).rows
}

beforeEach(async () => {
  await run('truncate paths, routes, rate_limits, carriers, queue, messages cascade')
  await run('update routing set applied = revision, walk_revision = null, walk_began = null')
})

async function carrier(name: string, prefix = '', cost = 0): Promise<string> {
  const id = uuidv7(Date.now())
  await run(
    `with c as (insert into carriers (account_id, id, name, kind, created_at) values ($1, $2, $3, 'smpp', now()))
     insert into routes (id, carrier_id, prefix, cost, created_at, updated_at) values ($2, $2, $4, $5, now(), now())`,
    [accountId, id, name, prefix, cost],
  )
  await raiseRevision(db)
  return id
}

/** Messages in the queue, half of them for Germany and half for Austria, of every status. */
async function enqueue(count: number, path = 0): Promise<void> {
  const ids = Array.from({ length: count }, () => uuidv7(Date.now()))
  await run(
    `with d as (select id, n from unnest($2::uuid[]) with ordinality as d(id, n)),
     m as (insert into messages (account_id, id, direction, state, lane, recipient, body, encoding, segments, created_at, updated_at)
       select $1, id, 'outbound', 'queued', 'marketing', (case n % 2 when 0 then '+4915' else '+4366' end) || 1000000 + n,
         'x', 'gsm7', 1, now(), now() from d)
     insert into queue (account_id, message_id, lane, status, due_at, expires_at, path)
     select $1, id, 'marketing', (array['ready', 'scheduled', 'uncertain', 'ready'])[n % 4 + 1], now(), now() + '1 hour', $3 from d`,
    [accountId, ids, path],
  )
}

/** How many wait for which first carrier, by the country of the recipient. */
async function waiting(): Promise<Record<string, number>> {
  const rows = await run(
    `select left(m.recipient, 3) || ' ' || coalesce(c.name, 'nobody') as way, count(*)::int from queue q
     join messages m on m.id = q.message_id left join paths p on p.id = q.path left join carriers c on c.id = p.carriers[1]
     group by 1 order by 1`,
  )
  return Object.fromEntries(rows.map(({ way, count }) => [way, count]))
}

async function settled(): Promise<boolean> {
  return (await run('select applied = revision as done from routing'))[0]!.done
}

const node = async (options: { batch?: number; settledAfterMs?: number } = {}, on: Db = db) => {
  const bell = createBell()
  const router = await createRouter({ db: on, bell })
  return { router, bell, go: () => repath({ db: on, bell, router, settledAfterMs: 0, ...options }) }
}

test('messages that have no path yet get theirs, and dispatchers are told', async () => {
  await carrier('main')
  await enqueue(10)
  const { go, bell } = await node()
  const rung = new Promise((resolve) => bell.on('queue', resolve))
  assert.equal(await go(), undefined)
  await rung
  assert.deepEqual(await waiting(), { '+43 main': 5, '+49 main': 5 })
})

test('a new route moves what it concerns, scheduled and uncertain messages too, and leaves the rest', async () => {
  await carrier('main')
  await enqueue(40)
  const { go } = await node({ batch: 7 })
  await go()
  await carrier('Austrian', '+43')
  assert.equal(await settled(), false)
  await go()
  assert.deepEqual(await waiting(), { '+43 Austrian': 20, '+49 main': 20 })
  assert.equal(await settled(), true)
})

test('several nodes at once do it once', async () => {
  await carrier('main')
  await enqueue(300)
  const nodes = await Promise.all([1, 2, 3].map(() => node({ batch: 20 })))
  await Promise.all(nodes.map(({ go }) => go()))
  await carrier('Austrian', '+43')
  await Promise.all(nodes.map(({ go }) => go()))
  // Whoever found another at work has left it to that one.
  assert.equal(await settled(), true)
  assert.deepEqual(await waiting(), { '+43 Austrian': 150, '+49 main': 150 })
})

test('a walk that is broken off goes on where it was', async () => {
  await carrier('main')
  await enqueue(50)
  await (await node()).go()
  await carrier('Austrian', '+43')
  let transactions = 0
  const dying: Db = {
    ...db,
    transaction(work) {
      // The first looks for messages without a path; then come the steps of the walk.
      if (++transactions > 3) throw new Error('killed')
      return db.transaction(work)
    },
  }
  const dead = await node({ batch: 10 }, dying)
  await assert.rejects(dead.go, /killed/)
  assert.deepEqual(await waiting(), { '+43 Austrian': 10, '+43 main': 15, '+49 main': 25 })
  const reads: unknown[] = []
  const watched: Db = {
    ...db,
    transaction: (work) =>
      db.transaction((tx) =>
        work({
          query(statement, values) {
            if (statement.name === 'walk_queue') reads.push(values)
            return tx.query(statement, values)
          },
        }),
      ),
  }
  await (await node({ batch: 10 }, watched)).go()
  assert.deepEqual(await waiting(), { '+43 Austrian': 25, '+49 main': 25 })
  assert.equal(reads.length, 4, 'thirty rows were left')
})

test('what came in by older rules behind the walk is found by a second one', async () => {
  await carrier('main')
  const old = await node()
  const [oldPath] = await old.router.paths([
    { accountId, recipient: '+436601234567', sender: null, lane: 'marketing' },
  ])
  await carrier('Austrian', '+43')
  const first = await node({ settledAfterMs: 60_000 })
  const afterMs = (await first.go())!
  assert.ok(afterMs > 50_000 && afterMs <= 60_000, `again in ${afterMs} ms`)
  assert.equal(await settled(), false)
  await enqueue(8, oldPath)
  await run("update routing set changed_at = changed_at - interval '60 seconds'")
  assert.equal(await first.go(), undefined)
  assert.equal(await settled(), true)
  assert.deepEqual(await waiting(), { '+43 Austrian': 4, '+49 main': 4 })
})

test('rules that change on the way begin the walk anew', async () => {
  await carrier('main')
  await enqueue(50)
  await (await node()).go()
  await carrier('Austrian', '+43')
  const { go } = await node({ batch: 10 })
  let steps = 0
  const meddling: Db = {
    ...db,
    async transaction(work) {
      if (++steps === 4) await carrier('German', '+49')
      return db.transaction(work)
    },
  }
  await (await node({ batch: 10 }, meddling)).go()
  await go()
  assert.deepEqual(await waiting(), { '+43 Austrian': 25, '+49 German': 25 })
})

test('messages whose carriers are deleted wait for a route, and take the next one', async () => {
  const id = await carrier('main')
  const { go } = await node()
  await enqueue(12)
  await go()
  await run('update carriers set deleted_at = now() where id = $1', [id])
  await raiseRevision(db)
  await go()
  assert.deepEqual(await waiting(), { '+43 nobody': 6, '+49 nobody': 6 })
  await carrier('new')
  await go()
  assert.deepEqual(await waiting(), { '+43 new': 6, '+49 new': 6 })
})

test('a message that came back late on the path of a deleted carrier is routed anew', async () => {
  const id = await carrier('main')
  const { go, router } = await node()
  const [path] = await router.paths([
    { accountId, recipient: '+436601234567', sender: null, lane: 'marketing' },
  ])
  await run('update carriers set deleted_at = now() where id = $1', [id])
  await carrier('new')
  await go()
  await enqueue(8, path)
  await run(`update queue set status = 'ready'`)
  await go()
  assert.deepEqual(await waiting(), { '+43 new': 4, '+49 new': 4 })
})

test('what was on the wire when rules changed comes back to a walk that has waited for it', async () => {
  const id = await carrier('main')
  const { go, router } = await node()
  await go()
  const [path] = await router.paths([
    { accountId, recipient: '+436601234567', sender: null, lane: 'marketing' },
  ])
  await run(
    `insert into claims (carrier_id, slot, fence, messages, claimed_at) values ($1, 0, 1, '[]', now() - interval '1 minute')`,
    [id],
  )
  await carrier('Austrian', '+43')
  assert.ok((await go())! > 0, 'not yet')
  assert.equal(await settled(), false)
  await enqueue(8, path)
  await run('delete from claims')
  assert.equal(await go(), undefined)
  assert.equal(await settled(), true)
  assert.deepEqual(await waiting(), { '+43 Austrian': 4, '+49 main': 4 })
})

test('who has refused a message, or may have sent it, stays at the end of its new path', async () => {
  await carrier('near', '', 1)
  await carrier('far', '', 2)
  await enqueue(12)
  const steps = [
    [
      { state: 'on_wire', carrier: 'near' },
      { state: 'queued', refused_by: 'near' },
    ],
    [{ state: 'on_wire', carrier: 'near' }, { state: 'uncertain' }, { state: 'queued' }],
    [
      { state: 'on_wire', carrier: 'near' },
      { state: 'queued', error: 'ESME_RSYSERR' },
    ],
  ]
  await run(
    `update messages m set timeline = ($1::text[])[d.n + 1], possible_duplicate = d.n = 1
     from (select id, (row_number() over (order by id) % 3)::int as n from messages) d where d.id = m.id`,
    [steps.map(listed)],
  )
  await run('update queue set attempt = 1')
  await (await node()).go()
  const ways = await run(
    `select c.name, count(*)::int from queue q join paths p on p.id = q.path join carriers c on c.id = p.carriers[1]
     group by 1 order by 1`,
  )
  assert.deepEqual(ways, [
    { name: 'far', count: 8 },
    { name: 'near', count: 4 },
  ])
})
