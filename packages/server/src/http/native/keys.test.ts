import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ensureFirstAccount } from '../../accounts/keys.ts'
import { systemClock } from '../../clock.ts'
import { testApi } from '../testing.ts'
import { infoRoutes } from './info.ts'
import { keyRoutes } from './keys.ts'
import { textRoutes } from './text.ts'

const { ask, as, key, db } = await testApi(({ db, authenticator }) => [
  ...keyRoutes(db, systemClock, (id) => authenticator.forget(id)),
  ...textRoutes(),
  ...infoRoutes({
    config: {
      ...{ sandbox: true, country: 'DE', currency: 'EUR' },
      ...{ defaultSender: undefined, publicUrl: undefined },
    },
    version: '1.2.3',
    accountName: async () => 'Main',
  }),
])

test('a key is shown once, works, and is nowhere in the database', async () => {
  const { status, body } = await ask('POST', '/v1/keys', { name: 'Shop', scopes: ['messages:read'] })
  assert.equal(status, 201)
  assert.match(body.key, /^kp_[\w-]{43}$/)
  assert.ok(body.key.endsWith(body.hint))
  assert.equal((await as(body.key)('GET', '/v1/info')).status, 200)
  const listed = await ask('GET', '/v1/keys')
  const { key: token, ...rest } = body
  assert.deepEqual(listed.body.data[0], rest)
  const rows = await db.query({ name: 'test_keys', text: 'select k::text as row from api_keys k' })
  assert.ok(!JSON.stringify(rows).includes(token))
})

test('a revoked key is refused at once, and stays revoked', async () => {
  const { body } = await ask('POST', '/v1/keys', { name: 'Old', scopes: ['messages:read'] })
  const old = as(body.key)
  assert.equal((await old('GET', '/v1/info')).status, 200)
  assert.equal((await ask('DELETE', `/v1/keys/${body.id}`)).status, 204)
  assert.equal((await old('GET', '/v1/info')).status, 401)
  const { revoked_at } = (await ask('GET', '/v1/keys')).body.data[0]
  assert.ok(revoked_at)
  assert.equal((await ask('DELETE', `/v1/keys/${body.id}`)).status, 204)
  assert.equal((await ask('GET', '/v1/keys')).body.data[0].revoked_at, revoked_at)
})

test('a key cannot hand on what it may not do itself', async () => {
  const { status, body } = await as(await key('keys', 'events'))('POST', '/v1/keys', {
    name: 'More',
    scopes: ['events', 'messages:write'],
  })
  assert.equal(status, 403)
  assert.deepEqual(body.error.details, { scopes: ['messages:write'] })
})

test('keys that make no sense are refused', async () => {
  for (const body of [
    { name: 'x' },
    { name: '', scopes: ['keys'] },
    { name: 'x', scopes: [] },
    { name: 'x', scopes: ['all'] },
  ]) {
    assert.equal((await ask('POST', '/v1/keys', body)).status, 422)
  }
  assert.equal((await ask('DELETE', '/v1/keys/key_00000000000000000000000000')).status, 404)
})

test('the bootstrap key opens the first account, however often and from however many nodes it is made', async () => {
  const token = 'bootstrap-key-of-at-least-32-letters'
  const outcomes = await Promise.all(
    [1, 2, 3].map(() => ensureFirstAccount(db, systemClock, { token, name: 'Bootstrap' })),
  )
  assert.deepEqual(outcomes.map((outcome) => outcome.key).sort(), ['created', 'present', 'present'])
  assert.equal(new Set(outcomes.map(({ id }) => id)).size, 1)
  const made = (await ask('GET', '/v1/keys')).body.data[0]
  assert.equal((await as(token)('GET', '/v1/info')).status, 200)
  await ask('DELETE', `/v1/keys/${made.id}`)
  assert.equal((await ensureFirstAccount(db, systemClock, { token, name: 'Bootstrap' })).key, 'revoked')
})

test('info tells about the server and the account', async () => {
  const { body } = await ask('GET', '/v1/info')
  assert.match(body.account.id, /^acc_/)
  assert.deepEqual(
    { ...body, account: body.account.name, scopes: undefined },
    {
      version: '1.2.3',
      sandbox: true,
      country: 'DE',
      currency: 'EUR',
      default_sender: null,
      account: 'Main',
      public_url: null,
      scopes: undefined,
    },
  )
  assert.ok(body.scopes.includes('operate'))
  const { body: made } = await ask('POST', '/v1/keys', { name: 'Shop', scopes: ['messages:read'] })
  assert.deepEqual((await as(made.key)('GET', '/v1/info')).body.scopes, ['messages:read'])
})

test('a preview counts, names the characters that force UCS-2, and offers a cheaper text', async () => {
  const { status, body } = await ask('POST', '/v1/text/preview', { text: 'Preis: 5 € – heute' })
  assert.equal(status, 200)
  assert.equal(body.encoding, 'ucs2')
  assert.deepEqual(body.offenders, [{ index: 11, char: '–', code_point: 0x2013 }])
  assert.equal(body.transliterated.text, 'Preis: 5 € - heute')
  assert.equal(body.transliterated.encoding, 'gsm7')
  const plain = await ask('POST', '/v1/text/preview', { text: 'a'.repeat(161) })
  assert.deepEqual(plain.body, {
    encoding: 'gsm7',
    segments: 2,
    units: 161,
    units_per_segment: 153,
    units_left: 145,
    offenders: [],
    transliterated: null,
  })
  const refused = await ask('POST', '/v1/text/preview', { text: '🙂', encoding: 'gsm7' })
  assert.equal(refused.body.error.code, 'text_not_encodable')
  assert.equal((await ask('POST', '/v1/text/preview', { text: '' })).status, 200)
})

test('a preview replaces letters only where it is asked to, and as the language does', async () => {
  const preview = async (body: object) => (await ask('POST', '/v1/text/preview', body)).body.transliterated
  assert.equal(await preview({ text: 'Jó estét, hölgyem, szép őszi nap' }), null)
  const [german, hungarian] = await Promise.all(
    ['de', 'hu'].map((language) => preview({ text: 'szép őszi nap', level: 'letters', language })),
  )
  assert.deepEqual([german.text, hungarian.text], ['szép oszi nap', 'szép öszi nap'])
  assert.deepEqual(hungarian.changes, [{ index: 5, from: 'ő', to: 'ö', kind: 'letter' }])
  const { status } = await ask('POST', '/v1/text/preview', { text: 'a', level: 'everything' })
  assert.equal(status, 422)
})

test('a preview of more than 255 segments is refused with their number', async () => {
  for (const [text, segments] of [
    ['Ж'.repeat(255 * 67 + 1), 256],
    ['a'.repeat(255 * 153 + 1), 256],
  ] as const) {
    const { status, body } = await ask('POST', '/v1/text/preview', { text })
    assert.deepEqual([status, body.error.code], [422, 'text_too_long'])
    assert.deepEqual(body.error.details, { field: 'text', segments, most: 255 })
  }
  assert.equal((await ask('POST', '/v1/text/preview', { text: 'Ж'.repeat(255 * 67) })).body.segments, 255)
})
