import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ask } from '../../message/testing.ts'
import { keywordsBench, testSource } from './testing.ts'

const bench = await keywordsBench()
const { add, call } = bench
const tryIt = (body: object) => call('POST', '/v1/keyword-services/try', { body })
const codes = ({ trace }: { trace: { code: string }[] }) => trace.map(({ code }) => code)

const source = await testSource((request, response) => {
  response.writeHead(200, { 'content-type': 'application/json' })
  response.end(JSON.stringify({ order: { state: 'on its way', url: request.url } }))
})
await add({
  name: 'Hours',
  kind: 'template',
  keywords: [{ word: 'HOURS', language: 'en' }],
  texts: { answer: { en: 'Mon-Fri 9 to 18', de: 'Mo-Fr 9 bis 18' } },
})

test('a text is tried against what is stored, and told why', async () => {
  const tried = await tryIt({ text: 'Huors' })
  assert.deepEqual(
    [tried.taken, tried.service, tried.keyword, tried.match, tried.result, tried.answer.text],
    [true, 'Hours', 'HOURS', 'typo', 'answer', 'Mon-Fri 9 to 18'],
  )
  assert.deepEqual(tried.answer, {
    ...{ text: 'Mon-Fri 9 to 18', language: 'en', cut: false },
    ...{ encoding: 'gsm7', segments: 1 },
  })
  assert.deepEqual(codes(tried), ['typo', 'language'])
})

for (const [text, code] of [
  ['Hello there', 'unknown'],
  ['HOURS of Sunday', 'sentence'],
  ['STOP', 'reserved'],
] as const)
  test(`"${text}" is left to others as ${code}`, async () => {
    const tried = await tryIt({ text })
    assert.equal(tried.taken, false)
    assert.deepEqual(codes(tried), [code, 'left'])
  })

test('a service is tried before it is stored: its source is asked, and its answer shown', async () => {
  const service = {
    name: 'Order',
    kind: 'http',
    keywords: [{ word: 'ORDER' }],
    arguments: [{ name: 'number' }],
    texts: { answer: { en: 'Order {{number}} is {{state}}.' } },
    source: { url: `${source.url}/orders/{{number}}`, values: { state: '/order/state' } },
  }
  const tried = await tryIt({ text: 'ORDER A-17', service })
  assert.equal(tried.answer.text, 'Order A-17 is on its way.')
  assert.deepEqual(tried.source.values, { state: 'on its way' })
  assert.deepEqual(JSON.parse(tried.source.body), { order: { state: 'on its way', url: '/orders/A-17' } })
  assert.deepEqual(tried.arguments, [{ name: 'number', value: 'A-17' }])
  const left = await tryIt({ text: 'HOURS', service })
  assert.equal(left.taken, false, 'it alone is tried')
  const broken = await tryIt({
    text: 'ORDER 1',
    service: { ...service, source: { url: 'http://127.0.0.1:1/' } },
  })
  assert.deepEqual([broken.result, broken.source.problem.code], ['failed', 'connection_refused'])
})

test('a change is tried before it is stored, with what is stored beside it', async () => {
  const made = await add({
    name: 'Prices',
    kind: 'table',
    keywords: [{ word: 'PRICE' }],
    texts: { answer: { en: '{{price}}' } },
  })
  await call('PUT', '/v1/keyword-services/:id/table', {
    params: { id: made.id },
    body: Buffer.from('item,price\nBread,3.20\n'),
  })
  const tried = await tryIt({
    text: 'PRICE bread',
    id: made.id,
    service: { texts: { answer: { en: '{{item}}: {{price}} EUR' } } },
  })
  assert.equal(tried.answer.text, 'Bread: 3.20 EUR')
})

test('nothing is sent, counted or remembered', async () => {
  for (const table of ['messages', 'keyword_uses', 'keyword_asks', 'keyword_cache', 'keyword_days'])
    assert.deepEqual(await ask(bench.db, `select 1 from ${table}`), [], table)
})

test('answers are counted by day, and words that nobody has by themselves, without what may be a number', async () => {
  await bench.call('PUT', '/v1/keyword-numbers/:number', { params: { number: '12345' }, body: {} })
  for (const [n, text] of ['HOURS', 'HOURS', 'PRICE cake', 'Weather', 'weather?', '4711'].entries())
    await bench.receive(text, `+49151000000${n}0`)
  const events = await bench.events('keyword.answered')
  await bench.db.transaction(async (tx) => {
    await bench.keywords.follow!['keyword.answered']!(
      events.map(({ payload }) => ({ account_id: bench.accountId, name: 'keyword.answered', payload })),
      tx,
    )
  })
  const { data, unknown_words } = await bench.call('GET', '/v1/keyword-stats')
  const of = (row: { service_id: string | null; result: string; uses: number }) => [row.result, row.uses]
  assert.deepEqual(data.map(of).sort(), [
    ['answer', 2],
    ['not_found', 1],
    ['unknown', 3],
  ])
  assert.deepEqual(
    unknown_words.map(({ word, asked }: { word: string; asked: number }) => [word, asked]),
    [['weather', 2]],
  )
})
