import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { ensureFirstAccount } from '../accounts/keys.ts'
import { createBell } from '../bell.ts'
import { systemClock } from '../clock.ts'
import { uuidv7 } from '../ids.ts'
import type { Db } from '../store/db.ts'
import { testDatabase } from '../store/testing.ts'
import { readPaths } from './paths.store.ts'
import type { RouteRule, RoutingFacts } from './rank.ts'
import { createRouter } from './router.ts'
import { raiseRevision } from './routes.store.ts'

const { db } = await testDatabase({ connections: 10 })
const { id: accountId } = await ensureFirstAccount(db, systemClock)
const newId = () => uuidv7(Date.now())

const run = async (text: string, values: unknown[] = []) => (await db.pool.query(text, values)).rows
async function change(text: string, values: unknown[] = []): Promise<void> {
  await run(text, values)
  await raiseRevision(db)
}
async function carrier(name: string, route: Partial<RouteRule> | null = {}): Promise<string> {
  const id = newId()
  await change(
    `insert into carriers (account_id, id, name, kind, created_at) values ($1, $2, $3, 'smpp', now())`,
    [accountId, id, name],
  )
  if (route) await offer(id, route)
  return id
}
const offer = (carrierId: string, route: Partial<RouteRule>) =>
  change(
    `insert into routes (id, carrier_id, account_id, prefix, lanes, sender, cost, weight, created_at, updated_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, now(), now())`,
    [
      newId(),
      carrierId,
      route.accountId ?? null,
      route.prefix ?? '',
      route.lanes ?? [],
      route.sender ?? null,
      route.cost ?? 0,
      route.weight ?? 100,
    ],
  )
const facts = (values: Partial<RoutingFacts> = {}): RoutingFacts => ({
  accountId,
  recipient: '+4915123456789',
  sender: null,
  lane: 'transactional',
  ...values,
})
const newRouter = (bell = createBell()) => createRouter({ db, bell })

beforeEach(() => run('truncate paths, routes, rate_limits, carriers cascade'))

test('a path that is known is found at once, and another process finds the same', async () => {
  const [far, near] = [await carrier('far', { cost: 2 }), await carrier('near', { cost: 1 })]
  const router = await newRouter()
  const first = router.paths([facts()])
  assert.ok(first instanceof Promise, 'the first of its kind is written down first')
  const [path] = await first
  assert.deepEqual(router.paths([facts(), facts({ recipient: '+43660123456' })]), [path, path])
  assert.deepEqual(router.carriersOf(path!), [near, far])
  assert.deepEqual(await (await newRouter()).paths([facts()]), [path])
})

test('a message for which there is no route has a path without carriers', async () => {
  await carrier('Austrian', { prefix: '+43' })
  const router = await newRouter()
  const [path] = await router.paths([facts()])
  assert.ok(path! > 0)
  assert.deepEqual(router.carriersOf(path!), [])
  assert.deepEqual(router.deadPaths(), [], 'waiting there is right')
})

test('many nodes that meet a new path at the same time agree about its id', async () => {
  for (const name of ['a', 'b', 'c', 'd']) await carrier(name)
  const recipients = Array.from({ length: 200 }, (_, n) => facts({ recipient: `+49151${1_000_000 + n}` }))
  const routers = await Promise.all(Array.from({ length: 6 }, () => newRouter()))
  const answers = await Promise.all(
    routers.map((router, at) => router.paths(at % 2 ? recipients : recipients.toReversed())),
  )
  for (const [at, answer] of answers.entries())
    assert.deepEqual(at % 2 ? answer : answer.toReversed(), answers[1])
  assert.equal((await readPaths(db)).length, 12, 'each order of the first two once')
})

test('a new path rings, so that whoever may claim from it learns of it', async () => {
  const id = await carrier('main')
  const bell = createBell()
  const heard = new Promise((resolve) => bell.on('carriers', resolve))
  const router = await newRouter(bell)
  const other = await newRouter()
  const [path] = await router.paths([facts()])
  await heard
  assert.deepEqual(
    other.pathsFor(id, () => true),
    [],
  )
  await other.refresh()
  assert.deepEqual(
    other.pathsFor(id, () => true).map((entry) => entry.path),
    [path],
  )
})

test('a carrier claims from the paths on which nobody before it can take', async () => {
  const [first, second] = [await carrier('first'), await carrier('second', { cost: 1 })]
  const router = await newRouter()
  const [path] = await router.paths([facts()])
  const claims = (id: string, up: string[]) =>
    router.pathsFor(id, (carrier) => up.includes(carrier)).map((entry) => entry.path)
  assert.deepEqual(claims(first, [first, second]), [path])
  assert.deepEqual(claims(second, [first, second]), [])
  assert.deepEqual(claims(first, [second]), [])
  assert.deepEqual(claims(second, [second]), [path])
})

test('elsewhere puts the carrier that failed last, and there is none for a lone one', async () => {
  const [a, b, c] = [
    await carrier('a'),
    await carrier('b', { cost: 1 }),
    await carrier('c', { prefix: '+1' }),
  ]
  const router = await newRouter()
  const [path, lone] = await router.paths([facts(), facts({ recipient: '+12025550100', sender: 'x' })])
  assert.deepEqual(router.carriersOf((await router.elsewhere(path!, a!))!), [b, a])
  assert.deepEqual(router.carriersOf((await router.elsewhere(path!, b!))!), [a, b])
  assert.equal(await router.elsewhere((await router.elsewhere(path!, a!))!, b!), path, 'round in a circle')
  assert.deepEqual(router.carriersOf(lone!), [c, a, b])
  await change('delete from routes where carrier_id <> $1', [c])
  await router.refresh()
  const [only] = await router.paths([facts({ recipient: '+12025550100' })])
  assert.equal(await router.elsewhere(only!, c!), undefined)
})

test('limited senders and accounts have paths of their own', async () => {
  const id = await carrier('main')
  const [limited] = (await run(
    `insert into accounts (id, name, created_at) values (gen_random_uuid(), 'Limited', now()) returning id`,
  )) as { id: string }[]
  await change(
    `insert into rate_limits (account_id, sender, segments_per_second) values ($1, 'Shop', 5), ($2, '', 7), ($2, 'Both', 9)`,
    [accountId, limited!.id],
  )
  const router = await newRouter()
  const paths = await router.paths([
    facts(),
    facts({ sender: 'Shop' }),
    facts({ accountId: limited!.id }),
    facts({ accountId: limited!.id, sender: 'Shop' }),
    facts({ accountId: limited!.id, sender: 'Both' }),
  ])
  const limits = new Map(router.pathsFor(id, () => true).map(({ path, limit }) => [path, limit]))
  assert.deepEqual(
    paths.map((path) => limits.get(path)),
    [
      null,
      { accountId, sender: 'Shop' },
      { accountId: limited!.id, sender: null },
      { accountId: limited!.id, sender: null },
      { accountId: limited!.id, sender: 'Both' },
    ],
  )
})

test('rules that change hold after a refresh, and a deleted carrier is in no path', async () => {
  const [a, b] = [await carrier('a'), await carrier('b', { cost: 1 })]
  const router = await newRouter()
  const [path] = await router.paths([facts()])
  await change('update routes set cost = 2 where carrier_id = $1', [a])
  await router.refresh()
  const [turned] = await router.paths([facts()])
  assert.deepEqual(router.carriersOf(turned!), [b, a])
  await change('update carriers set deleted_at = now() where id = $1', [a])
  await router.refresh()
  assert.deepEqual(router.carriersOf(path!), [b])
  await change('update carriers set deleted_at = now()')
  await router.refresh()
  assert.deepEqual(new Set(router.deadPaths()), new Set([path, turned]))
})

test('a refresh that is asked for while one runs sees what was written before it was asked for', async () => {
  const router = await newRouter()
  const early = router.refresh()
  const id = await carrier('late')
  await router.refresh()
  await early
  assert.ok(router.carriers.has(id))
})

test('the way elsewhere is known on paths that another process has made', async () => {
  const [near, far] = [await carrier('near', { cost: 1 }), await carrier('far', { cost: 2 })]
  const [one, other] = [await newRouter(), await newRouter()]
  const [path] = await one.paths([facts()])
  const way = await other.elsewhere(path!, near)
  assert.deepEqual(other.carriersOf(way!), [far, near])
  assert.deepEqual(other.namesOf(way!), ['far', 'near'])
})

test('a path that is made while the others are read is not forgotten', async () => {
  const [near, far] = [await carrier('near', { cost: 1 }), await carrier('far', { cost: 2 })]
  const held = Promise.withResolvers<void>()
  let reading = false
  const slow: Db = {
    ...db,
    async query(statement, values) {
      const rows = await db.query(statement, values)
      if (reading && statement.name === 'all_paths') await held.promise
      return rows as never
    },
  }
  const router = await createRouter({ db: slow, bell: createBell() })
  const [path] = await router.paths([facts()])
  reading = true
  await carrier('third', { cost: 3 })
  const refreshed = router.refresh()
  const way = await router.elsewhere(path!, near)
  held.resolve()
  await refreshed
  assert.deepEqual(router.carriersOf(way!), [far, near])
})

test('a paused carrier, whose links stand, lets the next of the path have its messages', async () => {
  const [near, far] = [await carrier('near', { cost: 1 }), await carrier('far', { cost: 2 })]
  const router = await newRouter()
  const [path] = await router.paths([facts()])
  const offered = (id: string) => router.pathsFor(id, () => true).map((offer) => offer.path)
  assert.deepEqual([offered(near), offered(far)], [[path], []])
  await run(`update carriers set mode = 'paused', revision = revision + 1 where id = $1`, [near])
  await router.refresh()
  assert.deepEqual([offered(near), offered(far)], [[], [path]])
})

test('what a segment costs is said by the route that comes first, and by the next one while its carrier is paused', async () => {
  const [near] = [await carrier('near', { cost: 0.07 }), await carrier('far', { cost: 0.09 })]
  const swiss = await carrier('swiss', { prefix: '+41', cost: 0.2 })
  const router = await newRouter()
  const abroad = facts({ recipient: '+41791234567' })
  assert.equal(router.costOf(facts()), 0.07)
  assert.equal(router.costOf(abroad), 0.2)
  await run(`update carriers set mode = 'drained', revision = revision + 1 where id = any($1)`, [
    [near, swiss],
  ])
  await router.refresh()
  assert.equal(router.costOf(facts()), 0.09)
  assert.equal(router.costOf(abroad), 0.09)
  await run('truncate routes')
  await raiseRevision(db)
  await router.refresh()
  assert.equal(router.costOf(facts()), undefined)
})
