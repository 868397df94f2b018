import { parseId, publicId } from '../../ids.ts'
import type { Platform } from '../../platform.ts'
import type { Tx } from '../../store/db.ts'
import { lockConversation } from './conversation.store.ts'
import { insertEntries } from './entries.store.ts'
import { languageOf } from './people.store.ts'
import { readRating } from './rating.ts'
import { isRobot } from './robots.ts'
import { askedForRating, findAsked, rateRounds } from './rounds.store.ts'
import { readSettings, type Texts, textFor } from './settings.store.ts'
import type { Claim } from './talk.ts'

/** How long the question stays open. */
export const openMs = 24 * 3_600_000
/** How long after closing it is asked: whoever has closed by mistake opens again before. */
export const askAfterMs = 60_000

export interface AskRating {
  account_id: string
  conversation_id: string
  round: number
}

/** Takes answers to the question how we did. They are kept, and the conversation stays closed. */
export function createRate(platform: Platform): Claim {
  return async (incoming, tx) => {
    // Almost nothing that people write is a rating: whom we have asked is looked up for what could be one.
    const rated = incoming.flatMap((message, n) => {
      const rating = readRating(message.text)
      return rating ? [{ n, message, rating }] : []
    })
    const asked = await findAsked(
      tx,
      rated.map(({ message }) => message),
      platform.now(),
    )
    const ratings = asked.flatMap((who) => {
      const said = rated[who.n]!
      return who.sender === null || who.sender === said.message.to ? [{ ...who, ...said }] : []
    })
    if (ratings.length === 0) return incoming.map(() => undefined)
    const kept = new Set(
      (
        await rateRounds(
          tx,
          ratings.map(({ id, round, message, rating }) => ({
            ...{ accountId: message.accountId, id, round, messageId: message.id },
            ...rating,
          })),
          platform.now(),
        )
      ).map(({ id }) => id),
    )
    const taken = new Map(ratings.filter(({ id }) => kept.has(id)).map((one) => [one.n, one]))
    await insertEntries(
      tx,
      [...taken.values()].map(({ id, message, rating }) => ({
        ...{ accountId: message.accountId, id: message.id, conversationId: id, at: message.at },
        ...{ kind: 'message' as const, direction: 'inbound' as const, what: 'rating', data: rating },
      })),
    )
    for (const [accountId, those] of Map.groupBy(taken.values(), ({ message }) => message.accountId)) {
      const payloads = those.map(({ id, message, rating }) => ({
        conversation_id: publicId('conversation', id),
        message_id: publicId('message', message.id),
        score: rating.score,
        commented: rating.comment !== null,
      }))
      await platform.emit(accountId, 'inbox.rated', payloads, tx)
      await thank(platform, accountId, those, tx)
    }
    return incoming.map((_, n) => {
      const one = taken.get(n)
      if (!one) return undefined
      const sentence = `It answers the question how we did, with ${one.rating.score} of 5.`
      return { taken: true, code: 'inbox_rated', sentence }
    })
  }
}

type Thanked = { language: string | null; message: { from: string; to: string } }

async function thank(
  platform: Platform,
  accountId: string,
  those: readonly Thanked[],
  tx: Tx,
): Promise<void> {
  const thanks: Texts | null | undefined = (await readSettings(tx, [accountId])).get(accountId)?.rating
    ?.thanks
  if (!thanks) return
  const drafts = those.map(({ language, message: { from, to } }) => ({
    ...{ to: from, from: to, text: textFor(thanks, language), lane: 'conversation' as const },
  }))
  await platform.send(accountId, drafts, tx)
}

/** Asks how we did: of a conversation that is still closed, in which somebody of us has answered, once a round. */
export async function askRating(platform: Platform, payload: AskRating): Promise<void> {
  const { account_id: accountId, conversation_id: id, round } = payload
  await platform.transaction(async (tx) => {
    const conversation = await lockConversation(tx, accountId, id)
    const rating = (await readSettings(tx, [accountId])).get(accountId)?.rating
    if (!conversation || !rating || conversation.state !== 'closed' || conversation.round !== round) return
    const { address, sender, answered_at } = conversation
    const text = textFor(rating.ask, await languageOf(tx, accountId, id))
    if (answered_at === null || isRobot({ from: address, text: '', answer: text })) return
    const at = platform.now()
    const which = { accountId, conversationId: id, round }
    if (!(await askedForRating(tx, which, at, new Date(at.getTime() + openMs)))) return
    const draft = { to: address, text, lane: 'conversation' as const, ...(sender && { from: sender }) }
    const [result] = await platform.send(accountId, [draft], tx)
    if (!result!.ok) return
    const messageId = parseId('message', result!.id)!
    await insertEntries(tx, [
      {
        ...{ accountId, id: messageId, conversationId: id, at },
        ...{ kind: 'message', direction: 'outbound', what: 'rating' },
      },
    ])
    await platform.emit(
      accountId,
      'inbox.replied',
      [
        {
          conversation_id: publicId('conversation', id),
          message_id: result!.id,
          state: 'closed',
          by: null,
          automatic: true,
        },
      ],
      tx,
    )
  })
}
