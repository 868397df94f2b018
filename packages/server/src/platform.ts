import type { Bell } from './bell.ts'
import type { Clock } from './clock.ts'
import type { EventName, EventPayload } from './events.ts'
import { uuidv7 } from './ids.ts'
import type { Claim } from './inbound/claim.ts'
import type { Task } from './jobs/start.ts'
import { later } from './jobs/store.ts'
import type { Log } from './log.ts'
import type { Accept } from './message/accept.ts'
import type { Accepted, Draft, Refused } from './message/draft.ts'
import type { Gate } from './message/gate.ts'
import type { Emit, Listener, Listeners } from './outbox/emit.ts'
import type { Route } from './route.ts'
import type { Db, Tx } from './store/db.ts'

/** What the house gives to a capability. */
export interface Platform {
  /** The only way out: every draft passes every gate. Results stand in the order of the drafts. */
  send(accountId: string, drafts: readonly Draft[], tx: Tx): Promise<(Accepted | Refused)[]>
  /** Runs `job` of this capability at `when`, once the transaction has committed. */
  later(job: string, payload: object, when: Date, tx: Tx): Promise<void>
  emit<E extends EventName>(
    accountId: string,
    name: E,
    payloads: readonly EventPayload<E>[],
    tx: Tx,
  ): Promise<void>
  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>
  now(): Date
  /** A new UUIDv7. */
  id(): string
  log: Log
}

/** What a capability gives to the house. Everything but the name is optional. */
export interface Capability {
  /** URL prefix `/v1/<name>…`, table, job and error prefix. */
  readonly name: string
  readonly routes?: readonly Route[]
  /** Judges outbound drafts in batches, before they are accepted. */
  readonly gate?: Gate
  /** True when this inbound message is mine; nobody further is asked. */
  readonly claim?: Claim
  readonly jobs?: Readonly<Record<string, Task>>
  /** Called in the transaction of the change, batched. */
  readonly on?: { readonly [E in EventName]?: Listener }
}

export type CapabilityFactory = (platform: Platform) => Capability

/** The house as one capability sees it; its jobs are queued under its name. */
export function createPlatform(
  name: string,
  house: { db: Db; clock: Clock; bell: Bell; log: Log; accept: Accept; emit: Emit },
): Platform {
  const { db, clock, bell, accept, emit } = house
  const id = () => uuidv7(clock.now().getTime())
  return {
    send: (accountId, drafts, tx) => accept.acceptIn(tx, accountId, drafts),
    later: (job, payload, when, tx) => later(tx, `${name}.${job}`, payload, when),
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
    now: clock.now,
    id,
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
