import { type Static, type TSchema, Type } from 'typebox'
import { Value } from 'typebox/value'

/** The settings of a carrier of kind `smpp`: docs/smpp-carriers.md is made from this schema. */

const closed = { additionalProperties: false } as const

// What has a default may be left out; `completeSettings` fills it in.
const optional = <T extends TSchema>(schema: T) => Type.Optional(schema)
const seconds = (fallback: number, most: number, description: string) =>
  optional(Type.Number({ default: fallback, minimum: 0.1, maximum: most, description }))
const whole = (fallback: number, minimum: number, maximum: number, description: string) =>
  optional(Type.Integer({ default: fallback, minimum, maximum, description }))
const flag = (fallback: boolean, description: string) =>
  optional(Type.Boolean({ default: fallback, description }))
const text = (maxLength: number, description: string) =>
  optional(Type.String({ default: '', maxLength, description }))
const group = <P extends Record<string, TSchema>>(properties: P, description: string) =>
  optional(Type.Object(properties, { ...closed, default: {}, description }))
const list = <T extends TSchema>(items: T, fallback: unknown[], description: string, minItems = 0) =>
  optional(Type.Array(items, { default: fallback, minItems, maxItems: 50, description }))
const pattern = (description: string) => Type.String({ maxLength: 200, description })
const octet = (description: string) => whole(0, 0, 255, description)

export const bindTypes = ['transceiver', 'transmitter', 'receiver'] as const
export type BindType = (typeof bindTypes)[number]
const BindTypes = Type.Enum([...bindTypes], {
  default: 'transceiver',
  description: 'What the sessions are for',
})

export const errorClasses = ['same', 'elsewhere', 'permanent', 'throttle'] as const
export type ErrorClass = (typeof errorClasses)[number]

const Alphabets = ['gsm7', 'gsm7_packed', 'latin1', 'ascii'] as const
export type Alphabet = (typeof Alphabets)[number]
const alphabet = (description: string) =>
  optional(Type.Enum([...Alphabets], { default: 'gsm7', description }))

const IdBases = ['auto', 'same', 'hex_to_decimal', 'decimal_to_hex'] as const
export type IdBaseSetting = (typeof IdBases)[number]
const idBase = (description: string) => optional(Type.Enum([...IdBases], { default: 'auto', description }))

const Host = Type.Object(
  {
    host: Type.String({ minLength: 1, maxLength: 253, description: 'Name or address' }),
    port: whole(2775, 1, 65_535, 'TCP port; 3550 is the registered one for TLS'),
    tls: flag(false, 'TLS from the first octet; the certificate is verified'),
    servername: optional(
      Type.String({ maxLength: 253, description: 'Name in the certificate, where it is not the host’s' }),
    ),
  },
  closed,
)

const Bind = Type.Object({ type: optional(BindTypes), count: whole(1, 1, 64, 'How many of them') }, closed)

const change = {
  strip: text(20, 'Taken off the front, where it stands there'),
  add: text(20, 'Put in front after that'),
}
const OutAddress = Type.Object(
  {
    match: pattern('Regular expression without look-around over our spelling: +49…, a short code, a name'),
    ton: octet('Type of number to send'),
    npi: octet('Numbering plan to send'),
    ...change,
  },
  closed,
)
const InAddress = Type.Object(
  {
    match: pattern('Regular expression without look-around over the address as it came'),
    ton: optional(Type.Integer({ minimum: 0, maximum: 255, description: 'Only of this type of number' })),
    ...change,
  },
  closed,
)

/** E.164 is international, three to eight digits are a short code, anything else is a name. */
const outRules = [
  { match: '^\\+', ton: 1, npi: 1, strip: '+' },
  { match: '^\\d{3,8}$', ton: 3 },
  { match: '.', ton: 5 },
]
/** Long digits of unknown type are international: carriers leave the type out more often than they send national ones (group 39). */
const inRules = [
  { match: '^\\+' },
  { match: '^00\\d', strip: '00', add: '+' },
  { match: '^\\d+$', ton: 1, add: '+' },
  { match: '^\\d{9,}$', ton: 0, add: '+' },
]

const tlvName = Type.String({ pattern: '^[a-z][a-z0-9_]{0,39}$' })
const TlvEntry = Type.Object(
  {
    tag: Type.Integer({ minimum: 1, maximum: 65_535, description: '0x1400 is 5120' }),
    kind: optional(
      Type.Enum(['cstring', 'string', 'octets', 'u8', 'u16', 'u32'], {
        default: 'cstring',
        description: 'Text with a NUL behind it or without, octets, or a number of 1, 2 or 4 octets',
      }),
    ),
  },
  closed,
)
const status = '(0x[0-9a-fA-F]{1,8}|\\d{1,10})'
const errorKey = Type.String({ pattern: `^(ESME_R[A-Z0-9_]{1,40}|${status}(-${status})?)$` })

export const SmppSettings = Type.Object(
  {
    hosts: Type.Array(Host, {
      minItems: 1,
      maxItems: 16,
      description: 'Where the SMSC listens; the next is tried when one cannot be reached or refuses the bind',
    }),
    system_id: Type.String({ maxLength: 15, description: 'Name to bind with; the password is a secret' }),
    system_type: text(12, 'system_type of the bind'),
    address_range: text(40, 'address_range of the bind'),
    interface_version: optional(
      Type.Enum(['3.3', '3.4', '5.0'], {
        default: '3.4',
        description: 'Highest version of the protocol that we offer; towards 3.3 no TLVs are sent',
      }),
    ),
    binds: list(Bind, [{}], 'Sessions to hold, over all nodes together', 1),
    window: whole(50, 1, 10_000, 'Submissions without an answer at a time, on each bind'),
    segments_per_second: optional(
      Type.Number({
        minimum: 1,
        maximum: 100_000,
        description: 'By contract, over all binds; never exceeded in any second. Unset: found by measuring',
      }),
    ),
    response_timeout_seconds: seconds(30, 600, 'How long an answer is waited for; a later one still counts'),
    enquire_link_seconds: seconds(30, 600, 'Silence after which the SMSC is asked whether it lives'),
    bind_timeout_seconds: seconds(30, 600, 'How long the answer to a bind is waited for'),
    bind_pause_seconds: seconds(
      0.5,
      3_600,
      'Least time between two tries to bind; it doubles up to a minute',
    ),
    service_type: text(5, 'service_type of submissions'),
    long_messages: optional(
      Type.Enum(['udh', 'sar', 'payload'], {
        default: 'udh',
        description:
          'How texts of several segments go out: with headers in the text, with SAR TLVs, or in one piece as message_payload',
      }),
    ),
    data_coding_0: group(
      {
        out: alphabet('How we write texts of the GSM alphabet'),
        in: alphabet('How we read what comes with data_coding 0'),
      },
      'What data_coding 0 means: GSM 03.38 an octet a character, the same packed, Latin-1, or ASCII',
    ),
    data_coding_sent: group(
      {
        gsm7: whole(0, 0, 255, 'With texts of the GSM alphabet'),
        ucs2: whole(8, 0, 255, 'With all others'),
      },
      'The data_coding of submissions',
    ),
    id_base: group(
      {
        text: idBase('Ids in the text of receipts'),
        tlv: idBase('Ids in receipted_message_id'),
      },
      'How receipts repeat the ids of answers. `auto`: learned from the first receipts, and shown',
    ),
    receipts: group(
      {
        registered_delivery: whole(
          1,
          0,
          31,
          '1 asks for all final receipts, 2 for failures, 0 for none; 16 more for intermediate ones',
        ),
        unmarked: flag(
          false,
          'Texts with an id and a state are receipts even where esm_class does not say so. A phone can type such a text',
        ),
        service_type: text(5, 'A service_type that marks receipts in place of esm_class'),
        named_by: optional(
          Type.Enum(['id', 'reference'], {
            default: 'id',
            description:
              'What names the message in a receipt: the id of the answer, or the user_message_reference, which submissions then carry',
          }),
        ),
        parts: optional(
          Type.Enum(['each', 'one'], {
            default: 'each',
            description:
              'Whether each segment of a long message has a receipt, or one of them speaks for all',
          }),
        ),
        zone: text(
          40,
          'Zone of dates in receipts: `Europe/Berlin`, `+05:30`. Empty: nobody knows, they are not read',
        ),
      },
      'What receipts are like',
    ),
    source_addresses: list(OutAddress, outRules, 'How senders are written, by the first rule that matches'),
    destination_addresses: list(OutAddress, outRules, 'How recipients are written'),
    inbound_addresses: list(
      InAddress,
      inRules,
      'How addresses of what comes in are read; others stay as they are',
    ),
    tlvs: optional(
      Type.Record(tlvName, TlvEntry, {
        ...closed,
        default: {},
        maxProperties: 50,
        description: 'TLVs of this carrier, by a name of yours; those on receipts are kept with them',
      }),
    ),
    submit_tlvs: optional(
      Type.Record(tlvName, Type.Union([Type.String({ maxLength: 1_000 }), Type.Integer({ minimum: 0 })]), {
        ...closed,
        default: {},
        maxProperties: 50,
        description: 'TLVs of every submission, by name from `tlvs` or the specification; octets in hex',
      }),
    ),
    validity: optional(
      Type.Enum(['relative', 'absolute', 'none'], {
        default: 'relative',
        description: 'How validity_period is written. `none`: left empty, and the SMSC’s own holds',
      }),
    ),
    // 31 days less a second: the longest that the relative form holds.
    validity_most_seconds: whole(2_678_399, 60, 2_678_399, 'Longest validity that is asked for'),
    errors: optional(
      Type.Record(errorKey, Type.Enum([...errorClasses]), {
        ...closed,
        default: {},
        maxProperties: 500,
        description:
          'What refusals mean, by name (`ESME_RTHROTTLED`), number (`0x58`, `88`) or range (`0x400-0x4ff`), before the table below: again here, elsewhere, never, or slower',
      }),
    ),
    retry_pause_seconds: seconds(2, 600, 'Pause before a message that was refused for now is tried again'),
    throttle_pause_seconds: seconds(1, 600, 'The same after the SMSC asked for less'),
    query_sm: flag(false, 'The SMSC answers query_sm: it is asked about messages of unknown fate'),
    cancel_sm: flag(false, 'The SMSC answers cancel_sm'),
  },
  { ...closed, title: 'SmppCarrierSettings' },
)

/** As they are given and stored: what has a default may be missing. */
export type GivenSmppSettings = Static<typeof SmppSettings>

/** What has no default and may be missing. */
type Unset = 'servername' | 'segments_per_second'
type Complete<T> = T extends readonly (infer E)[]
  ? Complete<E>[]
  : T extends object
    ? { [K in keyof T as K extends Unset ? never : K]-?: Complete<Exclude<T[K], undefined>> } & {
        [K in keyof T as K extends Unset ? K : never]?: Exclude<T[K], undefined>
      }
    : T
/** With every default filled in. */
export type SmppSettings = Omit<Complete<GivenSmppSettings>, 'inbound_addresses'> & {
  inbound_addresses: { match: string; ton?: number; strip: string; add: string }[]
}

export const SmppSecrets = Type.Object(
  { password: text(64, 'Password of the bind') },
  { ...closed, title: 'SmppCarrierSecrets' },
)
export type SmppSecrets = Static<typeof SmppSecrets>

/** Fills every default in. The settings have been checked by the schema. */
export function completeSettings(given: GivenSmppSettings): SmppSettings {
  const settings = Value.Default(SmppSettings, Value.Clone(given)) as SmppSettings
  // Defaults do not reach into records.
  for (const entry of Object.values(settings.tlvs)) Value.Default(TlvEntry, entry)
  return settings
}
