import { randomUUID } from 'node:crypto'
import type { Clock } from '../../clock.ts'
import type { IncomingPart } from '../carrier.ts'
import { type Delivery, fingerprintOf } from './incoming.ts'

/** An SMSC that has waited so long for an answer may have sent it again; a person is not that much in time with themselves. */
const retransmittedMs = 5_000

/**
 * Knows deliveries that the SMSC sends again. On one session: the same octets while the first copy is still without an
 * answer, and has been for long enough to be given up. Over sessions the store decides, by fingerprint and session.
 */
export function createCopies(clock: Clock) {
  const another = () => {
    const here = { end: undefined as Date | undefined }
    const said = { session: randomUUID(), began: clock.now().toISOString(), ended: () => here.end }
    return { here, said }
  }
  let session = another()
  const storing = new Map<string, { since: number; done: Promise<void> }>()
  return {
    /** Another session: what comes now may be a copy of what the last one brought. */
    begin(): void {
      session = another()
    },
    /** The link is gone: what has no answer by now gets none that the SMSC could read. */
    end(): void {
      session.here.end ??= clock.now()
    },
    /** Stores a delivery, or waits for its first copy to be stored. */
    once(pdu: Delivery, store: (copy: NonNullable<IncomingPart['copy']>) => Promise<void>): Promise<void> {
      const fingerprint = fingerprintOf(pdu)
      const first = storing.get(fingerprint)
      if (first && clock.monotonic() - first.since >= retransmittedMs) return first.done
      const done = store({ fingerprint, ...session.said })
      const entry = { since: clock.monotonic(), done }
      storing.set(fingerprint, entry)
      const forget = () => {
        if (storing.get(fingerprint) === entry) storing.delete(fingerprint)
      }
      done.then(forget, forget)
      return done
    },
  }
}
