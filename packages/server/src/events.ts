import { type Static, Type } from 'typebox'

/**
 * Every event, its payload and what it means. Webhooks, the SSE stream and capabilities read from this one
 * catalogue; docs/events.md is generated from it. An event is written in the transaction of its change.
 */
const messageOut = {
  message_id: Type.String({ description: 'Id of the message, msg_…' }),
  to: Type.String({ description: 'Recipient' }),
  from: Type.Union([Type.String(), Type.Null()], { description: 'Sender' }),
  lane: Type.String(),
  state: Type.String({ description: 'State after the change' }),
  client_ref: Type.Union([Type.String(), Type.Null()], { description: 'Your own reference, as sent' }),
  segments: Type.Integer({ description: 'On-air parts' }),
  possible_duplicate: Type.Boolean({
    description: 'True when the message was sent again after an unknown outcome',
  }),
}
const failed = Type.Object({
  ...messageOut,
  error: Type.Object({ code: Type.String(), carrier_code: Type.Union([Type.String(), Type.Null()]) }),
})
const plain = Type.Object(messageOut)

export const events = {
  'message.accepted': { meaning: 'The message is stored and will be sent.', payload: plain },
  'message.queued': {
    meaning: 'A scheduled or uncertain message waits for a carrier again.',
    payload: plain,
  },
  'message.submitted': { meaning: 'The carrier has taken every segment.', payload: plain },
  'message.uncertain': {
    meaning: 'The link broke before the carrier answered; the lane decides what follows.',
    payload: plain,
  },
  'message.delivered': {
    meaning: 'The network reports that every segment reached the phone.',
    payload: plain,
  },
  'message.undelivered': { meaning: 'The network gave up.', payload: failed },
  'message.expired': { meaning: 'The message was not delivered in time.', payload: failed },
  'message.rejected': { meaning: 'The carrier refused the message.', payload: failed },
  'message.cancelled': {
    meaning: 'The message was cancelled before it went out.',
    payload: Type.Object({
      ...messageOut,
      error: Type.Optional(
        Type.Object(
          { code: Type.String(), carrier_code: Type.Union([Type.String(), Type.Null()]) },
          { description: 'Why, when nobody asked for it: such as an opt-out' },
        ),
      ),
    }),
  },
  'message.received': {
    meaning: 'A message came in.',
    payload: Type.Object({
      message_id: Type.String(),
      from: Type.String(),
      to: Type.String(),
      text: Type.String(),
      segments: Type.Integer(),
      complete: Type.Boolean({ description: 'False when a part of a long message never came' }),
      claimed_by: Type.Union([Type.String(), Type.Null()], { description: 'The capability that took it' }),
    }),
  },
  'webhook.disabled': {
    meaning: 'An endpoint failed for days and was switched off.',
    payload: Type.Object({
      webhook_id: Type.String(),
      url: Type.String(),
      reason: Type.String({ description: 'Why: a sentence' }),
    }),
  },
  'webhook.test': {
    meaning: 'Somebody asked for a test of an endpoint; it goes to that one alone.',
    payload: Type.Object({ webhook_id: Type.String(), text: Type.String() }),
  },
} as const

export type EventName = keyof typeof events
export type EventPayload<E extends EventName> = Static<(typeof events)[E]['payload']>
export const eventNames = Object.keys(events) as EventName[]

/** An event to be written: `accountId` and `subjectId` are bare UUIDs. */
export interface NewEvent<E extends EventName = EventName> {
  accountId: string
  name: E
  payload: EventPayload<E>
}

/** An event as it is read back. `cursor` orders events by commit and resumes a stream. */
export interface StoredEvent<E extends EventName = EventName> extends NewEvent<E> {
  id: string
  cursor: string
  at: Date
}
