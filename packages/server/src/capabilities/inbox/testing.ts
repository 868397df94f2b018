import { after } from 'node:test'
import { findByHashes } from '../../accounts/holders.ts'
import { createKey } from '../../accounts/keys.ts'
import { createBell } from '../../bell.ts'
import { createGuard } from '../../egress.ts'
import { createAuthenticator } from '../../http/auth.ts'
import { createHttpServer } from '../../http/server.ts'
import { type Client, client } from '../../http/testing.ts'
import { publicId } from '../../ids.ts'
import type { Claimer } from '../../inbound/claim.ts'
import { createInbound } from '../../inbound/receive.ts'
import { prepareJobs } from '../../jobs/start.ts'
import { silentLog } from '../../log.ts'
import { ask, handClock, testAccept, testOwner } from '../../message/testing.ts'
import { createMetrics } from '../../metrics.ts'
import { createEmit } from '../../outbox/emit.ts'
import { type Capability, createPlatform, listenersOf, type Platform } from '../../platform.ts'
import { scopeNames } from '../../route.ts'
import { type Db, openDb } from '../../store/db.ts'
import { keyring } from '../../store/installation.store.ts'
import { testDatabase } from '../../store/testing.ts'
import { createInbox } from './inbox.ts'

/** One process with an inbox: it receives, answers and says what happened. */
export interface Node {
  platform: Platform
  inbox: Capability
  /** What somebody writes to us. */
  receive(text: string, from?: string, to?: string): Promise<void>
}

export interface Bench extends Node {
  db: Db
  clock: ReturnType<typeof handClock>
  accountId: string
  /** Another process on the same database. */
  node(claimers?: readonly Claimer[]): Promise<Node>
  /** The API, asked by somebody of this name with a key of their own. */
  agent(name: string): Promise<Client & { id: string }>
  /** Lets the inbox hear what has been committed since the last time. */
  follow(): Promise<void>
  /** Payloads of the events of this name so far, oldest first. */
  events(name: string): Promise<Record<string, unknown>[]>
  /** Texts of outbound messages to a number, oldest first. */
  sent(to: string): Promise<string[]>
}

export const ours = '+4930901820'
export const ada = '+4915123456789'

/** Everything around an inbox but carriers: what is sent is queued and stays there. */
export async function inboxBench(): Promise<Bench> {
  const { db, url } = await testDatabase({ connections: 8 })
  await prepareJobs(db)
  const { accountId, carrierId } = await testOwner(db)
  const clock = handClock()
  const keyed = await keyring(db)

  async function make(own: Db, before: readonly Claimer[] = []): Promise<Node> {
    let capabilities: readonly Capability[] = []
    const emit = createEmit(() => listenersOf(capabilities))
    const bell = createBell()
    const accept = testAccept({ db: own, clock, emit })
    const platform = createPlatform('inbox', {
      ...{ db: own, clock, bell, log: silentLog, accept, emit, keyed },
      numbers: { country: 'DE', lenient: true },
      outbound: createGuard({ sandbox: true }),
      baseUrl: () => 'https://sms.example.org',
    })
    const inbox = createInbox(platform)
    capabilities = [inbox]
    const inbound = createInbound({
      ...{ db: own, clock, bell, log: silentLog, emit },
      claimers: () => [...before, inbox],
    })
    return {
      platform,
      inbox,
      receive: (text, from = ada, to = ours) =>
        inbound.receive({ carrierId }, { from, to, text, encoding: 'gsm7', concat: null }),
    }
  }
  const first = await make(db)
  const authenticator = createAuthenticator((hashes) => findByHashes(db, clock, hashes), clock)
  const server = await createHttpServer({
    config: { host: '127.0.0.1', port: 0, publicUrl: undefined },
    ...{ log: silentLog, authenticator, metrics: createMetrics(), version: '0.0.0' },
    routes: [...first.inbox.routes!],
  })
  after(() => server.close())
  let heard = 0

  return {
    ...first,
    db,
    clock,
    accountId,
    async node(claimers) {
      const other = openDb(url, { max: 4, log: silentLog, name: 'other node' })
      after(() => other.close())
      return make(other, claimers)
    },
    async agent(name) {
      const { token, key } = await createKey(db, accountId, { name, scopes: scopeNames }, clock.now())
      return Object.assign(client(server.url, token), { id: publicId('key', key.id) })
    },
    async follow() {
      const rows = await ask<{ name: 'message.received'; payload: object }>(
        db,
        'select name, payload from events order by xid, seq',
      )
      const fresh = rows.slice(heard)
      heard = rows.length
      for (const [name, those] of Map.groupBy(fresh, (row) => row.name)) {
        const listener = first.inbox.follow?.[name]
        if (!listener) continue
        const told = those.map(({ payload }) => ({ account_id: accountId, name, payload }))
        await db.transaction((tx) => listener(told, tx))
      }
    },
    async events(name) {
      const rows = await ask<{ payload: Record<string, unknown> }>(
        db,
        'select payload from events where name = $1 order by xid, seq',
        [name],
      )
      return rows.map(({ payload }) => payload)
    },
    async sent(to) {
      const rows = await ask<{ body: string }>(
        db,
        `select body from messages where direction = 'outbound' and recipient = $1 order by id`,
        [to],
      )
      return rows.map(({ body }) => body)
    },
  }
}
