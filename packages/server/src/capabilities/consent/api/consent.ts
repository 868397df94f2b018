import type { Static } from 'typebox'
import { errorBody, KurzpostError } from '../../../errors.ts'
import { parseId, publicId } from '../../../ids.ts'
import type { Platform } from '../../../platform.ts'
import type { Call, Route } from '../../../route.ts'
import type { Tx } from '../../../store/db.ts'
import { compile } from '../../../validation.ts'
import type { NewEntry } from '../entry.ts'
import { lockConsent, readHistory, readSaidAt } from '../ledger.store.ts'
import type { Register } from '../register.ts'
import { personOf, readHeld } from '../state.store.ts'
import { livingTopics, topicsByIds } from '../topics.store.ts'
import { readNumber, readPlace, readSender } from './demand.ts'
import { actorId, entryJson, heldJson, marketingStanding, topicStanding } from './json.ts'
import * as schema from './schemas.ts'

type Word = Static<typeof schema.Word>
const wordShape = compile(schema.Word)

/** `/v1/consent`: what people have said, and what holds. */
export function consentRoutes(platform: Platform, register: Register): Route[] {
  const common = { tag: 'Consent', scope: 'consent', path: '/v1/consent' } as const

  /** A word as an entry, or what is wrong with it. */
  function readWord({ accountId, actor }: Call, given: unknown): NewEntry | KurzpostError {
    if (!wordShape.check(given))
      return new KurzpostError('invalid_request', { details: wordShape.problems(given) })
    const { number, act, topic = null, sender = null, how, said_at, ...details } = given as Word
    const topicId = topic === null ? null : parseId('topic', topic)
    if (topicId === undefined) return new KurzpostError('consent_topic_unknown')
    try {
      return {
        accountId,
        number: readNumber(platform, number),
        act: act === 'grant' ? 'granted' : 'withdrawn',
        topic: topicId,
        sender: sender === null ? null : readSender(platform, sender),
        how: how ?? (actor.kind === 'user' ? 'agent' : 'api'),
        actor: actorId(actor),
        ...(said_at !== undefined && { saidAt: new Date(said_at) }),
        details: { ...details, ...(actor.name && { actor_name: actor.name }) },
      }
    } catch (error) {
      if (error instanceof KurzpostError) return error
      throw error
    }
  }

  /** A yes that was said before a no which holds is refused: the list that it stands on is older than the no. */
  async function withoutOldYes(
    tx: Tx,
    accountId: string,
    words: readonly (NewEntry | KurzpostError)[],
  ): Promise<(NewEntry | KurzpostError)[]> {
    const told = words.flatMap((word, at) =>
      word instanceof Error || word.act !== 'granted' || !word.saidAt
        ? []
        : [{ at, word, saidAt: word.saidAt }],
    )
    if (told.length === 0) return [...words]
    // Alone from here on, or a STOP could come in between.
    await lockConsent(tx, [accountId])
    const standings = await register.readStates(
      tx,
      told.map(({ word }) => word),
    )
    const noes = standings.map((each) => (each.standing === 'withdrawn' ? each.by : undefined))
    const said = await readSaidAt(
      tx,
      accountId,
      noes.flatMap((no) => no?.seq ?? []),
    )
    const judged = [...words]
    for (const [n, { at, saidAt }] of told.entries()) {
      const no = noes[n] && said.get(noes[n].seq)
      if (no && no > saidAt)
        judged[at] = new KurzpostError('consent_opted_out', {
          message: `They opted out on ${no.toISOString().slice(0, 10)}, after they had said this. Only a newer yes undoes that.`,
        })
    }
    return judged
  }

  return [
    {
      ...common,
      method: 'POST',
      summary: 'Write down what people have said',
      description:
        `Up to ${schema.mostWords} words at once, each taken or refused on its own, in one transaction. A grant needs a proof: give the text that was shown, and from where it came. ` +
        'A withdrawal cancels what waits in the queue.',
      body: schema.Words,
      bodyLimit: 8 * 1024 * 1024,
      responses: { 200: schema.WordsAnswer },
      async handler(call: Call<Static<typeof schema.Words>>) {
        const words = call.body.entries.map((entry) => readWord(call, entry))
        const results = await platform.transaction(async (tx) => {
          const topics = await topicsByIds(
            tx,
            words.flatMap((word) =>
              word instanceof Error || word.topic === null
                ? []
                : [{ accountId: call.accountId, id: word.topic }],
            ),
          )
          const checked = words.map((word) => {
            if (word instanceof Error || word.topic === null) return word
            const topic = topics.get(call.accountId + word.topic)
            // Nobody agrees to what is no more; a no is taken all the same.
            const known = topic && (word.act === 'withdrawn' || topic.archived_at === null)
            return known ? word : new KurzpostError('consent_topic_unknown')
          })
          const judged = await withoutOldYes(tx, call.accountId, checked)
          const entries = await register.record(
            tx,
            judged.filter((word): word is NewEntry => !(word instanceof Error)),
          )
          let at = 0
          return judged.map((word) => {
            if (word instanceof Error)
              return { ok: false, ...errorBody(word.code, { message: word.message, details: word.details }) }
            const { id, seq } = entries[at++]!
            return { ok: true, number: word.number, entry_id: publicId('consent', id), seq }
          })
        })
        return { status: 200, body: { results } }
      },
    },
    {
      ...common,
      method: 'GET',
      summary: 'What a number has said, and what that means for each topic',
      query: schema.PersonQuery,
      responses: { 200: schema.PersonOut },
      async handler({ accountId, query }: Call<unknown, Static<typeof schema.PersonQuery>>) {
        const number = readNumber(platform, query.number)
        const { limit = 50 } = query
        const before = readPlace(query.before)
        const numberKey = platform.addressKey(number)
        const held = await readHeld(platform.db, [{ accountId, numberKey }])
        const words = held.get(personOf({ accountId, numberKey })) ?? []
        const topics = (await livingTopics(platform.db, [accountId])).get(accountId) ?? []
        const rows = await readHistory(platform.db, accountId, numberKey, {
          limit: limit + 1,
          ...(before !== undefined && { before }),
        })
        const shown = rows.slice(0, limit)
        return {
          status: 200,
          body: {
            number,
            words: words.filter(({ granted }) => granted !== null).map(heldJson),
            topics: topics.map((topic) => ({
              id: publicId('topic', topic.id),
              name: topic.name,
              kind: topic.kind,
              mandatory: topic.mandatory,
              ...topicStanding(words, topic),
            })),
            marketing: marketingStanding(words),
            entries: {
              data: shown.map(entryJson),
              next: rows.length > limit ? String(shown.at(-1)!.entry.seq) : null,
            },
          },
        }
      },
    },
  ]
}
