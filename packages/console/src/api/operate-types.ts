import type { Lane } from './types.ts'

/** What the API says about the operation of the gateway, as far as the console reads it. */
export const modes = ['active', 'paused', 'drained'] as const
export type Mode = (typeof modes)[number]
export type CarrierState = 'up' | 'degraded' | 'down' | 'paused' | 'drained'
export type BindState = 'down' | 'binding' | 'bound' | 'open'
export type Settings = Record<string, unknown>

export interface CarrierBind {
  slot: number
  /** `transceiver`, `transmitter`, `receiver`; what else a kind has. */
  type: string
  state: BindState
  node: number | null
  host: string | null
  since: string | null
  window: number | null
  in_flight: number | null
  /** The contract's share of this bind; null without a limit. */
  segments_per_second: number | null
  /** Segments a second, as measured. */
  rate: number | null
  answer_ms: { p50: number; p99: number } | null
  errors: { code: string; count: number }[]
  last_error: { code: string; at: string } | null
}

export interface Carrier {
  id: string
  name: string
  kind: string
  mode: Mode
  origin: 'api' | 'config'
  settings: Settings
  profile: string | null
  learned: Settings
  health: { state: CarrierState; since: string | null; code: string; sentence: string }
  binds: CarrierBind[]
  queued: number
  created_at: string
  updated_at: string
  revision: number
}

export interface CarrierProfile {
  kind: string
  name: string
  what: string
  settings: Settings
}

export interface Route {
  id: string
  carrier_id: string
  carrier: string
  prefix: string
  account_id: string | null
  lanes: Lane[]
  sender: string | null
  cost: number
  weight: number
  enabled: boolean
}

export interface Explanation {
  carrier: { id: string; name: string } | null
  code: string
  sentence: string
  path: {
    carrier: { id: string; name: string }
    route: Route
    takable: boolean
    code: string
    sentence: string
  }[]
  left_out: {
    route: Route
    carrier: { id: string; name: string }
    code: string
    sentence: string
  }[]
}

export interface RateLimit {
  sender: string | null
  segments_per_second: number
}

export interface Queue {
  lanes: { lane: Lane; ready: number; scheduled: number; uncertain: number; oldest_at: string | null }[]
  on_wire: number
  carriers: { carrier_id: string; carrier: string; ready: number }[]
  no_route: number
  as_of: string
}

export interface Node {
  number: number
  host: string
  pid: number
  version: string
  roles: string[]
  url: string | null
  started_at: string
  seen_at: string
  alive: boolean
  draining: boolean
  binds: { carrier_id: string; carrier: string; slot: number; state: BindState }[]
  report: Record<string, unknown>
}

export interface LoginSession {
  node: number
  bind_type: string
  address: string
  tls: boolean
  since: string
}

export interface Login {
  id: string
  system_id: string
  name: string
  enabled: boolean
  allowed_ips: string[]
  max_binds: number
  window: number
  segments_per_second: number | null
  bind_types: string[]
  lane: Lane
  receives: string[]
  tls_only: boolean
  alphabet: string
  long_inbound: string
  sessions: LoginSession[]
  /** Receipts and inbound messages on their way to it. */
  waiting: {
    count: number
    oldest_at: string | null
    given_up: number
    last_given_up: { at: string; sentence: string } | null
  }
}
