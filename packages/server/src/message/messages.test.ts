import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { createBell } from '../bell.ts'
import { acquire } from '../fleet/lease.store.ts'
import { parseId } from '../ids.ts'
import { createEmit } from '../outbox/emit.ts'
import { testDatabase } from '../store/testing.ts'
import { claim } from './claim.store.ts'
import type { Accepted, Draft } from './draft.ts'
import { createLedger } from './ledger.ts'
import { createMessages } from './messages.ts'
import type { Outcome } from './settle.ts'
import { ask, handClock, offers, silentLog, testAccept, testOwner } from './testing.ts'

const { db } = await testDatabase()
const { accountId, carrierId } = await testOwner(db)
const fence = (await acquire(db, carrierId, 0, 1, 600_000))!
const clock = handClock()
const emit = createEmit(() => ({}))
const house = { db, clock, bell: createBell(), emit, log: silentLog }
const accept = testAccept({ db, clock })
const messages = createMessages({ ...house, accept })
const ledger = createLedger({ ...house, uncertain: { graceMs: 60_000 } })

beforeEach(() => ask(db, 'truncate queue, claims'))

async function accepted(draft: Partial<Draft> = {}): Promise<string> {
  const [one] = await accept.accept(accountId, [{ to: '+4915123456789', text: 'x', ...draft }])
  return parseId('message', (one as Accepted).id)!
}

/** One attempt, of which the first `answered` segments are with the carrier. */
async function attempt(outcome: Outcome, answered = 0): Promise<void> {
  const taken = await claim(
    db,
    { carrierId, slot: 0, fence },
    offers,
    { messages: 1, segments: 9, whole: true },
    clock.now(),
  )
  const message = taken.messages[0]!
  await ledger.settle({
    message,
    claim: { id: taken.id, at: taken.at, carrier: 'main', open: 1 },
    outcome,
    answered: Array.from({ length: answered }, (_, at) => ({
      account_id: accountId,
      message_id: message.id,
      attempt: message.attempt,
      index: at + 1,
      carrier_id: carrierId,
      remote_id: `${message.id}-${at}`,
      remote_key: `${message.id}-${at}`,
      request: null,
    })),
  })
}
const later: Outcome = { kind: 'retry', afterMs: 1_000, carrierCode: 'ESME_RTHROTTLED' }

test('a message that waits, scheduled or postponed with nothing out, is cancelled, and again the same', async () => {
  const scheduled = await accepted({ sendAt: new Date(clock.now().getTime() + 60_000) })
  assert.equal((await messages.cancel(accountId, scheduled)).state, 'cancelled')
  assert.equal((await messages.cancel(accountId, scheduled)).state, 'cancelled')
  const postponed = await accepted()
  await attempt(later)
  assert.equal((await messages.cancel(accountId, postponed)).state, 'cancelled')
  assert.deepEqual(await ask(db, 'select from queue'), [])
})

const out: readonly [what: string, draft: Partial<Draft>, outcome: Outcome, answered: number][] = [
  ['that is sent again because its first copy may be out', { lane: 'code' }, { kind: 'uncertain' }, 0],
  ['of which a part is with the carrier', { text: 'x'.repeat(200) }, later, 1],
  ['that is with the carrier', {}, { kind: 'submitted' }, 1],
  ['of unknown fate', { lane: 'marketing' }, { kind: 'uncertain' }, 0],
]
for (const [what, draft, outcome, answered] of out) {
  test(`a message ${what} is not cancellable, and stays where it is`, async () => {
    const id = await accepted(draft)
    await attempt(outcome, answered)
    const before = await messages.get(accountId, id)
    const waits = await ask(db, 'select * from queue')
    await assert.rejects(messages.cancel(accountId, id), {
      code: 'not_cancellable',
      details: { state: before!.state },
    })
    assert.deepEqual(await messages.get(accountId, id), before)
    assert.deepEqual(await ask(db, 'select * from queue'), waits)
  })
}

test('a message on the wire, of another account or unknown is not cancelled', async () => {
  const id = await accepted()
  await claim(
    db,
    { carrierId, slot: 0, fence },
    offers,
    { messages: 1, segments: 9, whole: true },
    clock.now(),
  )
  await assert.rejects(messages.cancel(accountId, id), {
    code: 'not_cancellable',
    details: { state: 'on_wire' },
  })
  const other = await testOwner(db)
  await assert.rejects(messages.cancel(other.accountId, id), { code: 'not_found' })
})
