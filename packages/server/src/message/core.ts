import type { Idempotency } from '../idempotency.ts'
import type { Accepted, Draft, Refused } from './draft.ts'
import type { Lane } from './lane.ts'
import type { State } from './state.ts'

/** What the doors of the house (HTTP today, SMPP and vendor dialects later) may ask of messages. */
export interface MessageCore {
  /**
   * Resolves after COMMIT, results in the order of the drafts. With `idempotency` the first answer of the
   * last 24 hours comes again. Throws `idempotency_conflict`, `overloaded` or `database_unavailable`.
   */
  accept(
    accountId: string,
    drafts: readonly Draft[],
    idempotency?: Idempotency,
  ): Promise<(Accepted | Refused)[]>
  /** Newest first. */
  list(accountId: string, filter: MessageFilter): Promise<MessageRow[]>
  get(accountId: string, id: string): Promise<MessageDetail | undefined>
  /** Throws `not_found` or `not_cancellable`. */
  cancel(accountId: string, id: string): Promise<MessageDetail>
}

/** All given conditions hold. Ids are bare UUIDs; `before` and `after` are exclusive. */
export interface MessageFilter {
  direction?: 'outbound' | 'inbound'
  states?: readonly State[]
  lane?: Lane
  to?: string
  from?: string
  clientRef?: string
  since?: Date
  until?: Date
  /** Older than this message. */
  before?: string
  /** Newer than this message. */
  after?: string
  limit: number
}

/** A row of `messages` as it is read, in the columns' names. `id` is the bare UUID. */
export interface MessageRow {
  id: string
  direction: 'outbound' | 'inbound'
  channel: string
  state: State
  lane: Lane | null
  sender: string | null
  recipient: string
  body: string
  encoding: 'gsm7' | 'ucs2'
  segments: number
  client_ref: string | null
  error_code: string | null
  carrier_code: string | null
  possible_duplicate: boolean
  /** What it is about; bare UUID. */
  topic_id: string | null
  send_at: Date | null
  expires_at: Date | null
  created_at: Date
  updated_at: Date
  final_at: Date | null
}

export interface SegmentRow {
  /** From 1. */
  index: number
  attempt: number
  state: State
  remote_id: string
  /** The submit_sm as it went out, when KURZPOST_TRACE_PDUS is on. */
  request: Buffer | null
  receipts: { state: string; at: string; error?: string | null; text?: string | null }[]
  submitted_at: Date
  final_at: Date | null
}

/** Why a message is not sent yet. */
export interface Waiting {
  /** For programs. */
  code: string
  /** For people. */
  sentence: string
  /** By its name. */
  carrier?: string
  /** When something will come of it at the latest, ISO. */
  until?: string
  /** What the sentence counts and names, for whoever says it in another language. */
  facts?: WaitingFacts
}

export interface WaitingFacts {
  /** What the carrier answered. */
  error?: string
  /** Whose limit it is; without one, the account's. */
  sender?: string
  segments_per_second?: number
  /** Messages that go first, each up to 1,000. */
  ahead_in_lane?: number
  ahead_in_higher_lanes?: number
  /** Of its path, with the code of how each stands and how many links it shall have. */
  carriers?: { name: string; code: string; links: number }[]
}

export interface MessageDetail extends MessageRow {
  timeline: ({ state: string; at: string } & Record<string, unknown>)[]
  /** Inbound: which capabilities were asked and which took it. */
  trace: unknown
  /** What carriers answered for, by attempt and index; nothing before the first answer. */
  segment_rows: SegmentRow[]
}
