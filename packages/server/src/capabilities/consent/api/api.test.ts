import assert from 'node:assert/strict'
import { test } from 'node:test'
import { KurzpostError } from '../../../errors.ts'
import { ask } from '../../../message/testing.ts'
import type { Call } from '../../../route.ts'
import { compile } from '../../../validation.ts'
import { consentBench } from '../testing.ts'
import { proofPage } from './proof-page.ts'
import { prove } from './prove.ts'

const bench = await consentBench()
const { db, platform, capability, accountId, accept } = bench
const stranger = platform.id()
await ask(db, 'insert into accounts (id, name, created_at) values ($1, $2, now())', [stranger, 'Other'])

// biome-ignore lint/suspicious/noExplicitAny: tests look into bodies of every shape
type Json = any

interface Asked {
  body?: unknown
  query?: Record<string, unknown>
  as?: string
  kind?: 'key' | 'user'
}

/** Asks a route as the server would, with its schemas; the answer's body, or the code of the error. */
async function api(
  request: string,
  { body, query = {}, as = accountId, kind = 'key' }: Asked = {},
): Promise<Json> {
  const [method, path] = request.split(' ') as [string, string]
  const [route, params] = capability
    .routes!.filter((one) => one.method === method)
    .flatMap((one) => {
      const names = [...one.path.matchAll(/:(\w+)/g)].map(([, name]) => name!)
      const found = new RegExp(`^${one.path.replace(/:\w+/g, '([^/]+)')}$`).exec(path)
      return found ? [[one, Object.fromEntries(names.map((name, at) => [name, found[at + 1]]))] as const] : []
    })[0]!
  for (const [schema, given] of [
    [route.body, body],
    [route.query, query],
  ] as const)
    if (schema && !compile(schema).check(given)) return 'invalid_request'
  const call = {
    ...{ accountId: as, body, query, params, masked: false, headers: { 'content-type': 'text/csv' } },
    ...{ actor: { kind, id: platform.id(), name: 'Ada' }, signal: new AbortController().signal },
  } as unknown as Call
  try {
    const reply = await route.handler(call)
    if (!('status' in reply)) throw new Error('a stream')
    const shape = route.responses[reply.status]
    if (shape && 'type' in shape) assert.deepEqual(compile(shape as never).problems(plain(reply.body)), [])
    return reply.body
  } catch (error) {
    if (error instanceof KurzpostError) return error.code
    throw error
  }
}
const plain = (value: unknown) => JSON.parse(JSON.stringify(value ?? null)) as unknown
const topic = (more: object = {}) =>
  api('POST /v1/topics', { body: { name: `Thema ${platform.id().slice(-6)}`, kind: 'marketing', ...more } })

test('a key is folded, one of its kind, and no word of ours', async () => {
  const made = await topic({ name: 'Börse & Kurse', key: 'Börse!' })
  assert.equal(made.key, 'borse')
  assert.equal(await topic({ key: 'BÖRSE' }), 'topic_key_taken')
  for (const key of ['stop', 'alle', 'Hilfe', 'bitte', 'YES', 'nein', 'opt-out'])
    assert.equal(await topic({ key }), 'topic_key_reserved', key)
  assert.equal(await topic({ key: '👍' }), 'invalid_request')
  const other = await topic({ key: 'andere' })
  assert.equal(await api(`PATCH /v1/topics/${other.id}`, { body: { key: 'Borse' } }), 'topic_key_taken')
  await api(`PATCH /v1/topics/${made.id}`, { body: { archived: true } })
  assert.equal((await api(`PATCH /v1/topics/${other.id}`, { body: { key: 'Borse' } })).key, 'borse')
  assert.equal(await api(`PATCH /v1/topics/${made.id}`, { body: { archived: false } }), 'topic_key_taken')
})

test('everybody may leave advertising', async () => {
  assert.equal(await topic({ mandatory: true }), 'invalid_request')
  const alert = await topic({ kind: 'alert', mandatory: true })
  assert.equal(alert.mandatory, true)
  assert.equal(await api(`PATCH /v1/topics/${alert.id}`, { body: { kind: 'marketing' } }), 'invalid_request')
})

test('what is another account’s is nowhere', async () => {
  const { id } = await topic()
  assert.equal(await api(`GET /v1/topics/${id}`, { as: stranger }), 'not_found')
  assert.equal(await api(`PATCH /v1/topics/${id}`, { as: stranger, body: { name: 'x' } }), 'not_found')
  const { results } = await api('POST /v1/consent', {
    as: stranger,
    body: { entries: [{ number: '+4915100000001', act: 'grant', topic: id }] },
  })
  assert.equal(results[0].error.code, 'consent_topic_unknown')
  const query = { number: '+4915100000001', topic: id, note: 'x' }
  assert.equal(await api('DELETE /v1/opt-outs', { as: stranger, query }), 'consent_topic_unknown')
  assert.deepEqual((await api('GET /v1/topics', { as: stranger })).data, [])
})

test('nobody agrees to what is archived, and a no is taken all the same', async () => {
  const { id } = await topic()
  await api(`PATCH /v1/topics/${id}`, { body: { archived: true } })
  const say = (act: string) =>
    api('POST /v1/consent', { body: { entries: [{ number: '+4915100000002', act, topic: id }] } })
  assert.equal((await say('grant')).results[0].error.code, 'consent_topic_unknown')
  assert.equal((await say('withdraw')).results[0].ok, true)
})

test('an old yes undoes no newer no, from whichever list it comes; a newer one does', async () => {
  const { id } = await topic()
  const number = '+4915100000004'
  const say = async (act: string, said_at?: string, more: object = { topic: id }) =>
    (
      await api('POST /v1/consent', {
        body: { entries: [{ number, act, ...more, ...(said_at && { said_at }) }] },
      })
    ).results[0]
  const standing = async () =>
    (await api('GET /v1/consent', { query: { number } })).topics.find(
      (each: { id: string }) => each.id === id,
    ).standing
  assert.equal((await say('grant', '2024-03-01T00:00:00Z')).ok, true)
  // On a list of opt-outs from elsewhere, with its own day.
  await say('withdraw', '2025-06-01T00:00:00Z', {})
  const old = await say('grant', '2025-05-31T00:00:00Z')
  assert.equal(old.error.code, 'consent_opted_out')
  assert.match(old.error.message, /opted out on 2025-06-01, after they had said this/)
  assert.equal(await standing(), 'withdrawn')
  assert.equal((await say('grant', '2025-06-02T00:00:00Z')).ok, true)
  assert.equal(await standing(), 'granted')
  await say('withdraw')
  assert.equal((await say('grant', '2025-06-02T00:00:00Z')).ok, false)
  assert.equal((await say('grant')).ok, true, 'what is said now is newer than all')
})

test('a proof that has not room for everything says so, and has the newest', async () => {
  const number = '+4915100000005'
  for (const act of ['grant', 'withdraw', 'grant'])
    await api('POST /v1/consent', { body: { entries: [{ number, act }] } })
  const page = async (most: number) => {
    const proof = await platform.transaction((tx) => prove(platform, tx, accountId, number, most))
    return { proof, html: proofPage(proof, { language: 'de', zone: 'UTC' }).body }
  }
  const { proof, html } = await page(2)
  assert.deepEqual([proof.whole, proof.entries.map(({ act }) => act)], [false, ['withdrawn', 'granted']])
  assert.match(html, /ältere passen nicht hierher/)
  const all = await page(3)
  assert.equal(all.proof.whole, true)
  assert.doesNotMatch(all.html, /ältere passen/)
})

test('a user’s word is an agent’s, a key’s comes over the API, and both are named', async () => {
  const number = '+4915100000003'
  for (const kind of ['user', 'key'] as const)
    await api('POST /v1/consent', { kind, body: { entries: [{ number, act: 'grant', text_shown: 'Ja' }] } })
  const { entries, marketing } = await api('GET /v1/consent', { query: { number } })
  assert.equal(marketing.standing, 'granted')
  assert.deepEqual(
    entries.data.map(
      ({ how, actor, details }: { how: string; actor: string; details: { actor_name: string } }) => [
        how,
        actor.slice(0, 4),
        details.actor_name,
      ],
    ),
    [
      ['api', 'key_', 'Ada'],
      ['agent', 'usr_', 'Ada'],
    ],
  )
})

test('opt-outs come in pages, by reason and topic, and can be taken back with a note', async () => {
  const { id } = await topic()
  const numbers = Array.from({ length: 5 }, (_, n) => `+491512000000${n}`)
  await api('POST /v1/consent', {
    kind: 'user',
    body: { entries: numbers.map((number) => ({ number, act: 'withdraw', topic: id, note: 'by phone' })) },
  })
  const seen: string[] = []
  let before: string | undefined
  do {
    const page = await api('GET /v1/opt-outs', {
      query: { topic: id, how: 'agent', limit: 2, ...(before && { before }) },
    })
    seen.push(...page.data.map(({ number }: { number: string }) => number))
    before = page.next ?? undefined
  } while (before)
  assert.deepEqual(seen, numbers.toReversed())
  assert.deepEqual((await api('GET /v1/opt-outs', { query: { topic: id, how: 'import' } })).data, [])
  const query = { number: numbers[0], topic: id, note: 'asked for it' }
  assert.equal(await api('DELETE /v1/opt-outs', { query }), undefined)
  assert.equal(await api('DELETE /v1/opt-outs', { query }), 'not_opted_out')
  assert.equal(await api('GET /v1/opt-outs', { query: { before: 'x' } }), 'invalid_cursor')
})

test('a withdrawal over the API cancels what waits, in the one transaction', async () => {
  const number = '+4915100000009'
  await accept.accept(accountId, [{ to: number, text: 'advert', lane: 'marketing' }])
  await api('POST /v1/consent', { body: { entries: [{ number, act: 'withdraw' }] } })
  assert.deepEqual(await ask(db, 'select state, error_code from messages where recipient = $1', [number]), [
    { state: 'cancelled', error_code: 'consent_opted_out' },
  ])
})

test('what a STOP means is the account’s to decide', async () => {
  const wish = {
    ...{ opt_out_scope: 'topic', display_name: 'Acme', help_contact: 'acme.example' },
    texts: { opt_out: { de: 'Schluss.' } },
  }
  await api('PUT /v1/consent-settings', { body: wish })
  assert.deepEqual(await api('GET /v1/consent-settings'), wish)
  assert.equal((await api('GET /v1/consent-settings', { as: stranger })).opt_out_scope, 'sender')
  assert.equal(
    await api('PUT /v1/consent-settings', { body: { ...wish, opt_out_scope: 'all' } }),
    'invalid_request',
  )
})
