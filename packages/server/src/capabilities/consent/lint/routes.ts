import { type Static, Type } from 'typebox'
import { KurzpostError } from '../../../errors.ts'
import { parseId } from '../../../ids.ts'
import { normalizeRecipient } from '../../../message/address.ts'
import { laneNames } from '../../../message/lane.ts'
import type { Platform } from '../../../platform.ts'
import type { Call, Route } from '../../../route.ts'
import { placeOf } from '../rules/place.ts'
import { readSettings } from '../settings.store.ts'
import { findTopic } from '../topics.store.ts'
import { hintCodes } from './hints.ts'
import { lint } from './lint.ts'

const Body = Type.Object(
  {
    text: Type.String({ maxLength: 40_000 }),
    from: Type.Optional(Type.String({ maxLength: 32, description: 'The sender, as it will be' })),
    to: Type.Optional(Type.String({ maxLength: 32, description: 'A recipient, for the country' })),
    country: Type.Optional(
      Type.String({ pattern: '^[A-Z]{2}$', description: 'Of the recipients; in place of `to`' }),
    ),
    topic: Type.Optional(Type.String({ maxLength: 40, description: 'top_…, for kind and sender' })),
    lane: Type.Optional(Type.Enum(laneNames)),
    template: Type.Optional(Type.Boolean({ description: '{{name}} will be filled for each recipient' })),
  },
  { additionalProperties: false, title: 'TextToLint' },
)

const HintOut = Type.Object(
  {
    code: Type.Enum(hintCodes),
    severity: Type.Enum(['error', 'warning', 'hint']),
    from: Type.Optional(Type.Integer({ description: 'UTF-16 index in the text; absent: about all of it' })),
    to: Type.Optional(Type.Integer()),
    facts: Type.Optional(
      Type.Record(Type.String(), Type.Union([Type.String(), Type.Number()]), {
        description: 'What the sentence names and counts; `text` is one to send instead',
      }),
    ),
    sentence: Type.Object({ en: Type.String(), de: Type.String() }),
    source: Type.String(),
    verified: Type.Boolean({ description: 'False: from memory; check before you rely on it' }),
  },
  { title: 'TextHint' },
)

/** `POST /v1/text/lint`: what is wrong with a text before it is sent. */
export function lintRoutes(platform: Platform): Route[] {
  return [
    {
      method: 'POST',
      path: '/v1/text/lint',
      tag: 'Text',
      scope: 'any',
      effect: 'none',
      summary: 'What is wrong with a text, before it is sent',
      description:
        'Answers that networks take for an opt-out, a sender that nobody can answer, hidden cost. Stops nothing.',
      body: Body,
      responses: { 200: Type.Object({ data: Type.Array(HintOut) }) },
      async handler({ accountId, body }: Call<Static<typeof Body>>) {
        const { text, from, lane, template = false } = body
        const settings = (await readSettings(platform.db, [accountId])).get(accountId)
        const topic =
          body.topic === undefined ? undefined : await demandTopic(platform, accountId, body.topic)
        const kind = lane === 'marketing' ? lane : (topic?.kind ?? 'other')
        const data = lint({
          ...{ text, kind, template },
          sender: from?.trim() || topic?.sender || null,
          country: body.country ?? countryOf(platform, body.to),
          brand: settings?.display_name ?? null,
        })
        return { status: 200, body: { data } }
      },
    },
  ]
}

async function demandTopic({ db }: Platform, accountId: string, text: string) {
  const id = parseId('topic', text)
  const topic = id && (await findTopic(db, accountId, id))
  if (topic) return topic
  throw new KurzpostError('consent_topic_unknown', { details: { field: 'topic' } })
}

/** Of a number as far as it is typed; the installation's own while there is none. */
function countryOf({ numbers }: Platform, to = ''): string | null {
  const number = normalizeRecipient(to, { ...numbers, lenient: true })
  return number === undefined ? numbers.country : (placeOf(number).countries[0] ?? null)
}
