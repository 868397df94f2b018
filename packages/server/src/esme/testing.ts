import { after } from 'node:test'
import { type ClientOptions, createClient, type Pdu, parseReceipt, type Receipt } from '@kurzpost/smpp'
import { createBell } from '../bell.ts'
import { systemClock as clock } from '../clock.ts'
import { parseId, publicId, uuidv7 } from '../ids.ts'
import { createLog } from '../log.ts'
import type { Gate } from '../message/gate.ts'

const log = createLog('error')

import { createMessages } from '../message/messages.ts'
import { movedEvents } from '../message/moved.ts'
import type { State } from '../message/state.ts'
import { move } from '../message/store.ts'
import { testAccept, testOwner } from '../message/testing.ts'
import { createEmit } from '../outbox/emit.ts'
import { insertEvents } from '../outbox/store.ts'
import type { Db } from '../store/db.ts'
import type { Entrance } from './door.ts'
import { createLogins, type LoginWish } from './logins.ts'
import { startSmppDoor } from './start.ts'

/** A door without the rest of the house: messages are accepted, and reach their end when a test says so. */
export async function openTestDoor(
  db: Db,
  options: {
    node?: number
    entrance?: Partial<Entrance>
    gates?: readonly Gate[]
    maxWaiting?: number
    keepMs?: number
    accountId?: string
    mayUse?: (accountId: string, sender: string) => boolean
  } = {},
) {
  const { node = await testNode(db), keepMs = 3_600_000 } = options
  const accountId = options.accountId ?? (await testOwner(db)).accountId
  const bell = createBell()
  const accept = testAccept({
    db,
    clock,
    gates: options.gates ?? [],
    ...(options.mayUse && { mayUse: options.mayUse }),
    ...(options.maxWaiting !== undefined && { maxWaiting: options.maxWaiting }),
  })
  const emit = createEmit(() => ({}))
  const messages = createMessages({ db, clock, bell, emit, accept })
  const door = await startSmppDoor({
    entrances: [{ host: '127.0.0.1', port: 0, ...options.entrance }],
    ...{ db, clock, bell, log, node, accept, keepMs },
    cancel: messages.cancel,
    stopGraceMs: 1_000,
  })
  after(() => door.stop())
  const logins = createLogins({ db, clock, bell })
  let named = 0
  return {
    db,
    node,
    door,
    bell,
    logins,
    accountId,
    port: door.ports[0]!,
    /** A login and its password. */
    async login(wish: Partial<LoginWish> = {}) {
      const system_id = wish.system_id ?? `sys${node}_${++named}`
      const { login, password } = await logins.add(accountId, { ...wish, system_id })
      return { ...login, bare: parseId('login', login.id)!, systemId: system_id, password }
    },
    bind: (who: { systemId: string; password: string }, more: Partial<ClientOptions> = {}) =>
      bindTo(door.ports[0]!, who, more),
    /** Ends a message as the network would have it. */
    async end(messageId: string, state: State, carrierCode: string | null = null) {
      const id = parseId('message', messageId)!
      const now = clock.now()
      await db.transaction(async (tx) => {
        const steps = [{ state, at: now.toISOString() }]
        const failed = state === 'delivered' ? {} : { error_code: 'undelivered', carrier_code: carrierCode }
        const moved = await move(
          tx,
          [
            {
              account_id: accountId,
              id,
              to: state,
              steps,
              from: ['queued', 'submitted', 'undelivered', 'expired'],
              ...failed,
            },
          ],
          now,
        )
        await insertEvents(tx, movedEvents(moved), now)
      })
      bell.ring('outbox')
    },
    /** A message from a phone. */
    async arrive(from: string, to: string, text: string) {
      const now = clock.now()
      const id = uuidv7(now.getTime())
      const payload = {
        message_id: publicId('message', id),
        from,
        to,
        text,
        segments: 1,
        complete: true,
        claimed_by: null,
      }
      await insertEvents(db, [{ account_id: accountId, name: 'message.received', payload }], now)
      bell.ring('outbox')
    },
  }
}

/** A node that shows that it lives, by its row and its lock, until the tests are done or it is killed. */
export async function testNode(db: Db, kill?: (end: () => Promise<void>) => void): Promise<number> {
  const session = await db.connect()
  const { rows } = await session.query(
    `insert into nodes (started_at, seen_at, incarnation) values (now(), now() + interval '1 hour', incarnation()) returning number`,
  )
  const { number } = rows[0] as { number: number }
  await session.query('select pg_advisory_lock(7678, $1)', [number])
  let ended = false
  const end = async () => {
    if (ended) return
    ended = true
    await session.query(`update nodes set seen_at = '-infinity' where number = $1`, [number])
    await session.end()
  }
  kill?.(end)
  after(end)
  return number
}

/** An ESME with our own client: what it gets, and a promise for more of it. */
export async function bindTo(
  port: number,
  { systemId, password }: { systemId: string; password: string },
  more: Partial<ClientOptions> = {},
) {
  const got: Pdu[] = []
  const waiting = new Set<() => void>()
  const { onRequest, ...rest } = more
  const client = createClient({
    ...{ host: '127.0.0.1', port, systemId, password, reconnect: false },
    onRequest(pdu) {
      got.push(pdu as Pdu)
      for (const look of [...waiting]) look()
      return onRequest ? onRequest(pdu) : {}
    },
    ...rest,
  })
  await client.connect({ signal: AbortSignal.timeout(20_000) })
  after(() => client.destroy())
  const delivered = () => got.filter((pdu) => pdu.command === 'deliver_sm')
  return {
    client,
    got: delivered,
    receipts: (): Receipt[] => delivered().flatMap((pdu) => parseReceipt(pdu) ?? []),
    /** Resolves when so many deliver_sm have come. */
    async deliveries(count: number) {
      while (delivered().length < count)
        await new Promise<void>((resolve) => {
          const look = () => {
            waiting.delete(look)
            resolve()
          }
          waiting.add(look)
        })
      return delivered()
    },
    send: (text: string, fields: Parameters<typeof client.submit>[0] = {}) =>
      client.submit({
        ...{ source_addr_ton: 5, source_addr: 'Shop', dest_addr_ton: 1, dest_addr_npi: 1 },
        ...{ destination_addr: '4915123456789', short_message: Buffer.from(text) },
        ...fields,
      }),
  }
}
