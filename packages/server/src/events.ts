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
const keyword = {
  message_id: Type.String({ description: 'Id of the message that asked' }),
  service_id: Type.Union([Type.String(), Type.Null()], {
    description: 'kws_…; null for words that no service has',
  }),
  service: Type.Union([Type.String(), Type.Null()], { description: 'Its name' }),
  keyword: Type.Union([Type.String(), Type.Null()], { description: 'The word, as the service has it' }),
}

/** What somebody has said about being written to. */
const consentWord = {
  number: Type.String({ description: 'Whose word it is' }),
  topic_id: Type.Union([Type.String(), Type.Null()], {
    description: 'top_…; null: all that the sender sends, or all of the account',
  }),
  sender: Type.Union([Type.String(), Type.Null()], { description: 'null: whoever of the account sends it' }),
  how: Type.String({ description: 'By which way it came: sms_keyword, web_form, api, …' }),
  via: Type.Union([Type.String(), Type.Null()], {
    description: 'Our address at which the word came',
  }),
  entry_id: Type.String({ description: 'The entry of the ledger, cns_…' }),
  message_ids: Type.Array(Type.String(), { description: 'Messages in which it was said' }),
}

const signUp = {
  sign_up_id: Type.String({ description: 'sgn_…' }),
  number: Type.String({ description: 'That was asked' }),
  topic_ids: Type.Array(Type.String(), { description: 'What about, top_…' }),
  how: Type.String({ description: 'By which way it began: web_form, api, agent; expiry at its end' }),
}

const inboxActor = Type.Union([Type.String(), Type.Null()], {
  description: 'Id of a user or key; null when it happened by itself',
})
const inboxTarget = Type.Object({
  conversation_id: Type.String(),
  target: Type.String({ description: 'first_answer, next_answer or resolution' }),
  due_at: Type.String(),
  assignee: Type.Union([Type.String(), Type.Null()]),
  team_id: Type.Union([Type.String(), Type.Null()]),
})

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
  'inbox.received': {
    meaning: 'A message came into a conversation, and opened it if it was not open.',
    payload: Type.Object({
      conversation_id: Type.String({ description: 'cnv_…' }),
      message_id: Type.String(),
      state: Type.String({ description: 'open, or closed when it only answered the question how we did' }),
      opened: Type.Boolean({ description: 'True when the conversation is new or was closed' }),
      flags: Type.Array(Type.String(), { description: 'What others saw in it, such as maybe_stop' }),
    }),
  },
  'inbox.replied': {
    meaning: 'Somebody of us, or an automatic answer, has written in a conversation.',
    payload: Type.Object({
      conversation_id: Type.String(),
      message_id: Type.String(),
      state: Type.String(),
      by: inboxActor,
      automatic: Type.Boolean(),
    }),
  },
  'inbox.noted': {
    meaning: 'Somebody left a note in a conversation.',
    payload: Type.Object({
      conversation_id: Type.String(),
      entry_id: Type.String(),
      by: inboxActor,
      mentions: Type.Array(Type.String(), { description: 'Ids of those who were named' }),
    }),
  },
  'inbox.assigned': {
    meaning: 'A conversation has got, lost or changed its agent or its team.',
    payload: Type.Object({
      conversation_id: Type.String(),
      assignee: Type.Union([Type.String(), Type.Null()]),
      team_id: Type.Union([Type.String(), Type.Null()]),
      by: inboxActor,
    }),
  },
  'inbox.state_changed': {
    meaning: 'A conversation was closed, snoozed, woken or opened again by us.',
    payload: Type.Object({
      conversation_id: Type.String(),
      state: Type.String(),
      before: Type.String(),
      until: Type.Union([Type.String(), Type.Null()], {
        description: 'Of a snoozed one: when it comes back',
      }),
      by: inboxActor,
    }),
  },
  'inbox.changed': {
    meaning:
      'Something else about a conversation has changed: what of it was read, or its flags. Sent to webhooks that name it.',
    onlyByName: true,
    payload: Type.Object({ conversation_id: Type.String(), by: inboxActor }),
  },
  'inbox.target_warned': { meaning: 'A promised time will soon be over.', payload: inboxTarget },
  'inbox.target_breached': { meaning: 'A promised time is over.', payload: inboxTarget },
  'inbox.rated': {
    meaning: 'A person has answered the question how we did.',
    payload: Type.Object({
      conversation_id: Type.String(),
      message_id: Type.String(),
      score: Type.Integer({ description: '1 to 5' }),
      commented: Type.Boolean(),
    }),
  },
  'inbox.presence': {
    meaning:
      'Somebody looks at a conversation, types in it, or has left it. Sent to webhooks that name it, for it is much.',
    onlyByName: true,
    payload: Type.Object({
      conversation_id: Type.String(),
      user_id: Type.String(),
      name: Type.String(),
      doing: Type.String({ description: 'viewing, typing or gone' }),
      until: Type.String({ description: 'When that is over unless it is said again' }),
    }),
  },
  'inbox.handed_over': {
    meaning: 'A conversation was given to a dialog: from here on it answers.',
    payload: Type.Object({
      conversation_id: Type.String(),
      to: Type.String({ description: 'The name of the dialog' }),
      channel: Type.String(),
      address: Type.String(),
      sender: Type.Union([Type.String(), Type.Null()]),
      by: inboxActor,
    }),
  },
  'inbox.wanted': {
    meaning: 'A dialog, or a doubt about consent, gives a person to the inbox: a conversation is opened.',
    payload: Type.Object({
      channel: Type.String(),
      address: Type.String(),
      sender: Type.Union([Type.String(), Type.Null()], { description: 'Our address that they wrote to' }),
      from: Type.String({ description: 'The name of the dialog' }),
      team_id: Type.Union([Type.String(), Type.Null()]),
      note: Type.Union([Type.String(), Type.Null()], { description: 'What agents should know' }),
      flag: Type.Optional(
        Type.String({ description: 'Put on the conversation; one that has it already stays as it is' }),
      ),
    }),
  },
  'inbox.opted_out': {
    meaning: 'An agent has read in a conversation that a person wants nothing any more.',
    payload: Type.Object({
      conversation_id: Type.String(),
      number: Type.String(),
      message_ids: Type.Array(Type.String(), { description: 'In which they said it' }),
      by: inboxActor,
      by_name: Type.String(),
    }),
  },
  'inbox.merged': {
    meaning: 'Two conversations were of one person and are one now.',
    payload: Type.Object({
      conversation_id: Type.String({ description: 'The one that stays' }),
      merged_id: Type.String({ description: 'The one that is gone' }),
      by: inboxActor,
    }),
  },
  'keyword.answered': {
    meaning: 'A keyword service has answered somebody.',
    payload: Type.Object({
      ...keyword,
      match: Type.Union([Type.Enum(['exact', 'typo']), Type.Null()], {
        description: 'Whether the word was written as it is',
      }),
      result: Type.Enum(['answer', 'not_found', 'usage', 'failed', 'quota', 'did_you_mean', 'unknown'], {
        description: 'What they got',
      }),
      answer_id: Type.String({ description: 'Id of the answer, msg_…' }),
    }),
  },
  'keyword.failed': {
    meaning: 'A keyword service could not answer as it should.',
    payload: Type.Object({
      ...keyword,
      code: Type.String(),
      sentence: Type.String({ description: 'Why, for people' }),
      answered: Type.Boolean({ description: 'They got another text in its place' }),
    }),
  },
  'consent.granted': {
    meaning: 'Somebody agreed to be written to.',
    payload: Type.Object(consentWord),
  },
  'consent.withdrawn': {
    meaning: 'Somebody does not want to be written to any more; what waited for them is cancelled.',
    payload: Type.Object(consentWord),
  },
  'consent.restored': {
    meaning: 'An opt-out was taken back; what held before it holds again.',
    payload: Type.Object(consentWord),
  },
  'consent.double_opt_in_started': {
    meaning: 'A number was asked by SMS whether it wants messages; nothing is agreed to yet.',
    payload: Type.Object(signUp),
  },
  'consent.double_opt_in_expired': {
    meaning: 'Nobody answered the question in time.',
    payload: Type.Object(signUp),
  },
  'import.finished': {
    meaning: 'A file of people has been taken in.',
    payload: Type.Object({
      import_id: Type.String({ description: 'imp_…' }),
      created: Type.Integer(),
      updated: Type.Integer(),
      unchanged: Type.Integer(),
      failed: Type.Integer({ description: 'Rows that were not taken; they can be downloaded' }),
    }),
  },
  'audience.started': {
    meaning: 'Sending to a segment or a list has begun: who is meant is settled.',
    payload: Type.Object({
      audience_id: Type.String({ description: 'aud_…' }),
      people: Type.Integer({ description: 'Who is meant' }),
    }),
  },
  'audience.finished': {
    meaning: 'Everybody of an audience was looked at, or it was stopped.',
    payload: Type.Object({
      audience_id: Type.String({ description: 'aud_…' }),
      state: Type.String({ description: 'finished, stopped or failed' }),
      people: Type.Integer(),
      queued: Type.Integer({ description: 'Messages that were accepted' }),
      deferred: Type.Integer({ description: 'Of those, how many wait for an hour at which they may go' }),
      refused: Type.Record(Type.String(), Type.Integer(), { description: 'How many got none, by code' }),
    }),
  },
  'contact.erased': {
    meaning:
      'A person was erased. In the transaction of the erasure their addresses can still be read from contact_addresses, so that whoever keeps something of them can find it; afterwards nobody can.',
    payload: Type.Object({
      contact_id: Type.String({ description: 'con_…; leads nowhere any more' }),
      erasure_id: Type.String({ description: 'ers_…: the receipt' }),
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

/** Whether somebody who asks for these names, or for all by naming none, wants this event. */
export const wants = (names: readonly EventName[], name: EventName): boolean =>
  names.length === 0 ? !('onlyByName' in events[name]) : names.includes(name)

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
