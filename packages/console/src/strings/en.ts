import { access } from './access.en.ts'
import { carriers } from './carriers.en.ts'
import { consent } from './consent.en.ts'
import { errors } from './errors.en.ts'
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
import { states } from './states.en.ts'
import { upkeep } from './upkeep.en.ts'
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
    more: 'More',
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

  ...states,

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
    price: (shown: string) => `about ${shown}`,
    estimate: 'Estimated: segments times what a segment costs by the route that comes first.',
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
    reference: (ref: string) => (ref.startsWith('aud_') ? 'Sent to one audience' : `Reference ${ref}`),
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

  errors,

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
  upkeep,
  waiting,
  webhooks,

  pages: { notFound: 'There is no such page.', home: 'Write a message' },
  copy: { copied: 'Copied' },
  confirm: {
    type: (word: string) => `Type ${word} to confirm`,
    differs: 'That is something else. Nothing is done until it is the same.',
  },
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
