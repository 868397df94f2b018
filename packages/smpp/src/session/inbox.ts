import type { RequestPdu } from '../pdu/commands.ts'

export interface Inbox {
  /** `handle` it now, it is `parked` until a handler is done, or `refuse` it: the handlers hang. */
  offer(pdu: RequestPdu, now: number): 'handle' | 'parked' | 'refuse'
  /** One handler is done; gives the request that it makes room for. */
  done(now: number): RequestPdu | undefined
  /** Looks whether the handlers hang; true when they begin to. */
  tick(now: number): boolean
  /** Reading must pause. */
  readonly paused: boolean
  readonly handling: number
  readonly idle: boolean
  /** When `tick` has something to look at. */
  nextAt(): number
  clear(): void
}

/**
 * Bounds what a peer can make us hold. Up to `limit` requests are with their handlers; what one read brings beyond
 * that is parked and reading pauses, so that TCP holds the peer back. If no handler finishes for `stallMs` while we
 * pause, reading goes on and further requests are refused as a temporary error: the peer's enquire_link lies behind
 * them in the stream, and a link that does not answer it is cut (facts groups 25 and 57).
 */
export function createInbox(limit: number, stallMs: number): Inbox {
  let handling = 0
  let parked: RequestPdu[] = []
  let head = 0
  let progress = 0
  let stalled = false
  const waiting = () => parked.length - head

  return {
    offer(pdu, now) {
      if (handling < limit) {
        if (handling === 0) progress = now
        handling++
        return 'handle'
      }
      if (stalled) return 'refuse'
      parked.push(pdu)
      return 'parked'
    },
    done(now) {
      progress = now
      stalled = false
      if (waiting() === 0) {
        handling--
        return undefined
      }
      const pdu = parked[head]!
      head++
      if (waiting() === 0) {
        parked = []
        head = 0
      }
      return pdu
    },
    tick(now) {
      if (stalled || waiting() === 0 || now - progress < stallMs) return false
      stalled = true
      return true
    },
    get paused() {
      return waiting() > 0 && !stalled
    },
    get handling() {
      return handling
    },
    get idle() {
      return handling === 0 && waiting() === 0
    },
    nextAt: () => (waiting() > 0 && !stalled ? progress + stallMs : Number.POSITIVE_INFINITY),
    clear() {
      parked = []
      head = 0
    },
  }
}
