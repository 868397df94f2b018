import type { Static } from 'typebox'
import { KurzpostError } from '../../../errors.ts'
import { parseId, publicId } from '../../../ids.ts'
import type { Platform } from '../../../platform.ts'
import { type Call, noContent, type Route } from '../../../route.ts'
import type { How } from '../entry.ts'
import { listOptOuts, type OptOutRow } from '../opt-outs.store.ts'
import type { Register } from '../register.ts'
import { personOf, readHeld } from '../state.store.ts'
import { importSuppressions } from '../suppressions.ts'
import { topicsByIds } from '../topics.store.ts'
import { readNumber, readPlace, readSender } from './demand.ts'
import { actorId } from './json.ts'
import * as schema from './schemas.ts'

/** Bytes of a list at once: some hundred thousand lines. Longer ones come in pieces; what is out already is passed over. */
const listLimit = 16 * 1024 * 1024

/** `/v1/opt-outs`: who is out and why, lists of such people from elsewhere, and taking one back. */
export function optOutRoutes(platform: Platform, register: Register): Route[] {
  const common = { tag: 'Consent', scope: 'consent' } as const

  async function scopeOf(accountId: string, { topic, sender }: { topic?: string; sender?: string }) {
    const id = topic === undefined ? null : (parseId('topic', topic) ?? '')
    const known = id && (await topicsByIds(platform.db, [{ accountId, id }])).has(accountId + id)
    if (id !== null && !known) throw new KurzpostError('consent_topic_unknown')
    return { topic: id, sender: sender === undefined || id ? null : readSender(platform, sender) }
  }

  return [
    {
      ...common,
      method: 'GET',
      path: '/v1/opt-outs',
      summary: 'Who has opted out, and why, newest first',
      query: schema.OptOutQuery,
      responses: { 200: schema.page(schema.OptOut) },
      async handler({ accountId, query }: Call<unknown, Static<typeof schema.OptOutQuery>>) {
        const { limit = 50, topic, how, since } = query
        const id = topic === undefined ? undefined : parseId('topic', topic)
        if (topic !== undefined && !id) return { status: 200, body: { data: [], next: null } }
        const rows = await listOptOuts(platform.db, accountId, {
          before: readPlace(query.before),
          topic: id,
          how: how as How | undefined,
          since: since === undefined ? undefined : new Date(since),
          limit: limit + 1,
        })
        const shown = rows.slice(0, limit)
        const next = rows.length > limit ? String(shown.at(-1)!.seq) : null
        return { status: 200, body: { data: shown.map(optOutJson), next } }
      },
    },
    {
      ...common,
      method: 'POST',
      path: '/v1/opt-outs/import',
      summary: 'Take over a list of people who want nothing',
      description:
        'CSV (a column of numbers; with a line of headings also note and date) or JSON: a list of numbers, or of objects with number, note and date. ' +
        'Up to 16 MiB at once. Whoever is out already is passed over, so the same list can be sent again, whole or in pieces. What waits for these people is cancelled.',
      raw: true,
      bodyLimit: listLimit,
      query: schema.ImportQuery,
      responses: { 200: schema.ImportAnswer },
      async handler({
        accountId,
        actor,
        body,
        query,
        headers,
        signal,
      }: Call<Buffer, Static<typeof schema.ImportQuery>>) {
        const scope = await scopeOf(accountId, query)
        const answer = await importSuppressions(platform, register, {
          accountId,
          scope,
          type: headers['content-type'] ?? '',
          bytes: body,
          signal,
          actor: actorId(actor),
          details: {
            ...(query.source && { source_address: query.source }),
            ...(actor.name && { actor_name: actor.name }),
          },
        })
        return { status: 200, body: answer }
      },
    },
    {
      ...common,
      method: 'DELETE',
      path: '/v1/opt-outs',
      summary: 'Take an opt-out back, because the person asked for it',
      description:
        'What held before it holds again: nothing is granted that was not agreed to. The note stands in the ledger. A block at the provider stays there.',
      query: schema.OptOutKey,
      responses: { 204: { description: 'Taken back' } },
      async handler({ accountId, actor, query }: Call<unknown, Static<typeof schema.OptOutKey>>) {
        const number = readNumber(platform, query.number)
        const scope = await scopeOf(accountId, query)
        const numberKey = platform.addressKey(number)
        await platform.transaction(async (tx) => {
          const words =
            (await readHeld(tx, [{ accountId, numberKey }])).get(personOf({ accountId, numberKey })) ?? []
          const out = words.some(
            (word) => word.granted === false && word.topic === scope.topic && word.sender === scope.sender,
          )
          if (!out) throw new KurzpostError('not_opted_out')
          await register.record(tx, [
            {
              ...{ accountId, number, ...scope, act: 'restored' },
              how: actor.kind === 'user' ? 'agent' : 'api',
              actor: actorId(actor),
              details: { note: query.note, ...(actor.name && { actor_name: actor.name }) },
            },
          ])
        })
        return noContent
      },
    },
  ]
}

function optOutJson(row: OptOutRow) {
  const { seq, entry_id, topic_id, sender, at, how, via, number, details } = row
  return {
    number,
    topic: topic_id && publicId('topic', topic_id),
    sender,
    since: at.toISOString(),
    how,
    via,
    word: details?.word ?? null,
    note: details?.note ?? null,
    reason: reasonOf(row),
    entry_id: publicId('consent', entry_id),
    seq,
  }
}

function reasonOf({ how, via, details }: OptOutRow): string {
  const { word, note, source_address: source } = details ?? {}
  const because = note ? ` ${note}` : ''
  const sentences: Record<How, string> = {
    sms_keyword: `Wrote ${word ? `“${word}”` : 'an opt-out'}${via ? ` to ${via}` : ''}.`,
    carrier: `The provider blocks messages from ${via ?? 'us'}: the person told it STOP.${because}`,
    import: `Was on a list${source ? ` from ${source}` : ''}.${because}`,
    agent: `Told an agent.${because}`,
    api: `Told another system.${because}`,
    web_form: 'Left on the preference page.',
    sms_double_opt_in: 'Answered no to a sign-up.',
    erasure: 'Was erased at their own wish.',
    expiry: 'Did not answer in time.',
  }
  return sentences[how]
}
