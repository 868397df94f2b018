import { createBell } from '../../bell.ts'
import { type Clock, systemClock } from '../../clock.ts'
import { createGuard } from '../../egress.ts'
import { prepareJobs } from '../../jobs/start.ts'
import { silentLog } from '../../log.ts'
import type { Gate } from '../../message/gate.ts'
import { testAccept, testOwner } from '../../message/testing.ts'
import { createEmit, type Emit, type Listeners } from '../../outbox/emit.ts'
import { createPlatform, type Platform } from '../../platform.ts'
import { type Route, scopeNames } from '../../route.ts'
import type { Db } from '../../store/db.ts'
import { keyring } from '../../store/installation.store.ts'
import { testDatabase } from '../../store/testing.ts'

export interface Bench {
  db: Db
  platform: Platform
  accountId: string
}

/** A platform for contacts over a database of its own; what is sent is queued and stays there. */
export async function contactsBench(
  options: {
    gates?: readonly Gate[]
    listeners?: Listeners
    clock?: Clock
    priceOf?: Platform['priceOf']
  } = {},
): Promise<Bench> {
  const { db } = await testDatabase()
  const { accountId } = await testOwner(db)
  const { clock = systemClock } = options
  await prepareJobs(db)
  const emit: Emit = createEmit(() => options.listeners ?? {})
  const accept = testAccept({ db, clock, emit, gates: options.gates ?? [] })
  const platform = createPlatform('contacts', {
    ...{ db, clock, bell: createBell(), log: silentLog, accept, emit },
    keyed: await keyring(db),
    numbers: { country: 'DE', lenient: true },
    ...(options.priceOf && { priceOf: options.priceOf }),
    outbound: createGuard({ sandbox: true }),
    baseUrl: () => 'https://sms.example.org',
  })
  return { db, platform, accountId }
}

/** Asks a route as its caller would, past the web framework: for answers that need no server. */
export async function asks(
  routes: readonly Route[],
  accountId: string,
  request: string,
  given: { body?: unknown; query?: object; id?: string; headers?: object } = {},
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
): Promise<any> {
  const [method, path] = request.split(' ')
  const route = routes.find((each) => each.method === method && each.path === path)
  if (!route) throw new Error(`there is no ${request}`)
  const { body, query = {}, id, headers = {} } = given
  const call = {
    accountId,
    scopes: new Set(scopeNames),
    body,
    query,
    params: { id },
    headers,
    masked: false,
    actor: null,
  }
  const reply = await route.handler(call as never)
  return 'body' in reply ? reply.body : undefined
}
