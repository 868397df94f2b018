import type { Lane, State } from '../api/types.ts'

/** States, steps and lanes of messages, and what follows from them, in English. */
export const states = {
  states: {
    waiting: 'waiting',
    onWay: 'on its way',
    delivered: 'delivered',
    failed: 'failed',
    uncertain: 'uncertain',
    refused: 'refused',
    received: 'received',
    cancelled: 'cancelled',
  },

  steps: {
    accepted: 'Accepted',
    scheduled: 'Scheduled',
    queued: 'Queued',
    on_wire: 'On the wire',
    submitted: 'Submitted',
    delivered: 'Delivered',
    undelivered: 'Not delivered',
    expired: 'Expired',
    rejected: 'Refused',
    uncertain: 'Uncertain',
    cancelled: 'Cancelled',
    received: 'Received',
  } satisfies Record<State, string>,

  stepMeaning: {
    accepted: 'Stored in the database.',
    scheduled: 'Waits for its time.',
    queued: 'Waits for a free carrier.',
    on_wire: 'Written to the link; no answer yet.',
    submitted: 'The carrier has taken it.',
    delivered: 'The phone has confirmed it.',
    undelivered: 'The network gave up.',
    expired: 'Its time ran out.',
    rejected: 'The carrier said no.',
    uncertain: 'The link broke before the answer.',
    cancelled: 'Stopped before it went out.',
    received: 'Came in and was stored.',
  } satisfies Record<State, string>,

  /** The state of a message in a sentence; `who` is the other side's number, `when` a moment in words. */
  sentence: {
    accepted: (who: string, _when: string) => `Your message to ${who} is stored and about to be queued.`,
    scheduled: (who: string, when: string) => `Your message to ${who} will go out ${when}.`,
    queued: (who: string, _when: string) => `Your message to ${who} waits for a free carrier.`,
    on_wire: (who: string, _when: string) =>
      `Your message to ${who} is on the link; the carrier has not answered yet.`,
    submitted: (who: string, _when: string) => `The carrier has taken your message to ${who}.`,
    delivered: (who: string, when: string) => `Your message reached ${who} ${when}.`,
    undelivered: (who: string, when: string) => `The network gave up on your message to ${who} ${when}.`,
    expired: (who: string, when: string) =>
      `Your message to ${who} was not delivered in time; it expired ${when}.`,
    rejected: (who: string, when: string) => `The carrier refused your message to ${who} ${when}.`,
    uncertain: (who: string, _when: string) => `Nobody knows yet whether your message reached ${who}.`,
    cancelled: (who: string, when: string) =>
      `Your message to ${who} was cancelled ${when} and never went out.`,
    received: (who: string, when: string) => `${who} wrote to you ${when}.`,
  } satisfies Record<State, (who: string, when: string) => string>,

  next: {
    accepted: 'Nothing to do. It will be queued in a moment.',
    scheduled: 'Until then you can cancel it.',
    queued: 'It goes out as soon as a carrier is connected and has room. Until then you can cancel it.',
    on_wire: 'Nothing to do. The answer usually comes within a second.',
    submitted: 'Nothing to do. The receipt of the phone comes next; a phone that is off can take days.',
    delivered: 'Nothing more happens.',
    undelivered: 'Check the number, try another channel, or send again later.',
    expired: 'If the text is still true, send it again and give it more time.',
    rejected: 'Look at what the carrier said: mostly it is the number, the sender, or your account there.',
    uncertain:
      'The link broke at the wrong moment. Kurzpost waits for a late answer and then does what the lane says. Ask before you send again: it may have arrived.',
    cancelled: 'If you want it after all, send it again.',
    received: 'You can answer.',
  } satisfies Record<State, string>,

  lanes: {
    alert: 'Alert',
    code: 'Code',
    transactional: 'Transactional',
    conversation: 'Conversation',
    marketing: 'Marketing',
  } satisfies Record<Lane, string>,
}
