import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Type } from 'typebox'
import type { Route } from '../../route.ts'
import type { Db } from '../../store/db.ts'
import { accessApi } from '../access.testing.ts'

const Body = Type.Object(
  {
    name: Type.Optional(Type.String()),
    secret: Type.Optional(Type.String()),
    to: Type.Optional(Type.String()),
    lane: Type.Optional(Type.Enum(['code', 'marketing'])),
    kinds: Type.Optional(Type.Array(Type.Enum(['a', 'b']))),
    words: Type.Optional(Type.Array(Type.String())),
    count: Type.Optional(Type.Integer()),
    on: Type.Optional(Type.Boolean()),
    carrier_id: Type.Optional(Type.Union([Type.String(), Type.Null()])),
    deep: Type.Optional(Type.Object({ name: Type.String() })),
    until: Type.Optional(Type.String({ format: 'date-time' })),
  },
  { additionalProperties: false },
)
/** What the handler sees of the log while it runs. */
let during: unknown[] = []
const routes = ({ db }: { db: Db }): Route[] => [
  {
    ...{ method: 'POST', path: '/v1/things/:id', tag: 'Things', summary: '', scope: 'any', body: Body },
    responses: {},
    async handler({ params }) {
      during = (await db.pool.query('select action, target from audit_log where target = $1', [params.id]))
        .rows
      if (params.id === 'breaks') throw new Error('it broke')
      return { status: 201, body: { id: 'thg_made' } }
    },
  },
  {
    ...{ method: 'POST', path: '/v1/looks', tag: 'Things', summary: '', scope: 'any', effect: 'none' },
    responses: {},
    handler: () => ({ status: 200 }),
  },
]

const { api, access, user, enter, browser } = await accessApi({ routes })
const ada = await user('owner', 'ada@example.org')
const owner = await enter('ada@example.org')
const rows = async (query = '') => (await owner.ask('GET', `/v1/audit${query}`)).body.data

test('a change is written down before it is made, and what came of it after', async () => {
  const { headers } = await api.ask('POST', '/v1/things/x1', { count: 3 })
  assert.deepEqual(during, [{ action: 'POST /v1/things/:id', target: 'x1' }])
  const [row] = await rows()
  const { id, at, actor, request_id, address, ...rest } = row
  assert.match(id, /^adt_/)
  assert.ok(Math.abs(Date.parse(at) - Date.now()) < 60_000)
  assert.equal(actor.kind, 'key')
  assert.equal(actor.name, 'test')
  assert.equal(request_id, headers.get('x-request-id'))
  assert.equal(address, '127.0.0.1')
  assert.deepEqual(rest, {
    action: 'POST /v1/things/:id',
    target: 'thg_made',
    fields: { count: 3 },
    status: 201,
    error: null,
  })
})

test('what fails is there with its status; reading and previews leave nothing', async () => {
  await api.ask('POST', '/v1/things/breaks', {})
  const [row] = await rows()
  assert.deepEqual([row.target, row.status, row.error], ['breaks', 500, 'internal'])
  const before = (await rows()).length
  await api.ask('POST', '/v1/looks', {})
  await api.ask('GET', '/v1/users')
  await api.ask('POST', '/v1/things/x', { unknown: 1 })
  assert.equal((await rows()).length, before)
})

test('without a place to write there is no change', async () => {
  await api.db.pool.query('alter table audit_log rename to audit_log_away')
  try {
    during = ['untouched']
    const { status } = await api.ask('POST', '/v1/things/x2', {})
    assert.ok(status >= 500)
    assert.deepEqual(during, ['untouched'])
  } finally {
    await api.db.pool.query('alter table audit_log_away rename to audit_log')
  }
})

test('names of fields are kept, values only where they are neither personal nor secret', async () => {
  const carrier = 'car_01kx0000000000000000000000'
  await api.ask('POST', '/v1/things/+4915123456789', {
    ...{
      name: 'Ada',
      secret: 'hush',
      to: '+4915123456789',
      lane: 'code',
      kinds: ['a'],
      words: ['free', 'text'],
    },
    ...{ count: 1, on: false, carrier_id: carrier, deep: { name: 'x' }, until: '2026-11-22T10:00:00Z' },
  })
  const { rows: stored } = await api.db.pool.query(
    'select target, fields from audit_log order by id desc limit 1',
  )
  assert.deepEqual(stored[0], {
    target: '+49 151 •••• 789',
    fields: {
      ...{ name: '…', secret: '…', to: '…', lane: 'code', kinds: ['a'], words: '…', count: 1, on: false },
      ...{ carrier_id: carrier, deep: '…', until: '2026-11-22T10:00:00Z' },
    },
  })
})

test('no key, no password and no link of an invitation stands in the log', async () => {
  const { body: key } = await owner.ask('POST', '/v1/keys', { name: 'Shop', scopes: ['events'] })
  const { body: link } = await owner.ask('POST', '/v1/invitations', {
    email: 'x@example.org',
    name: 'X',
    role: 'agent',
  })
  await owner.ask('PUT', '/v1/me/password', { password: 'never to be seen in a log' })
  const text = JSON.stringify((await api.db.pool.query('select * from audit_log, audit_outcomes')).rows)
  for (const secret of [key.key, link.link.split('#')[1], 'never to be seen', 'x@example.org'])
    assert.ok(!text.includes(secret), secret)
  const made = await rows(`?target=${key.id}`)
  assert.deepEqual(
    made.map(({ action, fields }: never) => [action, fields]),
    [['POST /v1/keys', { name: '…', scopes: ['events'] }]],
  )
})

test('sign-ins are in it, and failures with who was aimed at', async () => {
  await browser().ask('POST', '/v1/session', { email: 'ada@example.org', password: 'wrong wrong' })
  const [failed] = await rows(`?target=${ada}`)
  assert.deepEqual(
    [failed.action, failed.status, failed.error, failed.actor],
    ['sign_in', 401, 'sign_in_failed', { kind: 'nobody', id: null, name: 'a••••@example.org' }],
  )
  const mine = await rows(`?actor=${ada}`)
  assert.ok(
    mine.some(
      ({ action, status }: { action: string; status: number }) => action === 'sign_in' && status === 200,
    ),
  )
  assert.ok(mine.every(({ actor }: { actor: { id: string } }) => actor.id === ada))
})

test('pages, since and the file tell the same', async () => {
  const all = await rows('?limit=200')
  const seen: unknown[] = []
  for (let next: string | null = ''; next !== null; ) {
    const { body } = await owner.ask('GET', `/v1/audit?limit=3${next && `&before=${next}`}`)
    seen.push(...body.data)
    next = body.next
  }
  assert.deepEqual(seen, all)
  const later = new Date(Date.now() + 60_000).toISOString()
  assert.deepEqual(await rows(`?since=${later}`), [])
  assert.equal((await rows('?since=2020-01-01T00:00:00Z&limit=200')).length, all.length)
  const file = await owner.ask('GET', '/v1/audit/export')
  assert.equal(file.headers.get('content-type'), 'text/csv; charset=utf-8')
  assert.equal(file.body.trim().split('\r\n').length, all.length + 1)
  assert.equal((await owner.ask('GET', '/v1/audit?before=adt_x')).body.error.code, 'invalid_cursor')
  assert.equal((await owner.ask('GET', '/v1/audit?actor=ada')).body.error.code, 'invalid_request')
})

test('a name that a spreadsheet would run is text in the file', async () => {
  await api.db.pool.query("update users set name = '=1+1' where email = 'ada@example.org'")
  access.forget(owner.cookie)
  const it = await enterAgain()
  await it.ask('PATCH', '/v1/me', { name: '=1+1' })
  assert.match((await it.ask('GET', '/v1/audit/export')).body, /,'=1\+1,/)
})
const enterAgain = async () => {
  const it = browser()
  await it.ask('POST', '/v1/session', { email: 'ada@example.org', password: 'never to be seen in a log' })
  return it
}

test('the log is only added to, whoever tries', async () => {
  for (const table of ['audit_log', 'audit_outcomes'])
    for (const change of [`update ${table} set target = 'x'`, `delete from ${table}`, `truncate ${table}`])
      await assert.rejects(api.db.pool.query(change), /only added to/)
})
