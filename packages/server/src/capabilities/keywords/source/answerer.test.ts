import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ask } from '../../../message/testing.ts'
import { keywordsBench, phone, testSource } from '../testing.ts'
import { createAnswerer } from './answerer.ts'
import { createConsult } from './consult.ts'
import { createFetch } from './fetch.ts'

const bench = await keywordsBench()
const { db, clock, platform, add, receive, sent } = bench
let answer = { status: 200, body: { departures: [{ at: '12:05', line: 'S3' }] } as unknown }
const source = await testSource((_, response) => {
  response.writeHead(answer.status, { 'content-type': 'application/json' })
  response.end(JSON.stringify(answer.body))
})
const { fetch } = createFetch(platform.outbound)
const consult = createConsult({ db, fetch, now: clock.now })
const worker = () => createAnswerer({ platform, consult })

/** One look at what waits, to its end. */
async function work(one = worker()): Promise<void> {
  await one.pump()
  await one.idle()
}

const service = await add({
  name: 'Departures',
  kind: 'http',
  keywords: [{ word: 'ABFAHRT' }],
  arguments: [{ name: 'stop', rest: true }],
  quota: { per_hour: null, per_day: null },
  texts: {
    answer: { en: '{{stop}}:\n{{list}}' },
    failed: { en: 'Sorry.' },
    not_found: { en: 'No {{stop}}.' },
  },
  source: {
    url: `${source.url}/stops/{{stop}}`,
    list: { place: '/departures', values: { at: '/at', line: '/line' }, line: { en: '{{at}} {{line}}' } },
    cache_seconds: 60,
    stale_seconds: 600,
  },
})
const state = async () =>
  (await bench.call('GET', '/v1/keyword-services/:id', { params: { id: service.id } })).state

test('a source is asked after the commit, and its answer is sent once', async () => {
  await receive('ABFAHRT Altona')
  assert.equal((await bench.trace()).code, 'keyword_asked')
  assert.deepEqual([await sent(), source.asked], [[], []])
  await Promise.all([work(), work()])
  assert.deepEqual(await sent(), ['Altona:\n12:05 S3'])
  assert.deepEqual(source.asked, ['GET /stops/Altona'])
  assert.deepEqual(await ask(db, 'select 1 from keyword_asks'), [])
})

test('who asks the same a little later gets what was said, and the source has its peace', async () => {
  await receive('abfahrt ALTONA')
  await receive('ABFAHRT Altona')
  await work()
  assert.deepEqual(source.asked, ['GET /stops/Altona', 'GET /stops/ALTONA'])
  assert.equal((await sent()).length, 3)
})

test('a process that dies with a question leaves it to the next, and comes too late itself', async () => {
  let arrived = () => {}
  const there = new Promise<void>((resolve) => {
    arrived = resolve
  })
  const never = Promise.withResolvers<never>()
  const dying = createAnswerer({
    platform,
    consult: () => {
      arrived()
      return never.promise
    },
  })
  await receive('ABFAHRT Bergedorf')
  await dying.pump()
  await there
  await work()
  assert.equal((await sent()).length, 3, 'it is leased')
  clock.forward(11_000)
  await work()
  assert.equal((await sent()).at(-1), 'Bergedorf:\n12:05 S3')
  never.reject(new Error('killed'))
  await dying.idle()
  assert.equal((await sent()).length, 4)
})

test('what nobody could answer in three attempts gets the text for failures, without asking again', async () => {
  await receive('ABFAHRT Curslack')
  for (let attempt = 0; attempt < 3; attempt++) {
    const dying = createAnswerer({ platform, consult: () => Promise.reject(new Error('killed')) })
    await work(dying)
    clock.forward(11_000)
  }
  const before = source.asked.length
  await work()
  assert.equal((await sent()).at(-1), 'Sorry.')
  assert.equal(source.asked.length, before)
  assert.equal((await bench.events('keyword.failed')).at(-1)!.payload.code, 'keyword_gave_up')
})

test('a source that fails is stood in for by what it said before, and by the text for failures', async () => {
  answer = { status: 500, body: {} }
  clock.forward(61_000)
  await receive('ABFAHRT Altona')
  await receive('ABFAHRT Dammtor')
  await work()
  assert.deepEqual((await sent()).slice(-2).sort(), ['Altona:\n12:05 S3', 'Sorry.'])
  assert.equal((await state()).problem.code, 'http_500')
})

test('after five failures in a row a source rests, is then tried once, and is well again', async () => {
  const stops = ['E', 'F', 'G', 'H']
  for (const stop of stops) {
    await receive(`ABFAHRT ${stop}`)
    await work()
  }
  assert.notEqual((await state()).rests_until, null)
  const before = source.asked.length
  await receive('ABFAHRT I')
  await work()
  assert.equal(source.asked.length, before, 'it is not asked while it rests')
  assert.equal((await bench.events('keyword.failed')).at(-1)!.payload.code, 'keyword_source_rests')
  clock.forward(61_000)
  answer = { status: 200, body: { departures: [] } }
  await receive('ABFAHRT J')
  await work()
  assert.equal((await sent()).at(-1), 'No J.')
  assert.equal((await state()).rests_until, null)
})

test('a refusal of what was asked says nothing about the source', async () => {
  answer = { status: 400, body: {} }
  for (const stop of ['K', 'L', 'M', 'N', 'O', 'P']) {
    await receive(`ABFAHRT ${stop}`)
    await work()
  }
  assert.equal((await sent()).at(-1), 'Sorry.')
  assert.equal((await state()).failures, 0)
})

test('an argument that would lead elsewhere is not asked for', async () => {
  const before = source.asked.length
  await receive('ABFAHRT --..--')
  await receive('ABFAHRT +..')
  await work()
  assert.ok(source.asked.slice(before).every((line) => line.startsWith('GET /stops/')))
})

test('a service that was deleted meanwhile answers nothing', async () => {
  await receive('ABFAHRT Zoo')
  await bench.call('DELETE', '/v1/keyword-services/:id', { params: { id: service.id } })
  const before = (await sent(phone)).length
  await work()
  assert.equal((await sent()).length, before)
  assert.deepEqual(await ask(db, 'select 1 from keyword_asks'), [])
})
