/** What the HTTP API answers, as far as the console reads it. All times are ISO 8601 in UTC. */
export type State =
  | 'accepted'
  | 'scheduled'
  | 'queued'
  | 'on_wire'
  | 'submitted'
  | 'delivered'
  | 'undelivered'
  | 'expired'
  | 'rejected'
  | 'uncertain'
  | 'cancelled'
  | 'received'

export const lanes = ['alert', 'code', 'transactional', 'conversation', 'marketing'] as const
export type Lane = (typeof lanes)[number]

/** An estimate. */
export interface Price {
  amount: number
  /** ISO 4217 */
  currency: string
}

export interface Message {
  id: string
  direction: 'outbound' | 'inbound'
  channel: string
  state: State
  lane: Lane | null
  from: string | null
  to: string
  text: string
  encoding: 'gsm7' | 'ucs2'
  segments: number
  client_ref: string | null
  possible_duplicate: boolean
  error: { code: string; message: string; carrier_code: string | null } | null
  created_at: string
  send_at: string | null
  expires_at: string | null
  updated_at: string
  final_at: string | null
}

export interface SegmentDetail {
  index: number
  text: string
  units: number
  state: State
  remote_id: string | null
  attempt: number
  submitted_at: string | null
  final_at: string | null
  request: { hex: string; decoded: unknown } | null
  receipts: { state: string; error: string | null; at: string; text: string | null }[]
}

export interface TimelineEntry {
  state: State
  at: string
  attempt?: number
  carrier?: string
  remote_id?: string
  error?: unknown
  [detail: string]: unknown
}

/** Why a message is not on its way yet. */
export interface Waiting {
  code: string
  sentence: string
  carrier?: string
  until?: string
  facts?: {
    error?: string
    sender?: string
    segments_per_second?: number
    /** Messages that go first, each counted to 1,000. */
    ahead_in_lane?: number
    ahead_in_higher_lanes?: number
    carriers?: { name: string; code: string; links: number }[]
  }
}

export interface MessageDetail extends Message {
  segment_list: SegmentDetail[]
  timeline: TimelineEntry[]
  /** Why it is not on its way yet; null once it is. */
  waiting?: Waiting | null
  trace?: unknown
}

export interface MessagePage {
  data: Message[]
  next: string | null
}

export interface Accepted {
  id: string
  state: State
  encoding: 'gsm7' | 'ucs2'
  segments: number
  to: string
}

export interface DraftBody {
  to: string
  text: string
  from?: string
  lane?: Lane
  send_at?: string
  encoding?: 'gsm7' | 'ucs2'
}

export interface Info {
  version: string
  sandbox: boolean
  country: string
  default_sender: string | null
  /** Of the costs of routes; ISO 4217. */
  currency: string | null
  account: { id: string; name: string }
  public_url: string | null
  /** What the key may do. */
  scopes: string[]
}

export interface HandsetMessage {
  id: string
  direction: 'in' | 'out'
  from: string | null
  to: string
  text: string
  at: string
  encoding: string
  segments: number
}

/** One entry of `/v1/events`. */
export interface ApiEvent {
  id: string
  type: string
  at: string
  data: { message_id?: string; state?: State; possible_duplicate?: boolean; [field: string]: unknown }
}
