import type { Static } from 'typebox'
import { Type } from 'typebox'
import { KurzpostError } from '../../../errors.ts'
import { parseId } from '../../../ids.ts'
import { normalizeRecipient, normalizeSender } from '../../../message/address.ts'
import type { Draft } from '../../../message/draft.ts'
import type { Platform } from '../../../platform.ts'
import type { Call, Route } from '../../../route.ts'
import { capList } from './caps.ts'
import { noteClosings, putRules, rulesOf } from './gate.store.ts'
import type { Case, ConsentGate } from './gate.ts'
import { packs } from './packs.ts'
import { placeOf } from './place.ts'
import * as schema from './schemas.ts'

/** `/v1/consent-rules`: hours, caps, where consent is kept, and why a message would or would not go. */
export function ruleRoutes(platform: Platform, gate: ConsentGate): Route[] {
  const common = { tag: 'Consent', scope: 'consent' } as const
  return [
    {
      ...common,
      method: 'GET',
      path: '/v1/consent-rules',
      summary: 'What this account has decided about hours, caps and where consent is kept',
      responses: { 200: schema.RulesOut },
      async handler({ accountId }) {
        return { status: 200, body: schema.rulesJson(await rulesOf(platform.db, accountId)) }
      },
    },
    {
      ...common,
      method: 'PUT',
      path: '/v1/consent-rules',
      summary: 'Decide about hours, caps and where consent is kept',
      description:
        'Takes the place of what was decided before. What waits in the queue is held back within a minute where new hours close.',
      body: schema.RulesWish,
      responses: { 200: schema.RulesOut },
      async handler({ accountId, body }: Call<Static<typeof schema.RulesWish>>) {
        const rules = await schema.readWish(body)
        await platform.transaction(async (tx) => {
          await putRules(tx, accountId, rules, platform.now())
          await noteClosings(tx, [{ accountId, at: platform.now() }])
        })
        return { status: 200, body: schema.rulesJson(rules) }
      },
    },
    {
      ...common,
      method: 'GET',
      path: '/v1/consent-rules/known',
      summary: 'The rules of hours that we know, with source and date',
      description: 'Inputs to your own judgement, and no legal advice.',
      responses: { 200: Type.Object({ data: Type.Array(schema.PackOut) }) },
      handler: () => ({ status: 200, body: { data: packs.map(schema.packJson) } }),
    },
    {
      ...common,
      method: 'POST',
      path: '/v1/consent-rules/explain',
      effect: 'none',
      looksUp: ['to'],
      summary: 'Whether a message would go, when, and why',
      description: 'Sends and counts nothing.',
      body: schema.Question,
      responses: { 200: schema.Explanation },
      async handler({ accountId, body }: Call<Static<typeof schema.Question>>) {
        const draft = readDraft(platform, body)
        const asked = {
          accountId,
          draft,
          sender: draft.from ?? null,
          lane: draft.lane ?? ('transactional' as const),
          segments: 1,
        }
        if (!gate.concerns(draft)) return { status: 200, body: free(asked.lane, draft) }
        const [one] = await platform.transaction((tx) => gate.weigh([asked], tx, 'explains'))
        return { status: 200, body: explanation(one!) }
      },
    },
  ]
}

function readDraft(
  { numbers }: Platform,
  { to, topic, from, lane, at }: Static<typeof schema.Question>,
): Draft {
  const number = normalizeRecipient(to, numbers)
  if (number === undefined) throw new KurzpostError('invalid_number', { details: { field: 'to' } })
  const sender = from === undefined ? undefined : normalizeSender(from, numbers.country)
  if (from !== undefined && sender === undefined)
    throw new KurzpostError('invalid_sender', { details: { field: 'from' } })
  const topicId = topic === undefined ? undefined : parseId('topic', topic)
  if (topic !== undefined && topicId === undefined)
    throw new KurzpostError('invalid_request', {
      details: [{ field: 'topic', problem: 'must be the id of a topic' }],
    })
  return {
    to: number,
    text: '-',
    ...(sender && { from: sender }),
    ...(topicId && { topic: topicId }),
    ...(lane && { lane }),
    ...(at !== undefined && { sendAt: new Date(at) }),
  }
}

const free = (lane: string, { to, from, sendAt }: Draft) => {
  const { countries, regions, zones } = placeOf(to)
  return {
    ...{ verdict: 'pass', code: null, kind: 'other', lane, from: from ?? null },
    sentence: 'Consent is asked of marketing and of what is on a topic; this is neither.',
    at: sendAt?.toISOString() ?? null,
    ...{ countries, regions, zones, rules: [], settings: [], caps: [] },
  }
}

function explanation({ asked, kind, lane, sender, objection, at, holding, counts }: Case) {
  const { countries, regions, zones } = placeOf(asked.draft.to)
  const refused = objection !== undefined && objection.until === undefined
  return {
    verdict: refused ? 'refuse' : objection ? 'defer' : 'pass',
    code: objection?.code ?? null,
    sentence: objection?.sentence ?? 'Nothing stands against it.',
    at: refused ? null : at.toISOString(),
    ...{ kind, lane, from: sender, countries, regions },
    zones: holding?.hours.zones ?? zones,
    rules: (holding?.packs ?? []).map(schema.packJson),
    settings: holding?.overrides ?? [],
    caps: counts.map(({ of, caps, sent }) => ({
      of,
      caps: capList(caps),
      sent: sent.map((each) => new Date(each).toISOString()),
    })),
  }
}
