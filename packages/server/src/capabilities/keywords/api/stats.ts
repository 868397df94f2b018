import type { Static } from 'typebox'
import type { Platform } from '../../../platform.ts'
import type { Call } from '../../../route.ts'
import { listUses, topUnknownWords } from '../use.store.ts'
import * as schema from './schemas.ts'
import { demandId, serviceIdOf, type Untagged } from './services.ts'

const dayMs = 86_400_000
const mostWords = 50

export function statsRoutes(platform: Platform): Untagged[] {
  return [
    {
      method: 'GET',
      path: '/v1/keyword-stats',
      summary: 'How often services were asked, by day, and which words nobody has',
      query: schema.StatsQuery,
      responses: { 200: schema.StatsOut },
      async handler({ accountId, query }: Call<unknown, Static<typeof schema.StatsQuery>>) {
        const { days = 30 } = query
        const wanted =
          query.service_id === undefined ? undefined : demandId('keywordService', query.service_id)
        const since = new Date(platform.now().getTime() - (days - 1) * dayMs).toISOString().slice(0, 10)
        const uses = await listUses(platform.db, accountId, since)
        const data = uses
          .filter(({ serviceId }) => wanted === undefined || serviceId === wanted)
          .map(({ serviceId, ...row }) => ({
            ...row,
            service_id: serviceId === accountId ? null : serviceIdOf(serviceId),
          }))
        const words =
          wanted === undefined ? await topUnknownWords(platform.db, accountId, since, mostWords) : []
        const unknown_words = words.map(({ word, asked, lastDay }) => ({ word, asked, last_day: lastDay }))
        return { status: 200, body: { data, unknown_words } }
      },
    },
  ]
}
