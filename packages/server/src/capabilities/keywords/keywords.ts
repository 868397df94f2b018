import type { Capability, Platform } from '../../platform.ts'
import { numberRoutes, serviceRoutes } from './api/services.ts'
import { statsRoutes } from './api/stats.ts'
import { tableRoutes } from './api/tables.ts'
import { trialRoutes } from './api/trial.ts'
import { createBooks } from './books.ts'
import { createClaim } from './claim.ts'
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
