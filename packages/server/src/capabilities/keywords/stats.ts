import { parseId } from '../../ids.ts'
import type { Capability, Platform } from '../../platform.ts'
import type { Tx } from '../../store/db.ts'
import type { Books } from './books.ts'
import type { Result } from './compose.ts'
import { addUnknownWords, addUses, type DayRow, type UnknownRow } from './use.store.ts'

type Listener = NonNullable<NonNullable<Capability['follow']>['keyword.answered']>

interface Answered {
  service_id: string | null
  keyword: string | null
  result: Result
}

/** `2026-11-22`, where the service is. */
const dayIn = (timeZone: string, at: Date): string =>
  new Intl.DateTimeFormat('sv', { timeZone, dateStyle: 'short' }).format(at)

/** Adds one to the row of each key. */
function tally<Row, Count extends string>(
  rows: readonly Row[],
  count: Count,
): (Row & Record<Count, number>)[] {
  const groups = Map.groupBy(rows, (row) => JSON.stringify(row))
  return [...groups.values()].map(
    (same) => ({ ...same[0]!, [count]: same.length }) as Row & Record<Count, number>,
  )
}

/**
 * Counts answers by day, and words that nobody has, after the commit: no message waits for a counter that all share.
 * Told again after a crash, an answer counts twice.
 */
export function countAnswers(platform: Pick<Platform, 'now'>, books: Books): Listener {
  return async (events, tx) => {
    const zones = await zonesOf(
      books,
      events.map(({ account_id }) => account_id),
      tx,
    )
    const now = platform.now()
    const days = new Map([...new Set(zones.values())].map((zone) => [zone, dayIn(zone, now)]))
    const uses: Omit<DayRow, 'uses'>[] = []
    const words: Omit<UnknownRow, 'asked'>[] = []
    for (const { account_id, payload } of events) {
      const { service_id, keyword, result } = payload as Answered
      const service = service_id === null ? undefined : parseId('keywordService', service_id)
      const zone = zones.get(service ?? account_id)
      const day = (zone && days.get(zone)) ?? dayIn('UTC', now)
      uses.push({ account_id, service_id: service ?? account_id, day, result })
      if (!service && keyword !== null && result === 'unknown') words.push({ account_id, day, word: keyword })
    }
    await addUses(tx, tally(uses, 'uses'))
    await addUnknownWords(tx, tally(words, 'asked'))
  }
}

/** Time zones of services; those of an account are of its first service. */
async function zonesOf(books: Books, accountIds: readonly string[], tx: Tx): Promise<Map<string, string>> {
  const zones = new Map<string, string>()
  for (const [accountId, book] of await books.of(tx, accountIds)) {
    for (const { service } of [...book.words.values()].flat()) {
      zones.set(service.id, service.settings.time_zone)
      if (!zones.has(accountId)) zones.set(accountId, service.settings.time_zone)
    }
  }
  return zones
}
