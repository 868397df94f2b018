import assert from 'node:assert/strict'
import { request } from 'node:http'
import { type TestContext, test } from 'node:test'
import type { HandsetMessage, HandsetSummary } from '../handset/shelf.ts'
import { simulate, submission } from '../testing.ts'

const PHONE = '+4915112345678'

interface Refusal {
  error: { code: string; message: string; details?: { field: string; message: string }[] }
}

test('says who it is, and counts', async (t) => {
  const { bind, health } = await simulate(t, { receiptNever: true })
  const { client } = await bind()
  await client.submit(submission('x'))
  const { name, binds, stats } = await health()
  assert.equal(name, 'kurzpost-simulator')
  assert.deepEqual(binds, [{ system_id: 'kurzpost', bind_type: 'transceiver' }])
  assert.deepEqual([stats.submit_sm, stats.accepted, stats.messages, stats.rejected], [1, 1, 1, 0])
})

test('lists handsets, and reading one marks it as read', async (t) => {
  const { bind, get, messages } = await simulate(t, { receiptNever: true })
  const { client } = await bind()
  await client.submit(submission('one'))
  await client.submit(submission('two'))
  const list = () => get<HandsetSummary[]>('/handsets')
  const [before] = await list()
  assert.deepEqual([before?.number, before?.unread], [PHONE, 2])
  assert.ok(!Number.isNaN(Date.parse(before?.last_at ?? '')))
  await get(`/handsets/${PHONE}/messages?peek`)
  assert.equal((await list())[0]?.unread, 2)
  assert.deepEqual(
    (await messages(PHONE)).map(({ text }) => text),
    ['one', 'two'],
  )
  assert.equal((await list())[0]?.unread, 0)
})

test('a handset is found by any spelling of its number, and has its own texts too', async (t) => {
  const { write, messages } = await simulate(t)
  await write(PHONE, '+49 30 1234567', 'hi')
  for (const spelling of [PHONE, '4915112345678', '004915112345678', '+49 151 12345678']) {
    const [message] = await messages(spelling)
    assert.deepEqual([message?.text, message?.from, message?.to], ['hi', PHONE, '+49301234567'], spelling)
  }
  assert.deepEqual(await messages('+499999999'), [])
})

const wrongTexts: [body: unknown, fields: string[]][] = [
  [{}, ['to', 'text']],
  [{ to: '', text: 'x' }, ['to']],
  [{ to: 12345, text: 'x' }, ['to']],
  [{ to: '12345', text: 5 }, ['text']],
  [{ to: '12345', text: 'x', sender: 'me' }, ['sender']],
  [{ to: '12345', text: 'x'.repeat(39_016) }, ['text']],
  // 255 parts of 66 UTF-16 units, and one unit more.
  [{ to: '12345', text: 'я'.repeat(255 * 67 + 1) }, ['text']],
  [[], ['']],
  ['text', ['']],
]
for (const [body, fields] of wrongTexts) {
  const shown = JSON.stringify(body).slice(0, 60)
  test(`refuses to send ${shown} and names ${fields.join(' and ') || 'the body'}`, async (t) => {
    const { call, health } = await simulate(t)
    const { status, body: refusal } = await call<Refusal>('POST', `/handsets/${PHONE}/messages`, body)
    assert.equal(status, 422)
    assert.deepEqual(
      refusal.error.details?.map(({ field }) => field),
      fields,
    )
    assert.equal((await health()).stats.deliver_waiting, 0)
  })
}

test('settings are changed as a whole or not at all', async (t) => {
  const { call, get } = await simulate(t)
  const settings = await get<Record<string, unknown>>('/settings')
  const wrong = await call<Refusal>('PATCH', '/settings', { receiptDelayMs: 5, window: 'wide', colour: 1 })
  assert.equal(wrong.status, 422)
  assert.deepEqual(
    wrong.body.error.details?.map(({ field }) => field),
    ['window', 'colour'],
  )
  assert.deepEqual(await get('/settings'), settings)
  const right = await call<Record<string, unknown>>('PATCH', '/settings', {
    receiptDelayMs: 5,
    password: 'p',
  })
  assert.deepEqual([right.status, right.body.receiptDelayMs, right.body.password], [200, 5, 'set'])
})

test('emptied, it forgets messages, log, counters and what waits, and keeps its settings', async (t) => {
  const { bind, call, get, write, submits, health } = await simulate(t, { receiptDelayMs: 3_600_000 })
  const { client } = await bind({ bindType: 'transmitter' })
  await client.submit(submission('x'))
  await write(PHONE, '12345', 'waits')
  const before = (await health()).stats
  assert.deepEqual([before.deliver_waiting, before.scheduled, before.messages], [1, 1, 1])
  assert.equal((await call('DELETE', '/state')).status, 200)
  assert.deepEqual(await get('/handsets'), [])
  assert.deepEqual(await submits(), { next: 0, submits: [] })
  const { stats } = await health()
  assert.deepEqual(new Set(Object.values(stats)), new Set([0]))
  assert.equal((await get<{ receiptDelayMs: number }>('/settings')).receiptDelayMs, 3_600_000)
})

test('the log is read on from where the last answer ended, and can be switched off', async (t) => {
  const { bind, get, set, submits } = await simulate(t, { receiptNever: true })
  const { client } = await bind()
  for (const text of ['a', 'b', 'c']) await client.submit(submission(text))
  const first = await get<{ next: number; submits: { text: string }[] }>('/submits?since=0&limit=2')
  assert.deepEqual([first.next, first.submits.map(({ text }) => text)], [2, ['a', 'b']])
  assert.deepEqual(
    (await submits(first.next)).submits.map(({ n, text }) => [n, text]),
    [[2, 'c']],
  )
  await set({ submitLog: false })
  await client.submit(submission('d'))
  assert.deepEqual(await submits(3), { next: 3, submits: [] })
})

const refusals: [method: string, path: string, body: unknown, status: number, code: string][] = [
  ['GET', '/', undefined, 404, 'not_found'],
  ['GET', '/handsets/+491/', undefined, 404, 'not_found'],
  ['GET', '/handsets/:number/messages', undefined, 200, ''],
  ['GET', '/__proto__', undefined, 404, 'not_found'],
  ['GET', '/handsets/%ff/messages', undefined, 400, 'invalid_address'],
  ['GET', `/handsets/${'9'.repeat(22)}/messages`, undefined, 422, 'invalid_request'],
  ['PUT', '/settings', { window: 1 }, 405, 'method_not_allowed'],
  ['GET', '/submits?since=-1', undefined, 422, 'invalid_request'],
  ['GET', '/submits?limit=10001', undefined, 422, 'invalid_request'],
  ['PATCH', '/settings', { systemId: 'x'.repeat(70_000) }, 413, 'body_too_large'],
]
for (const [method, path, body, status, code] of refusals) {
  test(`${method} ${path.slice(0, 40)} is answered ${status} ${code}`, async (t) => {
    const { call } = await simulate(t)
    const answer = await call<Partial<Refusal>>(method, path, body)
    assert.equal(answer.status, status)
    assert.equal(answer.body.error?.code ?? '', code)
  })
}

const asked: [path: string, body: unknown, status: number, fields?: string[]][] = [
  ['/faults', { group: 6 }, 202],
  ['/faults', { group: '6', count: 3 }, 202],
  ['/faults', { group: 11 }, 422, ['group']],
  ['/faults', { group: 6, count: 0, often: true }, 422, ['often', 'count']],
  ['/flood', {}, 202],
  ['/flood', { per_second: 0, count: 1.5, to: '' }, 422, ['per_second', 'count', 'to']],
]
for (const [path, body, status, fields] of asked) {
  test(`POST ${path} ${JSON.stringify(body)} is answered ${status}`, async (t) => {
    const { call } = await simulate(t)
    const answer = await call<Refusal>('POST', path, body)
    assert.equal(answer.status, status)
    assert.deepEqual(
      answer.body.error?.details?.map(({ field }) => field),
      fields,
    )
  })
}

test('a flood can be ended, and tells what was left', async (t) => {
  const { call, health } = await simulate(t)
  await call('POST', '/flood', { per_second: 1, count: 1000 })
  const { body } = await call<{ left: number }>('DELETE', '/flood')
  assert.ok(body.left > 990)
  assert.equal((await call<{ left: number }>('DELETE', '/flood')).body.left, 0)
  assert.ok((await health()).stats.deliver_waiting! < 10)
})

test('the trace is read on from where the last answer ended, and is empty unless it is kept', async (t) => {
  const { bind, get, set } = await simulate(t, { receiptNever: true })
  const { client } = await bind()
  await client.submit(submission('a'))
  assert.deepEqual(await get('/trace'), { next: 0, trace: [] })
  await set({ trace: true })
  for (const text of ['b', 'c', 'd']) await client.submit(submission(text))
  const first = await get<{ next: number; trace: { n: number; what: string }[] }>('/trace?limit=2')
  assert.deepEqual(
    [first.next, first.trace.map(({ n, what }) => `${n} ${what}`)],
    [2, ['0 submit', '1 submit']],
  )
  const rest = await get<{ next: number; trace: { n: number }[] }>(`/trace?since=${first.next}`)
  assert.deepEqual([rest.next, rest.trace.map(({ n }) => n)], [3, [2]])
})

/** A request with headers that fetch would not send. */
function rawCall(
  port: number,
  headers: Record<string, string>,
  [method, path, body]: [string, string, string?],
): Promise<{ status: number | undefined; cors: unknown }> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, method, path, headers }, (response) => {
      response.resume()
      resolve({ status: response.statusCode, cors: response.headers['access-control-allow-origin'] })
    })
    sent.on('error', reject)
    sent.end(body)
  })
}

const guarded: [what: string, headers: Record<string, string>, status: number][] = [
  ['localhost', { host: 'localhost:2777' }, 200],
  ['127.0.0.1', { host: '127.0.0.1' }, 200],
  ['[::1]', { host: '[::1]:1' }, 200],
  ['a page of its own', { host: 'localhost', origin: 'http://localhost:7678' }, 200],
  ['a name that points to loopback', { host: 'rebound.example.com' }, 403],
  ['a name that begins like loopback', { host: '127.0.0.1.example.com' }, 403],
  ['a name that ends like loopback', { host: 'example.localhost.com' }, 403],
  ['a name behind a user name', { host: 'localhost@example.com' }, 403],
  ['a page of another site', { host: 'localhost', origin: 'https://example.com' }, 403],
  ['a page without origin', { host: 'localhost', origin: 'null' }, 403],
]
for (const [what, headers, status] of guarded) {
  test(`a request by ${what} is answered ${status}, and never with CORS`, async (t) => {
    const { simulator } = await simulate(t)
    const answer = await rawCall(simulator.httpPort, headers, ['GET', '/health'])
    assert.deepEqual(answer, { status, cors: undefined })
  })
}

test('a body that a form could send is refused', async (t) => {
  const { simulator, get } = await simulate(t)
  const headers = { host: 'localhost', 'content-type': 'text/plain' }
  const answer = await rawCall(simulator.httpPort, headers, ['PATCH', '/settings', '{"window":7}'])
  assert.equal(answer.status, 415)
  assert.notEqual((await get<{ window: number }>('/settings')).window, 7)
})

test('broken JSON is refused', async (t) => {
  const { simulator } = await simulate(t)
  const headers = { host: 'localhost', 'content-type': 'application/json' }
  assert.equal((await rawCall(simulator.httpPort, headers, ['PATCH', '/settings', '{"window":'])).status, 400)
})

test('who goes away in the middle of a body is no failure of the simulator', async (t) => {
  const { simulator, get } = await simulate(t)
  const failures = t.mock.method(console, 'error', () => {})
  const headers = { host: 'localhost', 'content-type': 'application/json', 'content-length': '50' }
  const options = { host: '127.0.0.1', port: simulator.httpPort, method: 'PATCH', path: '/settings', headers }
  const sent = request(options)
  const gone = new Promise((resolve) => sent.on('error', resolve))
  sent.write('{"window":')
  await get('/health')
  sent.destroy(new Error('away'))
  await gone
  await get('/health')
  assert.equal(failures.mock.callCount(), 0)
})

/** Opens a stream and gives its events one by one. */
async function listen(t: TestContext, address: string, number: string, lastEventId?: string) {
  const abort = new AbortController()
  const response = await fetch(`${address}/handsets/${encodeURIComponent(number)}/events`, {
    signal: abort.signal,
    headers: lastEventId === undefined ? {} : { 'last-event-id': lastEventId },
  })
  t.after(() => abort.abort())
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  const next = async (): Promise<{ id: string; event: string; message: HandsetMessage } | undefined> => {
    for (;;) {
      const block = /^(.*?)\n\n/s.exec(text)
      if (block) {
        text = text.slice(block[0].length)
        const fields = Object.fromEntries(
          block[1]!.split('\n').map((line) => [line.split(': ')[0], line.slice(line.indexOf(': ') + 2)]),
        )
        if (fields.data === undefined) continue
        return { id: fields.id!, event: fields.event!, message: JSON.parse(fields.data) as HandsetMessage }
      }
      const { value, done } = await reader.read()
      if (done) return undefined
      text += value
    }
  }
  return { response, next }
}

test('a stream tells what comes to a handset and what is written on it, and nothing of others', async (t) => {
  const { address, bind, write } = await simulate(t, { receiptNever: true })
  const { client } = await bind()
  const { response, next } = await listen(t, address, PHONE)
  assert.match(response.headers.get('content-type') ?? '', /^text\/event-stream/)
  await client.submit(submission('for another', { destination_addr: '4915199999999' }))
  await client.submit(submission('in'))
  await write(PHONE, '12345', 'out\nwith a line')
  const first = await next()
  assert.deepEqual([first?.event, first?.message.direction, first?.message.text], ['message', 'in', 'in'])
  assert.equal(first?.id, first?.message.id)
  const second = await next()
  assert.deepEqual([second?.message.direction, second?.message.text], ['out', 'out\nwith a line'])
})

test('a stream goes on after the last event that was seen', async (t) => {
  const { address, write } = await simulate(t)
  const first = (await write(PHONE, '1', 'one')).body
  await write(PHONE, '1', 'two')
  await write(PHONE, '1', 'three')
  const { next } = await listen(t, address, PHONE, first.id)
  assert.deepEqual([(await next())?.message.text, (await next())?.message.text], ['two', 'three'])
})

test('streams end when the simulator ends', async (t) => {
  const { address, simulator } = await simulate(t)
  const { next } = await listen(t, address, PHONE)
  await simulator.close()
  assert.equal(await next(), undefined)
})
