import { checkSettings, defaultSettings, type Settings, type SettingsInput } from './settings/settings.ts'

/** A named behaviour. Data: the simulator knows nothing of a profile but its settings. */
export interface Profile {
  readonly what: string
  /** Where a carrier's habit is known from. Only such habits stand here: a profile is no portrait of the carrier. */
  readonly source?: string
  readonly settings: SettingsInput
}

export const profiles = {
  healthy: { what: 'As it should be: every default.', settings: {} },
  flaky: {
    what: 'Mostly well: late answers, a few refusals, lost links, receipts twice or out of order.',
    settings: {
      answerDelayMs: 'lognormal 20 400',
      receiptDelayMs: 'lognormal 500 5000',
      refusals: 'RSYSERR 2%, RMSGQFUL 1%',
      dropLink: 0.002,
      dropLinkWhen: 'before-answer',
      duplicateReceipts: 0.03,
      heldReceipts: 0.05,
      receiptsFirst: 0.05,
      receiptState: 'undelivered 4%, expired 1%, delivered',
      malformed: '1 1%, 12 0.5%, 7 1%',
    },
  },
  throttling: {
    what: 'A hidden limit of 50 a second for a system, above which it refuses.',
    settings: {
      limitPerSecond: 50,
      limitStyle: 'refuse',
      limitStatus: 'RTHROTTLED',
      answerDelayMs: 'uniform 5..20',
    },
  },
  shaping: {
    what: 'The same limit, but answers come as late as it asks and nothing is refused.',
    settings: { limitPerSecond: 50, limitStyle: 'delay' },
  },
  dead: {
    what: 'Binds, takes every message and answers nothing any more, not even an enquire_link.',
    settings: { answerNever: 1, receiptNever: 1, enquireLinkNever: true },
  },
  mute: { what: 'Takes the connection and never says a word: a half-open link.', settings: { silent: true } },
  slow: {
    what: 'Answers after seconds, receipts after a minute, and now and then half a minute for an answer.',
    settings: {
      answerDelayMs: 'lognormal 2000 8000 spike 1% 30000',
      receiptDelayMs: 'exponential 60000',
      bindDelayMs: 3000,
    },
  },
  hostile: {
    what: 'Every fault that there is: wrong PDUs, lost links, wrong answers, receipts for other times.',
    settings: {
      malformed:
        '1 3%, 2 0.3%, 3 0.3%, 4 1%, 5 2%, 6 2%, 7 2%, 8 2%, 9 2%, 10 2%, 12 3%, 13 3%, 14 10%, 15 2%, 16 3%, 17 5%, 18 2%, 19 2%',
      refusals: 'RSYSERR 3%, RTHROTTLED 3%, 0x45 1%, 0x401 1%',
      answerDelayMs: 'lognormal 10 300 spike 1% 2000',
      answerNever: 0.01,
      dropLink: 0.005,
      dropLinkWhen: 'after-answer',
      receiptsFirst: 0.3,
      duplicateReceipts: 0.2,
      heldReceipts: 0.2,
      revisedReceipts: 0.1,
      receiptSteps: 'enroute-after',
      receiptDelayMs: 'uniform 0..500',
      receiptDialect:
        'ucs2 10%, tlv-only 10%, lower-case 10%, class-0-tlvs 10%, class-44 10%, id-in-tlv 10%, err-hex',
      receiptOver: 'other',
      idInAnswer: 'hex-mixed',
      idInReceipt: 'decimal',
      idBits: '64',
      partOrder: 'shuffled',
      partTwice: 0.2,
    },
  },
  vonage: {
    what: 'Ids in hex in answers and in decimal in receipts; receipts as appendix B has them.',
    source: 'help.nexmo.com 204015663 and 215468998; facts group 31 (39f99dd5 is 972660181)',
    settings: { idInAnswer: 'hex', idInReceipt: 'decimal', idBits: '32', receiptDialect: 'text-only' },
  },
  clickatell: {
    what: 'Wants 30 seconds between two binds of one account.',
    source: 'facts group 20',
    settings: { bindPauseMs: 30_000 },
  },
  openmarket: {
    what: 'Dashed ids, keys of dates in one word, zeros for what was not delivered.',
    source: 'openmarket.com/docs v4smpp deliveryreceipt-examples',
    settings: { receiptDialect: 'joined-keys', idInAnswer: 'dashed' },
  },
  yo: {
    what: 'stat:0 in a receipt means delivered.',
    source: 'facts group 37',
    settings: { receiptDialect: 'stat-digit' },
  },
  melrose: {
    what: 'query_sm, cancel_sm and replace_sm go by message_id alone.',
    source: 'facts group 30 (its PICS)',
    settings: { operationsMatch: 'id' },
  },
  nextel: {
    what: 'sm_length says more than there is.',
    source: 'facts group 5 (Mexico; PduDecoderTest of cloudhopper-smpp)',
    settings: { malformed: '5.1 20%' },
  },
  netfors: {
    what: 'A TLV of the receipt is longer than the PDU.',
    source: 'facts group 6 (PduDecoderTest of cloudhopper-smpp)',
    settings: { malformed: '6 every 2' },
  },
  kannel: {
    what: 'A peer of "partial 3.4": ids as a TLV, but no message_state; the error as digits.',
    source: 'facts groups 32 and 38',
    settings: { receiptDialect: 'no-state 50%, error-digits' },
  },
  jsmpp: {
    what: 'Ids in hex, and in receipts as ten digits with zeros in front.',
    source: 'jsmpp issue 56: 33E95179 comes back as 870928761; facts group 31 (J#1123)',
    settings: {
      idInAnswer: 'hex-upper',
      idInReceipt: 'decimal-padded',
      idBits: '32',
      receiptDialect: 'text-only',
    },
  },
  'hex-64': {
    what: 'Ids beyond 2^63, in hex in answers and in decimal in receipts.',
    source: 'facts group 31: 812FC7470000001B is 9308878062554710043 (jasmin issue 586)',
    settings: { idBits: '64', idInAnswer: 'hex-upper', idInReceipt: 'decimal', receiptDialect: 'text-only' },
  },
  ksmppd: {
    what: 'UUIDs, and dates with seconds.',
    source: 'ksmppd issue 108',
    settings: { idInAnswer: 'uuid', receiptDialect: 'seconds' },
  },
  restcomm: {
    what: 'Gives ids again after a while.',
    source: 'facts group 40 (Restcomm-Connect pull request 2961)',
    settings: { idReuse: 10_000, idBits: '32' },
  },
  vumi: {
    what: 'Carriers behind it: receipts that esm_class does not mark.',
    source: 'facts group 36 (delivery_report_use_esm_class=false)',
    settings: { receiptDialect: 'class-0-tlvs' },
  },
  jasmin: {
    what: 'A carrier behind it: FAILED, and zeros for the date of what was not delivered.',
    source: 'jasmin issue 447',
    settings: { receiptDialect: 'zero-dates', receiptState: 'undelivered 20%, delivered' },
  },
} as const satisfies Record<string, Profile>

export type ProfileName = keyof typeof profiles
export const profileNames = Object.keys(profiles) as readonly ProfileName[]
export const isProfileName = (value: unknown): value is ProfileName =>
  typeof value === 'string' && Object.hasOwn(profiles, value)

/** What a profile leaves alone: who may bind, what is drawn from, and which logs are kept. */
const kept = ['systemId', 'password', 'seed', 'trace', 'submitLog'] as const

/** All settings of a profile: every other one at its default. */
export function profileSettings(name: ProfileName): Partial<Settings> {
  const checked = checkSettings(profiles[name].settings)
  if (!checked.ok) throw new RangeError(`The profile ${name}: ${JSON.stringify(checked.problems)}`)
  const settings: Partial<Settings> = { ...defaultSettings(), ...checked.settings }
  for (const own of kept) delete settings[own]
  return settings
}
