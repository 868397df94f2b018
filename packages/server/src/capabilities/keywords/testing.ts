import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after } from 'node:test'
import { createBell } from '../../bell.ts'
import { createGuard } from '../../egress.ts'
import { createInbound } from '../../inbound/receive.ts'
import { prepareJobs, startJobs } from '../../jobs/start.ts'
import { silentLog } from '../../log.ts'
import { ask, handClock, testAccept, testOwner } from '../../message/testing.ts'
import { createEmit } from '../../outbox/emit.ts'
import { type Capability, createPlatform, listenersOf, tasksOf } from '../../platform.ts'
import type { Route } from '../../route.ts'
import { keyring } from '../../store/installation.store.ts'
import { testDatabase } from '../../store/testing.ts'
import { compile, demand } from '../../validation.ts'
import { createKeywords } from './keywords.ts'

export const ourNumber = '12345'
export const phone = '+4915123456789'

export interface Trace {
  taken_by: string | null
  code: string | null
  sentence: string | null
}

/** Keyword services over a database of their own: texts come in as from a network, answers are queued and stay there. */
export async function keywordsBench(options: { others?: readonly Capability[]; jobs?: boolean } = {}) {
  const { db } = await testDatabase()
  const { accountId, carrierId } = await testOwner(db)
  const clock = handClock()
  let capabilities: readonly Capability[] = []
  const emit = createEmit(() => listenersOf(capabilities))
  const accept = testAccept({ db, clock, emit })
  const platform = createPlatform('keywords', {
    ...{ db, clock, bell: createBell(), log: silentLog, accept, emit },
    keyed: await keyring(db),
    numbers: { country: 'DE', lenient: true },
    outbound: createGuard({ sandbox: true }),
    baseUrl: () => 'https://sms.example.org',
  })
  const keywords = createKeywords(platform)
  capabilities = [...(options.others ?? []), keywords]
  if (options.jobs) {
    const jobs = await startJobs({ db, log: silentLog, tasks: tasksOf([keywords]) })
    after(() => jobs.stop())
  } else await prepareJobs(db)
  const inbound = createInbound({
    ...{ db, clock, bell: createBell(), log: silentLog, emit },
    claimers: () => capabilities,
  })

  /** Calls a route as the server does, and gives back its body; throws what it throws. */
  async function call(
    method: Route['method'],
    path: string,
    given: { body?: unknown; params?: object; query?: object; account?: string } = {},
    // biome-ignore lint/suspicious/noExplicitAny: tests look into bodies of every shape
  ): Promise<any> {
    const route = keywords.routes!.find((each) => each.method === method && each.path === path)!
    if (route.body) demand(compile(route.body), given.body)
    const asked = { accountId: given.account ?? accountId, body: given.body, params: given.params ?? {} }
    const reply = await route.handler({ ...asked, query: given.query ?? {} } as never)
    return JSON.parse(JSON.stringify(('body' in reply ? reply.body : null) ?? null))
  }

  const receive = (text: string, from = phone, to = ourNumber) =>
    inbound.receive({ carrierId }, { from, to, text, encoding: 'gsm7', concat: null })

  return {
    ...{ db, clock, accountId, carrierId, platform, keywords, inbound, receive, call },
    add: (body: object) => call('POST', '/v1/keyword-services', { body }),
    /** What went out, in its order. */
    sent: async (to = phone) => {
      const rows = await ask<{ body: string }>(
        db,
        `select body from messages where direction = 'outbound' and recipient = $1 order by id`,
        [to],
      )
      return rows.map(({ body }) => body)
    },
    /** What became of the last text that came in. */
    trace: async () =>
      (
        await ask<{ trace: Trace }>(
          db,
          `select trace from messages where direction = 'inbound' order by id desc limit 1`,
        )
      )[0]!.trace,
    events: (name: string) =>
      ask<{ payload: Record<string, unknown> }>(db, 'select payload from events where name = $1', [name]),
  }
}

/** A source on this machine, which answers as it is told. */
export async function testSource(
  handler: (request: IncomingMessage, response: ServerResponse, body: string) => void,
): Promise<{ url: string; server: Server; asked: string[] }> {
  const asked: string[] = []
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    asked.push(`${request.method} ${request.url}`)
    handler(request, response, body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  after(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server, asked }
}
