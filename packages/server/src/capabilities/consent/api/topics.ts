import type { Static } from 'typebox'
import { KurzpostError } from '../../../errors.ts'
import { parseId, publicId } from '../../../ids.ts'
import type { Platform } from '../../../platform.ts'
import type { Call, Route } from '../../../route.ts'
import { normalise } from '../normalise.ts'
import {
  findTopic,
  insertTopic,
  listTopics,
  type NewTopic,
  type Topic,
  updateTopic,
} from '../topics.store.ts'
import { read } from '../words.ts'
import { demand, demandId, invalid, readSender } from './demand.ts'
import * as schema from './schemas.ts'

type Params = Static<typeof schema.TopicParams>
type Wish = Static<typeof schema.TopicWish>
type Change = Static<typeof schema.TopicChange>

/** `/v1/topics`: what people can agree to. */
export function topicRoutes(platform: Platform): Route[] {
  const common = { tag: 'Consent', scope: 'consent' } as const
  const path = '/v1/topics/:id'

  return [
    {
      ...common,
      // Whoever sends must know what to name.
      scope: 'any',
      method: 'GET',
      path: '/v1/topics',
      summary: 'List topics, newest first',
      query: schema.TopicQuery,
      responses: { 200: schema.page(schema.TopicOut) },
      async handler({ accountId, query }: Call<unknown, Static<typeof schema.TopicQuery>>) {
        const { before, limit = 50, archived } = query
        const from = before === undefined ? undefined : parseId('topic', before)
        if (before !== undefined && !from) throw new KurzpostError('invalid_cursor')
        const rows = await listTopics(platform.db, accountId, {
          limit: limit + 1,
          ...(from && { before: from }),
          ...(archived !== undefined && { archived }),
        })
        const shown = rows.slice(0, limit)
        const next = rows.length > limit ? publicId('topic', shown.at(-1)!.id) : null
        return { status: 200, body: { data: shown.map(topicJson), next } }
      },
    },
    {
      ...common,
      method: 'POST',
      path: '/v1/topics',
      summary: 'Add a topic',
      description:
        'Something that people can agree to and leave again: offers, a train line, warnings of a site. Messages name it as `topic`.',
      body: schema.TopicWish,
      responses: { 201: schema.TopicOut },
      async handler({ accountId, body }: Call<Wish>) {
        const now = platform.now()
        const topic = given(platform, { account_id: accountId, id: platform.id(), ...fresh }, body)
        const row = await insertTopic(platform.db, topic, now)
        if (!row) throw new KurzpostError('topic_key_taken')
        return { status: 201, body: topicJson(row) }
      },
    },
    {
      ...common,
      scope: 'any',
      method: 'GET',
      path,
      summary: 'One topic',
      params: schema.TopicParams,
      responses: { 200: schema.TopicOut },
      async handler({ accountId, params }: Call<unknown, unknown, Params>) {
        const topic = await findTopic(platform.db, accountId, demandId('topic', params.id))
        return { status: 200, body: topicJson(demand(topic)) }
      },
    },
    {
      ...common,
      method: 'PATCH',
      path,
      summary: 'Change or archive a topic',
      description:
        'What people have said of it stays as it is. On an archived topic nothing is sent; `"archived": false` brings it back.',
      params: schema.TopicParams,
      body: schema.TopicChange,
      responses: { 200: schema.TopicOut },
      async handler({ accountId, params, body }: Call<Change, unknown, Params>) {
        const id = demandId('topic', params.id)
        const { archived, ...change } = body
        const row = await platform.transaction(async (tx) => {
          const now = platform.now()
          const was = demand(await findTopic(tx, accountId, id, { lock: true }))
          const archived_at =
            archived === undefined ? was.archived_at : archived ? (was.archived_at ?? now) : null
          return updateTopic(tx, { ...given(platform, was, change), archived_at }, now).catch(taken)
        })
        return { status: 200, body: topicJson(demand(row)) }
      },
    },
  ]
}

const fresh: Omit<NewTopic, 'account_id' | 'id'> = {
  ...{ key: '', name: '', kind: 'marketing', sender: null, language: 'en' },
  ...{ texts: {}, frequency_caps: [], mandatory: false },
}

/** A topic with what is wished for it. */
function given(platform: Platform, was: NewTopic, wish: Omit<Change, 'archived'>): NewTopic {
  const { key, sender, ...rest } = wish
  const topic = {
    ...was,
    ...rest,
    ...(sender !== undefined && { sender: sender === null ? null : readSender(platform, sender) }),
  } as NewTopic
  if (topic.mandatory && topic.kind === 'marketing')
    throw invalid('mandatory', 'must be false for marketing: everybody may leave that')
  const wanted = key ?? (was.key || topic.name)
  return { ...topic, key: readKey(wanted) }
}

/** A key in its folded form, that nobody can take for a word of its own. */
function readKey(text: string): string {
  const key = normalise(text).slice(0, 30).trim()
  if (key === '') throw invalid('key', 'must have a letter or a digit in it')
  const alone = read(key)?.act
  const reserved = (alone !== undefined && alone !== 'doubtful') || read(`stop ${key}`)?.act === 'stop'
  if (reserved) throw new KurzpostError('topic_key_reserved')
  return key
}

function taken(error: { code?: string }): never {
  if (error.code === '23505') throw new KurzpostError('topic_key_taken')
  throw error
}

export const topicJson = ({ account_id, id, archived_at, created_at, updated_at, ...rest }: Topic) => ({
  id: publicId('topic', id),
  ...rest,
  created_at: created_at.toISOString(),
  updated_at: updated_at.toISOString(),
  archived_at: archived_at?.toISOString() ?? null,
})
