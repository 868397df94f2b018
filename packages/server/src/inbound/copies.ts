import type { IncomingPart } from '../carriers/carrier.ts'
import type { Db, Tx } from '../store/db.ts'
import { findCopies, shareCarriers, untilStored, type YoungRow } from './copies.store.ts'

/**
 * How long after a message the same octets are a copy of it, where its answer was lost. SMSCs send again as soon as they are
 * bound to anew, and a node's binds are taken over within 15 s; after a longer time a person has said it twice.
 */
const copyMs = 120_000

interface Delivered {
  origin: { carrierId: string }
  part: IncomingPart
  /** When it came from the wire. */
  at: Date
}

export interface Copies {
  /** Before the transaction: what others still store of earlier sessions will be seen by one that has just begun. */
  settle(arrived: readonly Delivered[]): Promise<void>
  /** Which of them are here already. First of all in the transaction that stores the others. */
  among<One extends Delivered>(tx: Tx, arrived: readonly One[], now: Date): Promise<Set<One>>
  /** After the commit. */
  stored(arrived: readonly Delivered[], copies: ReadonlySet<Delivered>): void
  forget(now: Date): void
}

/**
 * Knows what the network sends again because our answer was lost with the link. SMSCs give no id to what phones send, so a copy is
 * the same octets on the same carrier: over a session that began after the first one came, which the store knows whoever
 * took that; or over any other, once the session of the first had ended before we could answer, which its own process knows.
 * Each loss explains one copy for a session: what comes again over it then is a person who says it twice.
 */
export function createCopies(db: Db): Copies {
  /** Stored here, and never answered: their session had ended by then. */
  const unanswered = new Map<string, Date>()
  /** Copies, by the session that brought them. */
  const explained = new Map<string, Date>()
  /** Sessions before which everything is stored. */
  const settled = new Map<string, Date>()

  return {
    async settle(arrived) {
      for (const one of arrived) {
        if (!isYoung(one) || settled.has(one.part.copy!.session)) continue
        await untilStored(db, one.origin.carrierId)
        settled.set(one.part.copy!.session, one.at)
      }
    },
    async among(tx, arrived, now) {
      const named = arrived.filter(({ part }) => part.copy)
      await shareCarriers(tx, new Set(named.map(({ origin }) => origin.carrierId)))
      const copies = new Set<(typeof named)[number]>()
      const before = new Map<string, (typeof named)[number]>()
      const open = named.flatMap((one, n): YoungRow[] => {
        const { origin, part, at } = one
        const { fingerprint, session, began } = part.copy!
        const key = keyOf(one)
        const first = before.get(key)
        before.set(key, one)
        const ended = unanswered.get(key)
        if (first ? repeats(one, first) : ended && ended <= at && at.getTime() - ended.getTime() < copyMs)
          copies.add(one)
        else if (
          (!first || first.part.copy!.session !== session) &&
          isYoung(one) &&
          !explained.has(session + key)
        )
          return [{ n, carrier_id: origin.carrierId, sender: part.from, fingerprint, began }]
        return []
      })
      const since = new Date(now.getTime() - copyMs)
      for (const n of await findCopies(tx, open, since)) copies.add(named[n]!)
      return copies
    },
    stored(arrived, copies) {
      for (const one of arrived) {
        const { copy } = one.part
        if (!copy) continue
        const key = keyOf(one)
        if (copies.has(one)) {
          unanswered.delete(key)
          explained.set(copy.session + key, one.at)
        }
        const ended = copy.ended?.()
        if (ended) unanswered.set(key, ended)
      }
    },
    forget(now) {
      for (const memory of [unanswered, explained, settled])
        for (const [key, at] of memory) if (at.getTime() < now.getTime() - copyMs) memory.delete(key)
    },
  }
}

const keyOf = ({ origin, part }: Delivered): string => `${origin.carrierId} ${part.copy!.fingerprint}`

const isYoung = ({ part: { copy }, at }: Delivered): boolean =>
  copy !== undefined && at.getTime() - Date.parse(copy.began) < copyMs

/** Of two in one batch: over a session that began since, or after the first one's had ended. */
function repeats({ part: { copy }, at }: Delivered, first: Delivered): boolean {
  const { session, ended } = first.part.copy!
  if (copy!.session === session) return false
  const end = ended?.()
  return first.at.getTime() < Date.parse(copy!.began) || (end !== undefined && end <= at)
}
