import type { Platform } from '../../../platform.ts'
import type { Tx } from '../../../store/db.ts'
import type { Almanac } from './almanac.ts'
import { readRules } from './gate.store.ts'
import { holdingsOf } from './holdings.ts'
import { quiet } from './judge.ts'
import { defaultRules } from './settings.ts'
import {
  firstId,
  forgetClosings,
  hoursEnded,
  readPaths,
  readReadyAds,
  readSoonAds,
  type WaitingAd,
} from './ticker.store.ts'

/** Messages a transaction: their rows are locked only for as long as it takes to put them off. */
const page = 2_000
/** The next round comes in a minute; what becomes ready before it is looked at now. */
const aheadMs = 90_000
/** For so long after hours have ended, what comes back from a carrier is looked for too. */
const aftermathMs = 10 * 60_000
/** An hour that does not come in two months is looked for again in a day. */
const neverMs = 86_400_000

/**
 * Holds back adverts that wait in the queue while their hours end: once a minute, so that none goes out more than that minute too
 * late. Of the whole queue it reads only when hours have ended within which something was accepted.
 */
export function createTicker(platform: Platform, almanac: Almanac): () => Promise<void> {
  /** Puts off which of them are closed when they would go. */
  async function holdBack(tx: Tx, ads: readonly WaitingAd[], now: Date): Promise<void> {
    const rules = await readRules(
      tx,
      ads.map(({ accountId }) => accountId),
    )
    const holdings = await holdingsOf(
      tx,
      ads.map(({ accountId, number }) => ({
        ...{ accountId, number, kind: 'marketing' as const },
        rules: rules.get(accountId) ?? defaultRules,
      })),
      almanac,
    )
    const late = ads.flatMap((ad, n) => {
      const holding = holdings[n]!
      const due = ad.dueAt > now ? ad.dueAt : now
      const { open, until } = almanac.stretchAt(due, holding.hours)
      if (open) return []
      return [{ ...ad, until: until ?? new Date(due.getTime() + neverMs), sentence: quiet(holding) }]
    })
    const alike = Map.groupBy(
      late,
      ({ accountId, until, sentence }) => `${accountId} ${until.getTime()} ${sentence}`,
    )
    for (const some of alike.values()) {
      const { accountId, until, sentence } = some[0]!
      const ids = some.map(({ id }) => id)
      await platform.hold(accountId, ids, until, { code: 'consent_quiet_hours', sentence }, tx)
    }
  }

  async function walkReady(now: Date): Promise<void> {
    for (const path of await readPaths(platform.db)) {
      for (let after = firstId; ; ) {
        const ads = await platform.transaction(async (tx) => {
          const found = await readReadyAds(tx, path, after, page)
          await holdBack(tx, found, now)
          return found
        })
        if (ads.length < page) break
        after = ads.at(-1)!.id
      }
    }
  }

  async function walkSoon(now: Date): Promise<void> {
    const until = new Date(now.getTime() + aheadMs)
    for (let after = { dueAt: new Date(0), id: firstId }; ; ) {
      const ads = await platform.transaction(async (tx) => {
        const found = await readSoonAds(tx, until, after, page)
        await holdBack(tx, found, now)
        return found
      })
      if (ads.length < page) break
      after = ads.at(-1)!
    }
  }

  return async () => {
    const now = platform.now()
    await walkSoon(now)
    if (!(await hoursEnded(platform.db, now))) return
    await walkReady(now)
    await platform.transaction((tx) => forgetClosings(tx, new Date(now.getTime() - aftermathMs)))
  }
}
