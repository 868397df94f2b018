import { after } from 'node:test'
import { findByHashes } from '../accounts/holders.ts'
import { createKey, ensureFirstAccount } from '../accounts/keys.ts'
import { createBell } from '../bell.ts'
import { type Clock, systemClock } from '../clock.ts'
import { silentLog } from '../log.ts'
import { createAccept } from '../message/accept.ts'
import type { MessageCore } from '../message/core.ts'
import { createMessages } from '../message/messages.ts'
import { createReferences } from '../message/reference.ts'
import { createMetrics } from '../metrics.ts'
import { createEmit } from '../outbox/emit.ts'
import { type Route, type Scope, scopeNames } from '../route.ts'
import type { Db } from '../store/db.ts'
import { testDatabase } from '../store/testing.ts'
import { type Authenticator, createAuthenticator } from './auth.ts'
import { createHttpServer, type HttpOptions, type HttpServer } from './server.ts'

/** What an answer was, with its body read as JSON where it is JSON. */
export interface Answer {
  status: number
  headers: Headers
  // biome-ignore lint/suspicious/noExplicitAny: tests look into bodies of every shape
  body: any
}

/** `body` is sent as JSON, text and bytes as they are. */
export type Client = (
  method: string,
  path: string,
  body?: unknown,
  headers?: Record<string, string>,
) => Promise<Answer>

export interface TestApi {
  server: HttpServer
  db: Db
  core: MessageCore
  authenticator: Authenticator
  accountId: string
  /** Asks with a key that may do everything. */
  ask: Client
  /** The same with another key, or with none. */
  as(token: string | undefined): Client
  /** A new key's token. */
  key(...scopes: Scope[]): Promise<string>
}

/** An HTTP server on a database of its own with the real message core; nothing leaves it, for nothing is dispatched. */
export async function testApi(
  routes: (parts: { core: MessageCore; db: Db; authenticator: Authenticator }) => Route[],
  options: Partial<HttpOptions> & { clock?: Clock } = {},
): Promise<TestApi> {
  const { clock = systemClock, ...rest } = options
  const { db } = await testDatabase()
  const bell = createBell()
  const emit = createEmit(() => ({}))
  const accept = createAccept({
    db,
    clock,
    bell,
    emit,
    rules: { country: 'DE', lenient: true, defaultSender: null, maxSegments: 10 },
    gates: () => [],
    mayUse: () => true,
    reference: createReferences(),
    paths: (facts) => facts.map(() => 1),
    maxWaiting: 20_000,
  })
  const core = createMessages({ db, clock, bell, emit, accept })
  const authenticator = createAuthenticator((hashes) => findByHashes(db, clock, hashes), clock)
  const { id: accountId } = await ensureFirstAccount(db, clock)
  const server = await createHttpServer({
    config: { host: '127.0.0.1', port: 0, publicUrl: undefined },
    log: silentLog,
    routes: routes({ core, db, authenticator }),
    authenticator,
    metrics: createMetrics(),
    version: '0.0.0',
    ...rest,
  })
  after(() => server.close())
  const key = async (...scopes: Scope[]) =>
    (await createKey(db, accountId, { name: 'test', scopes }, clock.now())).token
  const as = (token: string | undefined) => client(server.url, token)
  return { server, db, core, authenticator, accountId, key, as, ask: as(await key(...scopeNames)) }
}

export function client(url: string, token: string | undefined): Client {
  return async (method, path, body, headers = {}) => {
    const response = await fetch(new URL(path, url), {
      method,
      redirect: 'manual',
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined
        ? {}
        : { body: typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body) }),
    } as RequestInit)
    const text = await response.text()
    const isJson = response.headers.get('content-type')?.startsWith('application/json')
    return {
      status: response.status,
      headers: response.headers,
      body: isJson && text !== '' ? JSON.parse(text) : text,
    }
  }
}
