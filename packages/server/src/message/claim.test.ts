import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import fc from 'fast-check'
import { acquire } from '../fleet/lease.store.ts'
import type { Statement, Tx } from '../store/db.ts'
import { testDatabase } from '../store/testing.ts'
import { type Claimant, claim, type Offer, type Room } from './claim.store.ts'
import type { Draft } from './draft.ts'
import { type Lane, laneNames } from './lane.ts'
import { ask, handClock, testAccept, testOwner } from './testing.ts'

const { db } = await testDatabase()
const { accountId } = await testOwner(db)
const clock = handClock()
const plenty: Room = { messages: 100, segments: 1_000, whole: true }
const open = (...paths: number[]): Offer[] => paths.map((path) => ({ path, limit: null }))

beforeEach(async () => {
  await ask(db, 'truncate queue, claims')
  await ask(db, 'delete from rate_limits')
})

/** A bind of a carrier of its own. */
async function bind(): Promise<Claimant> {
  const { carrierId } = await testOwner(db)
  return { carrierId, slot: 0, fence: (await acquire(db, carrierId, 0, 1, 600_000))! }
}

const accept = (path: number, ...drafts: Partial<Draft>[]) =>
  testAccept({ db, clock, paths: (facts) => facts.map(() => path) }).accept(
    accountId,
    drafts.map((draft) => ({ to: '+4915123456789', text: 'x', ...draft })),
  )

const texts = async (claimant: Claimant, offers: readonly Offer[], room: Partial<Room> = {}) =>
  (await claim(db, claimant, offers, { ...plenty, ...room }, clock.now())).messages.map(({ body }) => body)

test('from any number of paths the highest lane and the oldest come first, and nothing of other paths', async () => {
  const claimant = await bind()
  const queued = fc.array(
    fc.record({ path: fc.integer({ min: 1, max: 4 }), lane: fc.constantFrom<Lane>(...laneNames) }),
    { maxLength: 30 },
  )
  await fc.assert(
    fc.asyncProperty(
      queued,
      fc.subarray([1, 2, 3], { minLength: 1 }),
      fc.integer({ min: 1, max: 7 }),
      async (messages, paths, most) => {
        await ask(db, 'truncate queue, claims')
        for (const [at, { path, lane }] of messages.entries()) await accept(path, { lane, text: `${at}` })
        const wanted = messages
          .map(({ path, lane }, at) => ({ path, lane, text: `${at}` }))
          .filter(({ path }) => paths.includes(path))
        wanted.sort((a, b) => laneNames.indexOf(a.lane) - laneNames.indexOf(b.lane))
        const got: string[] = []
        for (let more = true; more; ) {
          const some = await texts(claimant, open(...paths), { messages: most })
          got.push(...some)
          more = some.length > 0
        }
        assert.deepEqual(
          got,
          wanted.map(({ text }) => text),
        )
      },
    ),
    { numRuns: 15 },
  )
})

/** Rows that each step of a plan has touched, in sum. */
interface Plan {
  'Actual Rows'?: number
  'Actual Loops'?: number
  'Rows Removed by Filter'?: number
  Plans?: Plan[]
}
const touched = (plan: Plan): number =>
  ((plan['Actual Rows'] ?? 0) + (plan['Rows Removed by Filter'] ?? 0)) * (plan['Actual Loops'] ?? 1) +
  (plan.Plans ?? []).reduce((sum, each) => sum + touched(each), 0)

/** Runs a claim under EXPLAIN ANALYZE, as the pool plans it; how many rows its steps have touched. */
async function costOf(claimant: Claimant, offers: readonly Offer[]): Promise<number> {
  let cost = 0
  const explaining: Tx = {
    async query<Row>(statement: Statement, values: readonly unknown[] = []) {
      const [row] = await ask<{ 'QUERY PLAN': { Plan: Plan }[] }>(
        db,
        `explain (analyze, format json) ${statement.text}`,
        [...values],
      )
      cost = touched(row!['QUERY PLAN'][0]!.Plan)
      return [{ claim_id: null, waiting: false, tokens_in_ms: null }] as Row[]
    },
  }
  await claim(explaining, claimant, offers, { ...plenty, messages: 10 }, clock.now())
  return cost
}

test('the backlog of a dead carrier costs the claims of others nothing', async () => {
  const claimant = await bind()
  await ask(
    db,
    `insert into queue (account_id, message_id, path, lane, status, due_at, expires_at)
     select $1, uuidv7_floor(to_timestamp(n)), 9, 'code', 'ready', now(), now() + interval '1 day' from generate_series(1, 100000) n`,
    [accountId],
  )
  await ask(db, 'analyze queue')
  for (const offers of [open(1), open(1, 2, 3)]) {
    await accept(1, {}, {}, {})
    const cost = await costOf(claimant, offers)
    assert.ok(cost > 3 && cost < 300, `${cost} rows were touched`)
    assert.deepEqual(await ask(db, 'select from queue where path = 1'), [], 'and they were taken')
  }
})

test('binds that claim at the same moment from the same paths share them, without waiting and without doubles', async () => {
  const binds = await Promise.all([bind(), bind(), bind()])
  const drafts = Array.from({ length: 60 }, (_, n) => ({ text: `m${n}` }))
  await accept(1, ...drafts.slice(0, 30))
  await accept(2, ...drafts.slice(30))
  const got: string[] = []
  while (got.length < 60) {
    const rounds = await Promise.all(binds.map((each) => texts(each, open(1, 2), { messages: 7 })))
    got.push(...rounds.flat())
  }
  assert.deepEqual(got.toSorted(), drafts.map(({ text }) => text).toSorted())
})

test('what is kept for urgent ones is given to no other lane', async () => {
  const claimant = await bind()
  await accept(1, { lane: 'marketing', text: 'ad' }, { lane: 'transactional', text: 'news' })
  await accept(2, { lane: 'code', text: 'code' }, { lane: 'alert', text: 'alert' })
  for (const offers of [open(1, 2), open(2)]) {
    const room = { messages: 1, segments: 0, urgent: 5, whole: false }
    assert.equal((await texts(claimant, offers, room)).length, 1)
  }
  assert.deepEqual(await texts(claimant, open(1, 2), { segments: 0, urgent: 5, whole: false }), [])
  assert.deepEqual(await texts(claimant, open(1, 2), { segments: 1, urgent: 5, whole: false }), ['news'])
})

test('the reserve begins with a lower lane', async () => {
  const claimant = await bind()
  await accept(1, { lane: 'code', text: 'code' }, { lane: 'marketing', text: 'ad' })
  assert.deepEqual(await texts(claimant, open(1), { messages: 1, from: 'conversation' }), ['ad'])
  assert.deepEqual(await texts(claimant, open(1, 2), { from: 'conversation' }), [])
})

/** Tokens that stay as they are: a bucket that was filled in the future is not refilled now. */
const tokens = (sender: string, rate: number, allowance: number) =>
  ask(
    db,
    `insert into rate_limits (account_id, sender, segments_per_second, allowance, refilled_at)
     values ($1, $2, $3, $4, now() + interval '1 hour')
     on conflict (account_id, sender) do update set allowance = excluded.allowance, refilled_at = excluded.refilled_at`,
    [accountId, sender, rate, allowance],
  )
const left = async (sender: string) => {
  const [row] = await ask<{ allowance: number }>(
    db,
    'select allowance from rate_limits where account_id = $1 and sender = $2',
    [accountId, sender],
  )
  return row!.allowance
}
const limited = (path: number, sender: string | null = null): Offer => ({
  path,
  limit: { accountId, sender },
})
const many = (count: number, draft: Partial<Draft> = {}) => Array.from({ length: count }, () => draft)

test('an account gets as many segments as it has tokens, and keeps what it has not used', async () => {
  const claimant = await bind()
  await accept(1, ...many(9))
  await tokens('', 100, 5)
  const taken = await claim(db, claimant, [limited(1)], plenty, clock.now())
  assert.equal(taken.messages.length, 5)
  assert.equal(await left(''), 0)
  const more = await claim(db, claimant, [limited(1)], { ...plenty, messages: 0 }, clock.now())
  assert.ok(more.tokensInMs !== null && more.tokensInMs <= 10, 'it knows when to come again')
  await tokens('', 100, 20)
  assert.equal((await claim(db, claimant, [limited(1)], plenty, clock.now())).messages.length, 4)
  assert.equal(await left(''), 16)
})

test('a sender needs its own tokens and those of its account', async () => {
  const claimant = await bind()
  await accept(1, ...many(9, { from: 'Bank' }))
  await accept(2, ...many(9))
  await tokens('', 100, 6)
  await tokens('Bank', 100, 2)
  const taken = await claim(db, claimant, [limited(1, 'Bank'), limited(2)], plenty, clock.now())
  const banks = taken.messages.filter(({ sender }) => sender === 'Bank').length
  assert.deepEqual([banks, taken.messages.length], [2, 6])
  assert.deepEqual([await left(''), await left('Bank')], [0, 0])
})

test('who has no tokens is in nobody’s way, and a lower lane of another account goes before', async () => {
  const claimant = await bind()
  await accept(1, ...many(150, { lane: 'code' }))
  await accept(2, { lane: 'marketing', text: 'ad' })
  await tokens('', 10, 0)
  const taken = await claim(db, claimant, [limited(1), ...open(2)], plenty, clock.now())
  assert.deepEqual(
    taken.messages.map(({ body }) => body),
    ['ad'],
  )
})

test('a long message of a slow account goes on credit, and the account waits the longer', async () => {
  const claimant = await bind()
  await accept(1, { text: 'x'.repeat(400) }, {})
  await tokens('', 1, 1)
  assert.equal((await claim(db, claimant, [limited(1)], plenty, clock.now())).messages.length, 1)
  assert.equal(await left(''), -2)
  assert.equal((await claim(db, claimant, [limited(1)], plenty, clock.now())).messages.length, 0)
})

test('any number of nodes that claim at the same moment take no more than there are tokens', async () => {
  const binds = await Promise.all(Array.from({ length: 5 }, bind))
  await accept(1, ...many(50))
  await tokens('', 28, 7)
  const began = performance.now()
  const rounds = []
  for (let round = 0; round < 4; round++)
    rounds.push(
      ...(await Promise.all(binds.map((each) => claim(db, each, [limited(1)], plenty, clock.now())))),
    )
  const got = rounds.reduce((sum, { messages }) => sum + messages.length, 0)
  const seconds = (performance.now() - began) / 1_000
  assert.ok(got >= 7 && got <= 7 + 28 * seconds, `${got} in ${seconds} s`)
})

test('a limit that was lifted since the offer was made limits nothing', async () => {
  const claimant = await bind()
  await accept(1, ...many(3))
  assert.equal((await claim(db, claimant, [limited(1)], plenty, clock.now())).messages.length, 3)
})
