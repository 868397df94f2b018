import type { Bell } from './bell.ts'
import type { Clock } from './clock.ts'
import type { Guard } from './egress.ts'
import type { EventName, EventPayload } from './events.ts'
import type { Idempotency } from './idempotency.ts'
import { uuidv7 } from './ids.ts'
import type { Claims } from './inbound/claim.ts'
import type { Cron, Task } from './jobs/start.ts'
import { later } from './jobs/store.ts'
import { keyedHash } from './keyed-hash.ts'
import type { Log } from './log.ts'
import type { Accept } from './message/accept.ts'
import type { Accepted, Draft, Hold, Refused } from './message/draft.ts'
import type { Gate } from './message/gate.ts'
import type { WaitingFilter } from './message/hold.store.ts'
import { hold, withdraw } from './message/hold.ts'
import { once } from './message/once.ts'
import type { PriceOf } from './message/price.ts'
import type { Emit, Listener, Listeners } from './outbox/emit.ts'
import type { Follower } from './outbox/follower.ts'
import type { Route } from './route.ts'
import type { Db, Tx } from './store/db.ts'

/** What the house gives to a capability. */
export interface Platform {
  /** The only way out: every draft passes every gate. Results stand in the order of the drafts. */
  send(accountId: string, drafts: readonly Draft[], tx: Tx): Promise<(Accepted | Refused)[]>
  /** Whether an account may send as that number or name: for what is planned now and sent later. */
  mayUse(accountId: string, sender: string): boolean
  /**
   * Cancels messages that wait in the queue; the code is their error. What is on its way already is not called back.
   * Returns how many.
   */
  withdraw(accountId: string, filter: WaitingFilter, reason: Hold, tx: Tx): Promise<number>
  /** Makes messages wait until `until` that are ready to go or would be before; their pages say why. Ids are bare. Returns how many do. */
  hold(accountId: string, ids: readonly string[], until: Date, reason: Hold, tx: Tx): Promise<number>
  /**
   * Runs `job` of this capability at `when`, once the transaction has committed. With `key`, a job of this capability
   * that waits under that key is replaced.
   */
  later(job: string, payload: object, when: Date, tx: Tx, key?: string): Promise<void>
  /**
   * Does what a request asks for once under its key, and gives the first answer, which must be JSON, whenever it is asked again
   * within a day. Without a key it just does it. Throws `idempotency_conflict`.
   */
  once<T>(accountId: string, key: Idempotency | undefined, tx: Tx, work: () => Promise<T>): Promise<T>
  emit<E extends EventName>(
    accountId: string,
    name: E,
    payloads: readonly EventPayload<E>[],
    tx: Tx,
  ): Promise<void>
  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>
  /** For reading, outside of a transaction. */
  db: Tx
  bell: Bell
  now(): Date
  /** A new UUIDv7. */
  id(): string
  /** 32 octets that stay the same for a purpose, and say nothing about those of another. */
  keyed(purpose: string): Buffer
  /**
   * How an address is called wherever nobody may read it: an HMAC under a key of the installation, the same for every
   * capability, so that their tables can be joined by it. Takes E.164, or an e-mail address in small letters.
   */
  addressKey(address: string): Buffer
  /** How numbers are read that people have typed: see message/address.ts. */
  numbers: { country: string; lenient: boolean }
  /** What a segment is likely to cost: for showing before something goes out. */
  priceOf: PriceOf
  /** The address of a page of ours, as somebody outside has to write it. */
  publicUrl(path: string): string
  /** Where requests of ours may go that people have typed in. */
  outbound: Guard
  log: Log
}

/** What a capability gives to the house. Everything but the name is optional. */
export interface Capability {
  /** URL prefix `/v1/<name>…`, table, job and error prefix. */
  readonly name: string
  readonly routes?: readonly Route[]
  /** Judges outbound drafts in batches, before they are accepted. */
  readonly gate?: Gate
  /** Whose an inbound message is, asked in steps. */
  readonly claims?: Claims
  readonly jobs?: Readonly<Record<string, Task>>
  /** Work at fixed times, once in the cluster. Their names get the capability's in front. */
  readonly crons?: readonly Cron[]
  /** Called in the transaction of the change, batched: it must be quick, and its throw undoes the change. */
  readonly on?: Hears
  /** Called soon after the change, batched, at least once, in a transaction of its own: nobody waits for it. */
  readonly follow?: Hears
}

type Hears = { readonly [E in EventName]?: Listener }

export type CapabilityFactory = (platform: Platform) => Capability

/** What capabilities need of the house. */
export interface House {
  db: Db
  clock: Clock
  bell: Bell
  log: Log
  accept: Accept
  emit: Emit
  keyed: (purpose: string) => Buffer
  numbers: Platform['numbers']
  /** Without it nothing has a price. */
  priceOf?: PriceOf
  outbound: Guard
  /** Of the server, without a slash at its end; asked for at each use, for it may be known only once it listens. */
  baseUrl: () => string
}

/** The house as one capability sees it; its jobs are queued under its name. */
export function createPlatform(name: string, house: House): Platform {
  const { db, clock, bell, accept, emit, keyed, numbers, outbound, baseUrl } = house
  const { priceOf = () => null } = house
  const named = (text: string) => `${name}.${text}`
  return {
    send: (accountId, drafts, tx) => accept.acceptIn(tx, accountId, drafts),
    mayUse: (accountId, sender) => accept.mayUse(accountId, sender),
    withdraw: (accountId, filter, reason, tx) => withdraw(tx, emit, accountId, filter, reason, clock.now()),
    hold: (accountId, ids, until, reason, tx) => hold(tx, accountId, ids, until, reason, clock.now()),
    later: (job, payload, when, tx, key) =>
      later(tx, named(job), payload, when, key === undefined ? undefined : named(key)),
    once: (accountId, key, tx, work) => (key ? once(tx, accountId, key, clock.now(), work) : work()),
    emit: (accountId, event, payloads, tx) =>
      emit(
        tx,
        payloads.map((payload) => ({ account_id: accountId, name: event, payload })),
        clock.now(),
      ),
    async transaction(work) {
      const result = await db.transaction(work)
      // What it sent and emitted waits for nobody's next look.
      bell.ring('queue')
      bell.ring('outbox')
      return result
    },
    db,
    bell,
    now: clock.now,
    id: () => uuidv7(clock.now().getTime()),
    keyed: (purpose) => keyed(named(purpose)),
    addressKey: keyedHash(keyed('addresses')),
    numbers,
    priceOf,
    publicUrl: (path) => `${baseUrl()}${path}`,
    outbound,
    log: house.log.child({ capability: name }),
  }
}

/** Who hears which event, in the order of the capabilities. */
export function listenersOf(capabilities: readonly Capability[]): Listeners {
  const listeners: Partial<Record<EventName, Listener[]>> = {}
  for (const { on } of capabilities) {
    for (const [name, listener] of Object.entries(on ?? {}) as [EventName, Listener][]) {
      listeners[name] = [...(listeners[name] ?? []), listener]
    }
  }
  return listeners
}

/** The jobs of all capabilities under the names by which `later` queues them: `<capability>.<job>`. */
export function tasksOf(capabilities: readonly Capability[]): Record<string, Task> {
  return Object.fromEntries(
    capabilities.flatMap(({ name, jobs }) =>
      Object.entries(jobs ?? {}).map(([job, task]) => [`${name}.${job}`, task]),
    ),
  )
}

/** The crons of all capabilities, named `<capability>.<cron>`. */
export const cronsOf = (capabilities: readonly Capability[]): Cron[] =>
  capabilities.flatMap(({ name, crons = [] }) =>
    crons.map((cron) => ({ ...cron, name: `${name}.${cron.name}` })),
  )

/** Those that hear events after their commit. */
export const followersOf = (capabilities: readonly Capability[]): Follower[] =>
  capabilities.flatMap(({ name, follow }) => {
    const heard = Object.entries(follow ?? {}) as [EventName, Listener][]
    if (heard.length === 0) return []
    return [{ name, hears: Object.fromEntries(heard.map(([event, listener]) => [event, [listener]])) }]
  })
