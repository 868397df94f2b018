import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, test } from 'node:test'
import { createKey } from '../accounts/keys.ts'
import { uuidv7 } from '../ids.ts'
import { silentLog } from '../log.ts'
import { ask } from '../message/testing.ts'
import { scopeNames } from '../route.ts'
import { openDb } from '../store/db.ts'
import { call, eventually, noRules, openStory } from './house.ts'

// Two accounts share a number here, which was given to neither.
const story = await openStory({ env: { KURZPOST_OPEN_SENDERS: 'all' } })
const db = openDb(story.databaseUrl, { max: 2, log: silentLog })
after(() => db.close())
const { api } = story
const person = '+4915112345678'
const texts = async (handset: string): Promise<string[]> =>
  (await story.phone('GET', `/handsets/${encodeURIComponent(handset)}/messages`)).map(
    ({ text }: { text: string }) => text,
  )
const write = (from: string, to: string, text: string) =>
  story.phone('POST', `/handsets/${encodeURIComponent(from)}/messages`, { to, text })

const openAtNight = { hours: noRules.hours }
await api('PUT', '/v1/consent-rules', openAtNight)
const topic = (
  await api('POST', '/v1/topics', { name: 'Angebote', kind: 'marketing', sender: '12345', language: 'de' })
).body

test('nobody gets an advert who has not agreed, and whoever has gets it', async () => {
  const advert = { to: person, text: 'Heute 20 %!', topic: topic.id }
  const refused = await api('POST', '/v1/messages', advert)
  assert.deepEqual([refused.status, refused.body.error.code], [422, 'consent_missing'])
  const said = { number: person, act: 'grant', topic: topic.id, text_shown: 'Ja, Angebote per SMS.' }
  const { body } = await api('POST', '/v1/consent', { entries: [said, { number: 'nobody', act: 'grant' }] })
  assert.deepEqual(
    body.results.map((one: { ok: boolean; error?: { code: string } }) => one.error?.code ?? one.ok),
    [true, 'invalid_request'],
  )
  const sent = await api('POST', '/v1/messages', advert)
  assert.equal(sent.status, 202)
  await story.event('message.delivered', (data) => data.message_id === sent.body.id)
})

test('a STOP on the wire leaves no advert in the queue: not the planned, not those behind a slow carrier; others stay', async (t) => {
  const other = uuidv7(Date.now())
  await ask(db, 'insert into accounts (id, name, created_at) values ($1, $2, now())', [other, 'Andere'])
  const { token } = await createKey(db, other, { name: 'k', scopes: scopeNames }, new Date())
  const foreign = (method: string, path: string, body?: object) =>
    call(story.url + path, method, body, { authorization: `Bearer ${token}` })
  const [carrier] = (await api('GET', '/v1/carriers')).body.data
  const slow = await api('PATCH', `/v1/carriers/${carrier.id}`, { settings: { segments_per_second: 1 } })
  assert.equal(slow.status, 200)
  const draft = { to: person, from: '12345', topic: topic.id, text: 'Noch eins' }
  const many = 80
  const messages = [
    // As many as a carrier of one a second has not taken before the STOP, however slow the machine is.
    ...Array.from({ length: many }, (_, n) => ({ ...draft, text: `Noch eins ${n}` })),
    { ...draft, send_at: new Date(Date.now() + 3_600_000).toISOString() },
    { to: person, from: '12345', text: 'Ihre Bestellung ist da.', lane: 'transactional' },
  ]
  const { results } = (await api('POST', '/v1/messages/batch', { messages })).body
  assert.ok(
    results.every(({ ok }: { ok: boolean }) => ok),
    JSON.stringify(results[0]),
  )
  await foreign('PUT', '/v1/consent-rules', noRules)
  const later = { to: person, lane: 'marketing', send_at: new Date(Date.now() + 3_600_000).toISOString() }
  const [theirs, shared] = [
    await foreign('POST', '/v1/messages', { ...later, from: '54321', text: 'Von anderen' }),
    await foreign('POST', '/v1/messages', { ...later, from: '12345', text: 'Unter derselben Nummer' }),
  ]
  assert.deepEqual([theirs.status, shared.status], [202, 202])

  const waiting = async () =>
    (
      await ask<{ n: number }>(
        db,
        `select count(*)::integer as n from queue q join messages m on m.account_id = q.account_id and m.id = q.message_id
         where m.recipient = $1 and m.topic_id is not null`,
        [person],
      )
    )[0]!.n
  assert.ok((await waiting()) > 10)
  const since = performance.now()
  await write(person, '12345', 'Stopp!')
  await eventually(async () => (await waiting()) === 0)
  t.diagnostic(`${Math.round(performance.now() - since)} ms from the handset to an empty queue`)

  const states = await Promise.all(
    results.map(async ({ id }: { id: string }) => (await api('GET', `/v1/messages/${id}`)).body),
  )
  const cancelled = states.filter(({ state }) => state === 'cancelled')
  assert.ok(cancelled.length > 10)
  for (const { error } of cancelled) assert.equal(error.code, 'consent_opted_out')
  assert.equal(states[many].state, 'cancelled', 'the planned one')
  assert.notEqual(states[many + 1].state, 'cancelled', 'the order')
  assert.equal((await foreign('GET', `/v1/messages/${theirs.body.id}`)).body.state, 'scheduled')
  // The person cannot know that two send by the one number, and has said STOP to it.
  assert.equal((await foreign('GET', `/v1/messages/${shared.body.id}`)).body.state, 'cancelled')
  const { words } = (await foreign('GET', `/v1/consent?number=${encodeURIComponent(person)}`)).body
  assert.deepEqual(
    words.map(({ sender, granted }: { sender: string; granted: boolean }) => [sender, granted]),
    [['12345', false]],
  )
  await api('PATCH', `/v1/carriers/${carrier.id}`, { settings: { segments_per_second: null } })
  await eventually(async () =>
    (await texts(person)).some((text) => text.startsWith('Main: Sie sind abgemeldet')),
  )
  const refused = await api('POST', '/v1/messages', draft)
  assert.equal(refused.body.error.code, 'consent_opted_out')
})

test('the message says who was asked and who took it', async () => {
  const { body } = await api('GET', `/v1/messages?direction=inbound&from=${encodeURIComponent(person)}`)
  const { trace } = (await api('GET', `/v1/messages/${body.data[0].id}`)).body
  assert.deepEqual([trace.taken_by, trace.step, trace.code], ['consent', 'stop', 'consent_stop'])
})

test('START gives back what STOP took, and the list of opt-outs follows', async () => {
  const list = async () => (await api('GET', '/v1/opt-outs')).body.data
  assert.deepEqual(
    (await list()).map(({ number, reason }: { number: string; reason: string }) => [number, reason]),
    [[person, 'Wrote “STOPP” to 12345.']],
  )
  await write(person, '12345', 'START')
  await story.event('consent.restored', (data) => data.number === person)
  assert.deepEqual(await list(), [])
  const { topics } = (await api('GET', `/v1/consent?number=${encodeURIComponent(person)}`)).body
  assert.equal(topics[0].standing, 'granted')
})

test('the proof can be checked with nothing but itself, and prints', async () => {
  const path = `/v1/consent/proof?number=${encodeURIComponent(person)}`
  const { entries, chain } = (await api('GET', path)).body
  const sha = (text: string | Buffer) => createHash('sha256').update(text).digest('hex')
  assert.deepEqual(
    entries.map(({ act }: { act: string }) => act),
    ['granted', 'withdrawn', 'restored'],
  )
  for (const { content, hash, prev_hash, seq, details, salt, details_hash } of entries) {
    assert.equal(sha(content), hash)
    const told = JSON.parse(content)
    assert.deepEqual([told.prev, told.seq, told.details], [prev_hash, seq, details_hash])
    const sorted = Object.fromEntries(Object.entries(details).sort(([a], [b]) => (a < b ? -1 : 1)))
    const plain = JSON.stringify({ details: sorted, number: person })
    assert.equal(sha(Buffer.concat([Buffer.from(salt, 'hex'), Buffer.from(plain)])), details_hash)
  }
  assert.equal(chain.head, entries.at(-1).hash)
  const page = await fetch(`${story.url}${path}&format=html&language=de&time_zone=Europe/Berlin`, {
    headers: { authorization: `Bearer ${story.key}` },
  })
  const html = await page.text()
  assert.match(page.headers.get('content-type')!, /text\/html/)
  assert.match(page.headers.get('content-security-policy')!, /default-src 'none'; style-src 'sha256-/)
  assert.match(html, /Einwilligung von \+4915112345678/)
  assert.match(html, /<blockquote>Ja, Angebote per SMS\.<\/blockquote>/)
  assert.match(html, /MEZ|MESZ/)
  assert.ok(html.includes(entries[0].hash))
})
