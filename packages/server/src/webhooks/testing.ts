/** What the stories about webhooks stand on: a customer's server, nodes, and a clock that can be moved. */
import { EventEmitter, on, once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, afterEach } from 'node:test'
import { createBell } from '../bell.ts'
import { type Clock, systemClock } from '../clock.ts'
import { createGuard } from '../egress.ts'
import type { EventName } from '../events.ts'
import { uuidv7 } from '../ids.ts'
import { silentLog as log } from '../log.ts'
import { insertEvents } from '../outbox/store.ts'
import type { Call, Reply } from '../route.ts'
import { statement } from '../store/db.ts'
import { testDatabase } from '../store/testing.ts'
import { webhookRoutes } from './routes.ts'
import { startWebhooks } from './start.ts'

export const { db } = await testDatabase({ connections: 8 })

/** Wall time that a test can move; leases and timeouts run on. */
let offset = 0
export const advance = (ms: number): void => {
  offset += ms
}
export const clock: Clock = {
  now: () => new Date(Date.now() + offset),
  monotonic: systemClock.monotonic,
}
export const hour = 3_600_000
const newId = () => uuidv7(clock.now().getTime())

export interface Taken {
  path: string
  headers: IncomingHttpHeaders
  body: string
  answer: (status: number, headers?: Record<string, string>) => void
}
/** The customer's side: `took` says what came; a path with an entry in `answers` is answered so, else by hand. */
export const took = new EventEmitter()
export const answers = new Map<string, (response: ServerResponse) => void>()
const sink = createServer((request, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk) => chunks.push(chunk))
  request.on('end', () => {
    const path = request.url!
    const body = Buffer.concat(chunks).toString('utf8')
    const answer = (status: number, headers = {}) => response.writeHead(status, headers).end('so be it')
    took.emit(path, { path, headers: request.headers, body, answer } satisfies Taken)
    answers.get(path)?.(response)
  })
})
await once(sink.listen(0, '127.0.0.1'), 'listening')
export const origin = `http://127.0.0.1:${(sink.address() as AddressInfo).port}`
after(() => {
  sink.closeAllConnections()
  sink.close()
})
export const next = async (path: string): Promise<Taken> => (await once(took, path))[0]
/** The next `count` requests on a path, from now on. */
export async function several(path: string, count: number): Promise<Taken[]> {
  const all: Taken[] = []
  for await (const [taken] of on(took, path)) {
    all.push(taken)
    if (all.length === count) break
  }
  return all
}
export const ok = (response: ServerResponse) => response.writeHead(204).end()
let paths = 0
export const newPath = (answer?: (response: ServerResponse) => void) => {
  const path = `/hook${++paths}`
  if (answer) answers.set(path, answer)
  return path
}

const running = new Set<{ stop(): Promise<void> }>()
/** One node, with a bell of its own. */
export async function node({ sandbox = true, stopGraceMs = 10_000 } = {}) {
  const bell = createBell()
  const guard = createGuard({ sandbox })
  const webhooks = await startWebhooks({ db, bell, clock, log, guard, stopGraceMs, random: () => 0.5 })
  running.add(webhooks)
  const routes = webhookRoutes({ db, bell, clock, guard: createGuard({ sandbox: true }) })
  return {
    bell,
    /** After this, every outcome is in the database. */
    async stop() {
      running.delete(webhooks)
      await webhooks.stop()
    },
    async call(request: string, accountId: string, given: { body?: object; query?: object } = {}) {
      const [method, path = ''] = request.split(' ')
      const parts = path.split('/')
      const params: Record<string, string> = {}
      const route = routes.find((route) => {
        const names = route.path.split('/')
        return (
          route.method === method &&
          names.length === parts.length &&
          names.every((name, at) => {
            if (name.startsWith(':')) params[name.slice(1)] = parts[at]!
            return name.startsWith(':') || name === parts[at]
          })
        )
      })
      const call = { accountId, params, query: {}, ...given } as unknown as Call
      const reply = (await route!.handler(call)) as Extract<Reply, { status: number }>
      // biome-ignore lint/suspicious/noExplicitAny: what a client would see
      return { status: reply.status, body: JSON.parse(JSON.stringify(reply.body ?? null)) as any }
    },
  }
}
afterEach(async () => {
  for (const webhooks of running) await webhooks.stop()
  running.clear()
  await db.pool.query('truncate webhooks, webhook_deliveries, webhook_batches')
  took.removeAllListeners()
  offset = 0
})

const addAccount = statement(
  'test_account',
  `insert into accounts (id, name, created_at) values ($1, 'test', $2)`,
)
export async function newAccount(): Promise<string> {
  const id = newId()
  await db.query(addAccount, [id, clock.now()])
  return id
}
export async function emit(
  accountId: string,
  count = 1,
  name: EventName = 'message.delivered',
): Promise<string[]> {
  const rows = Array.from({ length: count }, (_, at) => ({
    account_id: accountId,
    name,
    payload: { message_id: `msg_${at}` },
  }))
  return db.transaction((tx) => insertEvents(tx, rows, clock.now()))
}
export const idOf = (taken: Taken) => taken.headers['webhook-id'] as string
export const tally = (taken: Taken[]) => new Set(taken.map(idOf)).size
