import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, get, type IncomingMessage, type ServerResponse } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { after, it } from 'node:test'
import { createBell } from '../bell.ts'
import { systemClock as clock } from '../clock.ts'
import { uuidv7 } from '../ids.ts'
import { silentLog as log } from '../log.ts'
import type { Call, Route } from '../route.ts'
import { testDatabase } from '../store/testing.ts'
import { endOfEvents, eventsAreHeld, insertEvents } from './store.ts'
import { eventRoutes } from './stream.ts'
import { startOutbox } from './tail.ts'

const { db } = await testDatabase()
const bell = createBell()
const outbox = startOutbox({ db, bell, clock, log })
const [route] = eventRoutes({ db, outbox }) as [Route]
const newId = () => uuidv7(clock.now().getTime())

const responses: ServerResponse[] = []
const server = createServer(async (request, response) => {
  responses.push(response)
  const url = new URL(request.url!, 'http://x')
  const controller = new AbortController()
  response.once('close', () => controller.abort())
  const call = {
    accountId: url.pathname.slice(1),
    query: Object.fromEntries(url.searchParams),
    headers: request.headers,
    signal: controller.signal,
  }
  const reply = await route.handler(call as unknown as Call)
  if ('stream' in reply) await reply.stream(response)
})
await once(server.listen(0, '127.0.0.1'), 'listening')
const { port } = server.address() as AddressInfo

after(async () => {
  server.closeAllConnections()
  server.close()
  await outbox.stop()
})

async function write(accountId: string, texts: string[], name = 'webhook.test' as const): Promise<void> {
  const rows = texts.map((text) => ({
    account_id: accountId,
    name,
    payload: { webhook_id: '', text },
  }))
  await db.transaction((tx) => insertEvents(tx, rows, clock.now()))
  bell.ring('outbox')
}

/** Reads a stream frame by frame. */
async function open(path: string, headers: Record<string, string> = {}) {
  const request = get({ port, host: '127.0.0.1', path, headers })
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  response.setEncoding('utf8')
  let text = ''
  let wake = (): void => {}
  response.on('data', (chunk: string) => {
    text += chunk
    wake()
  })
  response.on('error', () => {})
  return {
    async next(): Promise<{ id: string; event: string; data: { id: string; data: { text: string } } }> {
      for (;;) {
        const end = text.indexOf('\n\n')
        if (end < 0) {
          await new Promise<void>((resolve) => (wake = resolve))
          continue
        }
        const frame = text.slice(0, end)
        text = text.slice(end + 2)
        const fields = new Map(frame.split('\n').map((line) => line.split(/: (.*)/s) as [string, string]))
        if (fields.has('data')) {
          return { id: fields.get('id')!, event: fields.get('event')!, data: JSON.parse(fields.get('data')!) }
        }
      }
    },
    close: () => request.destroy(),
  }
}

it('streams what happens after the connection, of this account alone', async () => {
  const account = newId()
  await write(account, ['before'])
  // Tests beside this one share the cluster: a transaction of theirs may hold it back, and it would be news.
  while (await eventsAreHeld(db));
  const stream = await open(`/${account}`)
  await write(newId(), ['of another account'])
  await write(account, ['line one\nline two'])
  const { event, data } = await stream.next()
  assert.equal(event, 'webhook.test')
  assert.equal(data.data.text, 'line one\nline two')
  assert.match(data.id, /^evt_/)
  stream.close()
})

it('resumes after the last id that was seen, missing nothing and repeating nothing', async () => {
  const account = newId()
  const first = await open(`/${account}?after=0-0`)
  await write(account, ['1', '2'])
  assert.equal((await first.next()).data.data.text, '1')
  const { id } = await first.next()
  first.close()
  const texts = Array.from({ length: 1_200 }, (_, at) => String(at + 3))
  await write(account, texts)
  const second = await open(`/${account}`, { 'last-event-id': id })
  await write(account, ['last'])
  for (const text of [...texts, 'last']) assert.equal((await second.next()).data.data.text, text)
  second.close()
})

it('gives every event once and in order to a reader who joins while they are written', async () => {
  const account = newId()
  const texts = Array.from({ length: 60 }, (_, at) => String(at))
  const writing = (async () => {
    for (const text of texts) await write(account, [text])
  })()
  const streams = await Promise.all([1, 2, 3].map(() => open(`/${account}?after=0-0`)))
  await writing
  for (const stream of streams) {
    for (const text of texts) assert.equal((await stream.next()).data.data.text, text)
    stream.close()
  }
})

it('leaves out the types that nobody asked for, in the past and live', async () => {
  const account = newId()
  const other = { account_id: account, name: 'webhook.disabled' as const, payload: { text: 'x' } }
  await db.transaction((tx) => insertEvents(tx, [other], clock.now()))
  await write(account, ['past'])
  const stream = await open(`/${account}?after=0-0&types=webhook.test,message.delivered`)
  assert.equal((await stream.next()).data.data.text, 'past')
  await db.transaction((tx) => insertEvents(tx, [other], clock.now()))
  await write(account, ['live'])
  assert.equal((await stream.next()).data.data.text, 'live')
  stream.close()
})

it('refuses cursors and types that do not exist', async () => {
  const ask = (headers: object, query: object) =>
    route.handler({ accountId: newId(), headers, query, signal: AbortSignal.timeout(1) } as unknown as Call)
  const end = await endOfEvents(db)
  const future = `${BigInt(end.xid) + 1_000_000n}-1`
  for (const cursor of ['yesterday', future]) {
    await assert.rejects(async () => ask({ 'last-event-id': cursor }, {}), { code: 'invalid_cursor' })
    await assert.rejects(async () => ask({}, { after: cursor }), { code: 'invalid_cursor' })
  }
  await assert.rejects(async () => ask({}, { types: 'message.delivered,nonsense' }), {
    code: 'invalid_request',
    message: /nonsense/,
  })
})

it('cuts a reader who does not read', async () => {
  const account = newId()
  const known = responses.length
  const socket = connect(port, '127.0.0.1')
  socket.write(`GET /${account} HTTP/1.1\r\nhost: x\r\n\r\n`)
  await once(socket, 'data')
  socket.pause()
  const response = responses[known]!
  const closed = once(response, 'close')
  const large = 'x'.repeat(200_000)
  // Loopback takes some megabytes before anything piles up on our side.
  while (!response.destroyed) await write(account, Array(10).fill(large))
  await closed
  socket.destroy()
})
