import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { createPasswords } from '../accounts/password.ts'
import { type RoleName, roleNames } from '../accounts/roles.ts'
import { insertMembership, insertUser } from '../accounts/user.store.ts'
import { uuidv7 } from '../ids.ts'
import { silentLog } from '../log.ts'
import { createEmit } from '../outbox/emit.ts'
import type { Scope } from '../route.ts'
import { openDb } from '../store/db.ts'
import { eventually, openStory, storyEnv } from './house.ts'
import { startServer } from './process.ts'

const story = await openStory()
const db = openDb(story.databaseUrl, { max: 2, log: silentLog, name: 'permissions' })
after(() => db.close())
const password = 'a horse in the post office'
const account = (await db.pool.query('select id from accounts order by id limit 1')).rows[0].id as string

/** Who may do what: said here once more, so that a change of the roles is one that somebody has meant. */
const table: Record<Scope, readonly RoleName[]> = {
  'messages:write': ['owner', 'admin', 'developer', 'marketer', 'auditor'],
  'messages:read': ['owner', 'admin', 'developer', 'marketer', 'auditor'],
  webhooks: ['owner', 'admin', 'developer', 'auditor'],
  events: ['owner', 'admin', 'developer', 'marketer', 'agent', 'auditor'],
  keys: ['owner', 'admin', 'developer', 'auditor'],
  contacts: ['owner', 'admin', 'marketer', 'auditor'],
  consent: ['owner', 'admin', 'marketer', 'auditor'],
  keywords: ['owner', 'admin', 'developer', 'marketer', 'auditor'],
  inbox: ['owner', 'admin', 'agent', 'auditor'],
  'inbox:settings': ['owner', 'admin', 'auditor'],
  users: ['owner', 'admin', 'auditor'],
  operate: ['owner', 'admin', 'developer', 'auditor'],
}
/** Asked by POST, and yet nothing is changed: open to those who only read. */
const reading = [
  '/v1/segments/preview',
  '/v1/audiences/preview',
  '/v1/keyword-services/try',
  '/v1/consent-rules/explain',
  '/v1/routes/explain',
  '/v1/contact-imports/{id}/preview',
]

interface Operation {
  security: { key: Scope[] }[]
}
const { paths } = (await (await fetch(`${story.url}/openapi.json`)).json()) as {
  paths: Record<string, Record<string, Operation>>
}
const operations = Object.entries(paths).flatMap(([path, methods]) =>
  Object.entries(methods).flatMap(([method, { security }]) => {
    const scope = security[0]?.key[0]
    return scope ? [{ path, method: method.toUpperCase(), scope }] : []
  }),
)

async function member(role: RoleName): Promise<string> {
  const id = uuidv7(Date.now())
  const email = `${role}@example.org`
  await insertUser(
    db,
    { id, email, name: role, password: await createPasswords().hash(password) },
    new Date(),
  )
  await insertMembership(db, account, id, role, new Date())
  return signIn(story.url, email)
}
async function signIn(url: string, email: string): Promise<string> {
  const response = await fetch(`${url}/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: url },
    body: JSON.stringify({ email, password }),
  })
  assert.equal(response.status, 201)
  return response.headers.get('set-cookie')!.split(';')[0]!
}
/** Whether the door lets it pass; what comes behind it has neither a body nor an id that is one. */
async function passes(cookie: string, method: string, path: string): Promise<boolean> {
  const response = await fetch(story.url + path.replaceAll(/\{\w+\}/g, 'x'), {
    method,
    headers: { cookie, origin: story.url },
    signal: AbortSignal.timeout(20_000),
  })
  if (response.headers.get('content-type')?.startsWith('text/event-stream')) {
    await response.body!.cancel()
    return true
  }
  const { code } = (JSON.parse((await response.text()) || '{}') as { error?: { code: string } }).error ?? {}
  return code !== 'forbidden'
}

for (const role of roleNames) {
  test(`${role}: every route is open or shut as the table says`, async () => {
    const cookie = await member(role)
    const wrong: string[] = []
    for (const { path, method, scope } of operations) {
      const changes = method !== 'GET' && !reading.includes(path)
      const expected = table[scope].includes(role) && !(role === 'auditor' && changes)
      if ((await passes(cookie, method, path).catch(() => true)) !== expected)
        wrong.push(`${method} ${path} is ${expected ? 'shut' : 'open'}`)
    }
    assert.deepEqual(wrong, [])
  })
}

test('who sees no full number asks nothing about one that they type, and asks the same without one', async () => {
  const number = '+4915199200009'
  const { body: service } = await story.api('POST', '/v1/keyword-services', {
    ...{ name: 'Hours', keywords: [{ word: 'HOURS' }], texts: { answer: { en: 'Nine to five.' } } },
    kind: 'template',
  })
  const questions: [scope: Scope, method: string, path: string, body?: object][] = [
    ['consent', 'POST', '/v1/consent-rules/explain', { to: number, lane: 'marketing' }],
    ['consent', 'POST', '/v1/consent-rules/explain', { to: number.replace('+', '00'), lane: 'marketing' }],
    ['consent', 'GET', `/v1/consent?number=${encodeURIComponent(number)}`],
    ['consent', 'GET', `/v1/consent/proof?number=${encodeURIComponent(number)}`],
    ['contacts', 'GET', `/v1/contacts?find=${encodeURIComponent(number)}`],
    ['keywords', 'POST', '/v1/keyword-services/try', { text: 'HOURS', id: service.id, from: number }],
    ['messages:read', 'GET', `/v1/messages?to=${encodeURIComponent(number)}`],
    ['inbox', 'GET', `/v1/inbox/conversations?q=${encodeURIComponent(number)}`],
  ]
  const outcomes = async (cookie: string, [, method, path, body]: (typeof questions)[number]) =>
    (
      await fetch(story.url + path, {
        method,
        headers: { cookie, origin: story.url, ...(body && { 'content-type': 'application/json' }) },
        ...(body && { body: JSON.stringify(body) }),
      })
    ).status
  const wrong: string[] = []
  for (const role of roleNames) {
    const cookie = await signIn(story.url, `${role}@example.org`)
    const masked = role === 'auditor' || role === 'agent'
    for (const question of questions) {
      const may = table[question[0]].includes(role) && !masked
      const status = await outcomes(cookie, question)
      if (status !== (may ? 200 : 403)) wrong.push(`${role} ${question[1]} ${question[2]}: ${status}`)
    }
  }
  assert.deepEqual(wrong, [])
  const cookie = await signIn(story.url, 'auditor@example.org')
  const trial = { text: 'HOURS', id: service.id }
  assert.equal(await outcomes(cookie, ['keywords', 'POST', '/v1/keyword-services/try', trial]), 200)
})

test('numbers are hidden from an auditor in answers, in files and in the stream, and not found by search', async () => {
  const cookie = await signIn(story.url, 'auditor@example.org')
  const ask = async (path: string) =>
    (await fetch(story.url + path, { headers: { cookie }, signal: AbortSignal.timeout(20_000) })).text()
  const { body } = await story.api('POST', '/v1/messages', {
    to: '+4915199200001',
    text: 'Hi',
    client_ref: 'masked',
  })
  await story.event('message.delivered', (data) => data.message_id === body.id)
  const list = await ask('/v1/messages')
  assert.match(list, /\+49 151 •••• 001/)
  assert.doesNotMatch(list, /15199200001/)
  assert.doesNotMatch(await ask(`/v1/messages/${body.id}`), /"to":"\+49151992/)
  assert.match(await ask('/v1/messages?to=%2B4915199200001'), /forbidden/)
  const stop = new AbortController()
  const stream = await fetch(`${story.url}/v1/events?after=0-0`, { headers: { cookie }, signal: stop.signal })
  let text = ''
  for await (const chunk of stream.body!.pipeThrough(new TextDecoderStream())) {
    text += chunk
    if (text.includes('message.delivered')) break
  }
  stop.abort()
  assert.match(text, /\+49 151 •••• 001/)
  assert.doesNotMatch(text, /15199200001/)
})

test('an agent hears that somebody wrote to the inbox, and reads in the stream no word of anybody', async () => {
  const cookie = await signIn(story.url, 'agent@example.org')
  const from = '+4915199200002'
  await story.phone('POST', `/handsets/${encodeURIComponent(from)}/messages`, {
    to: '12345',
    text: 'Geheimes',
  })
  await story.event('inbox.received', () => true)
  const wanted = { channel: 'sms', address: from, sender: null, from: 'consent', team_id: null }
  const payload = { ...wanted, note: 'They wrote “Geheimes”.', flag: 'maybe_stop' }
  await createEmit(() => ({}))(db, [{ account_id: account, name: 'inbox.wanted', payload }], new Date())
  await story.api('POST', '/v1/messages', { to: from, text: 'Hi', client_ref: 'the-end-of-it' })
  const stop = new AbortController()
  const stream = await fetch(`${story.url}/v1/events?after=0-0`, { headers: { cookie }, signal: stop.signal })
  let text = ''
  for await (const chunk of stream.body!.pipeThrough(new TextDecoderStream())) {
    text += chunk
    if (text.includes('the-end-of-it')) break
  }
  stop.abort()
  assert.match(text, /inbox\.received[\s\S]*message\.accepted/)
  assert.doesNotMatch(text, /message\.received|inbox\.wanted|Geheimes|15199200002/)
})

test('a session that ends on one node is soon dead on the other, and so is its stream', async () => {
  const other = await startServer({
    ...storyEnv({ databaseUrl: story.databaseUrl, smppPort: 1 }),
    KURZPOST_ROLES: 'api',
  })
  const cookie = await signIn(story.url, 'owner@example.org')
  const alive = async () => (await fetch(`${other.url}/v1/session`, { headers: { cookie } })).status === 200
  assert.equal(await alive(), true, 'a session is known on every node')
  const stream = await fetch(`${other.url}/v1/events`, { headers: { cookie } })
  const out = await fetch(`${story.url}/v1/session`, {
    method: 'DELETE',
    headers: { cookie, origin: story.url },
  })
  assert.equal(out.status, 204)
  // The five seconds are held by the clock of http/auth.test.ts.
  await eventually(async () => !(await alive()))
  for await (const chunk of stream.body!) void chunk
})
