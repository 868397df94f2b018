import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import type { Draft } from '../../message/draft.ts'
import { ask } from '../../message/testing.ts'
import type { NewEntry } from './entry.ts'
import { createRegister } from './register.ts'
import { writeSettings } from './settings.store.ts'
import { consentBench } from './testing.ts'

const bench = await consentBench()
const { db, platform, accept, accountId, receive } = bench
const register = createRegister(platform)
const werbung = await bench.topic({ texts: { opt_out: { de: 'Acme: Schluss mit {topic}.' } } })
const werk = await bench.topic({ key: 'werk nord', name: 'Werk Nord', kind: 'alert', mandatory: true })
const settings = { opt_out_scope: 'sender', display_name: 'Acme', help_contact: null, texts: {} } as const

let person = ''
let last = 0
beforeEach(async () => {
  person = `+4915112${String(last++).padStart(6, '0')}`
  await writeSettings(db, accountId, settings, platform.now())
})

const said = (more: Partial<NewEntry>): NewEntry => ({
  ...{ accountId, number: person, topic: null, sender: null, act: 'granted', how: 'api' },
  ...more,
})
const record = (...entries: NewEntry[]) => platform.transaction((tx) => register.record(tx, entries))
const agree = () => record(said({ topic: werbung.id }))
/** Stands in the queue, past the gate: what was accepted before the word came. */
async function queued(text: string, more: Partial<Draft> = {}) {
  const draft = { to: person, from: '12345', lane: 'marketing' as const, text, ...more }
  const [answer] = await accept.accept(accountId, [draft])
  assert.ok(answer?.ok, JSON.stringify(answer))
}
const states = async () =>
  Object.fromEntries(
    (
      await ask<{ body: string; state: string }>(
        db,
        `select body, state from messages where recipient = $1 and lane <> 'transactional' order by id`,
        [person],
      )
    ).map(({ body, state }) => [body, state]),
  )
const answers = async () =>
  (
    await ask<{ body: string; sender: string }>(
      db,
      `select body, sender from messages where recipient = $1 and lane = 'transactional' order by id`,
      [person],
    )
  ).map(({ body }) => body)
const entries = () =>
  ask<{ act: string; how: string; topic_id: string | null; sender: string | null; via: string }>(
    db,
    'select act, how, topic_id, sender, via from consent_ledger where number_key = $1 order by seq',
    [platform.addressKey(person)],
  )
const traces = async () =>
  (
    await ask<{ trace: { taken_by: string | null; step: string; code: string; asked: { flag?: string }[] } }>(
      db,
      `select trace from messages where sender = $1 and direction = 'inbound' order by id`,
      [person],
    )
  ).map(
    ({ trace }) =>
      trace.code ??
      trace.asked
        .map(({ flag }) => flag)
        .filter(Boolean)
        .join() ??
      '',
  )
const standing = async (topic: string | null = werbung.id, sender: string | null = '12345') =>
  (
    await platform.transaction((tx) =>
      register.readStates(tx, [{ accountId, number: person, topic, sender }]),
    )
  )[0]!.standing

test('a STOP ends what its sender sends by consent, cancels what waits of it, and is confirmed once', async () => {
  await agree()
  await queued('advert')
  await queued('on a topic', { topic: werbung.id })
  await queued('of the works', { topic: werk.id, lane: 'alert' })
  await queued('later', { sendAt: new Date(platform.now().getTime() + 86_400_000) })
  await queued('code', { lane: 'code' })
  await queued('of another sender', { from: '54321' })
  await receive('Stop!', person)
  assert.deepEqual(await states(), {
    advert: 'cancelled',
    'on a topic': 'cancelled',
    'of the works': 'queued',
    later: 'cancelled',
    code: 'queued',
    'of another sender': 'queued',
  })
  assert.equal(await standing(), 'withdrawn')
  assert.deepEqual(await answers(), [
    'Acme: Sie sind abgemeldet und erhalten keine Nachrichten mehr von uns. START macht das rückgängig.',
  ])
  await receive('STOP', person)
  assert.equal((await answers()).length, 1, 'who says it again is not told again')
  assert.deepEqual(await traces(), ['consent_stop', 'consent_stop'])
})

test('who writes STOP to a number from which nothing came ends all that the account sends', async () => {
  await agree()
  await queued('from a name', { from: 'Acme' })
  await receive('ABMELDEN', person, { to: '77777' })
  assert.deepEqual(await states(), { 'from a name': 'cancelled' })
  assert.deepEqual((await entries()).at(-1), {
    act: 'withdrawn',
    how: 'sms_keyword',
    topic_id: null,
    sender: null,
    via: '77777',
  })
})

test('STOP WERBUNG ends that topic alone, in its own words', async () => {
  await agree()
  await queued('advert')
  await queued('on a topic', { topic: werbung.id })
  await receive('Stop Werbung', person)
  assert.deepEqual(await states(), { advert: 'queued', 'on a topic': 'cancelled' })
  assert.deepEqual(await answers(), ['Acme: Schluss mit Werbung.'])
})

test('where a STOP is about the topic, it is about that of the last message from there', async () => {
  await writeSettings(db, accountId, { ...settings, opt_out_scope: 'topic' }, platform.now())
  await queued('on a topic', { topic: werbung.id })
  await receive('stop', person)
  assert.equal((await entries())[0]!.topic_id, werbung.id)
  await receive('stop alle', person)
  assert.deepEqual((await entries()).at(-1), {
    act: 'withdrawn',
    how: 'sms_keyword',
    topic_id: null,
    sender: null,
    via: '12345',
  })
})

test('START gives back what STOP took, in the language of the word, and nothing where nothing was taken', async () => {
  await agree()
  await queued('advert')
  await receive('START', person)
  assert.deepEqual(await traces(), [''], 'a keyword may be called that')
  await receive('STOP', person)
  await receive('ANMELDEN', person)
  assert.equal(await standing(), 'granted')
  assert.equal(await standing(null), 'none', 'what was not agreed to before is not now')
  assert.equal((await answers()).at(-1), 'Acme: Sie erhalten unsere Nachrichten wieder. STOP beendet sie.')
  await receive('yes', person)
  assert.equal((await answers()).length, 2)
})

test('START to another number, and a START after somebody else’s no, give back nothing', async () => {
  await agree()
  await queued('advert')
  await receive('STOP', person)
  await receive('START', person, { to: '99999' })
  assert.equal(await standing(), 'withdrawn')
  await record(said({ act: 'withdrawn', how: 'agent', topic: werbung.id }))
  await receive('START', person)
  assert.equal(await standing(), 'withdrawn')
})

test('START WERBUNG after a STOP to the sender gives back that topic alone', async () => {
  const news = await bench.topic({ key: 'news', name: 'News' })
  await agree()
  await record(said({ topic: news.id }))
  await queued('advert')
  await receive('STOP', person)
  await receive('START WERBUNG', person)
  assert.equal(await standing(), 'granted')
  assert.equal(await standing(news.id), 'withdrawn')
})

test('what the provider has answered is written down and not answered again', async () => {
  await agree()
  await queued('advert')
  await receive('Stop', person, { answered: 'stop' })
  assert.deepEqual(await states(), { advert: 'cancelled' })
  assert.deepEqual(await answers(), [])
  await receive('Help', person, { answered: 'help' })
  await receive('Unstop', person, { answered: 'start' })
  assert.deepEqual(await answers(), [])
  assert.equal(await standing(), 'granted')
})

test('a polite STOP after marketing counts, and a person reads it; in a conversation only a person does', async () => {
  await agree()
  await receive('bitte stop, danke', person)
  assert.deepEqual(await traces(), ['maybe_stop'])
  assert.equal(await standing(), 'granted')
  await queued('advert')
  await receive('bitte stop, danke', person)
  assert.deepEqual(await traces(), ['maybe_stop', 'polite_stop'])
  assert.equal(await standing(), 'withdrawn')
  assert.deepEqual(await states(), { advert: 'cancelled' })
  assert.equal((await answers()).length, 1)
})

test('a sentence is left to a person', async () => {
  await queued('advert')
  await receive('We must STOP this bill', person)
  assert.deepEqual([await traces(), await entries(), await answers()], [['maybe_stop'], [], []])
})

test('a softer no after marketing is a STOP, and elsewhere a person reads it', async () => {
  await receive('Nein', person)
  await queued('advert')
  await receive('Nein', person)
  assert.deepEqual(await traces(), ['maybe_stop', 'consent_stop'])
})

test('HELP says whom to ask and how to end it', async () => {
  await writeSettings(db, accountId, { ...settings, help_contact: 'acme.example' }, platform.now())
  await receive('Hilfe', person)
  assert.deepEqual(await answers(), ['Acme: Hilfe: acme.example. STOP beendet unsere Nachrichten.'])
})

test('what comes back to the queue after a STOP is cancelled by the second look, unless they came back', async () => {
  await queued('advert')
  await receive('STOP', person)
  await queued('on the wire then')
  const [job] = await ask<{ payload: object }>(
    db,
    `select payload from graphile_worker._private_jobs order by id desc limit 1`,
  )
  await bench.capability.jobs!.look_again!(job!.payload)
  assert.equal((await states())['on the wire then'], 'cancelled')
  await receive('START', person)
  await queued('again')
  await bench.capability.jobs!.look_again!(job!.payload)
  assert.equal((await states()).again, 'queued')
})

/** Another account that sends by the same address, which is nobody's own. */
async function neighbour() {
  const id = platform.id()
  await ask(db, 'insert into accounts (id, name, created_at) values ($1, $2, now())', [id, 'Nachbar'])
  const theirs = await bench.topic({ account_id: id, key: 's3', name: 'Linie S3' })
  return {
    id,
    topic: theirs.id,
    async queued(text: string, more: Partial<Draft> = {}) {
      const draft = { to: person, from: '12345', lane: 'marketing' as const, text, ...more }
      const [answer] = await accept.accept(id, [draft])
      assert.ok(answer?.ok, JSON.stringify(answer))
    },
    standing: async (topic: string | null = null, sender = '12345') =>
      (
        await platform.transaction((tx) =>
          register.readStates(tx, [{ accountId: id, number: person, topic, sender }]),
        )
      )[0]!.standing,
  }
}

test('a STOP to an address that several accounts send by counts for each that has written from there, and is confirmed once', async () => {
  const [near, far] = [await neighbour(), await neighbour()]
  await queued('advert')
  await near.queued('of the neighbour')
  await far.queued('from elsewhere', { from: '54321' })
  await receive('STOP', person)
  assert.deepEqual(await states(), {
    advert: 'cancelled',
    'of the neighbour': 'cancelled',
    'from elsewhere': 'queued',
  })
  assert.deepEqual(
    [await near.standing(), await far.standing(), await far.standing(null, '54321')],
    ['withdrawn', 'none', 'none'],
  )
  assert.equal((await answers()).length, 1)
  const [{ trace }] = (await ask<{ trace: { sentence: string } }>(
    db,
    `select trace from messages where sender = $1 and direction = 'inbound'`,
    [person],
  )) as [{ trace: { sentence: string } }]
  assert.match(trace.sentence, /It counts for another account that has written from this address, too\.$/)
  const theirs = await ask<{ message_ids: string[]; account_id: string }>(
    db,
    'select account_id, message_ids from consent_ledger where number_key = $1 and account_id <> $2',
    [platform.addressKey(person), accountId],
  )
  assert.deepEqual(
    theirs,
    [{ account_id: near.id, message_ids: [] }],
    'nobody gets the id of a message of others',
  )

  await receive('START', person)
  assert.equal(await near.standing(), 'none', 'START gives back what STOP took')
})

test('where only another account has written from an address, its name stands under the confirmation', async () => {
  const near = await neighbour()
  await near.queued('of the neighbour', { topic: near.topic })
  await receive('Stop Linie S3', person)
  assert.deepEqual([await near.standing(near.topic), await near.standing()], ['withdrawn', 'none'])
  assert.deepEqual(await entries(), [
    { act: 'withdrawn', how: 'sms_keyword', topic_id: near.topic, sender: null, via: '12345' },
  ])
  assert.deepEqual(await answers(), [
    'Nachbar: Sie erhalten keine Nachrichten mehr zu Linie S3. START macht das rückgängig.',
  ])
  assert.deepEqual(await traces(), ['consent_stop'])
})

/** What was handed to the inboxes of other accounts about this person. */
const wanted = () =>
  ask<{ account_id: string; payload: { note: string; flag: string; sender: string | null } }>(
    db,
    `select account_id, payload from events where name = 'inbox.wanted' and payload->>'address' = $1 order by xid, seq`,
    [person],
  )

test('HELP is answered once, by the account that wrote last from there', async () => {
  const near = await neighbour()
  await queued('advert')
  bench.clock.forward(1_000)
  await near.queued('of the neighbour', { topic: near.topic })
  await receive('Hilfe', person)
  assert.deepEqual(await answers(), ['Nachbar: STOP beendet unsere Nachrichten.'])
  const [{ trace }] = (await ask<{ trace: { code: string; sentence: string } }>(
    db,
    `select trace from messages where sender = $1 and direction = 'inbound'`,
    [person],
  )) as [{ trace: { code: string; sentence: string } }]
  assert.equal(trace.code, 'consent_help')
  assert.match(trace.sentence, / Another account did, which wrote last from this address\.$/)
  bench.clock.forward(1_000)
  await queued('and another advert')
  await receive('Hilfe', person)
  assert.match((await answers())[1]!, /^Acme: /)
  assert.equal((await answers()).length, 2)
})

test('a doubt is shown to the people of every account that wrote from there lately', async () => {
  const [near, far] = [await neighbour(), await neighbour()]
  await far.queued('of long ago')
  bench.clock.forward(31 * 86_400_000)
  await queued('advert')
  await near.queued('of the neighbour')
  await receive('We must STOP this bill', person)
  assert.deepEqual(await traces(), ['maybe_stop'])
  assert.deepEqual(
    (await wanted()).map(({ account_id, payload: { flag, sender } }) => [account_id, flag, sender]),
    [[near.id, 'maybe_stop', '12345']],
  )
  assert.match((await wanted())[0]!.payload.note, /12345.*“We must STOP this bill”/)
  assert.deepEqual([await near.standing(), await entries()], ['none', []])
})

test('a soft no is the answer to the account that wrote last from there, and a doubt for the others', async () => {
  const near = await neighbour()
  await queued('question', { lane: 'conversation' })
  bench.clock.forward(1_000)
  await near.queued('of the neighbour')
  await receive('Nein', person)
  assert.deepEqual([await traces(), await near.standing()], [['consent_stop'], 'withdrawn'])
  assert.equal(await standing(), 'none')
  bench.clock.forward(1_000)
  await queued('another question', { lane: 'conversation' })
  const other = await neighbour()
  await receive('Nein', person)
  assert.deepEqual(await traces(), ['consent_stop', 'maybe_stop'])
  assert.equal(await other.standing(), 'none')
  assert.deepEqual(
    (await wanted()).map(({ account_id }) => account_id),
    [near.id],
  )
})

test('where the carrier chose the sender, a STOP reaches who has sent by that carrier', async () => {
  const near = await neighbour()
  await near.queued('from whichever')
  await ask(db, `update messages set sender = null, carrier_id = $2 where recipient = $1`, [
    person,
    bench.carrierId,
  ])
  await receive('STOP', person)
  assert.deepEqual(await states(), { 'from whichever': 'cancelled' })
  assert.equal(await near.standing(), 'withdrawn')
})

test('a STOP that was cut off in the middle of a character is taken', async () => {
  await queued('advert')
  await receive(`STOP ${'😀'.repeat(900)}`, person)
  assert.deepEqual([await traces(), await states()], [['consent_stop'], { advert: 'cancelled' }])
})

test('a batch of a thousand people costs a handful of statements', async () => {
  const people = Array.from({ length: 150 }, (_, n) => `+49170${String(n).padStart(7, '0')}`)
  await Promise.all(people.map((from) => receive('STOP ALLE', from)))
  const [{ n }] = (await ask<{ n: number }>(
    db,
    `select count(*)::integer as n from consent_state where granted is false and via = '12345' and topic_id is null and sender is null
     and number_key = any ($1)`,
    [people.map(platform.addressKey)],
  )) as [{ n: number }]
  assert.equal(n, 150)
})
