import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createSoftPasskey } from '../../accounts/authenticator.testing.ts'
import type { Clock } from '../../clock.ts'
import { accessApi, type Browser, password } from '../access.testing.ts'

let ms = Date.parse('2026-11-22T10:00:00Z')
const clock: Clock = { now: () => new Date(ms), monotonic: () => ms }

const { api, user, enter, browser } = await accessApi({ clock })
await user('owner', 'ada@example.org')
await user('agent', 'ben@example.org')
// Names are what passkeys are bound to; the server of the test answers for localhost, too.
const origin = api.server.url.replace('127.0.0.1', 'localhost')
const local =
  (it: Browser): Browser['ask'] =>
  (method, path, body) =>
    it.ask(method, origin + path, body, { origin })
const options = async (ask: Browser['ask'], path: string) => (await ask('POST', path)).body

async function addTo(email: string, passkey = createSoftPasskey(origin)) {
  const it = await enter(email)
  const ask = local(it)
  const begun = await options(ask, '/v1/me/passkeys/options')
  const made = await ask('POST', '/v1/me/passkeys', { name: 'Phone', passkey: passkey.create(begun) })
  return { it, ask, passkey, made, begun }
}
const door = async (passkey: ReturnType<typeof createSoftPasskey>, from = origin) => {
  const ask = local(browser())
  const asked = await options(ask, '/v1/session/passkey/options')
  return ask('POST', '/v1/session/passkey', { passkey: passkey.get(asked, from) })
}

test('a passkey is added, signs in without a password, and is removed', async () => {
  const { ask, passkey, made, begun } = await addTo('ada@example.org')
  assert.equal(made.status, 201, JSON.stringify(made.body))
  assert.equal(begun.rp.id, 'localhost')
  assert.equal(begun.authenticatorSelection.userVerification, 'required')
  const { status } = await door(passkey)
  assert.equal(status, 201)
  const { body } = await ask('GET', '/v1/me/passkeys')
  assert.deepEqual(
    body.data.map(({ name, used_at }: never) => [name, used_at]),
    [['Phone', clock.now().toISOString()]],
  )
  assert.equal((await ask('DELETE', `/v1/me/passkeys/${made.body.id}`)).status, 204)
  assert.equal((await door(passkey)).body.error.code, 'sign_in_failed')
})

test('an answer counts once, for its purpose, for five minutes, and only from our pages', async () => {
  const { it, ask, passkey } = await addTo('ada@example.org')
  const asked = await options(ask, '/v1/session/passkey/options')
  const answer = passkey.get(asked)
  const enterWith = (given: unknown) => local(browser())('POST', '/v1/session/passkey', { passkey: given })
  const both = await Promise.all([enterWith(answer), enterWith(answer)])
  assert.deepEqual(both.map(({ status }) => status).sort(), [201, 401])

  const proof = await options(ask, '/v1/session/proof/passkey/options')
  assert.equal((await enterWith(passkey.get(proof))).status, 401, 'a proof is no sign-in')
  assert.equal((await door(passkey, 'https://evil.example')).status, 401)
  const late = await options(ask, '/v1/session/passkey/options')
  ms += 5 * 60_000 + 1
  assert.equal((await enterWith(passkey.get(late))).status, 401)
  const forged = { challenge: Buffer.alloc(38, 7).toString('base64url') }
  assert.equal((await enterWith(passkey.get(forged))).status, 401)
  assert.equal((await it.ask('GET', '/v1/session')).status, 200)
})

test('a passkey that did not ask for finger or PIN is not taken, neither new nor to sign in', async () => {
  const { made } = await addTo('ada@example.org', createSoftPasskey(origin, { verifies: false }))
  assert.equal(made.body.error.code, 'passkey_refused')
})

test('a copy that has counted less than the original is found out', async () => {
  const { passkey } = await addTo('ada@example.org')
  assert.equal((await door(passkey)).status, 201)
  passkey.turnBack()
  assert.equal((await door(passkey)).status, 401)
})

test('passkeys that live in several devices count nothing, and work', async () => {
  const { passkey } = await addTo('ada@example.org', createSoftPasskey(origin, { counts: false }))
  assert.equal((await door(passkey)).status, 201)
  assert.equal((await door(passkey)).status, 201)
})

test('a proof by passkey is for the user whose session it is', async () => {
  const ada = await addTo('ada@example.org')
  const ben = await addTo('ben@example.org')
  ms += 5 * 60_000 + 1
  const asked = await options(ben.ask, '/v1/session/proof/passkey/options')
  const by = (passkey: typeof ada.passkey, challenge = asked) =>
    ben.ask('POST', '/v1/session/proof/passkey', { passkey: passkey.get(challenge) })
  assert.equal((await by(ada.passkey)).status, 401)
  assert.equal((await ben.ask('POST', '/v1/me/totp')).body.error.code, 'proof_needed')
  assert.equal((await by(ben.passkey)).status, 204)
  assert.equal((await ben.ask('POST', '/v1/me/totp')).status, 201)
})

test('a passkey opens the door also while guesses of others have shut it for the password', async () => {
  const { passkey } = await addTo('ben@example.org')
  for (let n = 0; n < 6; n++)
    await browser().ask('POST', '/v1/session', { email: 'ben@example.org', password: `no ${n}` })
  assert.equal(
    (await browser().ask('POST', '/v1/session', { email: 'ben@example.org', password })).status,
    429,
  )
  assert.equal((await door(passkey)).status, 201)
})

test('the same passkey cannot belong to two users', async () => {
  ms += 24 * 3_600_000
  const { passkey } = await addTo('ada@example.org')
  const { made } = await addTo('ben@example.org', passkey)
  assert.equal(made.body.error.code, 'passkey_refused')
})
