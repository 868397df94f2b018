import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { createKey } from '../accounts/keys.ts'
import { createPasswords } from '../accounts/password.ts'
import { addAccount } from '../accounts/store.ts'
import { insertMembership, insertUser } from '../accounts/user.store.ts'
import { publicId, uuidv7 } from '../ids.ts'
import { silentLog } from '../log.ts'
import { scopeNames } from '../route.ts'
import { openDb } from '../store/db.ts'
import { eventually, openStory } from './house.ts'
import { type Schema, sample } from './isolation-sample.ts'

/**
 * Two accounts on one installation. The walk goes over every route of the OpenAPI document with what the first account
 * has, and asks for it with everything that the second one has: a key with all scopes, and an owner who is signed in.
 * Whoever adds a route with an id in its path tells here how to make one; whoever adds a list, that something of the
 * first account stands in it, or why nothing can.
 */

const story = await openStory()
const db = openDb(story.databaseUrl, { max: 2, log: silentLog, name: 'isolation' })
after(() => db.close())

/** Stands in every name of the first account, so that it is found wherever it should not be. */
const mark = 'Geheimrat'
const person = '+4915199200001'
const password = 'the second account knows'

interface Operation {
  summary: string
  security: { key: string[] }[]
  requestBody?: { content: Record<string, { schema: Schema }> }
}
const { paths, components } = (await (await fetch(`${story.url}/openapi.json`)).json()) as {
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, Schema> }
}

type Ask = (
  method: string,
  path: string,
  body?: unknown,
  type?: string,
) => Promise<{ status: number; text: string }>
const asker =
  (headers: () => Record<string, string>): Ask =>
  async (method, path, body, type = 'application/json') => {
    const response = await fetch(story.url + path, {
      method,
      headers: { ...headers(), origin: story.url, ...(body === undefined ? {} : { 'content-type': type }) },
      ...(body === undefined
        ? {}
        : { body: type === 'application/json' ? JSON.stringify(body) : (body as string) }),
      signal: AbortSignal.timeout(20_000),
    })
    if (response.headers.get('content-type')?.startsWith('text/event-stream')) {
      await response.body!.cancel()
      return { status: response.status, text: '' }
    }
    return { status: response.status, text: await response.text() }
  }
const first = asker(() => ({ authorization: `Bearer ${story.key}` }))
async function make(method: string, path: string, body?: unknown, type?: string) {
  const { status, text } = await first(method, path, body, type)
  assert.ok(status < 300, `${method} ${path} answered ${status}: ${text}`)
  return text === '' ? undefined : JSON.parse(text)
}

async function addUser(accountId: string, email: string, name: string): Promise<Record<string, string>> {
  const id = uuidv7(Date.now())
  await insertUser(db, { id, email, name, password: await createPasswords().hash(password) }, new Date())
  await insertMembership(db, accountId, id, 'owner', new Date())
  return signIn(email)
}
async function signIn(email: string): Promise<Record<string, string>> {
  const response = await fetch(`${story.url}/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: story.url },
    body: JSON.stringify({ email, password }),
  })
  assert.equal(response.status, 201)
  return { cookie: response.headers.get('set-cookie')!.split(';')[0]! }
}

// The second account: nothing but people.
const second = uuidv7(Date.now())
await addAccount(db, { id: second, name: 'Second', created_at: new Date() })
const { token } = await createKey(db, second, { name: 'all', scopes: scopeNames }, new Date())
const byKey = asker(() => ({ authorization: `Bearer ${token}` }))
let cookie = await addUser(second, 'second@example.org', 'Second')
const byCookie = asker(() => cookie)

// What the first account has.
const home = (await db.pool.query('select id from accounts order by id limit 1')).rows[0].id as string
const ownerCookie = await addUser(home, 'first@example.org', mark)
const owner = asker(() => ownerCookie)
const ownerOf = async (path: string) => JSON.parse((await owner('GET', path)).text)

const topic = await make('POST', '/v1/topics', { key: 'geheim', name: mark, kind: 'marketing' })
const attribute = 'rank'
await make('PUT', `/v1/contact-attributes/${attribute}`, { label: mark, type: 'text' })
const { contact } = await make('POST', '/v1/contacts', {
  ...{ external_id: 'g1', name: mark, tags: [mark] },
  addresses: [{ channel: 'sms', address: person }],
})
const note = await make('POST', `/v1/contacts/${contact.id}/notes`, { note: mark })
const list = await make('POST', '/v1/lists', { name: mark })
await make('POST', `/v1/lists/${list.id}/members`, { add: [contact.id] })
const segment = await make('POST', '/v1/segments', { name: mark, definition: { all: [{ tag: mark }] } })
const consent = { number: person, topic: topic.id, act: 'grant', text_shown: mark }
await make('POST', '/v1/consent', { entries: [consent] })
const opted = '+4915199200002'
await make('POST', '/v1/consent', { entries: [{ number: opted, act: 'withdraw', text_shown: mark }] })
const service = await make('POST', '/v1/keyword-services', {
  ...{
    name: mark,
    keywords: [{ word: 'GEHEIM' }],
    texts: { answer: { de: mark } },
    kind: 'template',
  },
})
const table = await make('POST', '/v1/keyword-services', {
  ...{
    name: `${mark} 2`,
    keywords: [{ word: 'TAFEL' }],
    texts: { answer: { de: mark } },
    kind: 'table',
  },
})
await make('PUT', '/v1/keyword-numbers/72002', { texts: { de: mark } })
const imported = await make('POST', '/v1/contact-imports', { file_name: `${mark}.csv` })
const webhook = await make('POST', '/v1/webhooks', {
  // It takes every POST, so that no delivery is tried again while the walk is under way.
  ...{ url: `${story.url}/v1/session/passkey/options`, description: mark },
})
await make('POST', `/v1/webhooks/${webhook.id}/test`)
const login = await make('POST', '/v1/smpp-logins', { system_id: 'geheim', name: mark })
const carrier = (await make('GET', '/v1/carriers')).data[0]
const route = await make('POST', '/v1/routes', { carrier_id: carrier.id, prefix: '+4915199' })
const number = await make('POST', '/v1/numbers', {
  address: '+49305550199',
  account_id: publicId('account', home),
})
const invitation = await make('POST', '/v1/invitations', {
  email: 'g@example.org',
  name: mark,
  role: 'agent',
})
const key = await make('POST', '/v1/keys', { name: mark, scopes: ['events'] })
const me = await ownerOf('/v1/session')
const session = (await ownerOf('/v1/sessions')).data[0]
const passkey = uuidv7(Date.now())
await db.pool.query(
  "insert into user_passkeys select id, $1, 'x', 'x', 0, '{}', $2, now() from users where name = $2",
  [passkey, mark],
)
const message = await make('POST', '/v1/messages', { to: person, text: mark, client_ref: mark })
await story.event('message.delivered', (data) => data.message_id === message.id)
await story.phone('POST', `/handsets/${encodeURIComponent(person)}/messages`, { to: '12345', text: mark })
await story.event('message.received', (data) => data.text === mark)
const team = await make('POST', '/v1/inbox/teams', { name: mark })
const canned = await make('POST', '/v1/inbox/canned-answers', { shortcut: 'geheim', title: mark, text: mark })
const conversation = (await make('GET', '/v1/inbox/conversations')).data[0]
await eventually(
  async () => (await make('GET', `/v1/webhooks/${webhook.id}/deliveries?status=delivered`)).data.length > 0,
)
const delivery = (await make('GET', `/v1/webhooks/${webhook.id}/deliveries`)).data[0]
await make('PUT', '/v1/rate-limits', { sender: mark, segments_per_second: 5 })

const form = await make('POST', '/v1/consent-forms', {
  slug: 'geheimrat',
  topics: [topic.id],
  title: { de: mark },
})
const signUp = await make('POST', '/v1/consent-sign-ups', {
  ...{ number: '+4915199200003', topics: [topic.id], text_shown: mark },
})
const preferences = await make('POST', '/v1/preference-links', { number: person })
const audience = await make('POST', '/v1/audiences', {
  ...{ list: list.id, text: mark, lane: 'transactional' },
  send_at: new Date(Date.now() + 7 * 24 * 3_600_000).toISOString(),
})

const others = await Promise.all(
  ['g2', 'g3', 'g4', 'g5'].map((external_id) =>
    make('POST', '/v1/contacts', { external_id, name: `${mark} twin` }),
  ),
)
const [merged, gone] = others.map((other) => other.contact.id)
await make('POST', `/v1/contacts/${contact.id}/merge`, { others: [merged] })
const merge = (await make('GET', `/v1/contacts/${contact.id}/merges`)).data[0]
const erasure = await make('POST', `/v1/contacts/${gone}/erase`)
// The rest of an erasure is a job's; it is over once the receipt names its end.
await eventually(async () => /"(done|finished)/.test((await first('GET', `/v1/erasures/${erasure.id}`)).text))

/** What stands in a path up to its parameter: the first account's. */
const fill: Record<string, string> = {
  '/v1/messages/{id}': message.id,
  '/v1/webhooks/{id}': webhook.id,
  '/v1/webhooks/{id}/deliveries/{delivery}': delivery.id,
  '/v1/keys/{id}': key.id,
  '/v1/sessions/{id}': session.id,
  '/v1/me/passkeys/{id}': publicId('passkey', passkey),
  '/v1/users/{id}': me.user.id,
  '/v1/invitations/{id}': invitation.id,
  '/v1/numbers/{id}': number.id,
  '/v1/carriers/{id}': carrier.id,
  '/v1/routes/{id}': route.id,
  '/v1/smpp-logins/{id}': login.id,
  '/v1/sandbox/handsets/{number}': person,
  '/v1/topics/{id}': topic.id,
  '/v1/contacts/{id}': contact.id,
  '/v1/contacts/{id}/notes/{note}': note.id,
  '/v1/contact-attributes/{key}': attribute,
  '/v1/lists/{id}': list.id,
  '/v1/segments/{id}': segment.id,
  '/v1/contact-imports/{id}': imported.id,
  '/v1/contact-imports/{id}/chunks/{n}': '0',
  '/v1/keyword-services/{id}': service.id,
  '/v1/keyword-services/{id}/table': table.id,
  '/v1/keyword-numbers/{number}': '72002',
  '/v1/contact-merges/{id}': merge.id,
  '/v1/erasures/{id}': erasure.id,
  '/v1/consent-forms/{id}': form.id,
  '/v1/consent-sign-ups/{id}': signUp.id,
  '/v1/preference-links/{id}': preferences.id,
  '/v1/audiences/{id}': audience.id,
  '/v1/inbox/conversations/{id}': conversation.id,
  '/v1/inbox/conversations/{id}/flags/{flag}': 'maybe_stop',
  '/v1/inbox/teams/{id}': team.id,
  '/v1/inbox/canned-answers/{id}': canned.id,
}

/** Paths whose parameter is a name or a number that every account may have: there is no foreign one, and yet nothing is seen. */
const names = ['/v1/contact-attributes/{key}', '/v1/keyword-numbers/{number}']

/** Bodies for which the least that a schema takes is not enough. */
const bodies: Record<string, unknown> = {
  'POST /v1/messages': { to: '+4915199300001', text: 'Second' },
  'POST /v1/messages/batch': { messages: [{ to: '+4915199300001', text: 'Second' }] },
  'POST /v1/inbox/conversations': { to: '+4915199300001' },
  'POST /v1/inbox/conversations/{id}/hand-over': { to: 'bot' },
  'POST /v1/inbox/conversations/{id}/merge': { into: publicId('conversation', uuidv7(0)) },
  'POST /v1/consent-sign-ups/{id}/confirm': { code: '123456' },
  'POST /v1/contact-imports/{id}/preview': { mapping: ['phone'] },
  'POST /v1/contact-imports/{id}/start': { mapping: ['phone'] },
  'POST /v1/consent-rules/explain': { to: '+4915199300001' },
  'PATCH /v1/keyword-services/{id}': { name: 'x' },
  'PATCH /v1/keyword-services/{id}/table/rows': { put: [{ cells: ['x'] }] },
  'PATCH /v1/keyword-services/{id}/table': { columns: [{ name: 'x', key: 'argument' }] },
  'POST /v1/contacts': { addresses: [{ channel: 'sms', address: '+4915199300001' }] },
}
/** Routes that take bytes as they are. */
const raw: Record<string, [string, string]> = {
  'PUT /v1/contact-imports/{id}/chunks/{n}': ['application/octet-stream', 'phone\n'],
  'PUT /v1/keyword-services/{id}/table': ['text/csv', 'a,b\n1,2\n'],
}

const at = `number=${encodeURIComponent(person)}`
/** What a list has to be asked for, so that it could show something. */
const queries: Record<string, string> = {
  '/v1/consent': at,
  '/v1/consent/proof': at,
  '/v1/opt-outs': '',
  '/v1/audit': `target=${webhook.id}`,
}

/** Lists that have nothing of an account in them, or only counts: there is no mark to find. */
const ofNobody = new Set([
  ...[
    '/healthz',
    '/readyz',
    '/metrics',
    '/v1/info',
    '/v1/roles',
    '/v1/session',
    '/v1/sessions',
    '/v1/me/passkeys',
  ],
  ...[
    '/v1/events',
    '/v1/nodes',
    '/v1/queue',
    '/v1/carriers',
    '/v1/carrier-profiles',
    '/v1/routes',
    '/v1/numbers',
  ],
  ...[
    '/v1/sandbox/handsets',
    '/v1/price',
    '/v1/consent-settings',
    '/v1/consent-rules',
    '/v1/consent-rules/known',
  ],
  ...[
    '/v1/contact-places',
    '/v1/retention',
    '/v1/keyword-stats',
    '/v1/inbox/counts',
    '/v1/inbox/settings',
    '/v1/inbox/stats',
  ],
])

/** What asks for somebody; pages of sign-ups and callbacks of providers know their callers by a token in the address. */
const operations = Object.entries(paths)
  .flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  )
  .filter(({ operation }) => operation.security.length > 0)
const isItem = (path: string): boolean => path.includes('{')
const untold: string[] = []

/** The path with what the first account has in place of its parameters. */
function filled(path: string): string {
  return path.replace(/\{\w+\}/g, (name, end: number) => {
    const upTo = path.slice(0, end + name.length)
    const value = upTo in fill ? (fill[path] ?? fill[upTo]) : undefined
    if (value === undefined) untold.push(upTo)
    return encodeURIComponent(value ?? 'x')
  })
}

/** Everything by which the first account would be recognised; ids that were asked for may come back in an answer. */
const marks = [
  mark,
  person.slice(1),
  opted.slice(1),
  ...new Set(Object.values(fill).filter((id) => /^[a-z]{3}_/.test(id))),
]
const seen = (text: string, asked = ''): string[] =>
  marks.filter((each) => text.includes(each) && !asked.includes(each))

function bodyOf(method: string, path: string, operation: Operation): [unknown?, string?] {
  const name = `${method} ${path}`
  if (name in raw) return [raw[name]![1], raw[name]![0]]
  if (name in bodies) return [bodies[name]]
  const schema = operation.requestBody?.content['application/json']?.schema
  return schema ? [sample(schema, components.schemas)] : []
}

test('the walk knows how to fill every path, and has something of the first account in every list', async () => {
  for (const { path } of operations) filled(path)
  assert.deepEqual([...new Set(untold)], [], 'tell `fill` what to put there')
  const empty: string[] = []
  for (const { path, method } of operations) {
    if (method !== 'GET' || isItem(path) || ofNobody.has(path)) continue
    const { status, text } = await first('GET', `${path}?${queries[path] ?? ''}`)
    if (status >= 300 || seen(text).length === 0) empty.push(`${path} ${status} ${text.slice(0, 200)}`)
  }
  assert.deepEqual(empty, [], 'make something in it, or name it in `ofNobody`')
})

/** All that the first account reads of itself, but for what moves by itself. */
async function snapshot(): Promise<Record<string, unknown>> {
  const taken: Record<string, unknown> = {}
  for (const { path, method } of operations) {
    if (method !== 'GET' || /^\/v1\/(nodes|queue|events|sandbox|session|carrier|info)/.test(path)) continue
    const { text } = await first(
      'GET',
      `${filled(path)}?${path === '/v1/audit' ? '' : (queries[path] ?? '')}`,
    )
    // When it was looked at, and when somebody was last there.
    taken[path] = text.replaceAll(/"(seen_at|made_at)":("[^"]*"|null)/g, '')
  }
  return taken
}

let before: Record<string, unknown>

/** Nothing of the first account is under way any more: the last that was made of it has been told, and with it all before. */
const settled = async () => {
  const { text } = await first('GET', `/v1/webhooks/${webhook.id}/deliveries?limit=100`)
  return text.includes('"type":"contact.erased"') && !/"status":"(pending|sending)"/.test(text)
}

test('what the first account reads of itself is there to compare', async () => {
  await eventually(settled)
  before = await snapshot()
  assert.ok(Object.values(before).filter((text) => String(text).includes(mark)).length > 20)
})

for (const [who, ask, which] of [
  ['a key of another account with every scope', byKey, () => true],
  [
    'an owner of another account who is signed in',
    byCookie,
    ({ security }: Operation) => security[0]?.key.length === 0,
  ],
] as const) {
  test(`${who} finds nothing on any route`, async () => {
    const findings: string[] = []
    for (const { path, method, operation } of operations.filter(({ operation }) => which(operation))) {
      const target = filled(path)
      const query = method === 'GET' && queries[path] ? `?${queries[path]}` : ''
      const [body, type] = bodyOf(method, path, operation)
      const { status, text } = await ask(method, target + query, body, type)
      // What somebody has tried stands in their own log.
      const told = path.startsWith('/v1/audit') ? marks.slice(1).join() : ''
      const shown = seen(text, `${told}${target}${decodeURIComponent(query)}${JSON.stringify(body) ?? ''}`)
      const line = `${method} ${path}: ${status} ${text.slice(0, 300)}`
      if (shown.length > 0) findings.push(`${line} shows ${shown.join()}`)
      if (status >= 500) findings.push(line)
      const refused = status === 404 || text === '{"data":[]}' || /"(operator_only|forbidden)"/.test(text)
      if (isItem(path) && !names.some((name) => path.startsWith(name)) && !refused) findings.push(line)
      if (status === 401) cookie = await signIn('second@example.org')
    }
    assert.deepEqual(findings, [])
  })
}

test('nobody smuggles an id of another account into a body', async () => {
  const own = {
    contact: JSON.parse((await byKey('POST', '/v1/contacts', { name: 'Mine', external_id: 'm' })).text)
      .contact.id,
    list: JSON.parse((await byKey('POST', '/v1/lists', { name: 'Mine' })).text).id,
  }
  const tries: [string, string, unknown][] = [
    ['POST', '/v1/messages', { to: '+4915199300001', text: 'x', topic: topic.id }],
    ['POST', '/v1/consent', { entries: [{ number: person, topic: topic.id, act: 'withdraw' }] }],
    ['POST', `/v1/lists/${own.list}/members`, { add: [contact.id] }],
    ['POST', '/v1/segments/preview', { definition: { all: [{ list: list.id }] } }],
    ['POST', '/v1/segments/preview', { definition: { all: [{ consent: topic.id }] } }],
    ['POST', '/v1/consent-rules/explain', { to: person, topic: topic.id }],
    ['POST', '/v1/keyword-services/try', { text: 'GEHEIM', id: service.id }],
    ['POST', '/v1/keyword-services/try', { text: 'GEHEIM', to: '72002' }],
    ['POST', '/v1/inbox/teams', { name: 'Mine', members: [{ id: me.user.id }] }],
    ['POST', '/v1/inbox/conversations', { to: person, team: team.id }],
    [
      'POST',
      '/v1/numbers',
      { address: '+49305550198', account_id: publicId('account', second), carrier_id: carrier.id },
    ],
    ['PATCH', '/v1/session', { account_id: publicId('account', home) }],
  ]
  for (const [method, path, body] of tries) {
    const { status, text } = await byKey(method, path, body)
    const shown = seen(text, JSON.stringify(body))
    assert.deepEqual(shown, [], `${method} ${path} answered ${status}: ${text}`)
    assert.ok(status < 500, text)
  }
  const members = await byKey('GET', `/v1/lists/${own.list}`)
  assert.equal(JSON.parse(members.text).members, 0)
})

test('the stream of events tells the second account its own alone, from the first event on', async () => {
  const stop = new AbortController()
  const response = await fetch(`${story.url}/v1/events?after=0-0`, {
    headers: { authorization: `Bearer ${token}` },
    signal: stop.signal,
  })
  await byKey('POST', '/v1/messages', { to: '+4915199300002', text: 'The end of it', client_ref: 'the-end' })
  let text = ''
  for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
    text += chunk
    if (text.includes('the-end')) break
  }
  stop.abort()
  assert.deepEqual(seen(text), [])
})

test('the first account is as it was: no try has changed it, and its log tells of none', async () => {
  const now = await snapshot()
  const changed = Object.keys(before).filter((path) => now[path] !== before[path])
  assert.deepEqual(
    changed.map((path) => [path, before[path], now[path]]),
    [],
  )
})

// Last, for it changes what the first account has.
test('nobody sends as a number of another account or of nobody, from the moment at which it was given', async () => {
  const draft = { to: '+4915199300003', text: 'From whom?', from: '+49 30 5550177' }
  const codeOf = ({ status, text }: { status: number; text: string }) =>
    status < 300 ? status : JSON.parse(text).error.code
  const both = async () => [
    codeOf(await first('POST', '/v1/messages', draft)),
    codeOf(await byKey('POST', '/v1/messages', draft)),
  ]
  assert.deepEqual(await both(), [202, 'sender_not_yours'], 'the first account operates the carriers')
  assert.equal(codeOf(await byKey('POST', '/v1/messages', { ...draft, from: 'Bakery' })), 'sender_not_yours')
  const give = (accountId: string) =>
    make('POST', '/v1/numbers', { address: '+49305550177', account_id: publicId('account', accountId) })
  const given = await give(second)
  assert.deepEqual(await both(), ['sender_not_yours', 202])
  await make('DELETE', `/v1/numbers/${given.id}`)
  const own = await give(home)
  assert.deepEqual(await both(), [202, 'sender_not_yours'])
  const { id: some } = JSON.parse((await byKey('POST', '/v1/lists', { name: 'Some' })).text)
  const audience = { list: some, lane: 'transactional', text: 'From whom?', from: draft.from }
  assert.equal(codeOf(await byKey('POST', '/v1/audiences', audience)), 'sender_not_yours')
  const begun = await byKey('POST', '/v1/inbox/conversations', { to: draft.to, from: draft.from })
  const path = `/v1/inbox/conversations/${JSON.parse(begun.text).id}/messages`
  assert.equal(codeOf(await byKey('POST', path, { text: 'From whom?' })), 'sender_not_yours')
  await make('DELETE', `/v1/numbers/${own.id}`)
})
