import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Clock } from '../clock.ts'
import { bearerToken, createAuthenticator, hashToken, type Identity } from './auth.ts'

const holder: Identity = {
  accountId: 'a',
  actor: { kind: 'key', id: 'k', name: 'shop' },
  scopes: new Set(),
}

/** An authenticator whose look-ups the test answers itself. */
function setUp() {
  let ms = 0
  const clock: Clock = { now: () => new Date(ms), monotonic: () => ms }
  const looks: { hashes: readonly string[]; answer: (tokens: string[]) => void; fail: () => void }[] = []
  const authenticator = createAuthenticator((hashes) => {
    const { promise, resolve, reject } = Promise.withResolvers<ReadonlyMap<string, Identity>>()
    looks.push({
      hashes,
      answer: (tokens) => resolve(new Map(tokens.map((token) => [hashToken(token), holder]))),
      fail: () => reject(new Error('connection refused')),
    })
    return promise
  }, clock)
  return {
    ...authenticator,
    looks,
    pass: (by: number) => {
      ms += by
    },
  }
}

/** Lets everything that is ready run. */
const settle = () => new Promise((resolve) => setImmediate(resolve))

test('a key is looked up once and then known without waiting', async () => {
  const { identify, looks } = setUp()
  const first = identify('one')
  looks[0]!.answer(['one'])
  assert.equal(await first, holder)
  assert.equal(identify('one'), holder)
  assert.equal(looks.length, 1)
})

test('questions that come while a look-up is under way share the next one', async () => {
  const { identify, looks } = setUp()
  const first = identify('one')
  const others = ['two', 'three', 'two'].map((token) => identify(token))
  looks[0]!.answer(['one'])
  await first
  await settle()
  assert.deepEqual(
    looks[1]!.hashes,
    ['two', 'three'].map((token) => hashToken(token)),
  )
  looks[1]!.answer(['two'])
  assert.deepEqual(await Promise.all(others), [holder, undefined, holder])
  assert.equal(looks.length, 2)
})

test('an unknown key is remembered as unknown', async () => {
  const { identify, looks } = setUp()
  const first = identify('wrong')
  looks[0]!.answer([])
  assert.equal(await first, undefined)
  assert.equal(identify('wrong'), undefined)
  assert.equal(looks.length, 1)
})

test('a known key serves on while it is looked up again, once', async () => {
  const { identify, looks, pass } = setUp()
  const first = identify('one')
  looks[0]!.answer(['one'])
  await first
  pass(2_000)
  assert.equal(identify('one'), holder)
  assert.equal(identify('one'), holder)
  assert.equal(looks.length, 2)
  looks[1]!.answer([])
  await settle()
  assert.equal(identify('one'), undefined)
})

test('a key that could not be looked up again serves five seconds and no more', async () => {
  const { identify, looks, pass } = setUp()
  const first = identify('one')
  looks[0]!.answer(['one'])
  await first
  pass(4_999)
  assert.equal(identify('one'), holder)
  looks[1]!.fail()
  await settle()
  pass(1)
  const late = identify('one')
  assert.ok(late instanceof Promise)
  looks[2]!.fail()
  await assert.rejects(late, { code: 'database_unavailable' })
})

test('a key revoked here is dead at once, also for a look-up that began before', async () => {
  const { identify, forget, looks, pass } = setUp()
  const first = identify('one')
  looks[0]!.answer(['one'])
  await first
  pass(2_000)
  identify('one')
  forget('k')
  const next = identify('one')
  assert.ok(next instanceof Promise)
  looks[1]!.answer(['one'])
  await settle()
  looks[2]!.answer([])
  assert.equal(await next, undefined)
})

test('a token is looked up as what it came as: one of a session opens nothing as a key', async () => {
  const { identify, looks } = setUp()
  const [asKey, asSession] = [identify('one'), identify('one', 'session')]
  looks[0]!.answer(['one'])
  await settle()
  assert.deepEqual(looks[1]!.hashes, [hashToken('one', 'session')])
  looks[1]!.answer(['one'])
  assert.deepEqual(await Promise.all([asKey, asSession]), [holder, undefined])
})

test('a change while somebody asks has them looked up again, and nobody is turned away for it', async () => {
  const { identify, forget, looks } = setUp()
  const first = identify('one')
  forget('k')
  looks[0]!.answer(['one'])
  await settle()
  looks[1]!.answer(['one'])
  assert.equal(await first, holder)
})

test('only a bearer token of plausible form is a token', () => {
  const token = `kp_${'a'.repeat(43)}`
  assert.equal(bearerToken(`Bearer ${token}`), token)
  assert.equal(bearerToken(`bearer ${token}`), token)
  for (const header of [undefined, '', token, `Basic ${token}`, `Bearer ${token} x`, 'Bearer short']) {
    assert.equal(bearerToken(header), undefined)
  }
})
