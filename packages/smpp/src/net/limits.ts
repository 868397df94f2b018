/** What bounds one link, of a client and of a server's session alike. */
export interface LimitOptions {
  /** Our requests in flight at most. Default 100. */
  window?: number
  /** Our requests that may wait for a place in the window. Default 10,000. */
  maxWaiting?: number
  /** For an answer, and as long again for a place in the window. Default 30,000. */
  responseTimeoutMs?: number
  /** Silence after which the peer is asked whether it lives. Default 30,000. */
  enquireLinkMs?: number
  /** A client waits so long for the answer to its bind (default 30,000), a server for a stranger's bind (10,000). */
  bindTimeoutMs?: number
  /** How long half a PDU may lie, and half a PROXY header. Default 10,000. */
  readTimeoutMs?: number
  /** How long a peer may leave more than a mebibyte of ours unread. Default 30,000. */
  writeTimeoutMs?: number
  /** Requests of the peer without an answer at most, with `onRequest` or a loop; then reading pauses, and TCP holds it back. Default 1,000. */
  maxHandling?: number
  /**
   * After this long without an answer to any of them reading goes on, and further ones are refused: a client says
   * ESME_RX_T_APPN, a server ESME_RTHROTTLED. Default 5,000.
   */
  stallMs?: number
  /** command_length at most. Default 70,000. */
  maxLength?: number
}

type Limit = keyof LimitOptions
export type Limits = { readonly [L in Limit]-?: number }

const never = Number.POSITIVE_INFINITY

// The window is a ring of slots that is allocated with the link.
const counts: {
  readonly [L in Exclude<Limit, `${string}Ms`>]: readonly [standard: number, least: number, most: number]
} = {
  window: [100, 1, 1_000_000],
  maxWaiting: [10_000, 0, never],
  maxHandling: [1_000, 1, never],
  maxLength: [70_000, 16, 0x7fffffff],
}
const times: { readonly [L in Extract<Limit, `${string}Ms`>]: number } = {
  responseTimeoutMs: 30_000,
  enquireLinkMs: 30_000,
  bindTimeoutMs: 30_000,
  readTimeoutMs: 10_000,
  writeTimeoutMs: 30_000,
  stallMs: 5_000,
}

/** Throws RangeError for a number that is given and not above 0. */
export function requirePositive<O extends object>(options: O, names: readonly (keyof O & string)[]): void {
  for (const name of names) {
    const value = options[name] ?? 1
    if (!(typeof value === 'number' && value > 0))
      throw new RangeError(`${name} is ${value}, but has to be above 0`)
  }
}

/**
 * Every limit, with its default where none is given. Throws RangeError for one that is none: a window of 0 sends nothing,
 * an enquireLinkMs of 0 asks without end and NaN fires at once. Infinity as a time means never.
 */
export function limitsOf(options: LimitOptions, standard: Partial<Limits> = {}): Limits {
  const limits: Partial<Record<Limit, number>> = {}
  for (const [name, [fallback, least, most]] of Object.entries(counts)) {
    const value = options[name as Limit] ?? standard[name as Limit] ?? fallback
    if (!(value >= least && value <= most) || !(Number.isInteger(value) || value === never))
      throw new RangeError(`${name} is ${value}, but has to be a whole number from ${least} to ${most}`)
    limits[name as Limit] = value
  }
  for (const [name, fallback] of Object.entries(times)) {
    const value = options[name as Limit] ?? standard[name as Limit] ?? fallback
    if (!(value > 0)) throw new RangeError(`${name} is ${value}, but has to be above 0; Infinity is never`)
    limits[name as Limit] = value
  }
  return limits as Limits
}
