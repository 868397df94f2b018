import { type TSchema, type TSchemaOptions, Type } from 'typebox'
import { laneNames } from '../../message/lane.ts'
import { states } from '../../message/state.ts'

/** What several addresses of the native API take or give. A `title` makes a schema a named part of the document. */

export const nullable = <T extends TSchema>(schema: T, options: TSchemaOptions = {}) =>
  Type.Union([schema, Type.Null()], options)
export const time = (description: string) => Type.String({ format: 'date-time', description })
const exact = { additionalProperties: false } as const

export const Lane = Type.Enum(laneNames, { description: 'Priority class, first out first' })
export const State = Type.Enum(states, {
  description: 'Where the message is in its life; see docs/states.md',
})
export const Encoding = Type.Enum(['gsm7', 'ucs2'])
export const MessageId = Type.String({ description: 'Id of a message, msg_…', maxLength: 40 })

export const Draft = Type.Object(
  {
    to: Type.String({
      minLength: 1,
      maxLength: 40,
      description: 'Recipient, best in international format',
      examples: ['+4915123456789'],
    }),
    text: Type.String({ maxLength: 40_000, description: 'What to say', examples: ['Your parcel is here.'] }),
    from: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 40,
        description: 'Sender: a number, a short code, or a name of at most 11 characters',
      }),
    ),
    lane: Type.Optional(Lane),
    send_at: Type.Optional(time('Not before this moment; at most a year ahead')),
    expires_at: Type.Optional(time('Not worth delivering after this moment')),
    client_ref: Type.Optional(
      Type.String({ minLength: 1, maxLength: 255, description: 'Your own reference, kept and handed back' }),
    ),
    encoding: Type.Optional(
      Type.Enum(['auto', 'gsm7', 'ucs2'], {
        description: 'auto takes the GSM alphabet where it can; gsm7 refuses what it lacks',
      }),
    ),
    topic: Type.Optional(
      Type.String({
        maxLength: 40,
        description:
          'What it is about, top_…: consent is looked up for it, and it gives sender and lane where they are not said',
      }),
    ),
  },
  { ...exact, title: 'NewMessage' },
)

export const Accepted = Type.Object(
  {
    id: MessageId,
    state: Type.Enum(['queued', 'scheduled']),
    encoding: Encoding,
    segments: Type.Integer({ description: 'On-air parts: what is billed' }),
    to: Type.String({ description: 'Recipient in international format' }),
  },
  { title: 'AcceptedMessage' },
)

export const ErrorInside = Type.Object(
  {
    code: Type.String(),
    message: Type.String(),
    details: Type.Optional(Type.Unknown()),
    docs: Type.String(),
  },
  { title: 'ErrorInside' },
)

const message = {
  id: MessageId,
  direction: Type.Enum(['outbound', 'inbound']),
  channel: Type.String({ description: 'sms' }),
  state: State,
  lane: nullable(Lane),
  from: nullable(Type.String(), { description: 'null: the carrier chooses' }),
  to: Type.String(),
  text: Type.String(),
  encoding: Encoding,
  segments: Type.Integer(),
  client_ref: nullable(Type.String()),
  possible_duplicate: Type.Boolean({
    description: 'Sent again after a link broke before the carrier answered: it may have arrived twice',
  }),
  topic: nullable(Type.String(), { description: 'What it is about, top_…' }),
  error: nullable(
    Type.Object({
      code: Type.String(),
      message: Type.String({ description: 'What happened, and what to do' }),
      carrier_code: nullable(Type.String(), { description: 'What the carrier said, verbatim' }),
    }),
  ),
  created_at: time('When it was accepted or came in'),
  send_at: nullable(time('')),
  expires_at: nullable(time('')),
  updated_at: time('Last change of state'),
  final_at: nullable(time('When its life ended')),
}
export const Message = Type.Object(message, { title: 'Message' })

const Segment = Type.Object(
  {
    index: Type.Integer({ description: 'From 1' }),
    text: Type.String(),
    units: Type.Integer({ description: 'Septets, or UTF-16 code units' }),
    state: State,
    attempt: Type.Integer({ description: '0 before a carrier has answered for it' }),
    remote_id: nullable(Type.String(), { description: "The carrier's id" }),
    submitted_at: nullable(time('')),
    final_at: nullable(time('')),
    request: nullable(Type.Object({ hex: Type.String(), decoded: Type.Unknown() }), {
      description: 'The submit_sm as it went out',
    }),
    receipts: Type.Array(
      Type.Object({
        state: Type.String(),
        error: nullable(Type.String()),
        at: Type.String(),
        text: nullable(Type.String(), { description: 'As the carrier wrote it' }),
      }),
    ),
  },
  { title: 'Segment' },
)

export const MessageDetail = Type.Object(
  {
    ...message,
    segment_list: Type.Array(Segment, { description: 'Of outbound messages; empty for inbound ones' }),
    timeline: Type.Array(
      Type.Object({ state: Type.String(), at: time('') }, { additionalProperties: Type.Unknown() }),
    ),
    waiting: Type.Union(
      [
        Type.Object({
          code: Type.String(),
          sentence: Type.String({ description: 'For people' }),
          carrier: Type.Optional(Type.String({ description: 'By its name' })),
          until: Type.Optional(time('When something comes of it at the latest')),
        }),
        Type.Null(),
      ],
      { description: 'Why it is not sent yet; null once it is with a carrier or at its end' },
    ),
    trace: Type.Optional(Type.Unknown({ description: 'Inbound: who was asked, and who took it' })),
  },
  { title: 'MessageDetail' },
)

/** A list with the cursor of its next page. */
export const page = <T extends TSchema>(items: T) =>
  Type.Object({
    data: Type.Array(items),
    next: nullable(Type.String(), { description: 'Pass it as `before` for the next page; null at the end' }),
  })

export const closed = exact
