import type { Bell } from '../bell.ts'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import { startPulse } from '../pulse.ts'
import type { Db } from '../store/db.ts'
import { type Hand, type HeldSlot, readShares } from './nodes.store.ts'
import { mayTake, toGive } from './shares.ts'

/** How long a slot may lie free before anybody takes it, whoever's it were. */
const orphanedMs = 3_000

/** What this node knows of the others: which slots it may take, and which it should hand to one of them. */
export interface Crew {
  /** Whether a slot is free, as far as this node has seen, and this node's to take. */
  mayTake(carrierId: string, slot: number): boolean
  /** Tells of a slot that this node has taken; the answer ends its being held. */
  took(carrierId: string, slot: number, handOver: () => void): { gone(): void }
  /** Called when a slot may have come free. */
  onChange(listener: () => void): () => void
  stop(): Promise<void>
}

/**
 * Spreads the bind slots over the living nodes without anybody who decides: each looks at who holds how many, takes
 * only while nobody has fewer, and gives one away at a time while somebody has two fewer.
 */
export function startCrew(options: {
  db: Db
  bell: Bell
  clock: Clock
  log: Log
  node: () => number
  /** How often to look without a bell. */
  everyMs?: number
}): Crew {
  const { db, bell, clock, log, node, everyMs = 1_000 } = options
  let hands: readonly Hand[] = []
  let held: readonly HeldSlot[] = []
  /** By slot: how to ask its holder here to give it away. */
  const ours = new Map<string, () => void>()
  /** By slot: when it was first seen to be free. */
  const freeSince = new Map<string, number>()
  const listeners = new Set<() => void>()
  const keyOf = (carrierId: string, slot: number): string => `${carrierId}/${slot}`

  /** What the database said, with what this node has done since. */
  function now(): readonly HeldSlot[] {
    const others = held.filter((each) => each.node !== node())
    const mine = [...ours.keys()].map((key) => {
      const [carrier_id, slot] = key.split('/')
      return { carrier_id: carrier_id!, slot: Number(slot), node: node() }
    })
    return [...others, ...mine]
  }

  const pulse = startPulse({
    name: 'the look at the other nodes',
    async work() {
      const seen = await readShares(db)
      hands = seen.hands
      held = seen.held
      for (const listener of listeners) listener()
      const spare = toGive(node(), hands, now())
      if (spare) {
        log.info(
          { carrier: spare.carrier_id, slot: spare.slot },
          'another node holds fewer binds and gets one',
        )
        ours.get(keyOf(spare.carrier_id, spare.slot))?.()
      }
      return undefined
    },
    everyMs,
    spacingMs: 100,
    clock,
    log,
  })
  const deaf = bell.on('carriers', pulse.ring)

  return {
    mayTake(carrierId, slot) {
      const key = keyOf(carrierId, slot)
      const holder = held.find((each) => each.carrier_id === carrierId && each.slot === slot)?.node
      if (holder !== undefined && holder !== node() && hands.some(({ number }) => number === holder)) {
        freeSince.delete(key)
        return false
      }
      const since = freeSince.get(key) ?? clock.monotonic()
      freeSince.set(key, since)
      return clock.monotonic() - since >= orphanedMs || mayTake(node(), hands, now())
    },
    took(carrierId, slot, handOver) {
      const key = keyOf(carrierId, slot)
      ours.set(key, handOver)
      freeSince.delete(key)
      return {
        gone() {
          ours.delete(key)
          bell.ring('carriers')
        },
      }
    },
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async stop() {
      deaf()
      await pulse.stop()
    },
  }
}
