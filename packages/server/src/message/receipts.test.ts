import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import fc from 'fast-check'
import { createBell } from '../bell.ts'
import type { CarrierReceipt, Reading } from '../carriers/carrier.ts'
import { uuidv7 } from '../ids.ts'
import { createEmit } from '../outbox/emit.ts'
import { testDatabase } from '../store/testing.ts'
import { createLedger } from './ledger.ts'
import type { LearnedReadings } from './reading.ts'
import { dropOrphansBefore, type ReceiptRow } from './receipt.store.ts'
import { ask, handClock, silentLog, testOwner } from './testing.ts'

/** Receipts against what carriers have answered: the database decides, whatever order they come in. */

const { db } = await testDatabase()
const { accountId, carrierId } = await testOwner(db)
const clock = handClock()
/** A node's ledger: what another node has learned it knows from the database alone. */
const node = () =>
  createLedger({
    db,
    clock,
    bell: createBell(),
    log: silentLog,
    emit: createEmit(() => ({})),
    uncertain: { graceMs: 60_000 },
  })
let ledger = node()
let numbers = 0

beforeEach(async () => {
  ledger = node()
  await ask(db, 'truncate orphan_receipts, segments, messages')
  await ask(db, `update carriers set learned = '{}'`)
})

interface Sent {
  id: string
  to: string
}

/** A message that is with the carrier, with the ids that it gave for the segments. */
async function submitted(
  remoteIds: readonly string[],
  more: { carrier?: string; to?: string; agoMs?: number } = {},
): Promise<Sent> {
  const at = new Date(clock.now().getTime() - (more.agoMs ?? 0))
  const id = uuidv7(at.getTime())
  const to = more.to ?? `+49151${String(++numbers).padStart(8, '0')}`
  await ask(
    db,
    `insert into messages (account_id, id, direction, state, lane, recipient, body, encoding, segments, created_at, updated_at)
     values ($1, $2, 'outbound', 'submitted', 'transactional', $3, 'x', 'gsm7', $4, $5, $5)`,
    [accountId, id, to, remoteIds.length, at],
  )
  await answered({ id, to }, remoteIds, more.carrier)
  return { id, to }
}

async function answered({ id }: Sent, remoteIds: readonly string[], carrier = carrierId): Promise<void> {
  for (const [n, remoteId] of remoteIds.entries())
    await ask(
      db,
      `insert into segments (account_id, message_id, attempt, index, state, carrier_id, remote_id, remote_key, submitted_at)
       values ($1, $2, 1, $3, 'submitted', $4, $5, $6, now())`,
      [accountId, id, n + 1, carrier, remoteId, remoteId.toLowerCase()],
    )
}

const readings = (id: string): Reading[] =>
  /^\d+$/.test(id)
    ? [
        { name: 'text:same', key: id },
        { name: 'text:hex_to_decimal', key: BigInt(id).toString(16) },
      ]
    : [{ name: 'text:same', key: id.toLowerCase() }]

const receipt = (
  remote_id: string,
  more: Partial<Omit<ReceiptRow, 'receipt'>> & { state?: CarrierReceipt['state']; text?: string } = {},
): ReceiptRow => {
  const { state = 'delivered', text = null, ...rest } = more
  return {
    carrier_id: carrierId,
    remote_id,
    readings: readings(remote_id),
    covers: 'segment',
    parties: [],
    receipt: { state, error: null, at: clock.now().toISOString(), text },
    ...rest,
  }
}

const stateOf = async ({ id }: Sent) =>
  (await ask<{ state: string }>(db, 'select state from messages where id = $1', [id]))[0]!.state
const historyOf = async ({ id }: Sent) =>
  (
    await ask<{ receipts: { state: string | null; text: string }[] }>(
      db,
      'select json_list(receipts) as receipts from segments where message_id = $1 order by index',
      [id],
    )
  ).map(({ receipts }) => receipts)
const orphans = async () => (await ask(db, 'select id from orphan_receipts')).length
const learned = async () =>
  (
    await ask<{ ids: LearnedReadings }>(db, `select learned -> 'ids' as ids from carriers where id = $1`, [
      carrierId,
    ])
  )[0]!.ids

test('group 31: two carriers give the same ids, and each receipt is for the message of its own carrier', async () => {
  const other = (await testOwner(db)).carrierId
  const ours = await submitted(['1000'])
  const theirs = await submitted(['1000'], { carrier: other })
  await ledger.receipt(receipt('1000', { carrier_id: other, state: 'expired' }))
  assert.deepEqual([await stateOf(ours), await stateOf(theirs)], ['submitted', 'expired'])
  await ledger.receipt(receipt('1000'))
  assert.deepEqual([await stateOf(ours), await stateOf(theirs)], ['delivered', 'expired'])
})

test('group 31: a receipt that fits two segments waits; once the base is learned it finds its own, and other nodes know', async () => {
  // "16" of the receipt is the answer "10" in hex; another message has the answer "16".
  const right = await submitted(['10'])
  const wrong = await submitted(['16'])
  const waiting = ledger.receipt(receipt('16'))
  await waiting
  assert.equal(await orphans(), 1)
  assert.deepEqual([await stateOf(right), await stateOf(wrong)], ['submitted', 'submitted'])
  assert.equal(await ledger.matchOrphans(new Date(0)), 0, 'time alone decides nothing')
  for (let n = 0; n < 8; n++) {
    const sent = await submitted([(0xabc0 + n).toString(16)])
    await ledger.receipt(receipt(String(0xabc0 + n), { parties: [sent.to] }))
    assert.equal(await stateOf(sent), 'delivered')
  }
  assert.equal((await learned()).text?.reading, 'hex_to_decimal')
  assert.deepEqual([await stateOf(right), await stateOf(wrong)], ['delivered', 'submitted'])
  assert.equal(await orphans(), 0)
  const [one, two] = [await submitted(['20']), await submitted(['32'])]
  await node().receipt(receipt('32'))
  assert.deepEqual([await stateOf(one), await stateOf(two)], ['delivered', 'submitted'], 'on another node')
})

test('group 31: two nodes that learn at the same time lose none of what each has seen', async () => {
  const nodes = [node(), node()]
  const sent = await Promise.all(Array.from({ length: 8 }, (_, n) => submitted([(0xbcd0 + n).toString(16)])))
  await Promise.all(
    sent.map(({ to }, n) => nodes[n % 2]!.receipt(receipt(String(0xbcd0 + n), { parties: [to] }))),
  )
  assert.equal((await learned()).text?.total, 8)
})

test('group 33: a receipt that no answer is known for waits for three days, and is matched when the answer comes', async () => {
  await ledger.receipt(receipt('late-1'))
  await ledger.receipt(receipt('never-1'))
  clock.forward(71 * 3_600_000)
  await dropOrphansBefore(db, new Date(clock.now().getTime() - 72 * 3_600_000))
  assert.equal(await orphans(), 2)
  const message = await submitted([])
  await ask(db, 'update messages set segments = 1 where id = $1', [message.id])
  await ledger.settle({
    message: { ...settledMessage(message), segments: 1 },
    claim: { id: 0, at: clock.now(), carrier: 'x', open: 1 } as never,
    outcome: { kind: 'submitted', late: true },
    answered: [
      {
        account_id: accountId,
        message_id: message.id,
        attempt: 1,
        index: 1,
        carrier_id: carrierId,
        remote_id: 'late-1',
        remote_key: 'late-1',
        request: null,
      },
    ],
  })
  assert.equal(await stateOf(message), 'delivered')
  clock.forward(2 * 3_600_000)
  await dropOrphansBefore(db, new Date(clock.now().getTime() - 72 * 3_600_000))
  assert.equal(await orphans(), 0)
})

const settledMessage = ({ id, to }: Sent) => ({
  account_id: accountId,
  id,
  attempt: 1,
  lane: 'transactional' as const,
  sender: null,
  recipient: to,
  segments: 1,
  client_ref: null,
  possible_duplicate: false,
  expires_at: new Date(clock.now().getTime() + 3_600_000),
  path: 0,
})

test('group 31: an orphan that is looked at again keeps its age', async () => {
  await submitted(['10'])
  await submitted(['16'])
  await ledger.receipt(receipt('16'))
  const age = async () =>
    (await ask<{ at: string }>(db, 'select received_at::text as at from orphan_receipts'))[0]!.at
  const before = await age()
  clock.forward(3_600_000)
  const third = await submitted(['none'])
  await answered(third, [])
  // Its answer asks for what waits under "16" once more.
  await ledger.settle({
    message: settledMessage(third),
    claim: { id: 0, at: clock.now(), carrier: 'x', open: 1 } as never,
    outcome: { kind: 'submitted', late: true },
    answered: [
      {
        account_id: accountId,
        message_id: third.id,
        attempt: 2,
        index: 1,
        carrier_id: carrierId,
        remote_id: '16',
        remote_key: '16',
        request: null,
      },
    ],
  })
  assert.equal(await orphans(), 1)
  assert.equal(await age(), before)
})

const parts = ['p1', 'p2', 'p3', 'p4']
const partCases: readonly [
  what: string,
  ids: readonly string[],
  receipts: readonly ReceiptRow[],
  state: string,
][] = [
  ['one for each part', parts, parts.map((id) => receipt(id)), 'delivered'],
  ['only three of four', parts, parts.slice(1).map((id) => receipt(id)), 'submitted'],
  ['one for all, with the id of the first', parts, [receipt('p1', { covers: 'message' })], 'delivered'],
  ['one for all, with the id of the last', parts, [receipt('p4', { covers: 'message' })], 'delivered'],
  [
    'one for all that says expired',
    parts,
    [receipt('p1', { covers: 'message', state: 'expired' })],
    'expired',
  ],
  ['one for what went out in one piece', ['w', 'w', 'w'], [receipt('w')], 'delivered'],
  [
    'one part that failed, and delivered for all the others',
    parts,
    [receipt('p2', { state: 'undelivered' }), ...['p1', 'p3', 'p4'].map((id) => receipt(id))],
    'undelivered',
  ],
]
for (const [what, ids, receipts, state] of partCases) {
  test(`group 34: ${what} makes a message of ${ids.length} parts ${state}, together and one by one`, async () => {
    const together = await submitted(ids)
    await Promise.all(receipts.map((one) => ledger.receipt(one)))
    assert.equal(await stateOf(together), state)
    await ask(db, 'truncate segments, messages')
    const single = await submitted(ids)
    for (const one of receipts) await ledger.receipt(one)
    assert.equal(await stateOf(single), state)
  })
}

test('group 35: whatever the order of the receipts, one that says delivered decides, and the history holds them all', async () => {
  const word = fc.constantFrom<CarrierReceipt['state']>(
    'delivered',
    'undelivered',
    'expired',
    'rejected',
    null,
  )
  const history = fc.array(word, { minLength: 1, maxLength: 8 })
  await fc.assert(
    fc.asyncProperty(history, fc.boolean(), async (words, oneByOne) => {
      const message = await submitted([`order-${numbers}`])
      const rows = words.map((state, n) => receipt(`order-${numbers - 1}`, { state, text: String(n) }))
      if (oneByOne) for (const row of rows) await ledger.receipt(row)
      else await Promise.all(rows.map((row) => ledger.receipt(row)))
      const expected = words.includes('delivered')
        ? 'delivered'
        : (words.find((state) => state !== null) ?? 'submitted')
      assert.equal(await stateOf(message), expected)
      const [kept] = await historyOf(message)
      assert.deepEqual(
        kept!.map(({ state, text }) => [state, text]),
        words.map((state, n) => [state, String(n)]),
      )
    }),
    { numRuns: 25 },
  )
})

test('group 35: of parts too, in whatever order and however often, all delivered is delivered', async () => {
  await fc.assert(
    fc.asyncProperty(fc.shuffledSubarray([0, 1, 2, 0, 1, 2, 3, 4], { minLength: 8 }), async (order) => {
      const name = `parts-${numbers}`
      const message = await submitted([0, 1, 2].map((n) => `${name}-${n}`))
      for (const n of order) {
        // 3 and 4: an intermediate word for a part, and a failure that the phone's word outlives.
        const row =
          n < 3 ? receipt(`${name}-${n}`) : receipt(`${name}-${n - 3}`, { state: n === 3 ? null : 'expired' })
        await ledger.receipt(row)
      }
      assert.equal(await stateOf(message), 'delivered')
      assert.equal((await historyOf(message)).flat().length, 8)
    }),
    { numRuns: 15 },
  )
})

test('group 40: an id that is given again after days is the newest message’s, and the old one’s where the recipient says so', async () => {
  const before = await submitted(['77'], { agoMs: 3 * 86_400_000 })
  const now = await submitted(['77'])
  await ledger.receipt(receipt('77'))
  assert.deepEqual([await stateOf(before), await stateOf(now)], ['submitted', 'delivered'])
  await ledger.receipt(receipt('77', { parties: [now.to], state: 'delivered' }))
  assert.deepEqual(
    [await stateOf(before), await stateOf(now)],
    ['submitted', 'delivered'],
    'the second copy too',
  )
  await ledger.receipt(receipt('77', { parties: [before.to], state: 'undelivered' }))
  assert.deepEqual([await stateOf(before), await stateOf(now)], ['undelivered', 'delivered'])
})

test('group 41: what a receipt says beside its state is kept with it', async () => {
  const message = await submitted(['tlv'])
  const row = receipt('tlv')
  await ledger.receipt({
    ...row,
    receipt: { ...row.receipt, details: { operator: '26201' }, done_at: '2026-11-22T12:00:00.000Z' },
  })
  const [[kept]] = (await historyOf(message)) as unknown as [[{ details: object; done_at: string }]]
  assert.deepEqual([kept.details, kept.done_at], [{ operator: '26201' }, '2026-11-22T12:00:00.000Z'])
})
