import type { EventPayload } from '../../events.ts'
import { parseId } from '../../ids.ts'
import type { Capability, Platform } from '../../platform.ts'
import { countErased } from '../../store/erased.store.ts'
import { numberRoutes, serviceRoutes } from './api/services.ts'
import { statsRoutes } from './api/stats.ts'
import { tableRoutes } from './api/tables.ts'
import { trialRoutes } from './api/trial.ts'
import { createBooks } from './books.ts'
import { createClaim } from './claim.ts'
import { forgetCallers, numbersOf } from './forget.store.ts'
import { callerKey } from './quota.ts'
import { createAnswerer } from './source/answerer.ts'
import { createConsult } from './source/consult.ts'
import { createFetch } from './source/fetch.ts'
import { forgetReadings } from './source/source.store.ts'
import { countAnswers } from './stats.ts'
import { forgetUnknownWords, forgetUses } from './use.store.ts'

const dayMs = 86_400_000
/** Longer than a day's quota, a stale reading, and what a curve shows. */
const kept = { usesMs: 2 * dayMs, readingsMs: 8 * dayMs, wordsMs: 400 * dayMs }

/** Information that people fetch by a word: docs/keywords.md. */
export function createKeywords(platform: Platform): Capability {
  const books = createBooks()
  const { fetch } = createFetch(platform.outbound)
  const consult = createConsult({ db: platform.db, fetch, now: platform.now })
  const answerer = createAnswerer({ platform, consult })
  const before = (ms: number) => new Date(platform.now().getTime() - ms)
  return {
    name: 'keywords',
    claims: { keyword: createClaim(platform, books) },
    jobs: { answer: () => answerer.pump() },
    on: {
      /** Their numbers can still be read, for this is the transaction of the erasure. */
      async 'contact.erased'(events, tx) {
        for (const { account_id: accountId, payload } of events) {
          const { contact_id, erasure_id } = payload as EventPayload<'contact.erased'>
          const [contact, erasure] = [parseId('contact', contact_id)!, parseId('erasure', erasure_id)!]
          const secret = platform.keyed('callers')
          const callers = (await numbersOf(tx, accountId, contact)).map((number) => ({
            number,
            key: callerKey(secret, number),
          }))
          const gone = await forgetCallers(tx, accountId, callers)
          await countErased(tx, accountId, erasure, gone, platform.now())
        }
      },
    },
    follow: { 'keyword.answered': countAnswers(platform, books) },
    crons: [
      {
        name: 'forget',
        match: '23 * * * *',
        async run() {
          await forgetUses(platform.db, before(kept.usesMs))
          await forgetReadings(platform.db, before(kept.readingsMs))
          await forgetUnknownWords(platform.db, before(kept.wordsMs))
        },
      },
    ],
    routes: [
      ...serviceRoutes(platform),
      ...trialRoutes(platform, books, fetch),
      ...tableRoutes(platform),
      ...numberRoutes(platform),
      ...statsRoutes(platform),
    ].map((route) => ({ tag: 'Keyword services', scope: 'keywords', ...route })),
  }
}
