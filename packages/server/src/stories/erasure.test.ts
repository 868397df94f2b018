import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, test } from 'node:test'
import { silentLog } from '../log.ts'
import { ask } from '../message/testing.ts'
import { openDb } from '../store/db.ts'
import { eventually, noRules, openStory } from './house.ts'

const story = await openStory()
const db = openDb(story.databaseUrl, { max: 2, log: silentLog })
after(() => db.close())
const { api } = story
/** A source that never answers: the question stays. */
const source = createServer(() => {})
await new Promise<void>((resolve) => source.listen(0, '127.0.0.1', resolve))
after(() => {
  source.closeAllConnections()
  source.close()
})

const us = '12345'
const number = '+4915123456701'
const second = '+4915123456702'
const other = '+4915199999999'
const day = 86_400_000

async function made(method: string, path: string, body?: unknown, headers?: Record<string, string>) {
  const answer = await api(method, path, body, headers)
  assert.ok(answer.status < 300, `${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`)
  return answer.body
}
const write = (from: string, text: string) =>
  story.phone('POST', `/handsets/${encodeURIComponent(from)}/messages`, { to: us, text })

/** Every row of every table, also of the jobs. */
async function dump(): Promise<string[]> {
  const tables = await ask<{ name: string }>(
    db,
    `select format('%I.%I', n.nspname, c.relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname in ('public', 'graphile_worker') and c.relkind in ('r', 'p') and not c.relispartition`,
  )
  const lines: string[] = []
  for (const { name } of tables)
    for (const { row } of await ask<{ row: string }>(db, `select t::text as row from ${name} t`))
      lines.push(`${name}: ${row}`)
  return lines
}

test('a person with traces in every room is erased: no table has number, name, address or word of them, and the receipt says what went where', async () => {
  await made('PUT', '/v1/consent-rules', { ...noRules, caps: [{ per: 'day', most: 9 }] })
  const topic = await made('POST', '/v1/topics', {
    ...{ name: 'Angebote', kind: 'marketing', sender: us, language: 'de' },
  })
  const news = await made('POST', '/v1/topics', {
    name: 'Neues',
    kind: 'marketing',
    sender: us,
    language: 'de',
  })
  const list = await made('POST', '/v1/lists', { name: 'Stammkunden' })
  await made('PUT', '/v1/contact-attributes/points', { label: 'Punkte', type: 'number' })

  const { contact } = await made('POST', '/v1/contacts', {
    ...{
      external_id: 'kunde-4711',
      name: 'Adalbert Geheimrat',
      tags: ['stammgast'],
      attributes: { points: 7 },
    },
    addresses: [
      { channel: 'sms', address: number },
      { channel: 'email', address: 'geheimrat@example.org' },
    ],
  })
  await made('POST', '/v1/contacts', { name: 'Bleibt Hier', addresses: [{ channel: 'sms', address: other }] })
  const { contact: twin } = await made('POST', '/v1/contacts', {
    ...{ name: 'A. Geheimrat', addresses: [{ channel: 'sms', address: second }] },
  })
  const { id } = contact
  await made('POST', `/v1/contacts/${id}/merge`, { others: [twin.id] })
  await made('POST', `/v1/contacts/${id}/notes`, { note: 'Mag Pralinen.' })
  await made('POST', `/v1/lists/${list.id}/members`, { add: [id] })

  const file = `phone;name;points\n0151 23456701;Adalbert Geheimrat;viele\n0151 99999999;Bleibt Hier;auch viele\n`
  const taken = await made('POST', '/v1/contact-imports', { file_name: 'leute.csv' })
  const chunk = `${story.url}/v1/contact-imports/${taken.id}/chunks/0`
  const headers = { authorization: `Bearer ${story.key}`, 'content-type': 'text/csv' }
  assert.ok((await fetch(chunk, { method: 'PUT', headers, body: file })).ok)
  await made('POST', `/v1/contact-imports/${taken.id}/inspect`, {})
  await made('POST', `/v1/contact-imports/${taken.id}/start`, {
    mapping: ['phone', 'name', 'attribute:points'],
  })
  await story.event('import.finished', ({ failed }) => failed === 2)

  const agreed = { act: 'grant', topic: topic.id }
  await made('POST', '/v1/consent', {
    entries: [
      { ...agreed, number, text_shown: 'Ja, schickt es Adalbert.', source_address: '203.0.113.7' },
      { ...agreed, number: other, text_shown: 'Ja, auch mir.' },
    ],
  })
  await made('POST', '/v1/consent-sign-ups', { number, topics: [news.id], text_shown: 'Ja, Neues.' })
  await made('POST', '/v1/preference-links', { number })

  const sent = await made('POST', '/v1/messages/batch', {
    messages: [
      { to: number, topic: topic.id, text: 'Lieber Adalbert, 20 %!' },
      { to: number, text: 'Lieber Adalbert, Ihr Hut ist da.', client_ref: 'kunde-4711' },
      { to: second, text: 'Auch hierher, Adalbert.' },
      { to: other, topic: topic.id, text: 'Bleibt stehen.' },
    ],
  })
  for (const { ok, id } of sent.results) {
    assert.ok(ok)
    await story.event('message.delivered', ({ message_id }) => message_id === id)
  }
  await made(
    'POST',
    '/v1/messages',
    {
      ...{ to: number, text: 'Bis morgen, Adalbert.', send_at: new Date(Date.now() + day).toISOString() },
    },
    { 'idempotency-key': 'adalbert-1' },
  )

  const service = { kind: 'template', quota: { per_hour: 5, per_day: 5 } }
  await made('POST', '/v1/keyword-services', {
    ...{ ...service, name: 'Zeiten', keywords: [{ word: 'ZEITEN' }], texts: { answer: { de: '9 bis 18.' } } },
  })
  await made('POST', '/v1/keyword-services', {
    ...{ name: 'Ware', kind: 'http', keywords: [{ word: 'WARE' }], arguments: [{ name: 'ware' }] },
    texts: { answer: { de: '{{ware}}: {{state}}' } },
    source: {
      url: `http://127.0.0.1:${(source.address() as AddressInfo).port}/{{ware}}`,
      ...{ values: { state: '/state' }, timeout_ms: 10_000 },
    },
  })
  await write(number, 'ZEITEN')
  await story.event('keyword.answered')
  await write(number, 'Ich wohne im Hinterwaldweg 7.')
  await write(other, 'Ich wohne anderswo.')
  const home = await story.event('message.received', ({ text }) => text.includes('Hinterwald'))
  const talk = await story.event('inbox.received', ({ message_id }) => message_id === home.message_id)
  const path = `/v1/inbox/conversations/${talk.conversation_id}`
  await made('POST', `${path}/messages`, { text: 'Danke, Herr Geheimrat.' })
  await made('POST', `${path}/notes`, { text: 'Herr Geheimrat ist ungeduldig.' })
  await write(number, 'WARE Zylinderhut')
  await eventually(async () => (await ask(db, 'select 1 from keyword_asks')).length === 1)
  await eventually(
    async () => (await ask(db, `select 1 from queue where status <> 'scheduled'`)).length === 0,
  )

  const secrets = [
    ...['23456701', '23456702', 'Adalbert', 'Geheimrat', 'geheimrat@', 'kunde-4711', 'Pralinen'],
    ...['Hinterwald', 'Zylinderhut', 'ungeduldig', 'stammgast', '203.0.113.7'],
  ]
  const before = (await dump()).join('\n')
  for (const secret of secrets) assert.ok(before.includes(secret), `${secret} was nowhere to begin with`)

  const begun = await made('POST', `/v1/contacts/${id}/erase`)
  const receipt = () => made('GET', `/v1/erasures/${begun.id}`)
  await eventually(async () => (await receipt()).state === 'finished')
  const { places, left } = await receipt()
  assert.equal(left, 0)
  const counts: Record<string, number> = Object.fromEntries(
    places.map(({ place, count }: { place: string; count: number }) => [place, count]),
  )
  // Of the events how many there were depends on how often each message was told about.
  assert.ok(counts.events! >= 12, String(counts.events))
  assert.deepEqual(
    { ...counts, events: 0 },
    {
      ...{ contact: 1, addresses: 3, notes: 1, lists: 1, merges: 1, import_rows: 1 },
      ...{ consent_texts: 2, sign_ups: 1, preference_links: 1, send_counts: 1 },
      ...{ conversations: 1, keyword_uses: 2, keyword_questions: 1 },
      ...{ withdrawn: 1, messages: 10, events: 0 },
    },
  )

  const rows = await dump()
  for (const secret of secrets)
    assert.deepEqual(
      rows.filter((row) => row.includes(secret)).map((row) => row.slice(0, 300)),
      [],
      secret,
    )
  const all = rows.join('\n')
  for (const kept of ['Bleibt Hier', 'Bleibt stehen.', 'anderswo', other]) assert.ok(all.includes(kept), kept)
})
