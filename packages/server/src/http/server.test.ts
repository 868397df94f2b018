import assert from 'node:assert/strict'
import { request } from 'node:http'
import { connect } from 'node:net'
import { test } from 'node:test'
import { Type } from 'typebox'
import { KurzpostError } from '../errors.ts'
import type { Route } from '../route.ts'
import { testApi } from './testing.ts'

const route = (part: Partial<Route>): Route => ({
  method: 'GET',
  path: '/v1/things',
  tag: 'Test',
  summary: 'Test',
  responses: {},
  handler: () => ({ status: 200, body: { ok: true } }),
  ...part,
})

let hold = Promise.withResolvers<void>()
let reached = Promise.withResolvers<void>()
let hungUp = Promise.withResolvers<void>()

const { server, ask, as, key } = await testApi(() => [
  route({ scope: 'messages:read' }),
  route({
    method: 'POST',
    path: '/v1/things/:id',
    scope: 'messages:write',
    body: Type.Object(
      {
        name: Type.String({ maxLength: 5 }),
        count: Type.Optional(Type.Integer()),
        inner: Type.Optional(Type.Object({ when: Type.String({ format: 'date-time' }) })),
      },
      { additionalProperties: false },
    ),
    query: Type.Object(
      {
        limit: Type.Optional(Type.Integer({ maximum: 10 })),
        state: Type.Optional(Type.Array(Type.String())),
      },
      { additionalProperties: false },
    ),
    handler: ({ body, query, params }) => ({ status: 201, body: { body, query, params } }),
  }),
  route({ path: '/open' }),
  route({
    path: '/fails',
    handler: () => {
      throw new Error('boom')
    },
  }),
  route({
    path: '/busy',
    handler: () => {
      throw new KurzpostError('overloaded')
    },
  }),
  route({
    path: '/slow',
    async handler() {
      reached.resolve()
      await hold.promise
      return { status: 200, body: { done: true } }
    },
  }),
  route({
    path: '/stream',
    handler: ({ signal }) => ({
      stream(response) {
        response.writeHead(200, { 'content-type': 'text/event-stream' })
        response.write('data: one\n\n')
        signal.addEventListener('abort', () => hungUp.resolve())
      },
    }),
  }),
])

test('an answer names its request, and forbids keeping and sniffing', async () => {
  const { status, body, headers } = await ask('GET', '/v1/things')
  assert.equal(status, 200)
  assert.deepEqual(body, { ok: true })
  assert.match(headers.get('x-request-id')!, /^req_\w+$/)
  assert.equal(headers.get('cache-control'), 'no-store')
  assert.equal(headers.get('x-content-type-options'), 'nosniff')
})

test("a caller's own request id is kept when it is harmless", async () => {
  const named = await ask('GET', '/open', undefined, { 'x-request-id': 'order-7' })
  assert.equal(named.headers.get('x-request-id'), 'order-7')
  const hostile = await ask('GET', '/open', undefined, { 'x-request-id': 'a b{}' })
  assert.match(hostile.headers.get('x-request-id')!, /^req_/)
})

/** What is sent, and the code and status that come back. Each one is the caller's mistake. */
const refusals: {
  what: string
  method?: string
  path?: string
  body?: unknown
  headers?: object
  code: string
  status: number
  details?: unknown
}[] = [
  { what: 'bad JSON', body: '{"name": ', code: 'invalid_json', status: 400 },
  {
    what: 'bytes that are not UTF-8',
    body: Buffer.from('{"name":"\xff"}', 'latin1'),
    code: 'invalid_json',
    status: 400,
  },
  {
    what: 'an empty body',
    body: '',
    code: 'invalid_request',
    status: 422,
    details: [{ field: '', problem: 'must be an object' }],
  },
  {
    what: 'a missing field',
    body: {},
    code: 'invalid_request',
    status: 422,
    details: [{ field: 'name', problem: 'is missing' }],
  },
  {
    what: 'a wrong type',
    body: { name: 7 },
    code: 'invalid_request',
    status: 422,
    details: [{ field: 'name', problem: 'must be a string' }],
  },
  {
    what: 'a number written as text',
    body: { name: 'a', count: '7' },
    code: 'invalid_request',
    status: 422,
    details: [{ field: 'count', problem: 'must be an integer' }],
  },
  {
    what: 'an unknown field',
    body: { name: 'a', nmae: 'b' },
    code: 'invalid_request',
    status: 422,
    details: [{ field: 'nmae', problem: 'is unknown here' }],
  },
  {
    what: '__proto__',
    body: '{"name":"a","__proto__":{"x":1}}',
    code: 'invalid_request',
    status: 422,
    details: [{ field: '__proto__', problem: 'is unknown here' }],
  },
  {
    what: 'a text too long',
    body: { name: 'abcdef' },
    code: 'invalid_request',
    status: 422,
    details: [{ field: 'name', problem: 'must not have more than 5 characters' }],
  },
  {
    what: 'no time',
    body: { name: 'a', inner: { when: 'noon' } },
    code: 'invalid_request',
    status: 422,
    details: [{ field: 'inner.when', problem: 'must be a time such as 2026-11-23T09:00:00Z' }],
  },
  {
    what: 'half a character',
    body: '{"name":"\\ud83d"}',
    code: 'text_malformed',
    status: 422,
    details: [{ field: 'name', problem: 'holds half a character or a NUL' }],
  },
  { what: 'a NUL', body: '{"name":"\\u0000"}', code: 'text_malformed', status: 422 },
  {
    what: 'a NUL in the query',
    path: '/v1/things/1?state=%00',
    body: { name: 'a' },
    code: 'text_malformed',
    status: 422,
  },
  {
    what: 'an unknown parameter',
    path: '/v1/things/1?limt=1',
    body: { name: 'a' },
    code: 'invalid_request',
    status: 422,
    details: [{ field: 'limt', problem: 'is unknown here' }],
  },
  {
    what: 'a parameter out of range',
    path: '/v1/things/1?limit=11',
    body: { name: 'a' },
    code: 'invalid_request',
    status: 422,
    details: [{ field: 'limit', problem: 'must be <= 10' }],
  },
  {
    what: 'deep nesting',
    body: `{"name":${'['.repeat(5_000)}${']'.repeat(5_000)}}`,
    code: 'invalid_request',
    status: 422,
  },
  { what: 'too large a body', body: { name: 'x'.repeat(1_100_000) }, code: 'body_too_large', status: 413 },
  {
    what: 'another media type',
    body: 'name=a',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    code: 'unsupported_media_type',
    status: 415,
  },
  { what: 'an unknown address', path: '/v1/nothing', body: {}, code: 'not_found', status: 404 },
  { what: 'another method', method: 'PATCH', body: {}, code: 'method_not_allowed', status: 405 },
  { what: 'a path that cannot be decoded', method: 'GET', path: '/v1/%zz', code: 'not_found', status: 404 },
]

for (const {
  what,
  method = 'POST',
  path = '/v1/things/1',
  body,
  headers,
  code,
  status,
  details,
} of refusals) {
  test(`${what} is answered with ${code}`, async () => {
    const answer = await ask(method, path, body, headers as Record<string, string>)
    assert.equal(answer.status, status, JSON.stringify(answer.body))
    assert.equal(answer.body.error.code, code)
    assert.equal(answer.body.error.docs, `/docs/errors#${code}`)
    assert.ok(answer.body.error.message.length > 20)
    if (details) assert.deepEqual(answer.body.error.details, details)
    assert.ok(answer.headers.get('x-request-id'))
  })
}

test('query texts become the numbers and lists that the route asks for', async () => {
  const { body } = await ask('POST', '/v1/things/a%20b?limit=7&state=x', { name: 'a' })
  assert.deepEqual(body, { body: { name: 'a' }, query: { limit: 7, state: ['x'] }, params: { id: 'a b' } })
  const several = await ask('POST', '/v1/things/1?state=x&state=y', { name: 'a' })
  assert.deepEqual(several.body.query, { state: ['x', 'y'] })
})

test('a method that an address lacks names those that it has', async () => {
  const { headers } = await ask('DELETE', '/v1/things')
  assert.equal(headers.get('allow'), 'GET')
})

test('a wrong key, no key and half a key are refused alike', async () => {
  for (const token of [undefined, 'x', `kp_${'a'.repeat(43)}`]) {
    const { status, body } = await as(token)('GET', '/v1/things')
    assert.equal(status, 401)
    assert.equal(body.error.code, 'unauthenticated')
  }
})

test('a wrong key is refused before its body is read', async () => {
  const { status } = await as(`kp_${'a'.repeat(43)}`)('POST', '/v1/things/1', '{"name": ')
  assert.equal(status, 401)
})

test('a key that lacks the scope is told which one', async () => {
  const { status, body } = await as(await key('webhooks'))('GET', '/v1/things')
  assert.equal(status, 403)
  assert.deepEqual(body.error.details, { scope: 'messages:read' })
})

test('a failure that nobody foresaw shows nothing of its cause', async () => {
  const { status, body } = await ask('GET', '/fails')
  assert.equal(status, 500)
  assert.equal(body.error.code, 'internal')
  assert.ok(!JSON.stringify(body).includes('boom'))
})

test('a busy server says when to come again', async () => {
  const { status, headers } = await ask('GET', '/busy')
  assert.equal(status, 503)
  assert.equal(headers.get('retry-after'), '1')
})

/** fetch sets Host by itself, so this goes one floor down. */
function statusFor(host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    request({ port: server.port, path: '/open', headers: { host } }, (response) => {
      response.resume()
      resolve(response.statusCode!)
    })
      .on('error', reject)
      .end()
  })
}

test('a server on loopback answers for loopback names only', async () => {
  const answers = await Promise.all(
    ['localhost', `127.0.0.1:${server.port}`, '[::1]:80', 'evil.example', '127.0.0.1.evil.example'].map(
      statusFor,
    ),
  )
  assert.deepEqual(answers, [200, 200, 200, 421, 421])
})

test('bytes that are no HTTP get a sentence and a closed connection', async () => {
  const socket = connect(server.port, '127.0.0.1')
  socket.write('HELLO\r\n\r\n')
  const chunks = await socket.toArray()
  assert.match(Buffer.concat(chunks).toString(), /^HTTP\/1\.1 400 .*malformed_http/s)
})

test('the signal of a stream aborts when the caller hangs up', async () => {
  const response = await fetch(new URL('/stream', server.url))
  assert.equal(response.headers.get('cache-control'), 'no-store')
  const reader = response.body!.getReader()
  const { value } = await reader.read()
  assert.equal(Buffer.from(value!).toString(), 'data: one\n\n')
  hungUp = Promise.withResolvers()
  await reader.cancel()
  await hungUp.promise
})

test('closing answers what is under way, ends the streams, and takes nothing new', async () => {
  hold = Promise.withResolvers()
  reached = Promise.withResolvers()
  const open = await fetch(new URL('/stream', server.url))
  const slow = ask('GET', '/slow')
  await reached.promise
  const closed = server.close()
  assert.equal(await open.text(), 'data: one\n\n')
  await assert.rejects(fetch(new URL('/open', server.url)))
  hold.resolve()
  assert.deepEqual((await slow).body, { done: true })
  await closed
})
