import { type AddressList, addressKey } from './address.ts'
import { createRecent } from './recent.ts'

export interface ConnectionLimits {
  /** Connections at a time of one IPv4 address or one IPv6 /64. */
  maxPerAddress: number
  /** New connections a minute of one of these; as many may come at once. */
  maxRatePerAddress: number
  /** Addresses whose rate is remembered. */
  maxRemembered: number
  /** Addresses that are never limited. */
  exempt: AddressList
}

export type ConnectionVerdict = 'admitted' | 'too_many_connections' | 'too_fast'

export type Connections = ReturnType<typeof createConnections>

interface Bucket {
  tokens: number
  at: number
}

/**
 * Counts connections by address. Those that are open are as many as there are sockets; the rates of the others are
 * remembered for `maxRemembered` addresses, the oldest forgotten first, so that strangers from everywhere cost no more
 * memory than that (facts group 56). Times are milliseconds of one monotonic clock; addresses are plain ones.
 */
export function createConnections(limits: ConnectionLimits) {
  const open = new Map<string, number>()
  const buckets = createRecent<Bucket>(limits.maxRemembered)

  function spend(key: string, now: number): boolean {
    const capacity = limits.maxRatePerAddress
    const known = buckets.get(key)
    const tokens =
      known === undefined
        ? capacity
        : Math.min(capacity, known.tokens + ((now - known.at) * capacity) / 60_000)
    const enough = tokens >= 1
    buckets.set(key, { tokens: enough ? tokens - 1 : tokens, at: now })
    return enough
  }

  return {
    /** An `admitted` connection must be told to `left` when it ends, the others must not. */
    enter(address: string, now: number): ConnectionVerdict {
      if (limits.exempt(address)) return 'admitted'
      const key = addressKey(address)
      const count = open.get(key) ?? 0
      if (count >= limits.maxPerAddress) return 'too_many_connections'
      if (!spend(key, now)) return 'too_fast'
      open.set(key, count + 1)
      return 'admitted'
    },

    left(address: string): void {
      // It was not counted, and its neighbours in the /64 were.
      if (limits.exempt(address)) return
      const key = addressKey(address)
      const count = open.get(key)
      if (count === undefined) return
      if (count > 1) open.set(key, count - 1)
      else open.delete(key)
    },

    /** Addresses with a connection, and addresses whose rate is remembered. */
    get size() {
      return { open: open.size, remembered: buckets.size }
    },
  }
}
