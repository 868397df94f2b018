/**
 * Priority classes in strict order, first out first. `onUncertain` is what happens to a message whose fate
 * nobody knows (link lost between write and answer): `resend` by any route at once, or `wait` for a late
 * answer or receipt for `graceMs` and then do as `after` says. Every resend is flagged `possible_duplicate`.
 */
export interface LanePolicy {
  readonly onUncertain: 'resend' | 'wait'
  readonly graceMs: number
  readonly after: 'resend' | 'expire'
  /** How long a message without `expires_at` stays worth delivering. */
  readonly validityMs: number
}

const minute = 60_000
const hour = 60 * minute

export const lanes = {
  alert: { onUncertain: 'resend', graceMs: 0, after: 'resend', validityMs: 24 * hour },
  code: { onUncertain: 'resend', graceMs: 0, after: 'resend', validityMs: 10 * minute },
  transactional: { onUncertain: 'wait', graceMs: 2 * minute, after: 'resend', validityMs: 72 * hour },
  conversation: { onUncertain: 'wait', graceMs: 2 * minute, after: 'resend', validityMs: 72 * hour },
  // An advert twice costs trust and money, an advert lost costs little: wait to the end, never resend.
  marketing: { onUncertain: 'wait', graceMs: 24 * hour, after: 'expire', validityMs: 24 * hour },
} as const satisfies Record<string, LanePolicy>

export type Lane = keyof typeof lanes
export const laneNames = Object.keys(lanes) as Lane[]
