import type { Lane, State } from '../api/types.ts'
import { access } from './access.en.ts'
import { carriers } from './carriers.en.ts'
import { consent } from './consent.en.ts'
import { carrierFields } from './fields.en.ts'
import { forms } from './forms.en.ts'
import { hours } from './hours.en.ts'
import { inbox } from './inbox.en.ts'
import { inboxSettings } from './inbox-settings.en.ts'
import { keywords } from './keywords.en.ts'
import { logins } from './logins.en.ts'
import { operate } from './operate.en.ts'
import { people } from './people.en.ts'
import { problems } from './problems.en.ts'
import { routes } from './routes.en.ts'
import { waiting } from './waiting.en.ts'
import { webhooks } from './webhooks.en.ts'

/** Every word that the console says, in English. `de.ts` has the same type, so neither can lack one. */
export const en = {
  languageName: 'English',
  brand: 'Kurzpost',
  titles: { send: 'Send', message: 'Message', key: 'Enter' },

  nav: {
    label: 'Main',
    send: 'Send',
    messages: 'Messages',
    people: 'People',
    services: 'Services',
    operate: 'Operate',
    docs: 'API docs',
    skip: 'Skip to the content',
    sandbox: 'Sandbox',
    sandboxHint: 'Nothing leaves this machine: every message goes to a virtual phone.',
    live: 'Live',
    offline: 'Reconnecting …',
    settings: 'Settings',
    language: 'Language',
    scheme: 'Appearance',
    schemes: { auto: 'As the system', light: 'Light', dark: 'Dark' },
    leave: 'Forget the key',
  },

  palette: {
    open: 'Go to …',
    placeholder: 'A page, a number, or the id of a message',
    message: (id: string) => `Message ${id}`,
    to: (number: string) => `Messages to ${number}`,
    from: (number: string) => `Messages from ${number}`,
    carrier: (id: string) => `Carrier ${id}`,
    consent: (number: string) => `Consent of ${number}`,
    route: (number: string) => `Which carrier takes ${number}?`,
    none: 'Nothing has this name. An id begins with msg_, a number with +.',
  },

  key: {
    title: 'Which key?',
    lead: 'The console talks to the API with a key, like any other program. Open the address that the server printed at its start, or make a key:',
    label: 'API key',
    enter: 'Enter',
    refused: 'The server does not know this key. It may have been revoked, or belong to another server.',
    kept: 'The key stays in this tab and is gone when you close it.',
    missing: 'Paste a key first.',
  },

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

  compose: {
    title: 'Write a message',
    to: 'To',
    toHint: 'In international format, such as +49 170 0000001',
    text: 'Text',
    placeholder: 'What do you want to say?',
    send: 'Send',
    sendTo: (number: string) => `Send to ${number}`,
    schedule: (number: string, when: string) => `Send to ${number} ${when}`,
    sending: 'Sending …',
    shortcut: (keys: string) => `or ${keys}`,
    noNumber: 'Who is it for? Give a number.',
    noText: 'There is no text yet.',
    options: 'More options',
    lane: 'Lane',
    laneHint: 'What goes first when there is a queue: alerts, then codes, and so on.',
    sender: 'Sender',
    senderHint: 'A number, a short code, or a name of up to 11 letters. Empty: the default.',
    sendAt: 'Send later',
    sendAtHint: 'In your own time zone. Empty: now.',
    encoding: 'Encoding',
    encodings: {
      auto: 'Automatic',
      gsm7: 'GSM alphabet only (160 a segment)',
      ucs2: 'Unicode always (70 a segment)',
    },
    safe: 'Your text is still here, and to try again never sends it twice.',
    done: (number: string) => `Sent to ${number}.`,
    example: 'Your table is booked for 8 p.m. See you soon!',
  },

  hints: {
    title: 'Before you send',
    severity: { error: 'Will go wrong:', warning: 'May go wrong:', hint: 'Think of it:' },
    source: (source: string, verified: boolean) => `${source}${verified ? '' : ' (from memory)'}.`,
  },
  meter: {
    segments: (count: number, shown: string) => (count === 1 ? '1 segment' : `${shown} segments`),
    left: (count: number, shown: string) => (count === 1 ? '1 character left' : `${shown} characters left`),
    gsm7: 'GSM alphabet',
    ucs2: 'Unicode',
    empty: (per: string) => `${per} characters a segment`,
    offender: (code: string) => `(${code}) is not in the GSM alphabet`,
    offenders: (more: number, shown: string) =>
      more > 0 ? `and ${shown} more are not in the GSM alphabet` : 'are not in the GSM alphabet',
    cost: (now: string, then: string) => `, so the text takes ${now} in place of ${then}.`,
    perSegment: ', so a segment holds 70 characters in place of 160.',
    notEncodable: ', so it cannot go out in that encoding.',
    replace: (from: string, to: string) => `Write ${to} for ${from}`,
    replaceMany: (count: number) => `Replace ${count} characters`,
    invisible: 'invisible',
  },

  curl: {
    first: 'Send one from a terminal',
    title: 'The same with curl',
    copy: 'Copy with key',
    copied: 'Copied',
    failed: 'Select and copy it by hand',
    reveal: 'Show the key',
    hide: 'Hide the key',
    label: 'Command for a terminal',
  },

  track: {
    title: 'What happens to it',
    empty: 'Send a text, and watch it here: through the database, over the link, to the phone and back.',
    to: (number: string) => `To ${number}`,
    details: 'Open the message',
    after: (time: string) => `+${time}`,
    pending: 'still to come',
  },

  latest: {
    title: 'Latest messages',
    all: 'All messages',
    empty: 'What you send and what comes in appears here.',
  },

  handset: {
    title: 'Virtual phone',
    number: 'Number of the phone',
    invalid: 'A number such as +49 170 0000001',
    empty: 'Messages to this number arrive here.',
    replyLabel: (to: string) => `Reply to ${to}`,
    placeholder: 'Text message',
    send: 'Send the reply',
    arrived: (text: string) => `The phone buzzes: ${text}`,
    offline: 'The phone is out of reach. Trying again …',
    messages: 'Messages on the phone',
    fromYou: 'from the phone',
    toYou: 'to the phone',
  },

  list: {
    title: 'Messages',
    filters: 'Filters',
    direction: 'Direction',
    both: 'Both ways',
    outbound: 'Sent',
    inbound: 'Received',
    state: 'State',
    lane: 'Lane',
    anyLane: 'Any lane',
    recipient: 'Recipient',
    sender: 'Sender',
    clear: 'Clear the filters',
    remove: (what: string) => `Remove the filter ${what}`,
    columns: {
      state: 'State',
      who: 'Number',
      text: 'Text',
      lane: 'Lane',
      segments: 'Segments',
      when: 'Time',
    },
    to: 'to',
    from: 'from',
    fresh: (count: number, shown: string) => (count === 1 ? '1 new message' : `${shown} new messages`),
    show: 'Show',
    older: 'Older',
    newest: 'Newest',
    export: 'Export as CSV',
    shown: (count: number, shown: string) =>
      count === 1 ? '1 message on this page' : `${shown} messages on this page`,
    emptyTitle: 'No messages yet',
    empty: 'Send the first one from the console, or from a terminal:',
    emptyButton: 'Write a message',
    noneTitle: 'Nothing fits these filters',
    none: 'Take one away, or look at all messages.',
    loading: 'Loading the messages',
    csv: ['id', 'time', 'direction', 'state', 'from', 'to', 'text', 'lane', 'segments'],
  },

  detail: {
    back: 'Messages',
    next: 'What happens next',
    timeline: 'What happened',
    segments: 'Segments',
    segment: (index: number, total: number) =>
      total === 1 ? 'The only segment' : `Segment ${index} of ${total}`,
    units: { gsm7: (shown: string) => `${shown} septets`, ucs2: (shown: string) => `${shown} UTF-16 units` },
    remoteId: 'Id at the carrier',
    attempt: (attempt: number) => `attempt ${attempt}`,
    receipts: 'Receipts',
    showPdu: 'Show the PDU',
    hidePdu: 'Hide the PDU',
    noPdu: 'The bytes were not kept.',
    decoded: 'Decoded',
    hex: 'Hex',
    hexLabel: 'The PDU in hex',
    facts: 'Details',
    from: 'From',
    to: 'To',
    defaultSender: 'the default of the carrier',
    id: 'Id',
    lane: 'Lane',
    encoding: 'Encoding',
    reference: 'Your reference',
    created: 'Accepted',
    receivedAt: 'Received',
    sendAt: 'To be sent',
    expires: 'Expires',
    finalAt: 'Final since',
    duplicate: 'Sent again after an unknown outcome: it may have arrived twice.',
    error: 'What the carrier said',
    json: 'As the API shows it',
    jsonLabel: 'The message as JSON',
    call: 'The call for this page',
    again: 'Send again',
    answer: 'Answer',
    cancel: 'Cancel the message',
    cancelSure: 'Really cancel? It will not go out.',
    cancelYes: 'Yes, cancel it',
    cancelNo: 'Keep it',
    copy: (what: string) => `Copy ${what}`,
    notFound: 'There is no message with this id.',
    notFoundHint: 'Ids belong to one account, and old messages are removed after a while.',
    keys: {
      attempt: 'attempt',
      carrier: 'carrier',
      remote_id: 'id at the carrier',
      error: 'error',
      reason: 'reason',
    } as Record<string, string>,
  },

  errors: {
    marked: 'What is missing or does not fit is said in red at the fields.',
    retry: 'Try again',
    title: 'That did not work',
    /** By the API's code; a code that is missing here shows the sentence of the server. */
    byCode: {
      topic_key_taken: 'Another topic has that word: a STOP with it would be about either. Take another one.',
      topic_key_reserved:
        'People could not tell this word from STOP, ALL or HELP. Take another one, such as the name.',
      not_opted_out: 'There is no opt-out of this number any more that could be taken back.',
      consent_topic_unknown: 'There is no such topic any more, or it has been archived.',
      consent_missing:
        'The recipient has not agreed to this. Ask first, or write down the consent that you have.',
      consent_opted_out: 'The recipient has opted out. Only they can take that back.',
      unreachable: 'The server does not answer. Is it running?',
      invalid_number:
        'This is not a phone number that can be dialled. Write it with + and country code, such as +4930123456.',
      invalid_sender:
        'A sender is a phone number, a short code of 3 to 8 digits, or a name of up to 11 letters and digits.',
      text_empty: 'The message has no text yet.',
      text_too_long: 'The text needs more segments than one message may have. Shorten it.',
      text_not_encodable:
        'The text has characters that the GSM alphabet lacks. Choose the automatic encoding, or replace them.',
      send_at_out_of_range: 'The moment is more than a year away. Choose one within 365 days.',
      not_cancellable: 'Too late: the message is already on its way or finished.',
      overloaded: 'The server has more to do than it can take. Try again in a few seconds.',
      database_unavailable: 'The database does not answer, so nothing was stored. Try again in a moment.',
      shutting_down: 'The server is stopping. Try again in a few seconds.',
      handset_unavailable:
        'The simulator does not answer. It is started again by itself; try again in a moment.',
      invalid_request: 'Something in it does not fit:',
      name_taken: 'There is another one of this name. Choose another name, or change the one that there is.',
      stale_revision:
        'Somebody has changed it since you opened it. Undo your changes, look, and change it again.',
      unknown_profile: 'There is no such profile for this kind.',
      set_by_environment:
        'Address and credentials of this carrier come from KURZPOST_CARRIER_URL. Change them there and start the server again; everything else can be changed here.',
      operator_only: 'This is about the installation as a whole, which another account operates.',
      forged_request: 'The server takes this only from its own pages. Reload the page and try again.',
      sign_in_failed: 'That does not fit. Look at it once more.',
      proof_needed: 'Show first that it is you; your proof is older than five minutes.',
      password_weak:
        'This password is easy to guess. Take at least 10 characters that are not your address and do not repeat.',
      code_wrong:
        'That is not the code of this moment. Wait for the next one, and check the clock of the phone.',
      passkey_refused: 'The passkey could not be verified. Start again.',
      link_invalid: 'This link opens nothing any more. Ask for a new one.',
      role_beyond_yours: 'The role may do more than you may. Ask somebody who has it.',
      last_owner: 'The account would be left without an owner. Make somebody else an owner first.',
      user_of_others:
        'This person belongs to other accounts as well, so the sign-in is not yours alone to change. Ask whoever runs the server.',
      rate_limited: 'Too many requests in a short time. Wait a moment.',
      forbidden:
        'This key, or your role, may not do that. Use one with more rights, or ask for another role.',
      not_found: 'It is not there any more. Somebody may have deleted it.',
      no_receipt: 'The network took the message and never spoke of it again. It may have arrived.',
      internal: 'Something went wrong in the server. Try again; if it stays, look into its log.',
      carrier_rejected: 'The carrier refused the message.',
      undelivered: 'The network could not deliver the message.',
      validity_expired: 'The message was not delivered before it expired.',
      outcome_unknown:
        'The link broke before the carrier answered, and no receipt came. It may have arrived.',
    } as Record<string, string>,
  },

  access,
  consent,
  forms,
  hours,
  carriers,
  carrierFields,
  routes,
  keywords,
  logins,
  inbox,
  inboxSettings,
  ...operate,
  people,
  problems,
  waiting,
  webhooks,

  pages: { notFound: 'There is no such page.', home: 'Write a message' },
  copy: { copied: 'Copied' },
  find: {
    some: (found: string, all: string) => `${found} of ${all}`,
    all: (all: string) => `${all} in all`,
    none: 'Nothing fits that. Take a word away.',
  },
  locked: {
    rail: 'This key lacks the scope “operate”.',
    title: 'This key may not look into operation',
    text: 'It lacks the scope “operate”. Make a key that has it on the server and enter with that; this one can be forgotten in the settings.',
  },
  justNow: 'just now',
}

export type Strings = typeof en
