import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ask } from '../../message/testing.ts'
import type { Tx } from '../../store/db.ts'
import { keywordsBench } from './testing.ts'

const bench = await keywordsBench()
const { add, receive, sent, trace } = bench

test('a word is answered by its text, in the language of the word, with the trace of who took it', async () => {
  await add({
    name: 'Opening hours',
    kind: 'template',
    keywords: [
      { word: 'ÖFFNUNG', language: 'de' },
      { word: 'HOURS', language: 'en' },
    ],
    texts: { answer: { de: 'Mo-Fr 9 bis 18 Uhr', en: 'Mon-Fri 9 to 18' } },
  })
  await receive('hours please!')
  assert.deepEqual(await sent(), ['Mon-Fri 9 to 18'])
  assert.deepEqual(await trace(), {
    asked: [{ step: 'keyword', by: 'keywords' }],
    taken_by: 'keywords',
    step: 'keyword',
    code: 'keyword_answer',
    sentence: 'HOURS (Opening hours) was answered.',
  })
  await receive('Oeffnung')
  await receive('Öffnumg')
  assert.deepEqual((await sent()).slice(1), ['Mo-Fr 9 bis 18 Uhr', 'Mo-Fr 9 bis 18 Uhr'])
  const [answer] = await bench.events('keyword.answered')
  assert.equal(answer!.payload.result, 'answer')
})

test('what is no word of ours is left to others', async () => {
  await receive('Hello, are you there?')
  assert.equal((await trace()).taken_by, null)
  assert.equal((await sent()).length, 3)
})

const hours = {
  name: 'x',
  kind: 'template',
  keywords: [{ word: 'LIMITED' }],
  texts: { answer: { en: 'here' } },
}

test('who asks too often is told so once in an hour, then hears nothing, and may ask again in the next', async () => {
  const from = '+4915100000001'
  const service = await add({ ...hours, quota: { per_hour: 2, per_day: 3 } })
  const often = 'You have asked very often. Please try again later.'
  for (let time = 0; time < 5; time++) await receive('LIMITED', from)
  assert.deepEqual(await sent(from), ['here', 'here', often])
  assert.equal((await trace()).code, 'keyword_silent')
  bench.clock.forward(3_600_000)
  for (let time = 0; time < 3; time++) await receive('LIMITED', from)
  assert.deepEqual((await sent(from)).slice(3), ['here', often], 'the day has its own limit')
  await receive('LIMITED', '+4915100000002')
  assert.deepEqual(await sent('+4915100000002'), ['here'], 'everybody has their own')
  await bench.call('DELETE', '/v1/keyword-services/:id', { params: { id: service.id } })
})

test('a number that answers unknown words says which there are; two machines that answer each other stop', async () => {
  const [from, to] = ['+4915100000003', '777']
  await receive('HOU', from, to)
  assert.equal((await trace()).taken_by, null, 'without it, they are left to others')
  await bench.call('PUT', '/v1/keyword-numbers/:number', { params: { number: to }, body: {} })
  const answer = 'We do not know this word. Did you mean HOURS? Words that we know: ÖFFNUNG'
  for (let time = 0; time < 6; time++) await receive('HOU', from, to)
  assert.deepEqual(await sent(from), [answer, answer, answer])
  assert.equal((await trace()).code, 'keyword_silent')
  await receive('STOP IT', from, to)
  assert.equal((await trace()).taken_by, null, 'what may be a STOP is for people')
  await bench.call('DELETE', '/v1/keyword-numbers/:number', { params: { number: to } })
  await receive('HOU', from, to)
  assert.equal((await trace()).taken_by, null)
})

test('a person who is known is answered in their language, and by their name', async () => {
  const from = '+4915100000004'
  const id = bench.platform.id()
  await ask(
    bench.db,
    `insert into contacts (account_id, id, name, language, attributes, created_at, updated_at)
     values ($1, $2, 'Ada', 'de', '{"branch":"Kiel"}', now(), now())`,
    [bench.accountId, id],
  )
  await ask(
    bench.db,
    `insert into contact_addresses (account_id, channel, address, key, contact_id, created_at)
     values ($1, 'sms', $2, '\\x00', $3, now())`,
    [bench.accountId, from, id],
  )
  await add({
    name: 'Named',
    kind: 'template',
    keywords: [{ word: 'WHOAMI', language: 'en' }],
    texts: {
      answer: { en: 'You are {{contact.name}}', de: '{{contact.name}}, {{contact.branch}}, {{number}}' },
    },
  })
  await receive('WHOAMI', from)
  await receive('WHOAMI', '+4915100000005')
  assert.deepEqual(await sent(from), ['Ada, Kiel, +49 151 •••• 004'])
  assert.deepEqual(await sent('+4915100000005'), ['You are'])
})

test('the short code of another machine gets no answer', async () => {
  await receive('HOURS', '44556')
  assert.deepEqual(await sent('44556'), [])
  assert.equal((await trace()).taken_by, null)
})

test('a batch of many costs as many statements as a batch of few', async () => {
  const counts: number[] = []
  for (const size of [2, 40]) {
    let statements = 0
    const counting = (tx: Tx): Tx => ({
      query(statement, values) {
        statements++
        return tx.query(statement, values)
      },
    })
    await bench.db.transaction(async (tx) => {
      const incoming = Array.from({ length: size }, (_, n) => ({
        ...{ accountId: bench.accountId, carrierId: bench.carrierId, id: bench.platform.id(), to: '12345' },
        ...{ from: `+49151100${String(n).padStart(5, '0')}`, text: 'HOURS', segments: 1, complete: true },
        ...{ flags: [], at: bench.clock.now() },
      }))
      await bench.keywords.claims!.keyword!(incoming, counting(tx))
    })
    counts.push(statements)
  }
  assert.equal(counts[1], counts[0])
  assert.ok(counts[0]! <= 6, `${counts[0]} statements`)
})

test('a service that is broken in the database is left to others, and keeps nobody else', async () => {
  const broken = await add({
    ...{ name: 'Broken', kind: 'template', keywords: [{ word: 'BROKEN' }] },
    texts: { answer: { en: 'x' } },
  })
  await ask(
    bench.db,
    `update keyword_services set settings = jsonb_set(settings, '{texts,answer}', '{"en": 7}') where name = 'Broken'`,
  )
  // As a change by the API does.
  await bench.call('PUT', '/v1/keyword-numbers/:number', { params: { number: '888' }, body: {} })
  const [from, other] = ['+4915100000021', '+4915100000022']
  await Promise.all([receive('BROKEN', from), receive('HOURS', other)])
  assert.deepEqual(await sent(from), [])
  assert.deepEqual(await sent(other), ['Mon-Fri 9 to 18'])
  const [{ trace }] = (await ask<{ trace: { asked: { flag?: string }[] } }>(
    bench.db,
    `select trace from messages where sender = $1`,
    [from],
  )) as [{ trace: { asked: { flag?: string }[] } }]
  assert.deepEqual(
    trace.asked.map(({ flag }) => flag),
    ['keyword_broken'],
  )
  await bench.call('DELETE', '/v1/keyword-services/:id', { params: { id: broken.id } })
})
