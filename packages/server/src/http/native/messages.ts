import { type Static, Type } from 'typebox'
import { KurzpostError } from '../../errors.ts'
import { IdempotencyHeaders, readIdempotency } from '../../idempotency.ts'
import { parseId, publicId } from '../../ids.ts'
import type { MessageCore, MessageDetail, MessageFilter, Waiting } from '../../message/core.ts'
import type { Accepted, Refused } from '../../message/draft.ts'
import type { Call, Route } from '../../route.ts'
import { failure, refusal } from '../failure.ts'
import { demandTime, readDraft } from './draft.ts'
import { type DescribePdu, messageDetailJson, messageJson } from './message-json.ts'
import * as schema from './schemas.ts'

const mostInBatch = 1_000

const Batch = Type.Object(
  {
    // Entries are checked one by one by the handler: a bad one must not take the others with it.
    messages: Type.Array(Type.Unknown(), {
      minItems: 1,
      maxItems: mostInBatch,
      description: `Up to ${mostInBatch} entries, each as for POST /v1/messages`,
    }),
  },
  { ...schema.closed, title: 'NewBatch' },
)

const BatchAnswer = Type.Object(
  {
    results: Type.Array(
      Type.Union([
        Type.Object({ ok: Type.Literal(true), ...schema.Accepted.properties }),
        Type.Object({ ok: Type.Literal(false), error: schema.ErrorInside }),
      ]),
      { description: 'In the order of the entries' },
    ),
  },
  { title: 'BatchAnswer' },
)

const Filter = Type.Object(
  {
    direction: Type.Optional(Type.Enum(['outbound', 'inbound'])),
    state: Type.Optional(Type.Array(schema.State, { maxItems: 20, description: 'One or several' })),
    lane: Type.Optional(schema.Lane),
    to: Type.Optional(Type.String({ maxLength: 40, description: 'Recipient, as shown in messages' })),
    from: Type.Optional(Type.String({ maxLength: 40, description: 'Sender, as shown in messages' })),
    client_ref: Type.Optional(Type.String({ maxLength: 255 })),
    since: Type.Optional(schema.time('Created at or after')),
    until: Type.Optional(schema.time('Created before')),
    before: Type.Optional(
      Type.String({ maxLength: 40, description: 'Older than this message: the next page' }),
    ),
    after: Type.Optional(Type.String({ maxLength: 40, description: 'Newer than this message' })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 50 })),
  },
  schema.closed,
)

const Params = Type.Object({ id: schema.MessageId })

/** Sending, reading and cancelling messages: translates, and decides nothing. */
export function messageRoutes(
  core: MessageCore,
  describePdu: DescribePdu,
  why: (accountId: string, message: MessageDetail) => Promise<Waiting | null> = async () => null,
): Route[] {
  return [
    {
      method: 'POST',
      path: '/v1/messages',
      tag: 'Messages',
      scope: 'messages:write',
      effect: 'traced',
      summary: 'Send a message',
      description:
        'The answer comes once the message is stored for good. From then on it reaches a final state, whatever happens.',
      body: schema.Draft,
      headers: IdempotencyHeaders,
      responses: { 202: schema.Accepted },
      async handler(call: Call<Static<typeof schema.Draft>>) {
        const idempotency = readIdempotency('POST', '/v1/messages', call)
        const read = readDraft(call.body)
        if ('problems' in read) return failure('invalid_request', { details: read.problems })
        const [result] = await core.accept(call.accountId, [read.draft], idempotency)
        if (!result!.ok) return refusal(result as Refused)
        return { status: 202, body: acceptedJson(result as Accepted) }
      },
    },
    {
      method: 'POST',
      path: '/v1/messages/batch',
      tag: 'Messages',
      scope: 'messages:write',
      effect: 'traced',
      summary: `Send up to ${mostInBatch} messages`,
      description:
        'Each entry is accepted or refused on its own; the results stand in the order of the entries.',
      body: Batch,
      headers: IdempotencyHeaders,
      // A thousand messages of ten segments each, with room for escapes.
      bodyLimit: 4 * 1024 * 1024,
      responses: { 202: BatchAnswer },
      async handler(call: Call<Static<typeof Batch>>) {
        const idempotency = readIdempotency('POST', '/v1/messages/batch', call)
        const entries = call.body.messages.map(readDraft)
        const drafts = entries.flatMap((entry) => ('draft' in entry ? [entry.draft] : []))
        const answers = drafts.length === 0 ? [] : await core.accept(call.accountId, drafts, idempotency)
        let at = 0
        const results = entries.map((entry) =>
          'draft' in entry ? resultJson(answers[at++]!) : { ok: false, ...invalid(entry.problems) },
        )
        return { status: 202, body: { results } }
      },
    },
    {
      method: 'GET',
      path: '/v1/messages',
      tag: 'Messages',
      scope: 'messages:read',
      summary: 'List messages, both ways, newest first',
      query: Filter,
      responses: { 200: schema.page(schema.Message) },
      async handler(call: Call<unknown, Static<typeof Filter>>) {
        const limit = call.query.limit ?? 50
        // One more than asked tells whether there is a next page.
        const rows = await core.list(call.accountId, { ...toFilter(call.query), limit: limit + 1 })
        const items = rows.slice(0, limit)
        const next = rows.length > limit ? publicId('message', items.at(-1)!.id) : null
        return { status: 200, body: { data: items.map(messageJson), next } }
      },
    },
    {
      method: 'GET',
      path: '/v1/messages/:id',
      tag: 'Messages',
      scope: 'messages:read',
      summary: 'One message, with its segments and its timeline',
      params: Params,
      responses: { 200: schema.MessageDetail },
      async handler(call: Call<unknown, unknown, Static<typeof Params>>) {
        const detail = await core.get(call.accountId, bareId(call.params.id))
        if (!detail) throw new KurzpostError('not_found')
        const waiting = await why(call.accountId, detail)
        return { status: 200, body: { ...messageDetailJson(detail, describePdu), waiting } }
      },
    },
    {
      method: 'POST',
      path: '/v1/messages/:id/cancel',
      tag: 'Messages',
      scope: 'messages:write',
      summary: 'Cancel a message that is not out yet',
      params: Params,
      responses: { 200: schema.MessageDetail },
      async handler(call: Call<unknown, unknown, Static<typeof Params>>) {
        const detail = await core.cancel(call.accountId, bareId(call.params.id))
        return { status: 200, body: { ...messageDetailJson(detail, describePdu), waiting: null } }
      },
    },
  ]
}

function toFilter(query: Static<typeof Filter>): Omit<MessageFilter, 'limit'> {
  const { direction, state, lane, to, from, client_ref, since, until, before, after } = query
  return {
    ...(direction === undefined ? {} : { direction }),
    ...(state === undefined ? {} : { states: state }),
    ...(lane === undefined ? {} : { lane }),
    ...(to === undefined ? {} : { to: withPlus(to) }),
    ...(from === undefined ? {} : { from: withPlus(from) }),
    ...(client_ref === undefined ? {} : { clientRef: client_ref }),
    ...(since === undefined ? {} : { since: demandTime('since', since) }),
    ...(until === undefined ? {} : { until: demandTime('until', until) }),
    ...(before === undefined ? {} : { before: cursor('before', before) }),
    ...(after === undefined ? {} : { after: cursor('after', after) }),
  }
}

/** A plus sign that nobody escaped arrives as a space. */
const withPlus = (address: string): string => address.replace(/^ (?=\d)/, '+')

function bareId(text: string): string {
  const id = parseId('message', text)
  if (id === undefined) throw new KurzpostError('not_found')
  return id
}

function cursor(field: string, text: string): string {
  const id = parseId('message', text)
  if (id === undefined) {
    throw new KurzpostError('invalid_request', {
      details: [{ field, problem: 'must be the id of a message' }],
    })
  }
  return id
}

const acceptedJson = ({ id, state, encoding, segments, to }: Accepted) => ({
  id,
  state,
  encoding,
  segments,
  to,
})
const resultJson = (result: Accepted | Refused) =>
  result.ok ? { ok: true, ...acceptedJson(result) } : { ok: false, ...(refusal(result).body as object) }
const invalid = (details: unknown) => failure('invalid_request', { details }).body as object
