import type { EventName, EventPayload, StoredEvent } from './events.ts'
import type { Incoming } from './inbound/incoming.ts'
import type { Log } from './log.ts'
import type { Accepted, Draft, Refused } from './message/draft.ts'
import type { Route } from './route.ts'
import type { Tx } from './store/db.ts'

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
  id(): string
  log: Log
}

export type Verdict =
  | { verdict: 'pass' }
  | { verdict: 'amend'; draft: Draft }
  | { verdict: 'refuse'; code: string; message: string }

/** What a capability gives to the house. Everything but the name is optional. */
export interface Capability {
  /** URL prefix `/v1/<name>…`, table, job and error prefix. */
  readonly name: string
  readonly routes?: readonly Route[]
  /** Judges outbound drafts in batches, before they are accepted. */
  readonly gate?: (accountId: string, drafts: readonly Draft[], tx: Tx) => Promise<Verdict[]>
  /** True when this inbound message is mine; nobody further is asked. */
  readonly claim?: (incoming: Incoming, tx: Tx) => boolean | Promise<boolean>
  readonly jobs?: Readonly<Record<string, (payload: unknown, platform: Platform) => Promise<void>>>
  /** Called in the transaction of the change, batched. */
  readonly on?: { [E in EventName]?: (events: readonly StoredEvent<E>[], tx: Tx) => Promise<void> }
}

export type CapabilityFactory = (platform: Platform) => Capability
