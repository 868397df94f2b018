import assert from 'node:assert/strict'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, test } from 'node:test'
import { startSimulator } from '@kurzpost/simulator'
import { testDatabase } from '../store/testing.ts'
import { call, eventually, openStory, storyEnv, storyKey } from './house.ts'
import { startServer } from './process.ts'

const us = '12345'

/** A source that answers when it is told to. */
async function openSource() {
  const open: ServerResponse[] = []
  const arrivals: (() => void)[] = []
  const server = createServer((_, response) => {
    open.push(response)
    arrivals.shift()?.()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  after(() => {
    server.closeAllConnections()
    server.close()
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    open,
    /** Resolves when somebody asks. */
    asked: () => new Promise<void>((resolve) => arrivals.push(resolve)),
    answer(response: ServerResponse) {
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"state":"on its way"}')
    },
  }
}

const order = (url: string) => ({
  ...{ name: 'Order', kind: 'http', keywords: [{ word: 'ORDER' }], arguments: [{ name: 'order' }] },
  texts: { answer: { en: '{{order}} is {{state}}.' } },
  source: { url: `${url}/{{order}}`, values: { state: '/state' }, timeout_ms: 500 },
})

test('a phone asks by a word, and its answer comes to it over the air and to the console as events', async () => {
  const story = await openStory()
  await story.api('POST', '/v1/keyword-services', {
    ...{ name: 'Hours', kind: 'template', keywords: [{ word: 'HOURS' }] },
    texts: { answer: { en: 'From 9 to 18.' } },
  })
  const phone = '+4915155500001'
  const write = (text: string) =>
    story.phone('POST', `/handsets/${phone.slice(1)}/messages`, { to: us, text })
  await write('huors')
  const answered = await story.event('keyword.answered')
  assert.deepEqual([answered.service, answered.keyword, answered.match], ['Hours', 'HOURS', 'typo'])
  await story.event('message.delivered', (data) => data.to === phone)
  await write('STOP')
  await story.event('consent.withdrawn')
  await write('HOURS')
  await story.event(
    'message.delivered',
    (data) => data.message_id !== answered.answer_id && data.to === phone,
  )
  await write('Is anybody there?')
  const read = await story.event('message.received', (data) => data.text === 'Is anybody there?')
  const { body } = await story.api('GET', `/v1/messages/${read.message_id}`)
  assert.equal(body.trace.taken_by, 'inbox')
  assert.deepEqual(
    body.trace.asked.filter(({ by }: { by: string }) => by === 'keywords'),
    [{ step: 'keyword', by: 'keywords' }],
  )
  await eventually(async () => {
    const { body: stats } = await story.api('GET', '/v1/keyword-stats')
    return stats.data.some(
      (row: { result: string; uses: number }) => row.result === 'answer' && row.uses === 2,
    )
  })
})

test('kill -9 while a source is asked: the next process asks again, and the phone gets one answer', async () => {
  const { url: databaseUrl } = await testDatabase()
  const simulator = await startSimulator({ smppPort: 0, httpPort: 0, receiptDelayMs: 0 })
  after(() => simulator.close())
  const source = await openSource()
  const env = storyEnv({ databaseUrl, smppPort: simulator.smppPort })
  const authorization = { authorization: `Bearer ${storyKey}` }
  const server = await startServer(env)
  const added = await call(`${server.url}/v1/keyword-services`, 'POST', order(source.url), authorization)
  assert.equal(added.status, 201)

  const phone = '4915155500002'
  const asked = source.asked()
  await eventually(async () => {
    const handset = `http://127.0.0.1:${simulator.httpPort}/handsets/${phone}/messages`
    return (await call(handset, 'POST', { to: us, text: 'ORDER A-1' })).status < 300
  })
  await asked
  const again = source.asked()
  await server.kill('SIGKILL')
  const next = await startServer(env)
  await again
  for (const response of source.open) source.answer(response)
  const sent = async () => {
    const { body } = await call(`${next.url}/v1/messages?direction=outbound`, 'GET', undefined, authorization)
    return body.data as { text: string; state: string }[]
  }
  await eventually(async () => (await sent()).some(({ state }) => state === 'delivered'))
  assert.deepEqual(
    (await sent()).map(({ text }) => text),
    ['A-1 is on its way.'],
  )
  await next.kill('SIGTERM')
})
