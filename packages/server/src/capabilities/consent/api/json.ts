import { publicId } from '../../../ids.ts'
import type { Entry, Scope } from '../entry.ts'
import type { Told } from '../ledger.store.ts'
import { type Held, standingOf } from '../scope.ts'
import type { Topic } from '../topics.store.ts'

const scopeJson = ({ topic, sender }: Scope) => ({ topic: topic && publicId('topic', topic), sender })

export function entryJson({ entry, personal }: Told) {
  const { id, seq, at, act, how, via, actor, messageIds, hash } = entry
  return {
    id: publicId('consent', id),
    seq,
    at: at.toISOString(),
    act,
    how,
    ...scopeJson(entry),
    via,
    actor,
    message_ids: messageIds.map((message) => publicId('message', message)),
    details: personal?.details ?? null,
    hash: hash.toString('hex'),
  }
}

export const heldJson = (held: Held) => ({
  ...scopeJson(held),
  granted: held.granted === true,
  since: held.at.toISOString(),
  how: held.how,
  via: held.via,
  entry_id: publicId('consent', held.entryId),
  seq: held.seq,
})

/**
 * What a person's words mean for a topic. A broader no leaves a mandatory one; what was said of a sender counts where the
 * topic names that sender, for of others nobody knows before a message is sent.
 */
export function topicStanding(words: readonly Held[], { id, sender, mandatory }: Topic) {
  const counting = words.filter(
    (word) =>
      word.topic === id ||
      (word.topic === null &&
        (word.sender === null || word.sender === sender) &&
        (word.granted || !mandatory)),
  )
  return withBy(standingOf(counting, { topic: id, sender }))
}

export const marketingStanding = (words: readonly Held[]) =>
  withBy(
    standingOf(
      words.filter(({ topic, sender }) => topic === null && sender === null),
      { topic: null, sender: null },
    ),
  )

const withBy = (found: ReturnType<typeof standingOf>) => ({
  standing: found.standing,
  by: 'by' in found ? heldJson(found.by) : null,
})

/** Public id of whoever acts; null for nobody. */
export const actorId = ({ kind, id }: { kind: 'key' | 'user' | 'nobody'; id: string }): string | null =>
  kind === 'nobody' ? null : publicId(kind, id)

export type EntryRef = Pick<Entry, 'id' | 'seq'>
