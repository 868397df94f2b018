import type { Reading } from '../carriers/carrier.ts'
import { statement, type Tx } from '../store/db.ts'
import { type LearnedReadings, learn } from './reading.ts'

const select = statement(
  'select_learned_ids',
  `select id, coalesce(learned -> 'ids', '{}') as ids from carriers where id = any ($1::uuid[])`,
)
const lock = statement(
  'lock_learned_ids',
  `select id, coalesce(learned -> 'ids', '{}') as ids from carriers where id = any ($1::uuid[]) order by id for no key update`,
)
const keep = statement(
  'keep_learned_ids',
  `update carriers c set learned = c.learned || jsonb_build_object('ids', d.ids)
   from json_to_recordset($1) as d(id uuid, ids jsonb) where c.id = d.id`,
)

interface Row {
  id: string
  ids: LearnedReadings
}

/** A receipt whose segment is known, and the key under which it was found. */
export interface Sample {
  carrier_id: string
  readings: readonly Reading[]
  key: string
}

/** What is known of the ids of each carrier, as this process last saw it. All binds and nodes share the rows. */
export interface ReadingBook {
  of(carrierId: string): LearnedReadings
  /** Looks up carriers of which nothing certain is known, and the others now and then. */
  refresh(tx: Tx, carrierIds: readonly string[]): Promise<void>
  /** Counts samples. Returns the carriers of which something has become certain by them. */
  learn(tx: Tx, samples: readonly Sample[]): Promise<string[]>
}

/** What was certain may be learned anew by another node; until this one hears of it, it finds fewer, not wrong ones. */
const freshMs = 30_000

export function createReadingBook(now: () => number): ReadingBook {
  const known = new Map<string, { ids: LearnedReadings; until: number }>()
  const put = ({ id, ids }: Row) => known.set(id, { ids, until: isCertain(ids) ? now() + freshMs : 0 })

  return {
    of: (carrierId) => known.get(carrierId)?.ids ?? {},
    async refresh(tx, carrierIds) {
      const stale = [...new Set(carrierIds)].filter((id) => (known.get(id)?.until ?? 0) <= now())
      if (stale.length > 0) for (const row of await tx.query<Row>(select, [stale])) put(row)
    },
    async learn(tx, samples) {
      if (samples.length === 0) return []
      const rows = await tx.query<Row>(lock, [[...new Set(samples.map(({ carrier_id }) => carrier_id))]])
      const changed: Row[] = []
      const found: string[] = []
      for (const { id, ids } of rows) {
        let next = ids
        for (const { carrier_id, readings, key } of samples)
          if (carrier_id === id) next = learn(next, readings, key) ?? next
        changed.push({ id, ids: next })
        if (readingsOf(ids) !== readingsOf(next)) found.push(id)
      }
      await tx.query(keep, [JSON.stringify(changed)])
      for (const row of changed) put(row)
      return found
    },
  }
}

const isCertain = (ids: LearnedReadings): boolean => Object.values(ids).some(({ reading }) => reading)
const readingsOf = (ids: LearnedReadings): string =>
  Object.entries(ids)
    .flatMap(([place, { reading }]) => (reading === null ? [] : [`${place}:${reading}`]))
    .sort()
    .join()
