import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createBell } from '../bell.ts'
import { acquire } from '../fleet/lease.store.ts'
import { publicId } from '../ids.ts'
import { createEmit } from '../outbox/emit.ts'
import type { Db, Statement, Tx } from '../store/db.ts'
import { testDatabase } from '../store/testing.ts'
import { type Claim, claim } from './claim.store.ts'
import { type Lane, laneNames } from './lane.ts'
import { createLedger } from './ledger.ts'
import { createMessages } from './messages.ts'
import type { ReceiptRecord } from './receipt.store.ts'
import type { Outcome } from './settle.ts'
import { type State, states, transitions } from './state.ts'
import { expireDue, promoteDue, resendUncertain, takeOver } from './sweep.ts'
import { ask, handClock, noOther, offers, silentLog, testAccept, testOwner, testPath } from './testing.ts'

interface AskedMove {
  from: State[]
  to: State
  steps: { state: State }[]
}

/** What each statement that moves messages asks for, out of its parameters. */
const movers: Record<string, (values: readonly unknown[]) => AskedMove[]> = {
  move_messages: ([rows]) =>
    JSON.parse(rows as string).map((row: { from: State[]; state: State; steps: string }) => ({
      from: row.from,
      to: row.state,
      steps: stepsOf(row.steps),
    })),
  settle_submitted: ([, from, , , steps]) =>
    linesOf(steps).map((line) => ({ from: from as State[], to: 'submitted', steps: stepsOf(line) })),
  apply_receipts: (values) => {
    const [states, from, steps] = [wordsOf(values[9]), String(values[10]).split(';'), linesOf(values[11])]
    return states.map((state, at) => ({
      to: state as State,
      from: wordsOf(from[at]) as State[],
      steps: stepsOf(steps[at]!),
    }))
  },
}
const linesOf = (column: unknown): string[] => String(column).split('\n').filter(Boolean)
const stepsOf = (listed: string): AskedMove['steps'] => JSON.parse(`[${listed.slice(0, -1)}]`)
const wordsOf = (column: unknown): string[] => String(column).slice(1, -1).split(',').filter(Boolean)

const seen: AskedMove[] = []
const { db: real } = await testDatabase()
const watch = (tx: Tx): Tx => ({
  query<Row>(statement: Statement, values: readonly unknown[] = []) {
    seen.push(...(movers[statement.name]?.(values) ?? []))
    return tx.query<Row>(statement, values)
  },
})
const db: Db = { ...real, ...watch(real), transaction: (work) => real.transaction((tx) => work(watch(tx))) }

const { accountId, carrierId } = await testOwner(db)
const fence = (await acquire(db, carrierId, 0, 1, 600_000))!
const clock = handClock()
const emit = createEmit(() => ({}))
const uncertain = { graceMs: 60_000 }
const house = { db, clock, bell: createBell(), emit, log: silentLog }
const accept = testAccept({ db, clock })
const messages = createMessages({ ...house, accept })
const ledger = createLedger({ ...house, uncertain })

const may = (from: State, to: State): boolean => (transitions[from] as readonly State[]).includes(to)

/** Holds every move that was asked for since the last look to the table: its guard, and the steps it writes down. */
function check(): void {
  assert.notEqual(seen.length, checked, 'something moved')
  for (const { from, to, steps } of seen.slice(checked)) {
    assert.equal(steps.at(-1)!.state, to, 'the timeline ends where the message stands')
    for (const state of from) {
      // The column says `queued` of what is on the wire.
      const fits = may(state, to) || (state === 'queued' && may('on_wire', to))
      assert.ok(fits, `${state} -> ${to} is guarded for, and not in the table`)
    }
    for (const [at, { state }] of steps.entries()) {
      const next = steps[at + 1]
      if (next) assert.ok(may(state, next.state), `${state} -> ${next.state} is written down`)
    }
  }
  checked = seen.length
}
let checked = 0

async function onWire(lane: Lane): Promise<Claim> {
  await ask(db, 'truncate queue, claims')
  await accept.accept(accountId, [{ to: '+4915123456789', text: 'x', lane }])
  return await claim(
    db,
    { carrierId, slot: 0, fence },
    offers,
    { messages: 1, segments: 9, whole: true },
    clock.now(),
  )
}

let ids = 0
async function settle({ id, at, messages: [message] }: Claim, outcome: Outcome): Promise<string> {
  const remoteId = `moves-${++ids}`
  await ledger.settle({
    message: message!,
    claim: { id, at, carrier: 'main', open: 1 },
    outcome,
    answered: [
      {
        account_id: accountId,
        message_id: message!.id,
        attempt: message!.attempt,
        index: 1,
        carrier_id: carrierId,
        remote_id: remoteId,
        remote_key: remoteId,
        request: null,
      },
    ],
  })
  return remoteId
}

const outcomes: readonly Outcome[] = [
  { kind: 'submitted' },
  { kind: 'submitted', late: true },
  { kind: 'rejected', carrierCode: 'ESME_RINVDSTADR' },
  { kind: 'unsendable' },
  { kind: 'retry', afterMs: 1, carrierCode: null },
  { kind: 'returned', afterMs: 0 },
  { kind: 'elsewhere', path: testPath, carrierCode: 'ESME_RSYSERR' },
  { kind: 'uncertain' },
  { kind: 'uncertain', held: true },
]
for (const lane of laneNames) {
  test(`what an answer makes of a message in ${lane}, and what follows, is in the table`, async () => {
    for (const outcome of outcomes) {
      await settle(await onWire(lane), outcome)
      // What comes back unwritten stands where it stood.
      if (outcome.kind !== 'returned') check()
    }
    const lost = await onWire(lane)
    await takeOver(db, { carrierId, slot: 0, fence: fence + 1 }, uncertain, noOther, clock.now())
    check()
    await ask(db, `update queue set due_at = $1 where status = 'uncertain'`, [clock.now()])
    if ((await resendUncertain(db, clock.now())).ready > 0) check()
    await ask(db, 'update queue set expires_at = $1', [clock.now()])
    assert.equal((await expireDue(db, clock.now())).moved.length, 1, lost.messages[0]!.id)
    check()
  })
}

test('what receipts make of a message is in the table', async () => {
  for (const state of [
    'delivered',
    'undelivered',
    'expired',
    'rejected',
  ] satisfies ReceiptRecord['state'][]) {
    const remoteId = await settle(await onWire('code'), { kind: 'submitted' })
    await ledger.receipt({
      carrier_id: carrierId,
      remote_id: remoteId,
      readings: [{ name: 'text:same', key: remoteId }],
      covers: 'segment',
      parties: [],
      receipt: { state, error: null, at: clock.now().toISOString(), text: null },
    })
    assert.equal(seen.at(-1)!.to, state)
    check()
  }
})

test('what time and people make of a message is in the table', async () => {
  await ask(db, 'truncate queue, claims')
  const sendAt = new Date(clock.now().getTime() + 1_000)
  await accept.accept(accountId, [{ to: '+4915123456789', text: 'x', sendAt }])
  await ask(db, 'update queue set due_at = $1', [clock.now()])
  await promoteDue(db, clock.now())
  check()
  const [row] = await ask<{ message_id: string }>(db, 'select message_id from queue')
  const { state } = await messages.cancel(accountId, row!.message_id)
  assert.equal(state, 'cancelled', publicId('message', row!.message_id))
  check()
})

test('these tests have seen every state that a message can be moved to', () => {
  const reached = new Set(seen.map(({ to }) => to))
  const unmoved: State[] = ['accepted', 'scheduled', 'on_wire', 'received']
  assert.deepEqual([...reached].sort(), states.filter((state) => !unmoved.includes(state)).sort())
})
