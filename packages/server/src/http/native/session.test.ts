import assert from 'node:assert/strict'
import { test } from 'node:test'
import { stepAt, totpCode } from '../../accounts/totp.ts'
import type { Clock } from '../../clock.ts'
import { accessApi, password } from '../access.testing.ts'

/** A clock that stands until it is moved. */
let ms = Date.parse('2026-11-22T10:00:00Z')
const clock: Clock = { now: () => new Date(ms), monotonic: () => ms }
const pass = (by: number) => {
  ms += by
}

const { api, user, browser, enter, derived } = await accessApi({ clock })
const ada = await user('owner', 'ada@example.org')
await user('agent', 'ben@example.org')

test('a password opens a session, whose cookie no script reads and no other site sends', async () => {
  const it = browser()
  const answer = await it.ask('POST', '/v1/session', { email: ' Ada@Example.org', password })
  assert.equal(answer.status, 201)
  assert.match(
    answer.headers.get('set-cookie')!,
    /^kurzpost=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=2592000$/,
  )
  const { body } = await it.ask('GET', '/v1/session')
  assert.deepEqual(body.user, {
    id: ada,
    email: 'ada@example.org',
    name: 'ada',
    has_totp: false,
    recovery_codes: 0,
  })
  assert.equal(body.role, 'owner')
  assert.equal(body.operator, true)
  assert.ok(body.scopes.includes('users'))
})

test('the database knows the cookie by its hash alone', async () => {
  const it = await enter('ada@example.org')
  const token = it.cookie.split('=')[1]!
  const { rows } = await api.db.pool.query(
    "select s::text as text, encode(hash, 'escape') as hash from user_sessions s",
  )
  assert.ok(rows.length > 0)
  assert.ok(!JSON.stringify(rows).includes(token))
})

test('a wrong password, a user whom nobody knows and one without an account are answered alike, with the same work', async () => {
  await user('agent', 'gone@example.org')
  await api.db.pool.query(
    "delete from memberships where user_id = (select id from users where email = 'gone@example.org')",
  )
  const answers = []
  for (const email of ['ben@example.org', 'nobody@example.org', 'gone@example.org']) {
    const [before, rows] = [derived(), await audited()]
    const { status, body } = await browser().ask('POST', '/v1/session', {
      email,
      password: email === 'gone@example.org' ? password : 'not this one',
    })
    answers.push({ status, body, derived: derived() - before, rows: (await audited()) - rows })
  }
  assert.equal(answers[0]!.status, 401)
  assert.equal(answers[0]!.body.error.code, 'sign_in_failed')
  assert.equal(answers[0]!.derived, 1)
  assert.equal(answers[0]!.rows, 1)
  assert.deepEqual(answers[1], answers[0])
  assert.deepEqual(answers[2], answers[0])
})

const audited = async (): Promise<number> =>
  Number((await api.db.pool.query('select count(*) from audit_log')).rows[0].count)

test('of a crowd of guesses at one user five are looked at, whether or not there is such a user', async () => {
  await user('marketer', 'cleo@example.org')
  for (const email of ['cleo@example.org', 'nemo@example.org']) {
    const before = derived()
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        browser().ask('POST', '/v1/session', { email, password: `guess ${n} of many` }),
      ),
    )
    const codes = Map.groupBy(answers, ({ body }) => body.error.code)
    assert.equal(codes.get('sign_in_failed')?.length, 5)
    assert.equal(codes.get('rate_limited')?.length, 15)
    assert.equal(derived() - before, 5)
    const refused = codes.get('rate_limited')![0]!
    assert.equal(refused.headers.get('retry-after'), '60')
  }
  const right = await browser().ask('POST', '/v1/session', { email: 'cleo@example.org', password })
  assert.equal(right.status, 429, 'not even the right one while the door is shut')
})

test('the door opens again after a minute, and stays shut longer the next time', async () => {
  const guess = () =>
    browser().ask('POST', '/v1/session', { email: 'nemo@example.org', password: 'again wrong' })
  pass(61_000)
  assert.equal((await guess()).status, 401)
  assert.equal((await guess()).headers.get('retry-after'), '120')
  pass(121_000)
  assert.equal((await guess()).status, 401)
  assert.equal((await guess()).headers.get('retry-after'), '240')
  pass(3_600_000)
})

test('a right sign-in forgives what was mistyped before', async () => {
  await user('agent', 'gus@example.org')
  const it = browser()
  for (let round = 0; round < 3; round++) {
    for (let n = 0; n < 4; n++)
      assert.equal(
        (await it.ask('POST', '/v1/session', { email: 'gus@example.org', password: 'oops' })).status,
        401,
      )
    await enter('gus@example.org')
  }
})

test('whatever cookie a browser brought along, a sign-in gives it a new one', async () => {
  const planted = `kurzpost=${'A'.repeat(43)}`
  const it = browser(planted)
  await it.ask('POST', '/v1/session', { email: 'ada@example.org', password })
  assert.notEqual(it.cookie, planted)
  assert.equal((await browser(planted).ask('GET', '/v1/session')).status, 401)
  const second = browser(it.cookie)
  await second.ask('POST', '/v1/session', { email: 'ada@example.org', password })
  assert.notEqual(second.cookie, it.cookie)
})

test('a session opens nothing as an API key, and a key nothing as a session', async () => {
  const it = await enter('ada@example.org')
  assert.equal((await api.as(it.cookie.split('=')[1]!)('GET', '/v1/session')).status, 401)
  const key = await api.key('users')
  assert.equal((await browser(`kurzpost=${key}`).ask('GET', '/v1/session')).status, 401)
  assert.equal((await api.as(key)('GET', '/v1/session')).body.kind, 'key')
})

test('a page of another site changes nothing with the session of its visitor, and signs nobody in', async () => {
  const it = await enter('ada@example.org')
  const foreign: Record<string, string>[] = [
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { origin: 'http://127.0.0.1:1' },
  ]
  for (const headers of foreign) {
    const { status, body } = await it.ask('PATCH', '/v1/me', { name: 'Eve' }, headers)
    assert.deepEqual([status, body.error.code], [403, 'forged_request'], JSON.stringify(headers))
    const door = await it.ask('POST', '/v1/session', { email: 'ada@example.org', password }, headers)
    assert.equal(door.body.error.code, 'forged_request')
  }
  const none = await api.as(undefined)('PATCH', '/v1/me', { name: 'Eve' }, { cookie: it.cookie })
  assert.equal(none.body.error.code, 'forged_request', 'a browser always says where it comes from')
  assert.equal((await it.ask('GET', '/v1/session')).body.user.name, 'ada')
})

test('signing out ends the session, also for whoever has copied its cookie', async () => {
  const it = await enter('ada@example.org')
  const copy = browser(it.cookie)
  assert.equal((await copy.ask('GET', '/v1/session')).status, 200)
  const out = await it.ask('DELETE', '/v1/session')
  assert.match(out.headers.get('set-cookie')!, /^kurzpost=; .*Max-Age=0/)
  assert.equal((await copy.ask('GET', '/v1/session')).status, 401)
})

test('a session ends after a day without a request, and after thirty days altogether', async () => {
  const it = await enter('ada@example.org')
  for (let day = 0; day < 29; day++) {
    pass(23 * 3_600_000)
    assert.equal((await it.ask('GET', '/v1/session')).status, 200, `day ${day}`)
  }
  pass(23 * 3_600_000)
  pass(23 * 3_600_000)
  assert.equal((await it.ask('GET', '/v1/session')).status, 401)
  const other = await enter('ada@example.org')
  for (let hours = 0; hours < 30 * 24; hours += 20) {
    await other.ask('GET', '/v1/session')
    pass(20 * 3_600_000)
  }
  assert.equal((await other.ask('GET', '/v1/session')).status, 401)
})

test('sessions are listed to their user, and ended one by one or all others at once', async () => {
  const [here, there, elsewhere] = [
    await enter('ben@example.org'),
    await enter('ben@example.org'),
    await enter('ben@example.org'),
  ]
  const { body } = await here.ask('GET', '/v1/sessions')
  const current = body.data.filter((session: { current: boolean }) => session.current)
  assert.equal(current.length, 1)
  const { body: thereList } = await there.ask('GET', '/v1/sessions')
  const id = thereList.data.find((session: { current: boolean }) => session.current).id
  const foreign = await enter('ada@example.org')
  assert.equal((await foreign.ask('DELETE', `/v1/sessions/${id}`)).status, 404, 'not those of others')
  assert.equal((await here.ask('DELETE', `/v1/sessions/${id}`)).status, 204)
  assert.equal((await there.ask('GET', '/v1/session')).status, 401)
  assert.equal((await here.ask('DELETE', '/v1/sessions')).status, 204)
  assert.equal((await elsewhere.ask('GET', '/v1/session')).status, 401)
  assert.equal((await here.ask('GET', '/v1/session')).status, 200)
})

test('codes: begun, confirmed, asked for, taken once each, and by one of a crowd', async () => {
  await user('developer', 'dora@example.org')
  const it = await enter('dora@example.org')
  const begun = await it.ask('POST', '/v1/me/totp')
  assert.equal(begun.status, 201)
  assert.match(begun.body.url, /^otpauth:\/\/totp\/Kurzpost:dora%40example\.org\?secret=[A-Z2-7]{32}&/)
  const secret = unbase32(begun.body.secret)
  const code = () => totpCode(secret, stepAt(clock.now()))
  // Not confirmed yet: the password is enough.
  await enter('dora@example.org')
  assert.equal((await it.ask('PUT', '/v1/me/totp', { code: '000000' })).body.error.code, 'code_wrong')
  assert.equal((await it.ask('PUT', '/v1/me/totp', { code: code() })).status, 200)

  const door = (given: object) =>
    browser().ask('POST', '/v1/session', { email: 'dora@example.org', password, ...given })
  assert.equal((await door({})).body.error.code, 'second_factor_needed')
  assert.equal(
    (await door({ password: 'wrong one' })).body.error.code,
    'sign_in_failed',
    'the code is not asked for before',
  )
  assert.equal(
    (await door({ code: code() })).body.error.code,
    'sign_in_failed',
    'the code of the confirmation is used',
  )
  pass(30_000)
  const crowd = await Promise.all([1, 2].map(() => door({ code: code() })))
  assert.deepEqual(crowd.map(({ status }) => status).sort(), [201, 401])
  pass(30_000)
  assert.equal(
    (await door({ code: totpCode(secret, stepAt(clock.now()) - 1) })).status,
    401,
    'the one before is dead',
  )
  assert.equal((await door({ code: code() })).status, 201)
  pass(30_000)
  assert.equal((await it.ask('DELETE', '/v1/me/totp')).status, 204)
  assert.equal((await door({})).status, 201)
})

async function rowsOf<Row = Record<string, unknown>>(sql: string, values: unknown[]): Promise<Row[]> {
  return (await api.db.pool.query(sql, values)).rows as Row[]
}

test('recovery codes: each opens once in place of the app, new ones void the old, and none is left without an app', async () => {
  await user('developer', 'rita@example.org')
  const it = await enter('rita@example.org')
  assert.equal((await it.ask('POST', '/v1/me/recovery-codes')).body.error.code, 'no_second_factor')
  const secret = unbase32((await it.ask('POST', '/v1/me/totp')).body.secret)
  const confirmed = await it.ask('PUT', '/v1/me/totp', { code: totpCode(secret, stepAt(clock.now())) })
  const codes: string[] = confirmed.body.recovery_codes
  assert.equal(new Set(codes).size, 10)
  assert.ok(codes.every((code) => /^([2-9a-km-np-z]{4}-){2}[2-9a-km-np-z]{4}$/.test(code)))
  const [row] = await rowsOf('select recovery from users where email = $1', ['rita@example.org'])
  assert.ok(codes.every((code) => !JSON.stringify(row).includes(code)))

  const door = (code: string) =>
    browser().ask('POST', '/v1/session', { email: 'rita@example.org', password, code })
  assert.equal((await door('2222-2222-2222')).body.error.code, 'sign_in_failed')
  const crowd = await Promise.all([1, 2].map(() => door(codes[0]!.toUpperCase().replaceAll('-', ' '))))
  assert.deepEqual(crowd.map(({ status }) => status).sort(), [201, 401], 'of a crowd one comes in')
  assert.equal((await door(codes[0]!)).status, 401)
  const left = async () => (await it.ask('GET', '/v1/session')).body.user.recovery_codes
  assert.equal(await left(), 9)
  const actions = await rowsOf<{ action: string }>('select action from audit_log where actor_name = $1', [
    'rita',
  ])
  assert.ok(actions.some(({ action }) => action === 'sign_in_by_recovery_code'))

  const renewed = await it.ask('POST', '/v1/me/recovery-codes')
  assert.equal(renewed.status, 201)
  assert.equal((await door(codes[1]!)).status, 401)
  assert.equal((await door(renewed.body.recovery_codes[1])).status, 201)
  // Somebody else's code is nobody's: it is bound to its user.
  await user('developer', 'rolf@example.org')
  const rolf = await enter('rolf@example.org')
  const his = unbase32((await rolf.ask('POST', '/v1/me/totp')).body.secret)
  await rolf.ask('PUT', '/v1/me/totp', { code: totpCode(his, stepAt(clock.now())) })
  const swapped = { email: 'rolf@example.org', password, code: renewed.body.recovery_codes[2] }
  assert.equal((await browser().ask('POST', '/v1/session', swapped)).status, 401)

  assert.equal((await it.ask('DELETE', '/v1/me/totp')).status, 204)
  assert.equal(await left(), 0)
  const entries = await rowsOf('select fields from audit_log where action like $1', ['%recovery-codes'])
  assert.doesNotMatch(JSON.stringify(entries), new RegExp(renewed.body.recovery_codes[3]))
})

function unbase32(text: string): Buffer {
  const bits = [...text]
    .map((char) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(char).toString(2).padStart(5, '0'))
    .join('')
  return Buffer.from(bits.match(/.{8}/g)!.map((byte) => Number.parseInt(byte, 2)))
}

test('what opens an access is changed within five minutes of a proof alone', async () => {
  await user('developer', 'emil@example.org')
  const it = await enter('emil@example.org')
  pass(5 * 60_000 + 1)
  const changes: [string, string, unknown?][] = [
    ['PUT', '/v1/me/password', { password: 'another good one' }],
    ['POST', '/v1/me/totp'],
    ['PUT', '/v1/me/totp', { code: '123456' }],
    ['DELETE', '/v1/me/totp'],
    ['POST', '/v1/me/recovery-codes'],
    ['POST', '/v1/me/passkeys/options'],
    ['POST', '/v1/me/passkeys', { name: 'Phone', passkey: { id: 'x' } }],
    ['DELETE', '/v1/me/passkeys/pky_01kx0000000000000000000000'],
  ]
  for (const [method, path, body] of changes)
    assert.equal((await it.ask(method, path, body)).body.error.code, 'proof_needed', `${method} ${path}`)
  assert.equal(
    (await it.ask('POST', '/v1/session/proof', { password: 'wrong' })).body.error.code,
    'sign_in_failed',
  )
  assert.equal((await it.ask('PUT', '/v1/me/password', { password: 'another good one' })).status, 403)
  assert.equal((await it.ask('POST', '/v1/session/proof', { password })).status, 204)
  const other = await enter('emil@example.org')
  assert.equal(
    (await it.ask('PUT', '/v1/me/password', { password: 'short' })).body.error.code,
    'password_weak',
  )
  assert.equal((await it.ask('PUT', '/v1/me/password', { password: 'another good one' })).status, 204)
  assert.equal((await other.ask('GET', '/v1/session')).status, 401, 'signed out elsewhere')
  assert.equal((await it.ask('GET', '/v1/session')).status, 200)
  assert.equal(
    (await browser().ask('POST', '/v1/session', { email: 'emil@example.org', password })).status,
    401,
  )
})

test('a stolen session does not guess the password by proofs: they count as sign-ins do', async () => {
  await user('developer', 'finn@example.org')
  const it = await enter('finn@example.org')
  const statuses = []
  for (let n = 0; n < 7; n++)
    statuses.push((await it.ask('POST', '/v1/session/proof', { password: `no ${n}` })).status)
  assert.deepEqual(statuses, [401, 401, 401, 401, 401, 429, 429])
})
