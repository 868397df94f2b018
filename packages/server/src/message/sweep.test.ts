import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { acquire, release } from '../fleet/lease.store.ts'
import { testDatabase } from '../store/testing.ts'
import { type ClaimedMessage, claim } from './claim.store.ts'
import type { Draft } from './draft.ts'
import type { Lane } from './lane.ts'
import { expireDue, promoteDue, resendUncertain, takeOver, takeOverLapsed } from './sweep.ts'
import { ask, handClock, noOther, offers, testAccept, testOwner } from './testing.ts'

const { db } = await testDatabase()
const { accountId } = await testOwner(db)
let clock = handClock()
const rules = { graceMs: 60_000 }
const minute = 60_000

beforeEach(async () => {
  clock = handClock()
  await ask(db, 'truncate queue, claims')
})

const accept = (...drafts: Partial<Draft>[]) =>
  testAccept({ db, clock }).accept(
    accountId,
    drafts.map((draft) => ({ to: '+4915123456789', text: 'x', ...draft })),
  )

/** A bind of a carrier of its own, held for `leaseMs`. */
async function bind(leaseMs = 600_000) {
  const { carrierId } = await testOwner(db)
  const fence = (await acquire(db, carrierId, 0, 1, leaseMs))!
  return { carrierId, slot: 0, fence }
}

async function onWire(claimant: Awaited<ReturnType<typeof bind>>, ...drafts: Partial<Draft>[]) {
  await accept(...drafts)
  const taken = await claim(db, claimant, offers, { messages: 100, segments: 100, whole: true }, clock.now())
  assert.equal(taken.messages.length, drafts.length)
  return taken.messages
}
const stateOf = async ({ id }: ClaimedMessage) =>
  (
    await ask<{ state: string; possible_duplicate: boolean; error_code: string | null }>(
      db,
      'select state, possible_duplicate, error_code from messages where id = $1',
      [id],
    )
  )[0]!
const queueOf = async ({ id }: ClaimedMessage) =>
  (
    await ask<{ status: string; due_at: Date; attempt: number }>(
      db,
      'select status, due_at, attempt from queue where message_id = $1',
      [id],
    )
  )[0]
const claims = async () => (await ask(db, 'select id from claims')).length

/** What becomes of a message of unknown fate, by lane: its state, and what it waits for in the queue. */
const fates: readonly [lane: Lane, state: string, status: string, duplicate: boolean][] = [
  ['alert', 'queued', 'ready', true],
  ['code', 'queued', 'ready', true],
  ['transactional', 'uncertain', 'uncertain', false],
  ['conversation', 'uncertain', 'uncertain', false],
  ['marketing', 'uncertain', 'uncertain', false],
]

for (const [lane, state, status, duplicate] of fates) {
  test(`a ${lane} message of a bind that nobody has held for a minute is ${state}, without a next holder`, async () => {
    const claimant = await bind(-2 * minute)
    await ask(db, `update binds set leased_until = now() + interval '1 minute' where carrier_id = $1`, [
      claimant.carrierId,
    ])
    const [message] = await onWire(claimant, { lane })
    await ask(db, `update binds set leased_until = now() - interval '61 seconds' where carrier_id = $1`, [
      claimant.carrierId,
    ])
    clock.forward(minute + 1)
    const swept = await takeOverLapsed(db, clock.now(), rules, noOther)
    assert.equal(swept.moved.length, 1)
    assert.equal(swept.ready, status === 'ready' ? 1 : 0)
    const row = await stateOf(message!)
    assert.deepEqual([row.state, row.possible_duplicate], [state, duplicate])
    assert.equal((await queueOf(message!))?.status, status)
    assert.equal(await claims(), 0)
  })
}

test('the claims of a bind that is held, that ended just now, or that are fresh, are let alone', async () => {
  const held = await bind()
  const ended = await bind()
  const given = await bind()
  await onWire(held, {})
  await onWire(ended, {})
  await ask(db, `update binds set leased_until = now() - interval '59 seconds' where carrier_id = $1`, [
    ended.carrierId,
  ])
  clock.forward(2 * minute)
  await onWire(given, {})
  await release(db, given.carrierId, given.slot, given.fence)
  assert.equal((await takeOverLapsed(db, clock.now(), rules, noOther)).moved.length, 0)
  assert.equal(await claims(), 3)
  clock.forward(minute + 1)
  assert.equal(
    (await takeOverLapsed(db, clock.now(), rules, noOther)).moved.length,
    1,
    'the one that was given back',
  )
  assert.equal(await claims(), 2)
})

test('the next holder of a bind takes over what the one before had on the wire, each message once', async () => {
  const first = await bind()
  const [code, ad] = await onWire(first, { lane: 'code' }, { lane: 'marketing' })
  await release(db, first.carrierId, 0, first.fence)
  const next = { ...first, fence: (await acquire(db, first.carrierId, 0, 2, 600_000))! }
  assert.equal((await takeOver(db, next, rules, noOther, clock.now())).moved.length, 2)
  assert.equal((await takeOver(db, next, rules, noOther, clock.now())).moved.length, 0)
  assert.equal((await stateOf(code!)).state, 'queued')
  assert.equal((await stateOf(ad!)).state, 'uncertain')
})

test('a scheduled message becomes ready at its time and not before, and its state says queued', async () => {
  await accept({ sendAt: new Date(clock.now().getTime() + minute) })
  assert.deepEqual(await promoteDue(db, clock.now()), { moved: [], ready: 0, more: false })
  clock.forward(minute)
  const swept = await promoteDue(db, clock.now())
  assert.deepEqual(
    swept.moved.map(({ was, state }) => [was, state]),
    [['scheduled', 'queued']],
  )
  assert.equal(swept.ready, 1)
  assert.equal((await promoteDue(db, clock.now())).ready, 0, 'once')
})

test('a postponed message becomes ready without a move, and is counted for the bell', async () => {
  await accept({})
  await ask(db, `update queue set status = 'scheduled', due_at = $1`, [clock.now()])
  const { moved, ready } = await promoteDue(db, clock.now())
  assert.deepEqual([moved.length, ready], [0, 1])
})

for (const [status, error] of [
  ['ready', 'validity_expired'],
  ['scheduled', 'validity_expired'],
  ['uncertain', 'outcome_unknown'],
] as const) {
  test(`what waits as ${status} until it is too late expires with ${error}`, async () => {
    const [message] = await onWire(await bind(), { lane: 'marketing' })
    const state = status === 'uncertain' ? 'uncertain' : 'queued'
    await ask(db, 'update messages set state = $2 where id = $1', [message!.id, state])
    await ask(
      db,
      `insert into queue (account_id, message_id, lane, status, due_at, expires_at)
       values ($1, $2, 'marketing', $3, $4, $5)`,
      [accountId, message!.id, status, message!.expires_at, message!.expires_at],
    )
    assert.equal((await expireDue(db, clock.now())).moved.length, 0, 'not yet')
    clock.forward(message!.expires_at.getTime() - clock.now().getTime())
    const swept = await expireDue(db, clock.now())
    assert.deepEqual([swept.moved.length, swept.ready], [1, 0])
    assert.deepEqual(await stateOf(message!), {
      state: 'expired',
      possible_duplicate: false,
      error_code: error,
    })
    assert.equal(await queueOf(message!), undefined)
  })
}

test('what is on the wire does not expire under its carrier', async () => {
  const [message] = await onWire(await bind(), {})
  clock.forward(message!.expires_at.getTime() - clock.now().getTime() + 1)
  assert.equal((await expireDue(db, clock.now())).moved.length, 0)
})

test('a message that waited for its answer goes out again after the grace, flagged; an advert never', async () => {
  const first = await bind()
  const [news, ad] = await onWire(first, { lane: 'transactional' }, { lane: 'marketing' })
  const next = { ...first, fence: first.fence + 1 }
  await takeOver(db, next, rules, noOther, clock.now())
  assert.equal((await resendUncertain(db, clock.now())).ready, 0, 'not yet')
  clock.forward(rules.graceMs)
  assert.equal((await resendUncertain(db, clock.now())).ready, 1)
  assert.deepEqual(await stateOf(news!), { state: 'queued', possible_duplicate: true, error_code: null })
  assert.deepEqual([(await queueOf(news!))!.status, (await queueOf(news!))!.attempt], ['ready', 1])
  assert.equal((await stateOf(ad!)).state, 'uncertain')
})
