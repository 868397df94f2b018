import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { beforeEach, test } from 'node:test'
import { uuidv7 } from '../../../ids.ts'
import type { Draft } from '../../../message/draft.ts'
import type { Asked } from '../../../message/gate.ts'
import type { Db, Tx } from '../../../store/db.ts'
import { testDatabase } from '../../../store/testing.ts'
import type { NewEntry } from '../entry.ts'
import { createConsent } from '../ledger.ts'
import { insertTopic, type NewTopic } from '../topics.store.ts'
import { createAlmanac } from './almanac.ts'
import { putRules } from './gate.store.ts'
import { createConsentGate } from './gate.ts'
import { type ConsentRules, defaultRules } from './settings.ts'

const { db } = await testDatabase()
const consent = createConsent((number) => createHmac('sha256', 'secret').update(number).digest())
/** A Monday in November, noon in Berlin. */
const noon = new Date('2026-11-23T11:00Z')
let now = noon
const gate = createConsentGate({ consent, almanac: createAlmanac(), now: () => now })

let accountId = ''
let people = 0
const sql = (text: string, values: unknown[] = []) => db.query({ name: '', text }, values)
/** Of the fictitious range of Germany. */
const someone = (): string => `+4930231${String(25000 + people++)}`

beforeEach(async () => {
  now = noon
  accountId = uuidv7(Date.now())
  await sql('insert into accounts (id, name, created_at) values ($1, $2, now())', [accountId, 'Test'])
})

const rules = (more: Partial<ConsentRules>) => putRules(db, accountId, { ...defaultRules, ...more }, now)
async function topic(more: Partial<NewTopic> = {}): Promise<string> {
  const id = uuidv7(Date.now())
  const made = {
    account_id: accountId,
    id,
    key: `T${id}`,
    name: 'Angebote',
    kind: 'marketing',
    sender: 'Laden',
    language: 'de',
    texts: {},
    frequency_caps: [],
    mandatory: false,
  }
  await insertTopic(db, { ...(made as NewTopic), ...more }, now)
  return id
}
const say = (act: NewEntry['act'], number: string, scope: Partial<NewEntry> = {}) =>
  db.transaction((tx) =>
    consent.append(tx, [{ accountId, number, topic: null, sender: null, act, how: 'api', ...scope }], now),
  )
const asked = (draft: Partial<Draft> & { to: string }): Asked => {
  const whole = { text: 'Neu im Laden', ...draft }
  return {
    accountId,
    draft: whole,
    sender: draft.from ?? 'House',
    lane: draft.lane ?? 'transactional',
    segments: 1,
  }
}
const judge = (drafts: (Partial<Draft> & { to: string })[], on: Db = db) =>
  on.transaction((tx) => gate.judge(drafts.map(asked), tx))
const verdict = async (draft: Partial<Draft> & { to: string }) => (await judge([draft]))[0]!
const ad = { lane: 'marketing' } as const

async function refusal(draft: Partial<Draft> & { to: string }): Promise<string> {
  const found = await verdict(draft)
  return found.verdict === 'refuse' ? found.code : found.verdict
}
/** When it goes out, and why not now; `pass` for at once. */
async function delay(draft: Partial<Draft> & { to: string }): Promise<string> {
  const found = await verdict(draft)
  if (found.verdict !== 'amend' || !found.draft.hold) return found.verdict
  return `${found.draft.hold.code} ${found.draft.sendAt!.toISOString()}`
}

test('only marketing and what is on a topic concerns the gate', async () => {
  assert.equal(gate.concerns({ to: '+49', text: '' }), false)
  assert.equal(gate.concerns({ to: '+49', text: '', lane: 'code' }), false)
  assert.equal(gate.concerns({ to: '+49', text: '', lane: 'marketing' }), true)
  assert.equal(gate.concerns({ to: '+49', text: '', topic: uuidv7(0) }), true)
})

test('marketing needs a yes; a no ends it; another person’s words change nothing', async () => {
  const to = someone()
  assert.equal(await refusal({ to, ...ad }), 'consent_missing')
  await say('granted', to)
  assert.equal(await refusal({ to, ...ad }), 'pass')
  assert.equal(await refusal({ to: someone(), ...ad }), 'consent_missing')
  await say('withdrawn', to, { sender: 'House' })
  assert.equal(await refusal({ to, ...ad }), 'consent_opted_out')
  assert.equal(await refusal({ to, ...ad, from: 'Other' }), 'pass', 'that was said to one sender')
})

test('a service topic needs no yes, and keeps to a no; an alert that is mandatory keeps only to a no to itself', async () => {
  const service = await topic({ kind: 'service' })
  const drill = await topic({ kind: 'alert', mandatory: true })
  const to = someone()
  assert.equal(await refusal({ to, topic: service }), 'amend')
  await say('withdrawn', to, { sender: 'Laden' })
  assert.equal(await refusal({ to, topic: service }), 'consent_opted_out')
  assert.equal(await refusal({ to, topic: drill }), 'amend')
  await say('withdrawn', to, { topic: drill })
  assert.equal(await refusal({ to, topic: drill }), 'consent_opted_out')
})

test('a topic gives lane and sender where the draft says none, and an advert is one in any lane', async () => {
  const offers = await topic()
  const service = await topic({ kind: 'service' })
  const to = someone()
  await say('granted', to, { topic: offers })
  const given = await verdict({ to, topic: offers })
  assert.ok(given.verdict === 'amend')
  assert.deepEqual([given.draft.lane, given.draft.from], ['marketing', 'Laden'])
  const asTransactional = await verdict({ to, topic: offers, lane: 'transactional', from: 'Mine' })
  assert.ok(asTransactional.verdict === 'amend')
  assert.deepEqual([asTransactional.draft.lane, asTransactional.draft.from], ['marketing', 'Mine'])
  const news = await verdict({ to, topic: service, lane: 'conversation' })
  assert.ok(news.verdict === 'amend')
  assert.equal(news.draft.lane, 'conversation')
  assert.equal(
    await refusal({ to, topic: service, lane: 'marketing' }),
    'consent_missing',
    'a service with an advert is an advert',
  )
})

test('a topic that is not there, another account’s or archived is refused', async () => {
  const to = someone()
  assert.equal(await refusal({ to, topic: uuidv7(Date.now()) }), 'consent_topic_unknown')
  const old = await topic()
  await sql('update topics set archived_at = now() where id = $1', [old])
  assert.equal(await refusal({ to, topic: old }), 'consent_topic_unknown')
  const foreign = await topic()
  accountId = uuidv7(Date.now())
  assert.equal(await refusal({ to, topic: foreign }), 'consent_topic_unknown')
})

test('consent that is kept elsewhere is not missing here, and a no still holds', async () => {
  await rules({ keptElsewhere: 'In the CRM since 2019.' })
  const to = someone()
  assert.equal(await refusal({ to, ...ad }), 'pass')
  await say('withdrawn', to)
  assert.equal(await refusal({ to, ...ad }), 'consent_opted_out')
})

test('at night marketing waits for the morning of its recipient, a service message does not', async () => {
  const [to, american] = [someone(), '+12125550100']
  const news = await topic({ kind: 'service', sender: null })
  await say('granted', to)
  await say('granted', american)
  now = new Date('2026-11-23T22:00Z')
  assert.equal(await delay({ to, ...ad }), 'consent_quiet_hours 2026-11-24T07:00:00.000Z')
  assert.equal(await delay({ to: american, ...ad }), 'pass', 'it is afternoon in New York')
  assert.equal(await delay({ to, topic: news, lane: 'transactional' }), 'pass')
})

test('what is planned for the night waits from then on, and what would have expired by then is refused', async () => {
  const to = someone()
  await say('granted', to)
  const sendAt = new Date('2026-11-28T22:00Z')
  assert.equal(
    await delay({ to, ...ad, sendAt }),
    'consent_quiet_hours 2026-11-30T07:00:00.000Z',
    'past a Sunday',
  )
  assert.equal(
    await refusal({ to, ...ad, sendAt, expiresAt: new Date('2026-11-29T22:00Z') }),
    'consent_quiet_hours',
  )
})

test('a holiday is passed over', async () => {
  const to = someone()
  await say('granted', to)
  now = new Date('2026-12-25T10:00Z')
  assert.equal(await delay({ to, ...ad }), 'consent_quiet_hours 2026-12-28T07:00:00.000Z')
})

test('the time zone of a contact is one more to keep to, or the one of many that it may be', async () => {
  const mover = '+12125550101'
  const perth = '+61491570156'
  for (const [number, zone] of [
    [mover, 'America/Los_Angeles'],
    [perth, 'Australia/Perth'],
  ] as const) {
    const id = uuidv7(Date.now())
    await say('granted', number)
    await sql(
      'insert into contacts (account_id, id, time_zone, created_at, updated_at) values ($1, $2, $3, now(), now())',
      [accountId, id, zone],
    )
    await sql(
      `insert into contact_addresses (account_id, channel, address, key, contact_id, created_at) values ($1, 'sms', $2, $3, $4, now())`,
      [accountId, number, consent.keyOf(number), id],
    )
  }
  now = new Date('2026-11-23T14:00Z')
  assert.equal(await delay({ to: mover, ...ad }), 'consent_quiet_hours 2026-11-23T16:00:00.000Z')
  // Whoever has looked already says so in the draft.
  const told = (timeZone: string | null) => delay({ to: mover, timeZone, ...ad })
  assert.equal(await told('America/Denver'), 'consent_quiet_hours 2026-11-23T15:00:00.000Z')
  assert.equal(await told(null), 'pass')
  now = new Date('2026-11-23T12:00Z')
  assert.equal(await delay({ to: perth, ...ad }), 'pass', 'it is eight in the evening there')
})

test('an account’s own hours come on top, or in the place of what we know, with a reason', async () => {
  const to = someone()
  await say('granted', to)
  await rules({ hours: [{ country: 'DE', hours: 'mon-fri 14:00-15:00', holidays: 'yes', instead: null }] })
  assert.equal(await delay({ to, ...ad }), 'consent_quiet_hours 2026-11-23T13:00:00.000Z')
  now = new Date('2026-11-23T22:00Z')
  await rules({
    hours: [{ country: 'DE', hours: 'daily 00:00-24:00', holidays: 'yes', instead: 'A night club.' }],
  })
  assert.equal(await delay({ to, ...ad }), 'pass')
})

test('hours that never come are refused with a sentence that says what to do', async () => {
  const to = someone()
  await say('granted', to)
  await rules({ hours: [{ country: '*', hours: 'sun 08:00-20:00', holidays: 'yes', instead: null }] })
  const never = await verdict({ to, ...ad })
  assert.ok(never.verdict === 'refuse' && never.code === 'consent_quiet_hours')
  assert.match(
    never.message,
    /sun 08:00-20:00 \(your setting\); mon-sat 08:00-20:00, not on holidays \(rule de\)/,
  )
})

test('a cap counts over all campaigns and within one batch, and refuses or puts off', async () => {
  const to = someone()
  const [one, two] = [await topic(), await topic()]
  await say('granted', to)
  await rules({ caps: { day: 2 } })
  const batch = await judge([
    { to, topic: one },
    { to, topic: two },
    { to, topic: two },
  ])
  assert.deepEqual(
    batch.map((each) => (each.verdict === 'refuse' ? each.code : each.verdict)),
    ['amend', 'amend', 'consent_frequency_cap'],
  )
  assert.equal(await refusal({ to, ...ad }), 'consent_frequency_cap')
  await rules({ caps: { day: 2 }, overCap: 'defer' })
  assert.equal(await delay({ to, ...ad }), 'consent_frequency_cap 2026-11-24T11:00:00.000Z')
  assert.equal(await delay({ to, ...ad }), 'consent_frequency_cap 2026-11-24T11:00:00.000Z')
  assert.equal(
    await delay({ to, ...ad }),
    'consent_frequency_cap 2026-11-25T11:00:00.000Z',
    'what is planned counts',
  )
})

test('a topic’s own cap counts that topic alone', async () => {
  const to = someone()
  const weekly = await topic({ frequency_caps: [{ per: 'week', most: 1 }] })
  await say('granted', to)
  assert.equal(await refusal({ to, topic: weekly }), 'amend')
  assert.equal(await refusal({ to, topic: weekly }), 'consent_frequency_cap')
  assert.equal(await refusal({ to, ...ad }), 'pass')
})

test('room that comes at night is used in the morning', async () => {
  const to = someone()
  await say('granted', to)
  await rules({
    caps: { day: 1 },
    overCap: 'defer',
    hours: [{ country: 'DE', hours: 'daily 08:00-12:00', holidays: 'yes', instead: null }],
  })
  now = new Date('2026-11-23T10:59Z')
  assert.equal(await delay({ to, ...ad }), 'pass')
  now = new Date('2026-11-23T11:00Z')
  assert.equal(await delay({ to, ...ad }), 'consent_frequency_cap 2026-11-24T10:59:00.000Z')
  assert.equal(await delay({ to, ...ad }), 'consent_frequency_cap 2026-11-25T10:59:00.000Z')
})

test('nodes that send at once to the same people never go over the cap together', async () => {
  const numbers = Array.from({ length: 20 }, someone)
  await db.transaction((tx) =>
    consent.append(
      tx,
      numbers.map((number) => ({
        accountId,
        number,
        topic: null,
        sender: null,
        act: 'granted' as const,
        how: 'api' as const,
      })),
      now,
    ),
  )
  await rules({ caps: { day: 3 } })
  const batches = await Promise.all(
    Array.from({ length: 8 }, (_, at) =>
      judge((at % 2 ? numbers : numbers.toReversed()).map((to) => ({ to, ...ad }))),
    ),
  )
  const passed = batches.flat().filter((each) => each.verdict === 'pass').length
  assert.equal(passed, 3 * numbers.length)
})

test('a batch of a thousand takes as many statements as one of two', async () => {
  await rules({
    caps: { day: 3 },
    hours: [{ country: 'DE', hours: 'daily 08:00-12:00', holidays: 'yes', instead: null }],
  })
  const offers = await topic()
  const counted = async (numbers: string[]) => {
    await db.transaction((tx) =>
      consent.append(
        tx,
        numbers.map((number) => ({
          accountId,
          number,
          topic: null,
          sender: null,
          act: 'granted' as const,
          how: 'api' as const,
        })),
        now,
      ),
    )
    return db.transaction(async (tx) => {
      let statements = 0
      const counting: Tx = {
        query(statement, values) {
          statements++
          return tx.query(statement, values)
        },
      }
      const verdicts = await gate.judge(
        numbers.map((to) => asked({ to, topic: offers })),
        counting,
      )
      assert.ok(verdicts.every(({ verdict }) => verdict === 'amend'))
      return statements
    })
  }
  const few = await counted([someone(), someone()])
  assert.equal(await counted(Array.from({ length: 1_000 }, someone)), few)
  assert.ok(few <= 8, `${few} statements`)
})
