/**
 * The life of a message, in one table. The database CHECK, the allowed `from` states of every UPDATE and
 * the drawing in docs/states.md are derived from it; `state.test.ts` holds the three together.
 */
export const transitions = {
  accepted: ['scheduled', 'queued'],
  scheduled: ['queued', 'cancelled', 'expired'],
  // A resent message waits in `queued` while its first attempt may still be answered or receipted.
  queued: ['on_wire', 'cancelled', 'expired', 'rejected', 'submitted', 'delivered'],
  on_wire: ['submitted', 'queued', 'uncertain', 'rejected', 'expired', 'delivered', 'undelivered'],
  uncertain: ['queued', 'submitted', 'delivered', 'undelivered', 'expired', 'rejected'],
  submitted: ['delivered', 'undelivered', 'expired', 'rejected'],
  // A phone that says "received" outranks a network or a clock that gave up (smpp-interop group 35).
  undelivered: ['delivered'],
  expired: ['delivered'],
  rejected: ['delivered'],
  delivered: [],
  cancelled: [],
  /** Inbound messages are committed whole; nothing moves them afterwards. */
  received: [],
} as const satisfies Record<string, readonly string[]>

export type State = keyof typeof transitions
export const states = Object.keys(transitions) as State[]

/** States after which Kurzpost does nothing more of its own accord. */
export const finalStates = [
  'delivered',
  'undelivered',
  'expired',
  'rejected',
  'cancelled',
  'received',
] as const satisfies State[]
export const isFinal = (state: State): boolean => (finalStates as readonly State[]).includes(state)

/** The states from which `to` may be entered. */
export function allowedFrom(to: State): State[] {
  return states.filter((from) => (transitions[from] as readonly State[]).includes(to))
}

/**
 * The same as the `state` column has them: the guard of every UPDATE. A claim lists its messages in a row of its own
 * and leaves theirs alone, so `on_wire` stands as `queued` in the column, and readers tell the two apart.
 */
export function storedFrom(to: State): State[] {
  return [...new Set(allowedFrom(to).map((from) => (from === 'on_wire' ? 'queued' : from)))]
}
