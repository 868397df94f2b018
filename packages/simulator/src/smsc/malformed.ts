import {
  anatomyOf,
  bodyOf,
  frameOf,
  HEADER,
  idOf,
  sequenceOf,
  statusOfFrame,
  tlvOctets,
  tlvsFrom,
  withBody,
  withLength,
} from './frames.ts'

/** Which PDUs of the SMSC a fault spoils: `answer` is a submit_sm_resp, `request` a deliver_sm or data_sm. */
export type Spoils = 'any' | 'answer' | 'request' | 'bind' | 'enquire' | 'unbind'

/** What goes out instead of one PDU, in one write each; `hold` lets the next PDU pass first. */
export interface Spoiled {
  readonly writes: readonly Uint8Array[]
  readonly hold?: true
}

export interface Fault {
  readonly what: string
  readonly spoils: Spoils
  /** A peer that is right in its mind closes the link. */
  readonly fatal?: true
  readonly spoil: (frame: Buffer) => Spoiled
}

const one = (...pieces: readonly Uint8Array[]): Spoiled => ({ writes: [Buffer.concat(pieces)] })
const text = (characters: string): Buffer => Buffer.from(characters, 'latin1')
const u32 = (value: number): string => `0x${value.toString(16).padStart(8, '0')}`

/** Behind the peer's own counting, so that nobody takes them for something else. */
const STRAY_SEQUENCE = 0x7000_0001
const UNBIND = 0x06
const ENQUIRE_LINK = 0x15

const lengths = [0, 4, 15, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff]
const junk: readonly (readonly [string, Buffer])[] = [
  ['an HTTP answer', text('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n')],
  ['a TLS alert', Buffer.from('15030300020228', 'hex')],
  ['an AMQP header', text('AMQP\0\0\x09\x01')],
  ['a TPKT of RDP', Buffer.from('0300000b06d00000123400', 'hex')],
  ['blank lines', text('\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n')],
]
const versions = [0x00, 0x33, 0x50]
const sequences = [0, 0x8000_0001, 0xa285_9f22, 0x7fff_ffff]

const inRequest =
  (spoil: (frame: Buffer, at: NonNullable<ReturnType<typeof anatomyOf>>) => Spoiled) =>
  (frame: Buffer): Spoiled => {
    const at = anatomyOf(frame)
    return at ? spoil(frame, at) : one(frame)
  }
const behind =
  (...tlvs: readonly Uint8Array[]) =>
  (frame: Buffer): Spoiled =>
    one(withBody(frame, bodyOf(frame), ...tlvs))
const before =
  (make: (frame: Buffer) => Buffer) =>
  (frame: Buffer): Spoiled =>
    one(make(frame), frame)

function setOctet(frame: Buffer, at: number, value: number): Buffer {
  const copy = Buffer.from(frame)
  copy[at] = value
  return copy
}

const refusal = (frame: Buffer, ...body: readonly Uint8Array[]): Buffer =>
  frameOf(idOf(frame), statusOfFrame(frame) || 0x45, sequenceOf(frame), Buffer.concat(body))

/** Groups of facts about interoperability, and the ways in which an SMSC can be wrong in each. Group 11 is the ESME's. */
export const malformed = {
  1: [
    {
      what: 'octet by octet',
      spoils: 'any',
      spoil: (frame) => ({ writes: [...frame].map((octet) => Buffer.of(octet)) }),
    },
    {
      what: 'cut inside the header',
      spoils: 'any',
      spoil: (frame) => ({ writes: [frame.subarray(0, 7), frame.subarray(7)] }),
    },
  ],
  2: lengths.map((length) => ({
    what: `command_length ${u32(length)}`,
    spoils: 'any',
    fatal: true,
    spoil: (frame) => one(withLength(frame, length)),
  })),
  3: junk.map(([what, octets]) => ({
    what: `${what} in between`,
    spoils: 'any',
    fatal: true,
    spoil: (frame) => one(octets, frame),
  })),
  4: [
    {
      what: 'a message_payload of nearly 64 KiB',
      spoils: 'request',
      spoil: behind(tlvOctets(0x0424, Buffer.alloc(65_000, ' '))),
    },
    {
      what: 'more than 128 KiB',
      spoils: 'request',
      fatal: true,
      spoil: behind(tlvOctets(0x1400, Buffer.alloc(65_535)), tlvOctets(0x1400, Buffer.alloc(65_535))),
    },
  ],
  5: [
    {
      what: 'sm_length beyond the end',
      spoils: 'request',
      spoil: inRequest((frame, { smLength, tlvs }) =>
        smLength < 0
          ? one(frame)
          : one(setOctet(withBody(frame, frame.subarray(HEADER, tlvs)), smLength, 255)),
      ),
    },
    {
      what: 'sm_length one too small, and a NUL behind the text',
      spoils: 'request',
      spoil: inRequest((frame, { smLength, tlvs }) =>
        smLength < 0 || frame[smLength] === 0
          ? one(frame)
          : one(withBody(frame, frame.subarray(HEADER, tlvs), text('\0'))),
      ),
    },
  ],
  6: [
    {
      what: 'a TLV that is longer than the PDU',
      spoils: 'request',
      spoil: behind(tlvOctets(0x0204, text('\0\x01\0'), 0x41)),
    },
  ],
  7: [
    {
      what: 'every TLV twice',
      spoils: 'request',
      spoil: inRequest((frame, { tlvs }) => one(withBody(frame, bodyOf(frame), frame.subarray(tlvs)))),
    },
    {
      what: 'TLVs backwards',
      spoils: 'request',
      spoil: inRequest((frame, { tlvs }) =>
        one(withBody(frame, frame.subarray(HEADER, tlvs), ...tlvsFrom(frame, tlvs).reverse())),
      ),
    },
    {
      what: 'TLVs without a value',
      spoils: 'request',
      spoil: behind(tlvOctets(0x0204, ''), tlvOctets(0x0423, '')),
    },
    { what: 'one octet behind the end', spoils: 'request', spoil: behind(text('\0')) },
    { what: 'one octet behind the answer', spoils: 'answer', spoil: behind(text('\0')) },
  ],
  8: [
    {
      what: 'a source_addr of more than 20 digits',
      spoils: 'request',
      spoil: inRequest((frame, { source }) =>
        one(withBody(frame, frame.subarray(HEADER, source), text('0'.repeat(21)), frame.subarray(source))),
      ),
    },
    {
      what: 'a source_addr without a NUL up to the end',
      spoils: 'request',
      spoil: inRequest((frame, { sourceEnd }) => one(withBody(frame, frame.subarray(HEADER, sourceEnd)))),
    },
    {
      what: 'a message_id of more than 65 characters',
      spoils: 'answer',
      spoil: (frame) => one(withBody(frame, text('0'.repeat(66)), bodyOf(frame))),
    },
  ],
  9: [
    { what: 'an answer without a body', spoils: 'answer', spoil: (frame) => one(withBody(frame)) },
    {
      what: 'an answer with an empty message_id',
      spoils: 'answer',
      spoil: (frame) => one(withBody(frame, text('\0'))),
    },
    {
      what: 'a message_id without its NUL',
      spoils: 'answer',
      spoil: (frame) => one(withBody(frame, bodyOf(frame).subarray(0, -1))),
    },
  ],
  10: [
    { what: 'a refusal without a body', spoils: 'answer', spoil: (frame) => one(refusal(frame)) },
    { what: 'a refusal with a body', spoils: 'answer', spoil: (frame) => one(refusal(frame, text('\0'))) },
    {
      what: 'a refusal with TLVs',
      spoils: 'answer',
      spoil: (frame) =>
        one(refusal(frame, text('\0'), tlvOctets(0x0425, text('\x02')), tlvOctets(0x001d, 'no route\0'))),
    },
    {
      what: 'a refusal with TLVs where the body should begin',
      spoils: 'answer',
      spoil: (frame) => one(refusal(frame, tlvOctets(0x001d, 'no route\0'))),
    },
  ],
  12: [
    {
      what: 'a request that nobody knows',
      spoils: 'any',
      spoil: before(() => frameOf(0x0000_0999, 0, STRAY_SEQUENCE)),
    },
    {
      what: 'an answer that nobody knows',
      spoils: 'any',
      spoil: before(() => frameOf(0x8000_0999, 0, STRAY_SEQUENCE)),
    },
    {
      what: 'an answer to nothing',
      spoils: 'any',
      spoil: before(() => frameOf(0x8000_0004, 0, STRAY_SEQUENCE, text('1\0'))),
    },
  ],
  13: [
    {
      what: 'TLVs of vendors in a request',
      spoils: 'request',
      spoil: behind(
        tlvOctets(0x1411, '26201\0'),
        tlvOctets(0x1403, text('\0\x02')),
        tlvOctets(0x3fff, text('\0\xff\0')),
      ),
    },
    {
      what: 'TLVs of vendors in an answer',
      spoils: 'answer',
      spoil: behind(tlvOctets(0x1454, '1\0'), tlvOctets(0x1418, text('\0\0'))),
    },
    { what: 'more_messages_to_send', spoils: 'request', spoil: behind(tlvOctets(0x0426, text('\x01'))) },
  ],
  14: [
    ...versions.map(
      (version): Fault => ({
        what: `sc_interface_version ${version.toString(16).padStart(2, '0')}`,
        spoils: 'bind',
        spoil: (frame) => one(withBody(frame, systemIdOf(frame), tlvOctets(0x0210, Buffer.of(version)))),
      }),
    ),
    {
      what: 'no sc_interface_version',
      spoils: 'bind',
      spoil: (frame) => one(withBody(frame, systemIdOf(frame))),
    },
    {
      what: 'sc_interface_version in two octets',
      spoils: 'bind',
      spoil: (frame) => one(withBody(frame, systemIdOf(frame), tlvOctets(0x0210, text('\0\x34')))),
    },
  ],
  15: [
    {
      what: 'an alert_notification',
      spoils: 'any',
      spoil: before(() => frameOf(0x102, 0, STRAY_SEQUENCE, text('\x01\x014915112345678\0\0\x0012345\0'))),
    },
    {
      what: 'an outbind',
      spoils: 'any',
      spoil: before(() => frameOf(0x0b, 0, STRAY_SEQUENCE, text('simulator\0\0'))),
    },
    {
      what: 'congestion_state in an answer',
      spoils: 'answer',
      spoil: behind(tlvOctets(0x0428, Buffer.of(80))),
    },
  ],
  16: [
    ...sequences.map(
      (sequence): Fault => ({
        what: `an enquire_link with the sequence_number ${u32(sequence)}`,
        spoils: 'any',
        spoil: before(() => frameOf(ENQUIRE_LINK, 0, sequence)),
      }),
    ),
    {
      what: 'an enquire_link with a sequence_number that is in use',
      spoils: 'any',
      spoil: before((frame) => frameOf(ENQUIRE_LINK, 0, sequenceOf(frame))),
    },
  ],
  17: [
    { what: 'the answer twice', spoils: 'answer', spoil: (frame) => one(frame, frame) },
    { what: 'answers out of order', spoils: 'answer', spoil: (frame) => ({ writes: [frame], hold: true }) },
    {
      what: 'the answer to another command first',
      spoils: 'answer',
      spoil: before((frame) => frameOf(0x8000_0103, 0, sequenceOf(frame), text('1\0'))),
    },
    {
      what: 'a generic_nack for nothing',
      spoils: 'any',
      spoil: before(() => frameOf(0x8000_0000, 3, 0)),
    },
  ],
  18: [
    {
      what: 'an enquire_link before the bind is answered',
      spoils: 'bind',
      spoil: before(() => frameOf(ENQUIRE_LINK, 0, STRAY_SEQUENCE)),
    },
    {
      what: 'an enquire_link_resp with a status',
      spoils: 'enquire',
      spoil: (frame) => one(frameOf(idOf(frame), 8, sequenceOf(frame))),
    },
  ],
  19: [
    { what: 'no unbind_resp', spoils: 'unbind', spoil: () => ({ writes: [] }) },
    {
      what: 'an unbind of its own before unbind_resp',
      spoils: 'unbind',
      spoil: before(() => frameOf(UNBIND, 0, STRAY_SEQUENCE)),
    },
  ],
} as const satisfies Record<number, readonly Fault[]>

export const faultGroups = Object.keys(malformed) as readonly `${keyof typeof malformed}`[]
export type FaultGroup = (typeof faultGroups)[number]

export const faultsOf = (group: FaultGroup): readonly Fault[] =>
  malformed[Number(group) as keyof typeof malformed]

/** system_id and its NUL, without the TLVs behind it. */
function systemIdOf(frame: Buffer): Buffer {
  const end = frame.indexOf(0, HEADER)
  return frame.subarray(HEADER, end < 0 ? frame.length : end + 1)
}

const answers: ReadonlyMap<number, Spoils> = new Map<number, Spoils>([
  [0x8000_0004, 'answer'],
  [0x0000_0005, 'request'],
  [0x0000_0103, 'request'],
  [0x8000_0001, 'bind'],
  [0x8000_0002, 'bind'],
  [0x8000_0009, 'bind'],
  [0x8000_0015, 'enquire'],
  [0x8000_0006, 'unbind'],
])

/** Whether a fault can be done to this PDU. What strays in between waits until the link is bound. */
export function canSpoil({ spoils }: Fault, frame: Buffer): boolean {
  const kind = answers.get(idOf(frame))
  return spoils === 'any' ? kind !== 'bind' : kind === spoils
}
