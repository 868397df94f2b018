import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { createGuard } from '../../../egress.ts'
import { testSource } from '../testing.ts'
import { createFetch } from './fetch.ts'

const source = await testSource((request, response) => {
  if (request.url === '/never') return
  if (request.url === '/moved') response.writeHead(302, { location: '/json' }).end()
  else if (request.url === '/large') response.end(Buffer.alloc(300_000))
  else if (request.url === '/cut') response.destroy()
  else if (request.url === '/trickle') response.write('{')
  else response.writeHead(200, { 'content-type': 'application/json' }).end('{"a":1}')
})
const open = createFetch(createGuard({ sandbox: true }))
const strict = createFetch(createGuard({ sandbox: false }))
after(() => Promise.all([open.close(), strict.close()]))

const request = (path: string) => ({
  method: 'GET' as const,
  url: source.url + path,
  headers: {},
  body: null,
})

test('an answer comes with its status and type', async () => {
  const { answer } = await open.fetch(request('/json'), 5_000)
  assert.deepEqual(answer, { status: 200, type: 'application/json', body: '{"a":1}' })
})

test('a redirect is an answer, and nobody goes there', async () => {
  const { answer } = await open.fetch(request('/moved'), 5_000)
  assert.equal(answer!.status, 302)
  assert.ok(source.asked.filter((line) => line === 'GET /json').length === 1)
})

for (const [path, code, ms] of [
  ['/never', 'timeout', 200],
  ['/trickle', 'timeout', 200],
  ['/large', 'too_large', 5_000],
  ['/cut', 'closed', 5_000],
] as const)
  test(`${path} ends as ${code}`, async () => {
    assert.equal((await open.fetch(request(path), ms)).problem!.code, code)
  })

test('outside of the sandbox this machine is not asked, by address or by name', async () => {
  const before = source.asked.length
  for (const url of [source.url, source.url.replace('127.0.0.1', 'localhost')]) {
    const { problem } = await strict.fetch({ ...request('/json'), url: `${url}/json` }, 5_000)
    assert.equal(problem!.code, 'address_not_allowed')
  }
  assert.equal(source.asked.length, before)
})

test('nothing listens: that is told', async () => {
  const gone = await testSource(() => {})
  await new Promise((resolve) => gone.server.close(resolve))
  const { problem } = await open.fetch({ ...request('/'), url: gone.url }, 5_000)
  assert.equal(problem!.code, 'connection_refused')
})
