import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { createBell } from '../bell.ts'
import { acquire } from '../fleet/lease.store.ts'
import { publicId } from '../ids.ts'
import { createEmit } from '../outbox/emit.ts'
import type { Db } from '../store/db.ts'
import { testDatabase } from '../store/testing.ts'
import { type ClaimedMessage, claim } from './claim.store.ts'
import type { Draft } from './draft.ts'
import { createLedger } from './ledger.ts'
import type { ReceiptRow } from './receipt.store.ts'
import type { OpenClaim, Outcome } from './settle.ts'
import { ask, handClock, offers, silentLog, testAccept, testOwner, watched } from './testing.ts'

const { db } = await testDatabase()
const { accountId, carrierId } = await testOwner(db)
const fence = (await acquire(db, carrierId, 0, 1, 600_000))!
const clock = handClock()
const accept = testAccept({ db, clock })
let ids = 0

beforeEach(() => ask(db, 'truncate queue, claims, orphan_receipts'))

const ledgerOn = (on: Db = db) =>
  createLedger({
    db: on,
    clock,
    bell: createBell(),
    log: silentLog,
    emit: createEmit(() => ({})),
    uncertain: { graceMs: 60_000 },
  })

/** Messages on the wire, in one claim. */
async function onWire(...drafts: Partial<Draft>[]): Promise<{ messages: ClaimedMessage[]; open: OpenClaim }> {
  await accept.accept(
    accountId,
    drafts.map((draft) => ({ to: '+4915123456789', text: 'x', ...draft })),
  )
  const taken = await claim(
    db,
    { carrierId, slot: 0, fence },
    offers,
    { messages: 100, segments: 1_000, whole: true },
    clock.now(),
  )
  assert.equal(taken.messages.length, drafts.length)
  return {
    messages: taken.messages,
    open: { id: taken.id, at: taken.at, carrier: 'main', open: drafts.length },
  }
}

const settled = (message: ClaimedMessage, open: OpenClaim, outcome: Outcome, remoteIds: string[] = []) => ({
  message,
  claim: open,
  outcome,
  answered: remoteIds.map((remote_id, at) => ({
    account_id: message.account_id,
    message_id: message.id,
    attempt: message.attempt,
    index: at + 1,
    carrier_id: carrierId,
    remote_id,
    remote_key: remote_id,
    request: null,
  })),
})
const receipt = (remote_id: string, state: ReceiptRow['receipt']['state'] = 'delivered'): ReceiptRow => ({
  carrier_id: carrierId,
  remote_id,
  readings: [{ name: 'text:same', key: remote_id }],
  covers: 'segment',
  parties: [],
  receipt: { state, error: null, at: clock.now().toISOString(), text: null },
})
const newId = () => `ledger-${++ids}`
const stateOf = async (message: ClaimedMessage) =>
  (await ask<{ state: string }>(db, 'select state from messages where id = $1', [message.id]))[0]!.state
const queued = async (message: ClaimedMessage) =>
  (await ask<{ status: string }>(db, 'select status from queue where message_id = $1', [message.id])).map(
    (row) => row.status,
  )
const orphans = async () => (await ask(db, 'select id from orphan_receipts')).length
const submitted: Outcome = { kind: 'submitted' }

test('group 33: a receipt finds its answer in the same batch, whichever was there first', async () => {
  const { messages, open } = await onWire({})
  const ledger = ledgerOn()
  const id = newId()
  await Promise.all([
    ledger.receipt(receipt(id)),
    ledger.settle(settled(messages[0]!, open, submitted, [id])),
  ])
  assert.equal(await stateOf(messages[0]!), 'delivered')
  assert.equal(await orphans(), 0)
})

test('group 33: a receipt that came in an earlier batch waits for its answer', async () => {
  const { messages, open } = await onWire({})
  const ledger = ledgerOn()
  const id = newId()
  await ledger.receipt(receipt(id))
  assert.equal(await orphans(), 1)
  await ledger.settle(settled(messages[0]!, open, submitted, [id]))
  assert.equal(await stateOf(messages[0]!), 'delivered')
  assert.equal(await orphans(), 0)
})

test('group 40: an id that the carrier gives a second time belongs to the newest message that is still open', async () => {
  const { messages, open } = await onWire({}, {}, {})
  const [ended, older, newer] = messages as [ClaimedMessage, ClaimedMessage, ClaimedMessage]
  const ledger = ledgerOn()
  const id = newId()
  await ledger.settle(settled(ended, open, submitted, [id]))
  await ledger.receipt(receipt(id, 'undelivered'))
  await ledger.settle(settled(older, open, submitted, [id]))
  await ledger.settle(settled(newer, open, submitted, [id]))
  await ledger.receipt(receipt(id))
  assert.deepEqual(await Promise.all([ended, older, newer].map(stateOf)), [
    'undelivered',
    'submitted',
    'delivered',
  ])
  await ledger.receipt(receipt(id))
  assert.equal(await stateOf(older), 'delivered')
})

test('receipt and answer that two nodes commit at the same moment find each other at the next sweep', async () => {
  const { messages, open } = await onWire({})
  const id = newId()
  const both = Promise.withResolvers<void>()
  let commits = 0
  // Each transaction has done its work before either commits, so that neither sees the other's row.
  const together: Db = {
    ...db,
    transaction: (work) =>
      db.transaction(async (tx) => {
        const result = await work(tx)
        if (++commits === 2) both.resolve()
        await both.promise
        return result
      }),
  }
  await Promise.all([
    ledgerOn(together).receipt(receipt(id)),
    ledgerOn(together).settle(settled(messages[0]!, open, submitted, [id])),
  ])
  assert.equal(await stateOf(messages[0]!), 'submitted')
  const ledger = ledgerOn()
  assert.equal(await ledger.matchOrphans(new Date(clock.now().getTime() - 60_000)), 1)
  assert.equal(await stateOf(messages[0]!), 'delivered')
  assert.equal(await ledger.matchOrphans(new Date(clock.now().getTime() - 60_000)), 0)
})

test('receipts for the parts of a message that two nodes commit at the same moment finish it', async () => {
  const { messages, open } = await onWire({ text: 'x'.repeat(161) })
  const [first, second] = [newId(), newId()]
  await ledgerOn().settle(settled(messages[0]!, open, submitted, [first, second]))
  const [worked, goOn] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  // The one node has done its work and not committed; the other works until it is done, or waits for the first.
  const held: Db = {
    ...db,
    transaction: (work) =>
      db.transaction(async (tx) => {
        const result = await work(tx)
        worked.resolve()
        await goOn.promise
        return result
      }),
  }
  const other = watched(db, {
    statement: (name) => name === 'lock_receipted_messages' && setImmediate(() => goOn.resolve()),
  })
  const here = ledgerOn(held).receipt(receipt(first))
  await worked.promise
  const there = ledgerOn(other).receipt(receipt(second))
  await Promise.race([there, goOn.promise])
  goOn.resolve()
  await Promise.all([here, there])
  assert.equal(await stateOf(messages[0]!), 'delivered')
})

test('an entry that cannot be stored does not take the others of its batch with it', async () => {
  const { messages, open } = await onWire({}, {})
  const ledger = ledgerOn()
  const results = await Promise.allSettled([
    ledger.settle(settled(messages[0]!, open, submitted, [newId()])),
    ledger.receipt({ ...receipt(newId()), carrier_id: 'no uuid' }),
    ledger.settle(settled(messages[1]!, open, submitted, [newId()])),
  ])
  assert.deepEqual(
    results.map((result) => result.status),
    ['fulfilled', 'rejected', 'fulfilled'],
  )
  assert.deepEqual(await Promise.all(messages.map(stateOf)), ['submitted', 'submitted'])
})

/** A database whose first `times` commits are made, and then the connection is gone before the answer. */
function losingAnswers(times: number, meanwhile: () => Promise<void> = async () => {}): Db {
  return {
    ...db,
    async transaction(work) {
      const result = await db.transaction(work)
      if (times-- <= 0) return result
      await meanwhile()
      throw new Error('Connection terminated unexpectedly')
    },
  }
}

test('answers are kept while the database is away, and written when it is back', async () => {
  const { messages, open } = await onWire({})
  let away = 2
  const flaky: Db = {
    ...db,
    transaction: (work) =>
      away-- > 0 ? Promise.reject(new Error('Connection terminated unexpectedly')) : db.transaction(work),
  }
  await ledgerOn(flaky).settle(settled(messages[0]!, open, submitted, [newId()]))
  assert.equal(await stateOf(messages[0]!), 'submitted')
})

test('when the answer to a commit is lost, writing it again changes nothing', async () => {
  const { messages, open } = await onWire({}, {}, {})
  const [one, two, three] = messages as [ClaimedMessage, ClaimedMessage, ClaimedMessage]
  const ledger = ledgerOn(losingAnswers(1))
  const id = newId()
  await Promise.all([
    ledger.settle(settled(one, open, submitted, [id])),
    ledger.settle(settled(two, open, { kind: 'rejected', carrierCode: 'ESME_RINVDSTADR' })),
    ledger.settle(settled(three, open, { kind: 'uncertain' })),
    ledger.receipt(receipt(id)),
  ])
  assert.deepEqual(await Promise.all(messages.map(stateOf)), ['delivered', 'rejected', 'uncertain'])
  assert.deepEqual(await queued(three), ['uncertain'])
  const events = await ask<{ name: string }>(
    db,
    `select name from events where payload ->> 'message_id' = $1 and name <> 'message.accepted' order by seq`,
    [publicId('message', one.id)],
  )
  assert.deepEqual(
    events.map(({ name }) => name),
    ['message.submitted', 'message.delivered'],
    'each told once',
  )
})

test('what was given back and claimed anew in the meantime is not given back twice', async () => {
  const { messages, open } = await onWire({ lane: 'code' }, { lane: 'code' })
  const [again, still] = messages as [ClaimedMessage, ClaimedMessage]
  const claimAgain = async () => {
    const taken = await claim(
      db,
      { carrierId, slot: 0, fence },
      offers,
      { messages: 9, segments: 9, whole: true },
      clock.now(),
    )
    assert.deepEqual(
      taken?.messages.map(({ id, attempt }) => ({ id, attempt })),
      [{ id: again.id, attempt: 2 }],
    )
  }
  await ledgerOn(losingAnswers(1, claimAgain)).settle(settled(again, open, { kind: 'uncertain' }))
  assert.deepEqual(await queued(again), [], 'it is on the wire once, not on the wire and in the queue')
  assert.equal(open.open, 1)
  assert.equal(await stateOf(still), 'queued')
})

test('a message that a receipt has ended does not go back to the queue', async () => {
  const { messages, open } = await onWire({ lane: 'code' })
  const message = messages[0]!
  await ask(db, `update messages set state = 'delivered', final_at = now() where id = $1`, [message.id])
  await ledgerOn().settle(
    settled(message, open, { kind: 'retry', afterMs: 1, carrierCode: 'ESME_RTHROTTLED' }),
  )
  assert.deepEqual(await queued(message), [])
  assert.equal(await stateOf(message), 'delivered')
})

test('once another holder has taken the claim over, bad news is not heard and good news still is', async () => {
  for (const [outcome, expected] of [
    [{ kind: 'rejected', carrierCode: 'x' }, 'queued'],
    [{ kind: 'retry', afterMs: 1, carrierCode: null }, 'queued'],
    [{ kind: 'uncertain' }, 'queued'],
    [submitted, 'submitted'],
  ] as const) {
    const { messages, open } = await onWire({})
    await ask(db, 'delete from claims')
    await ledgerOn().settle(
      settled(messages[0]!, open, outcome, outcome.kind === 'submitted' ? [newId()] : []),
    )
    assert.equal(await stateOf(messages[0]!), expected, outcome.kind)
    assert.deepEqual(await queued(messages[0]!), [], outcome.kind)
  }
})

test('the pause after "later" grows with the tries, up to a minute', async () => {
  const pauses: number[] = []
  for (const attempt of [1, 2, 5, 50, 32_767]) {
    const { messages, open } = await onWire({})
    const message = { ...messages[0]!, attempt }
    await ledgerOn().settle(
      settled(message, open, { kind: 'retry', afterMs: 1_000, carrierCode: 'ESME_RTHROTTLED' }),
    )
    const [row] = await ask<{ due_at: Date }>(db, 'select due_at from queue where message_id = $1', [
      message.id,
    ])
    pauses.push(row!.due_at.getTime() - clock.now().getTime())
    await ask(db, 'truncate queue')
  }
  assert.deepEqual(pauses, [1_000, 2_000, 16_000, 60_000, 60_000])
})

test('a message that was sent twice has failed only when both have', async () => {
  const { messages, open } = await onWire({})
  const message = messages[0]!
  const [first, second] = [newId(), newId()]
  await ask(db, 'update messages set possible_duplicate = true where id = $1', [message.id])
  const ledger = ledgerOn()
  await ledger.settle(settled(message, open, submitted, [first]))
  await ledger.settle(settled({ ...message, attempt: 2 }, { ...open, open: 1 }, submitted, [second]))
  await ledger.receipt(receipt(first, 'undelivered'))
  assert.equal(await stateOf(message), 'submitted')
  await ledger.receipt(receipt(second, 'undelivered'))
  assert.equal(await stateOf(message), 'undelivered')
  await ledger.receipt(receipt(first, 'delivered'))
  assert.equal(await stateOf(message), 'delivered', 'the phone outranks the network')
})

test('rows are locked in the order of their messages, however answers and receipts came in', async () => {
  const asked: Record<string, string[][]> = {}
  const known = new Set<string>()
  const note = (name: string, values: readonly unknown[]) => {
    for (const value of values) {
      if (typeof value !== 'string') continue
      // Ids stand in a column of their own, or in rows of JSON.
      const ids: string[] = value.startsWith('[{"account_id"')
        ? JSON.parse(value).map((row: { id?: string; message_id?: string }) => row.id ?? row.message_id)
        : value.slice(1, -1).split(',')
      if (ids.every((id) => known.has(id))) asked[name] = [...(asked[name] ?? []), ids]
    }
  }
  const watched: Db = {
    ...db,
    transaction: (work) =>
      db.transaction((tx) =>
        work({
          query: (statement, values = []) => {
            note(statement.name, values)
            return tx.query(statement, values)
          },
        }),
      ),
  }
  const ledger = ledgerOn(watched)
  const { messages, open } = await onWire(...Array.from({ length: 8 }, () => ({})))
  for (const { id } of messages) known.add(id)
  const backwards = [...messages].reverse()
  const remoteIds = backwards.map(newId)
  await Promise.all(
    backwards.map((message, at) =>
      ledger.settle(
        at % 2 === 0
          ? settled(message, open, submitted, [remoteIds[at]!])
          : settled(message, open, { kind: 'retry', afterMs: 1, carrierCode: null }),
      ),
    ),
  )
  await Promise.all(remoteIds.filter((_, at) => at % 2 === 0).map((id) => ledger.receipt(receipt(id))))
  for (const name of ['settle_submitted', 'enter_queue', 'move_messages', 'apply_receipts']) {
    const lists = asked[name] ?? []
    assert.ok(
      lists.some((ids) => ids.length === 4),
      name,
    )
    if (name === 'settle_submitted') lists.splice(1) // answered segments are new rows, which nobody else locks
    for (const ids of lists) assert.deepEqual(ids, [...ids].sort(), name)
  }
})
