import assert from 'node:assert/strict'
import { test } from 'node:test'
import { KurzpostError } from '../../../errors.ts'
import { uuidv7 } from '../../../ids.ts'
import { ask } from '../../../message/testing.ts'
import { keywordsBench, testSource } from '../testing.ts'

const bench = await keywordsBench()
const { add, call, receive, sent } = bench
const path = '/v1/keyword-services'
const one = `${path}/:id`
const text = { answer: { en: 'x' } }

const refusal =
  (code: string, sentence = /./) =>
  (error: unknown) =>
    error instanceof KurzpostError && error.code === code && sentence.test(error.message)

test('a service is added with what is usual, listed, changed, switched off and deleted', async () => {
  const made = await add({ name: 'Hours', kind: 'template', keywords: [{ word: 'HOURS' }], texts: text })
  assert.match(made.id, /^kws_/)
  assert.deepEqual(
    [made.enabled, made.numbers, made.typos, made.max_segments, made.quota, made.usage, made.warnings],
    [true, null, 'answer', 2, { per_hour: 20, per_day: 60 }, 'HOURS', []],
  )
  const params = { id: made.id }
  const changed = await call('PATCH', one, { params, body: { name: 'Opening hours', enabled: false } })
  assert.deepEqual([changed.name, changed.enabled, changed.texts], ['Opening hours', false, text])
  await receive('HOURS')
  assert.deepEqual(await sent(), [])
  assert.deepEqual(
    (await call('GET', path)).data.map(({ id }: { id: string }) => id),
    [made.id],
  )
  await call('DELETE', one, { params })
  await assert.rejects(call('GET', one, { params }), refusal('not_found'))
})

test('the list comes in pages', async () => {
  for (const word of ['PAGEA', 'PAGEB', 'PAGEC'])
    await add({ name: word, kind: 'template', keywords: [{ word: `${word}XX` }], texts: text })
  const first = await call('GET', path, { query: { limit: 2 } })
  assert.deepEqual(
    first.data.map(({ name }: { name: string }) => name),
    ['PAGEC', 'PAGEB'],
  )
  const second = await call('GET', path, { query: { limit: 2, before: first.next } })
  assert.deepEqual(
    second.data.map(({ name }: { name: string }) => name),
    ['PAGEA'],
  )
  assert.equal(second.next, null)
})

test('a word belongs to one service at each number, however it is written', async () => {
  const bus = { kind: 'template', texts: text }
  const mine = await add({ ...bus, name: 'Bus', keywords: [{ word: 'LÜNEN' }], numbers: ['+49 30 123456'] })
  const again = (numbers: string[] | null, word = 'Luenen') =>
    add({ ...bus, name: 'Other', keywords: [{ word }], numbers })
  await assert.rejects(
    again(['0049 30123456', '777']),
    refusal('keyword_taken', /^"Bus" answers to "Luenen" already, at 0049 ?30123456\.$/),
  )
  await assert.rejects(again(null, 'Lunen'), refusal('keyword_taken', /at \+4930123456/))
  const elsewhere = await again(['777'])
  const params = { id: elsewhere.id }
  await assert.rejects(call('PATCH', one, { params, body: { numbers: null } }), refusal('keyword_taken'))
  await call('PATCH', one, { params: { id: mine.id }, body: { enabled: false } })
  assert.equal((await call('PATCH', one, { params, body: { numbers: null } })).numbers, null)
  await assert.rejects(
    call('PATCH', one, { params: { id: mine.id }, body: { enabled: true } }),
    refusal('keyword_taken'),
    'nor does switching it on again give it back',
  )
})

test('two who claim one word at the same moment do not both get it', async () => {
  const claims = ['One', 'Two'].map((name) =>
    add({ name, kind: 'template', keywords: [{ word: 'RACE' }], texts: text }).then(
      () => 'taken',
      (error: KurzpostError) => error.code,
    ),
  )
  assert.deepEqual((await Promise.all(claims)).sort(), ['keyword_taken', 'taken'])
})

for (const word of ['Stop', 'help', 'STOP BUS', 'Ende', 'start'])
  test(`"${word}" is refused as a word`, async () => {
    const asked = add({
      name: 'X',
      kind: 'template',
      keywords: [{ word: 'FINEWORD' }, { word }],
      texts: text,
    })
    await assert.rejects(asked, refusal('keyword_reserved'))
  })

for (const [what, body, problem] of [
  ['a word of signs', { keywords: [{ word: '!?' }] }, 'keywords.0.word'],
  ['a word of four words', { keywords: [{ word: 'a b c d' }] }, 'keywords.0.word'],
  ['an early rest', { arguments: [{ name: 'a', rest: true }, { name: 'b' }] }, 'arguments.0.rest'],
  ['a zone of nowhere', { time_zone: 'Europe/Atlantis' }, 'time_zone'],
  ['a source without one', { kind: 'http' }, 'source'],
  ['a host out of a phone', { kind: 'http', source: { url: 'https://{{1}}/x' } }, 'source.url'],
  [
    'a header of the connection',
    { kind: 'http', source: { url: 'http://127.0.0.1/', headers: [{ name: 'Host', value: 'x' }] } },
    'source.headers.0.name',
  ],
  [
    'a secret without a value',
    { kind: 'http', source: { url: 'http://127.0.0.1/', headers: [{ name: 'X', secret: true }] } },
    'source.headers.0.value',
  ],
] as const)
  test(`${what} is refused by its field`, async () => {
    const asked = add({ name: 'X', kind: 'template', keywords: [{ word: 'GOODWORD' }], texts: text, ...body })
    await assert.rejects(
      asked,
      (error: KurzpostError) => (error.details as { field: string }[])[0]!.field === problem,
    )
  })

test('a source in a network of its own is refused outside of what the operator has opened', async () => {
  const asked = add({
    name: 'X',
    kind: 'http',
    keywords: [{ word: 'INSIDE' }],
    texts: text,
    source: { url: 'https://10.0.0.1/{{1}}' },
  })
  await assert.rejects(asked, refusal('url_not_allowed'))
})

test('values of secret headers go in and never come out; who leaves one out keeps it', async () => {
  const source = await testSource((request, response) => response.end(String(request.headers['x-key'])))
  const url = `${source.url}/`
  const made = await add({
    name: 'Secret',
    kind: 'http',
    keywords: [{ word: 'SECRET' }],
    texts: { answer: { en: '{{body}}' } },
    source: { url, headers: [{ name: 'X-Key', value: 's3cret', secret: true }] },
  })
  const params = { id: made.id }
  const shown = JSON.stringify([made, await call('GET', one, { params }), await call('GET', path)])
  assert.equal(shown.includes('s3cret'), false)
  const kept = await call('PATCH', one, {
    params,
    body: { source: { url, headers: [{ name: 'X-Key', secret: true }] } },
  })
  assert.deepEqual(kept.source.headers, [{ name: 'X-Key', secret: true }])
  const tried = await call('POST', `${path}/try`, { body: { text: 'SECRET', id: made.id } })
  assert.equal(tried.answer.text, 's3cret')
})

test('placeholders that stand for nothing are told', async () => {
  const made = await add({
    name: 'Warned',
    kind: 'table',
    keywords: [{ word: 'WARNED' }],
    texts: { answer: { en: '{{price}} {{contact.name}} {{date}} {{keyword}}' } },
  })
  assert.deepEqual(
    made.warnings.map(({ code, name }: { code: string; name?: string }) => [code, name]),
    [
      ['unknown_placeholder', 'price'],
      ['no_table', undefined],
    ],
  )
})

test('what belongs to another account is not there', async () => {
  const account = uuidv7(Date.now())
  await ask(bench.db, 'insert into accounts (id, name, created_at) values ($1, $2, now())', [
    account,
    'Other',
  ])
  const mine = await add({ name: 'Mine', kind: 'table', keywords: [{ word: 'MINE' }], texts: text })
  const params = { id: mine.id }
  const csv = Buffer.from('a\n1\n')
  await call('PUT', `${one}/table`, { params, body: csv })
  for (const [method, route, body] of [
    ['GET', one],
    ['PATCH', one, { name: 'Theirs' }],
    ['DELETE', one],
    ['PUT', `${one}/table`, csv],
    ['PATCH', `${one}/table`, { columns: [{ name: 'a', key: null }] }],
    ['GET', `${one}/table/rows`],
    ['PATCH', `${one}/table/rows`, { put: [{ cells: ['2'] }] }],
  ] as const)
    await assert.rejects(
      call(method, route, { params, body, account }),
      refusal('not_found'),
      `${method} ${route}`,
    )
  assert.deepEqual((await call('GET', path, { account })).data, [])
  const tried = await call('POST', `${path}/try`, { body: { text: 'MINE' }, account })
  assert.equal(tried.taken, false)
  await add({ name: 'Twin', kind: 'template', keywords: [{ word: 'TWIN' }], texts: text })
  const twin = { name: 'Twin', kind: 'template', keywords: [{ word: 'TWIN' }], texts: text }
  assert.equal((await call('POST', path, { body: twin, account })).name, 'Twin', 'words are an account’s own')
})
