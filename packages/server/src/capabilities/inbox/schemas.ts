import { type TSchema, type TSchemaOptions, Type } from 'typebox'
import { Price } from '../../message/price.ts'
import { states } from './state.ts'
import { targetNames } from './targets.ts'

/** What the addresses of the inbox take and give. */

export const closed = { additionalProperties: false } as const
export const nullable = <T extends TSchema>(schema: T, options: TSchemaOptions = {}) =>
  Type.Union([schema, Type.Null()], options)
export const time = (description = '') => Type.String({ format: 'date-time', description })
export const id = (prefix: string, description = '') =>
  Type.String({ maxLength: 40, description: `${description || 'Id'}, ${prefix}_…` })
export const page = <T extends TSchema>(data: T) =>
  Type.Object({
    data: Type.Array(data),
    next: Type.Optional(
      Type.String({ description: 'Pass it as `before` for the next page; missing at the end' }),
    ),
  })

export const Params = Type.Object({ id: id('cnv', 'Conversation') })
export const State = Type.Enum(states, {
  description:
    'open: somebody of us; waiting: for the person; snoozed: comes back; closed: until they write again',
})
const Who = nullable(Type.Object({ id: Type.String(), name: Type.String() }))

export const Conversation = Type.Object(
  {
    id: id('cnv'),
    state: State,
    channel: Type.String(),
    address: Type.String({ description: 'From which they wrote last' }),
    sender: nullable(Type.String(), { description: 'Ours, to which they wrote: answers go out from it' }),
    person: Type.Object({
      contact_id: nullable(Type.String()),
      name: nullable(Type.String()),
      language: nullable(Type.String()),
    }),
    assignee: Who,
    team: Who,
    flags: Type.Array(Type.String(), { description: 'Such as maybe_stop: what others saw in a message' }),
    unread: Type.Integer({ description: 'Messages of theirs that you have not seen' }),
    inbound_count: Type.Integer({ description: 'Messages of theirs so far: pass it to `/read`' }),
    mentions: Type.Integer({ description: 'Notes that name you and that you have not seen' }),
    last: nullable(
      Type.Object({
        direction: Type.Enum(['inbound', 'outbound']),
        text: Type.String({ description: 'Its beginning' }),
        state: Type.String(),
      }),
    ),
    targets: Type.Array(
      Type.Object({
        target: Type.Enum(targetNames),
        due_at: time(),
        warned: Type.Boolean(),
        breached: Type.Boolean(),
      }),
      { description: 'Promises that run' },
    ),
    last_at: time('Last activity'),
    opened_at: time(),
    waiting_since: nullable(time(), { description: 'Their first message that nobody has answered' }),
    snoozed_until: nullable(time()),
    closed_at: nullable(time()),
    created_at: time(),
  },
  { title: 'Conversation' },
)

export const Entry = Type.Object(
  {
    id: id('ent'),
    kind: Type.Enum(['message', 'note', 'event']),
    at: time(),
    by: nullable(Type.Object({ id: Type.String(), name: Type.String() }), {
      description: 'Who of us; null for the person, and for what happens by itself',
    }),
    what: nullable(Type.String(), {
      description: 'Of an event: assigned, snoozed, closed, …; of an automatic message: away, rating',
    }),
    note: nullable(Type.String()),
    data: Type.Unknown({ description: 'What belongs to the event' }),
    message: nullable(
      Type.Object({
        id: id('msg'),
        direction: Type.Enum(['inbound', 'outbound']),
        text: nullable(Type.String(), { description: 'null once the message has been deleted' }),
        state: nullable(Type.String()),
        channel: nullable(Type.String()),
        from: nullable(Type.String()),
        to: nullable(Type.String()),
        segments: nullable(Type.Integer()),
        error: nullable(Type.String()),
        taken_by: nullable(Type.String(), { description: 'The capability that took it' }),
        flags: Type.Array(Type.String()),
      }),
    ),
  },
  { title: 'ConversationEntry' },
)

export const Presence = Type.Object({
  user_id: Type.String(),
  name: Type.String(),
  doing: Type.Enum(['viewing', 'typing']),
  until: time(),
})

export const ConversationDetail = Type.Object(
  {
    ...Conversation.properties,
    addresses: Type.Array(Type.String(), { description: 'All from which they have written' }),
    present: Type.Array(Presence, { description: 'Who else looks at it, or types' }),
    consent: Type.Array(
      Type.Object({
        topic: nullable(Type.Object({ id: Type.String(), name: Type.String() }), {
          description: 'null: all that we send',
        }),
        sender: nullable(Type.String()),
        granted: Type.Boolean(),
        at: time(),
      }),
      { description: 'What they want to hear from us' },
    ),
    price: nullable(Price, { description: 'Of a segment of an answer, as far as routes say; an estimate' }),
    entries: Type.Array(Entry, { description: 'The newest ones, oldest first' }),
    earlier: Type.Optional(
      Type.String({ description: 'Pass it as `before` to `/entries` for earlier ones' }),
    ),
  },
  { title: 'ConversationDetail' },
)
