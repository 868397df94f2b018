import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { createBell } from '../bell.ts'
import type { Carrier, CarrierReceipt, SentSegment } from '../carriers/carrier.ts'
import { createEmit } from '../outbox/emit.ts'
import { testDatabase } from '../store/testing.ts'
import { startInquiry } from './inquiry.ts'
import { createLedger } from './ledger.ts'
import { ask, handClock, silentLog, testAccept, testOwner } from './testing.ts'

const { db } = await testDatabase()
const minute = 60_000

test('group 30: a carrier is asked once what became of what it took and never spoke of, and its word counts', async () => {
  const clock = handClock()
  const { accountId, carrierId } = await testOwner(db)
  const other = await testOwner(db)
  const accept = testAccept({ db, clock })
  const take = async (texts: readonly string[], carrier: string) => {
    await accept.accept(
      accountId,
      texts.map((text) => ({ to: '+4915123456789', text })),
    )
    await ask(
      db,
      `with m as (update messages set state = 'submitted' where body = any ($1) returning account_id, id, body)
       insert into segments (account_id, message_id, attempt, index, state, carrier_id, remote_id, remote_key, submitted_at)
       select account_id, id, 1, 1, 'submitted', $2, body, body, now() from m`,
      [texts, carrier],
    )
  }
  await take(['arrived', 'unknown', 'on its way'], carrierId)
  await take(['with another'], other.carrierId)
  clock.forward(16 * minute)
  await take(['young'], carrierId)

  const asked: string[] = []
  const last = Promise.withResolvers<void>()
  const saying: Record<string, CarrierReceipt['state']> = { arrived: 'delivered', 'on its way': null }
  async function query({ remoteId, remoteKey, to }: SentSegment): Promise<CarrierReceipt | undefined> {
    asked.push(remoteId)
    if (asked.length === 3) last.resolve()
    const state = saying[remoteId]
    if (state === undefined) return undefined
    const readings = [{ name: 'query:same', key: remoteKey }]
    return {
      remoteId,
      readings,
      state,
      covers: 'segment',
      parties: [to],
      error: null,
      text: null,
      doneAt: null,
    }
  }
  const ledger = createLedger({
    db,
    clock,
    bell: createBell(),
    log: silentLog,
    emit: createEmit(() => ({})),
    uncertain: { graceMs: minute },
  })
  const lease = {
    ...{ carrierId, slot: 0, fence: 1, valid: () => true },
    ...{ lost: new AbortController().signal, release: async () => {} },
  }
  const carrier: Carrier = {
    freeWindow: 1,
    open: () => Promise.reject(new Error('not here')),
    submit: () => Promise.reject(new Error('not here')),
    query,
  }
  const inquiry = startInquiry({ db, clock, log: silentLog, lease, ledger, carrier, asks: () => true })
  after(inquiry.stop)
  await last.promise
  await inquiry.stop()
  await ledger.idle()
  assert.deepEqual(asked.sort(), ['arrived', 'on its way', 'unknown'])
  const rows = await ask<{ body: string; state: string }>(
    db,
    'select body, state from messages where account_id = $1 order by body',
    [accountId],
  )
  assert.deepEqual(Object.fromEntries(rows.map(({ body, state }) => [body, state])), {
    arrived: 'delivered',
    'on its way': 'submitted',
    unknown: 'submitted',
    'with another': 'submitted',
    young: 'submitted',
  })
})
