import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createBell } from '../../../bell.ts'
import { createGuard } from '../../../egress.ts'
import { parseId } from '../../../ids.ts'
import { silentLog } from '../../../log.ts'
import { handClock, testAccept, testOwner } from '../../../message/testing.ts'
import { createEmit } from '../../../outbox/emit.ts'
import { createPlatform } from '../../../platform.ts'
import { keyring } from '../../../store/installation.store.ts'
import { testDatabase } from '../../../store/testing.ts'
import { createConsent } from '../ledger.ts'
import { createAlmanac } from './almanac.ts'
import { noteClosings, putRules } from './gate.store.ts'
import { createConsentGate } from './gate.ts'
import { defaultRules } from './settings.ts'
import { createTicker } from './ticker.ts'

const { db } = await testDatabase()
const { accountId } = await testOwner(db)
const clock = handClock()
const almanac = createAlmanac()
const emit = createEmit(() => ({}))
const accept = testAccept({ db, clock, emit, gatesOf: () => [gate] })
const platform = createPlatform('consent', {
  numbers: { country: 'DE', lenient: true },
  ...{ db, clock, bell: createBell(), log: silentLog, accept, emit },
  keyed: await keyring(db),
  outbound: createGuard({ sandbox: true }),
  baseUrl: () => 'https://sms.example.org',
})
const gate = createConsentGate({ consent: createConsent(platform.addressKey), almanac, now: clock.now })
const tick = createTicker(platform, almanac)
const minute = 60_000
const hour = 60 * minute

/** Hours in UTC, from a moment to another of the same day or the next. */
const hours = (from: number, to: number) => {
  const text = (at: number) => new Date(at).toISOString().slice(11, 16)
  return {
    ...{ country: '*', hours: `daily ${text(from)}-${text(to)}`, holidays: 'yes' as const },
    ...{ instead: 'A test.', zones: ['UTC'] },
  }
}
const rule = (...override: ReturnType<typeof hours>[]) =>
  putRules(db, accountId, { ...defaultRules, keptElsewhere: 'A test.', hours: override }, clock.now())
const send = async (lane: 'marketing' | 'transactional', sendAt?: Date) => {
  const [sent] = await accept.accept(accountId, [
    { to: '+4930231250001', text: 'Hi', lane, ...(sendAt && { sendAt }) },
  ])
  assert.ok(sent?.ok)
  return parseId('message', sent.id)!
}
async function stands(id: string) {
  const [row] = await db.query<{
    status: string
    due: Date
    state: string
    timeline: { hold?: { code: string } }[]
  }>(
    {
      name: '',
      text: `select q.status, q.due_at as due, m.state, json_list(m.timeline) as timeline from queue q join messages m on m.id = q.message_id where m.id = $1`,
    },
    [id],
  )
  return row!
}

test('an advert that waits when its hours end is held until they begin again; other messages are not', async () => {
  const opened = clock.now().getTime() - hour
  const closes = clock.now().getTime() + hour
  await rule(hours(opened, closes))
  const ad = await send('marketing')
  const news = await send('transactional')
  const retried = await send('marketing')
  await tick()
  assert.equal((await stands(ad)).status, 'ready', 'it is open still')

  clock.forward(hour + minute)
  // A carrier did not take it: it would be offered again after the hours have ended.
  const pause = new Date(clock.now().getTime() + minute)
  await db.query(
    { name: '', text: `update queue set status = 'scheduled', due_at = $2 where message_id = $1` },
    [retried, pause],
  )
  await tick()
  const reopens = new Date(opened - (opened % minute) + 24 * hour)
  for (const id of [ad, retried]) {
    const held = await stands(id)
    assert.deepEqual([held.status, held.due, held.state], ['scheduled', reopens, 'queued'])
    assert.equal(held.timeline.at(-1)!.hold!.code, 'consent_quiet_hours')
  }
  assert.equal((await stands(news)).status, 'ready')
  await tick()
  assert.equal((await stands(ad)).timeline.length, 1, 'it is held once')
})

test('an advert that is planned for an hour which a new setting closes is put off before it goes, and stays scheduled', async () => {
  const from = clock.now().getTime()
  await rule(hours(from - hour, from + 4 * hour))
  const planned = await send('marketing', new Date(from + minute))
  await rule(hours(from + 2 * hour, from + 4 * hour))
  await tick()
  const { status, due, state } = await stands(planned)
  assert.deepEqual([status, state], ['scheduled', 'scheduled'])
  assert.ok(due.getTime() >= from + 2 * hour - minute)
})

test('the whole queue is read only when somebody’s hours have ended', async () => {
  const from = clock.now().getTime()
  await rule(hours(from - hour, from + hour))
  const ad = await send('marketing')
  await db.query({ name: '', text: 'delete from consent_closings' })
  clock.forward(hour + minute)
  await tick()
  assert.equal((await stands(ad)).status, 'ready')
  await noteClosings(db, [{ accountId, at: clock.now() }])
  await tick()
  assert.equal((await stands(ad)).status, 'scheduled')
})
