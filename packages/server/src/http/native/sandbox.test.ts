import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { startSimulator } from '@kurzpost/simulator'
import { testApi } from '../testing.ts'
import { sandboxRoutes } from './sandbox.ts'

const simulator = await startSimulator({ smppPort: 0, httpPort: 0 })
after(() => simulator.close())
let url: string | undefined = `http://127.0.0.1:${simulator.httpPort}`

const { ask, as, key, server } = await testApi(() => sandboxRoutes(() => url))
const handset = '/v1/sandbox/handsets/%2B4915123456789'

test('a handset sends, and shows what it sent', async () => {
  const sent = await ask('POST', `${handset}/messages`, { to: '12345', text: 'STOP' })
  assert.ok(sent.status < 300, JSON.stringify(sent.body))
  assert.equal(sent.body.text, 'STOP')
  const { body } = await ask('GET', `${handset}/messages`)
  assert.deepEqual(
    body.map((message: { direction: string; text: string }) => [message.direction, message.text]),
    [['out', 'STOP']],
  )
  const { body: handsets } = await ask('GET', '/v1/sandbox/handsets')
  assert.deepEqual(
    handsets.map(({ number }: { number: string }) => number),
    ['+4915123456789'],
  )
})

test("a handset's stream brings its messages as they come, and ends with the server's", async () => {
  const token = await key('messages:read')
  const response = await fetch(new URL(`${handset}/events`, server.url), {
    headers: { authorization: `Bearer ${token}` },
  })
  assert.equal(response.headers.get('content-type'), 'text/event-stream')
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader()
  await ask('POST', `${handset}/messages`, { to: '12345', text: 'live' })
  let seen = ''
  while (!seen.includes('"live"')) seen += (await reader.read()).value
  assert.match(seen, /event: message\n/)
  await reader.cancel()
})

test('what the simulator refuses is refused with its reason', async () => {
  const { status, body } = await ask('POST', `/v1/sandbox/handsets/${'9'.repeat(22)}/messages`, {
    to: '1',
    text: 'x',
  })
  assert.equal(status, 422)
  assert.equal(body.error.code, 'invalid_request')
  assert.ok(body.error.details)
})

test('a handset needs a key with the scope', async () => {
  assert.equal((await as(undefined)('GET', '/v1/sandbox/handsets')).status, 401)
  const { status } = await as(await key('messages:read'))('POST', `${handset}/messages`, {
    to: '1',
    text: 'x',
  })
  assert.equal(status, 403)
})

test('outside the sandbox there are no handsets', async () => {
  const before = url
  url = undefined
  const { status, body } = await ask('GET', '/v1/sandbox/handsets')
  url = before
  assert.equal(status, 404)
  assert.equal(body.error.code, 'sandbox_only')
})

test('a simulator that is gone is an outage that says so', async () => {
  const before = url
  url = 'http://127.0.0.1:1'
  const { status, body, headers } = await ask('GET', '/v1/sandbox/handsets')
  url = before
  assert.equal(status, 503)
  assert.equal(body.error.code, 'handset_unavailable')
  assert.ok(headers.get('retry-after'))
})
