import { type Static, Type } from 'typebox'
import { errors, KurzpostError } from '../../../errors.ts'
import { IdempotencyHeaders, readIdempotency } from '../../../idempotency.ts'
import { publicId } from '../../../ids.ts'
import { normalizeSender } from '../../../message/address.ts'
import { type Lane, laneNames } from '../../../message/lane.ts'
import { Price } from '../../../message/price.ts'
import type { Platform } from '../../../platform.ts'
import type { Call, Route } from '../../../route.ts'
import { cursor, demand, demandId, pageOf } from '../demand.ts'
import { limits } from '../limits.ts'
import { readDefinitions } from '../people/attributes.store.ts'
import * as schema from '../schemas.ts'
import type { Node } from '../segments/definition.ts'
import { understand } from '../segments/segments.ts'
import { readSegment } from '../segments/store.ts'
import { languages } from '../segments/words.ts'
import { audienceKey, stopAudience } from './expand.ts'
import { previewAudience } from './preview.ts'
import { type AudienceRow, insertAudience, readAudience, readAudiences, readTopic } from './store.ts'
import { readTemplate, type Template } from './template.ts'

/** Bulk can be called back for so long before anything happens. */
const holdMs = 30_000
const year = 365 * 86_400_000

const wish = {
  segment: Type.Optional(schema.id('seg')),
  list: Type.Optional(schema.id('lst')),
  topic: Type.Optional(schema.id('top')),
  lane: Type.Optional(Type.Enum(laneNames, { description: 'Default: that of the topic, else marketing' })),
  from: Type.Optional(
    Type.String({ minLength: 1, maxLength: 40, description: 'Default: that of the topic' }),
  ),
  text: Type.String({
    minLength: 1,
    maxLength: limits.audienceText,
    description:
      'With {{name}}, {{first_name}} or your attributes; {{name|there}} has something to stand in for it',
  }),
}
const NewAudience = Type.Object(
  {
    ...wish,
    name: Type.Optional(
      Type.String({ minLength: 1, maxLength: 100, description: 'For you; nobody gets to see it' }),
    ),
    send_at: Type.Optional(
      Type.String({ format: 'date-time', description: 'Not before; at most a year ahead' }),
    ),
  },
  { ...schema.closed, title: 'NewAudience' },
)
const Preview = Type.Object(
  {
    ...wish,
    definition: Type.Optional(Type.Unknown({ description: 'A tree in place of a segment' })),
    language: Type.Optional(Type.Enum(languages, { default: 'en' })),
  },
  { ...schema.closed, title: 'AudiencePreviewWish' },
)
const Left = Type.Object({
  code: Type.String(),
  sentence: Type.String(),
  count: Type.Integer(),
  estimated: Type.Boolean({ description: 'From a sample' }),
})
const Previewed = Type.Object(
  {
    words: Type.String({ description: 'Who is meant, in a sentence' }),
    people: Type.Integer(),
    recipients: Type.Integer({ description: 'Who would get it' }),
    left_out: Type.Array(Left),
    segments: Type.Object({
      least: Type.Integer(),
      most: Type.Integer(),
      total: Type.Integer({ description: 'For everybody; from a sample' }),
      unicode: Type.Integer({ description: 'Texts of the sample that need UCS-2' }),
      measured: Type.Integer({ description: 'Texts of the sample' }),
    }),
    price: schema.nullable(Price, { description: 'Of all of it; an estimate from the sample' }),
    sample: Type.Array(
      Type.Object({
        contact: schema.id('con'),
        name: schema.nullable(Type.String()),
        to: Type.String(),
        text: Type.Optional(Type.String()),
        segments: Type.Optional(Type.Integer()),
        missing: Type.Optional(Type.String({ description: 'Variable that is not known' })),
      }),
    ),
  },
  { title: 'AudiencePreview' },
)
const Audience = Type.Object(
  {
    id: schema.id('aud'),
    name: Type.String(),
    state: Type.Enum(['held', 'running', 'finished', 'stopped', 'failed'], {
      description: 'held: it begins at starts_at, and can be stopped until then without a trace',
    }),
    segment: schema.nullable(schema.id('seg')),
    list: schema.nullable(schema.id('lst')),
    topic: schema.nullable(schema.id('top')),
    lane: Type.Enum(laneNames),
    from: schema.nullable(Type.String()),
    text: Type.String(),
    starts_at: schema.time,
    people: Type.Integer({ description: 'Who is meant; 0 until it begins' }),
    looked_at: Type.Integer(),
    queued: Type.Integer(),
    deferred: Type.Integer({ description: 'Of the queued ones: wait for an hour at which they may go' }),
    refused: Type.Array(Type.Object({ code: Type.String(), sentence: Type.String(), count: Type.Integer() })),
    segments: Type.Integer(),
    withdrawn: Type.Integer({ description: 'Taken out of the queue after a stop' }),
    created_at: schema.time,
    started_at: schema.nullable(schema.time),
    finished_at: schema.nullable(schema.time),
  },
  { title: 'Audience' },
)
const Params = schema.idParams('aud')
type Params = Static<typeof Params>
type Wish = Static<typeof Preview>

const common = { tag: 'Audiences', scope: 'contacts' as const }
const path = '/v1/audiences/:id'
const maybe = (kind: 'segment' | 'list' | 'topic', id: string | null) =>
  id === null ? null : publicId(kind, id)

function audienceJson(row: AudienceRow) {
  const { id, name, state, segment_id, list_id, topic, lane, sender, text, starts_at, people, looked_at } =
    row
  const { queued, deferred, refused, segments, withdrawn, created_at, started_at, finished_at } = row
  return {
    ...{ id: publicId('audience', id), name, state, lane, from: sender, text },
    segment: maybe('segment', segment_id),
    list: maybe('list', list_id),
    topic: maybe('topic', topic),
    starts_at: starts_at.toISOString(),
    ...{ people, looked_at, queued, deferred, segments, withdrawn },
    refused: Object.entries(refused).map(([code, { count, sentence }]) => ({ code, sentence, count })),
    created_at: created_at.toISOString(),
    started_at: started_at?.toISOString() ?? null,
    finished_at: finished_at?.toISOString() ?? null,
  }
}

interface Meant {
  tree: Node
  name: string
  segment_id: string | null
  list_id: string | null
  topic: string | null
  lane: Lane
  sender: string | null
  template: Template
}

/** `/v1/audiences`: one text to many people, with a hold before anything goes out. */
export function audienceRoutes(platform: Platform): Route[] {
  const { db } = platform
  const found = async (accountId: string, id: string): Promise<AudienceRow> =>
    demand(await readAudience(db, accountId, demandId('audience', id)))

  /** Everything that a wish names, looked up and checked. */
  async function read(accountId: string, body: Wish): Promise<Meant> {
    const wrong = (field: string, problem: string) =>
      new KurzpostError('invalid_request', { details: [{ field, problem }] })
    const given = [body.segment, body.list, body.definition].filter((each) => each !== undefined)
    if (given.length !== 1) throw wrong('segment', 'or a list must be named, and only one of them')
    const segment =
      body.segment === undefined
        ? undefined
        : demand(await readSegment(db, accountId, demandId('segment', body.segment)))
    const tree =
      segment?.definition ?? (body.list === undefined ? (body.definition as Node) : { list: body.list })
    const understood = await understand(db, platform, accountId, tree)
    const topicId = body.topic === undefined ? null : demandId('topic', body.topic)
    const topic = topicId === null ? undefined : await readTopic(db, accountId, topicId)
    if (topicId !== null && !topic) throw wrong('topic', 'is no topic of this account')
    const sender = body.from === undefined ? null : normalizeSender(body.from, platform.numbers.country)
    if (sender === undefined) throw new KurzpostError('invalid_sender', { details: { field: 'from' } })
    if (sender !== null && !platform.mayUse(accountId, sender))
      throw new KurzpostError('sender_not_yours', { details: { field: 'from' } })
    const lanes = { marketing: 'marketing', service: 'transactional', alert: 'alert' } as const
    const template = readTemplate(body.text, await readDefinitions(db, accountId))
    if ('problem' in template) throw wrong('text', template.problem)
    return {
      tree: understood.tree,
      name: segment?.name ?? understood.words('de').slice(0, 100),
      segment_id: body.segment === undefined ? null : demandId('segment', body.segment),
      list_id: body.list === undefined ? null : demandId('list', body.list),
      topic: topicId,
      // As the gate has it: what is on a topic of marketing is marketing, whatever lane is asked for.
      lane: topic?.kind === 'marketing' ? 'marketing' : (body.lane ?? lanes[topic?.kind ?? 'marketing']),
      sender,
      template: template.template,
    }
  }

  return [
    {
      ...common,
      method: 'POST',
      path: '/v1/audiences/preview',
      effect: 'none',
      summary: 'What sending to many would come to',
      description:
        'How many, who is left out and why, how long the texts get, and some of them. Nothing is sent.',
      body: Preview,
      responses: { 200: Previewed },
      async handler({ accountId, body }: Call<Wish>) {
        const { tree, topic, lane, sender, template } = await read(accountId, body)
        const wish = { tree, topic, lane, sender, template, language: body.language ?? 'en' }
        return { status: 200, body: await previewAudience(platform, accountId, wish) }
      },
    },
    {
      ...common,
      method: 'POST',
      path: '/v1/audiences',
      summary: 'Send to a segment or a list',
      description:
        'Nothing happens for 30 seconds: until then it can be stopped without a trace. Who is in a segment is asked as it begins. ' +
        'Every message passes every gate; its `client_ref` is the id of the audience. Needs a key that may send messages, too.',
      body: NewAudience,
      headers: IdempotencyHeaders,
      responses: { 202: Audience },
      async handler(call: Call<Static<typeof NewAudience>>) {
        const { accountId, body } = call
        if (!call.scopes.has('messages:write'))
          throw new KurzpostError('forbidden', { details: { scopes: ['messages:write'] } })
        const { template: _, tree, name, ...rest } = await read(accountId, body)
        const now = platform.now()
        const wanted = body.send_at === undefined ? now : new Date(body.send_at)
        if (wanted.getTime() - now.getTime() > year) throw new KurzpostError('send_at_out_of_range')
        const starts_at = new Date(Math.max(wanted.getTime(), now.getTime() + holdMs))
        const key = readIdempotency('POST', '/v1/audiences', call)
        const id = await platform.transaction((tx) =>
          platform.once(accountId, key, tx, async () => {
            const id = platform.id()
            const row = { id, ...rest, name: body.name ?? name, definition: tree, text: body.text, starts_at }
            if (!(await insertAudience(tx, accountId, row, now, limits.audiencesAtOnce)))
              throw new KurzpostError('limit_reached', { details: { most: limits.audiencesAtOnce } })
            await platform.later('audience', { accountId, id }, starts_at, tx, audienceKey(id))
            return id
          }),
        )
        return { status: 202, body: audienceJson(demand(await readAudience(db, accountId, id))) }
      },
    },
    {
      ...common,
      method: 'GET',
      path: '/v1/audiences',
      summary: 'What was sent to many, newest first',
      query: schema.Paging,
      responses: { 200: schema.page(Audience) },
      async handler({ accountId, query }: Call<unknown, Static<typeof schema.Paging>>) {
        const { limit = 50, before } = query
        const rows = await readAudiences(db, accountId, cursor('audience', before), limit + 1)
        return { status: 200, body: pageOf('audience', rows, limit, audienceJson) }
      },
    },
    {
      ...common,
      method: 'GET',
      path,
      summary: 'One of them, with how far it is',
      params: Params,
      responses: { 200: Audience },
      async handler({ accountId, params }: Call<unknown, unknown, Params>) {
        return { status: 200, body: audienceJson(await found(accountId, params.id)) }
      },
    },
    {
      ...common,
      method: 'POST',
      path: `${path}/stop`,
      summary: 'Stop it',
      description: `Nothing more goes out, and what still waits is withdrawn: ${errors.audience_stopped.sentence}`,
      params: Params,
      responses: { 200: Audience },
      async handler({ accountId, params }: Call<unknown, unknown, Params>) {
        const { id } = await found(accountId, params.id)
        if (!(await stopAudience(platform, { accountId, id }))) throw new KurzpostError('audience_over')
        return { status: 200, body: audienceJson(await found(accountId, params.id)) }
      },
    },
  ]
}
