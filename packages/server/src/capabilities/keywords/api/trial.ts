import { countSegments } from '@kurzpost/gsm'
import type { Static } from 'typebox'
import type { Platform } from '../../../platform.ts'
import type { Call } from '../../../route.ts'
import type { Books } from '../books.ts'
import { merge } from '../change.ts'
import { findService } from '../service.store.ts'
import type { Column, Service } from '../service.ts'
import type { Fetch } from '../source/fetch.ts'
import { type Trial, tryText } from '../trial.ts'
import * as schema from './schemas.ts'
import { demand, demandId, serviceIdOf, type Untagged } from './services.ts'

/** Of nobody: Ofcom keeps this range free for fiction. */
const somebody = '+447700900123'

export function trialRoutes(platform: Platform, books: Books, fetch: Fetch): Untagged[] {
  return [
    {
      method: 'POST',
      path: '/v1/keyword-services/try',
      summary: 'What a text would be answered, and why',
      description:
        'Nothing is sent or counted. The source of a service is asked in fact. With `service`, one that is not stored ' +
        'yet is tried, and it alone.',
      effect: 'none',
      looksUp: ['from'],
      body: schema.TryBody,
      responses: { 200: schema.TryOut },
      async handler({ accountId, body }: Call<Static<typeof schema.TryBody>>) {
        const service = await draftOf(platform, accountId, body)
        const to = body.to ?? service?.service.numbers?.[0] ?? '12345'
        const trial = await tryText(
          { platform, books, fetch, tx: platform.db },
          { accountId, text: body.text, to, from: body.from ?? somebody, service },
        )
        return { status: 200, body: trialJson(trial) }
      },
    },
  ]
}

/** The service of the request, as it would be stored now. */
async function draftOf(
  platform: Platform,
  accountId: string,
  { id, service }: Static<typeof schema.TryBody>,
): Promise<{ service: Service; columns: readonly Column[] } | undefined> {
  if (!service && id === undefined) return undefined
  const stored =
    id === undefined
      ? undefined
      : demand(await findService(platform.db, accountId, demandId('keywordService', id)))
  const owner = { accountId, id: stored?.id ?? platform.id() }
  const row = merge(stored, { kind: 'template', ...service }, owner, platform.outbound)
  const now = platform.now()
  return {
    service: { ...row, revision: 0, createdAt: now, updatedAt: now },
    columns: stored?.table?.columns ?? [],
  }
}

function trialJson({ found, said, source, trace }: Trial) {
  const asked = found.is === 'asked' ? found : undefined
  return {
    taken: said !== undefined,
    service_id: asked ? serviceIdOf(asked.entry.service.id) : null,
    service: asked?.entry.service.name ?? null,
    keyword: asked?.entry.keyword.word ?? null,
    match: asked?.how ?? null,
    arguments: asked
      ? asked.entry.arguments.map(({ name }, at) => ({ name, value: asked.given[at] ?? null }))
      : [],
    result: said?.result ?? null,
    answer: said ? { text: said.text, language: said.language, cut: said.cut, ...sizeOf(said.text) } : null,
    source: source ?? null,
    trace,
  }
}

function sizeOf(text: string) {
  const { encoding, segments } = countSegments(text)
  return { encoding, segments }
}
