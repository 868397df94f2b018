/**
 * Priority classes in strict order, first out first. `onUncertain` is what happens to a message whose fate
 * nobody knows (link lost between write and answer): `resend` by any route at once, `wait` for a late answer or
 * receipt and then resend, or `expire` after waiting for as long as the message is valid. Every resend is
 * flagged `possible_duplicate`.
 */
export interface LanePolicy {
  readonly onUncertain: 'resend' | 'wait' | 'expire'
  /** How long a message without `expires_at` stays worth delivering, in milliseconds. */
  readonly validityMs: number
}

const minute = 60_000
const hour = 60 * minute

export const lanes = {
  alert: { onUncertain: 'resend', validityMs: 24 * hour },
  code: { onUncertain: 'resend', validityMs: 10 * minute },
  transactional: { onUncertain: 'wait', validityMs: 72 * hour },
  conversation: { onUncertain: 'wait', validityMs: 72 * hour },
  // An advert twice costs trust and money, an advert lost costs little: wait to the end, never resend.
  marketing: { onUncertain: 'expire', validityMs: 24 * hour },
} as const satisfies Record<string, LanePolicy>

export type Lane = keyof typeof lanes
export const laneNames = Object.keys(lanes) as Lane[]

/** Lanes from the top down to this one use what is kept of a window, and are not made to wait for company. */
export const lastUrgent: Lane = 'code'
export const isUrgent = (lane: Lane): boolean => laneNames.indexOf(lane) <= laneNames.indexOf(lastUrgent)
