import { behind, type Fault, one, type Spoiled, text, u32 } from './fault.ts'
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

const lengths = [0, 4, 15, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff]
const junk: readonly (readonly [string, Buffer])[] = [
  ['an HTTP answer', text('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n')],
  ['a TLS alert', Buffer.from('15030300020228', 'hex')],
  ['an AMQP header', text('AMQP\0\0\x09\x01')],
  ['a TPKT of RDP', Buffer.from('0300000b06d00000123400', 'hex')],
  ['blank lines', text('\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n')],
]

const inRequest =
  (spoil: (frame: Buffer, at: NonNullable<ReturnType<typeof anatomyOf>>) => Spoiled) =>
  (frame: Buffer): Spoiled => {
    const at = anatomyOf(frame)
    return at ? spoil(frame, at) : one(frame)
  }

function setOctet(frame: Buffer, at: number, value: number): Buffer {
  const copy = Buffer.from(frame)
  copy[at] = value
  return copy
}

const refusal = (frame: Buffer, ...body: readonly Uint8Array[]): Buffer =>
  frameOf(idOf(frame), statusOfFrame(frame) || 0x45, sequenceOf(frame), Buffer.concat(body))

/** Where a PDU is cut: as sequence numbers go up, at one boundary between octets after the other. */
const cutOf = (frame: Buffer): number => 1 + (sequenceOf(frame) % (frame.length - 1))

/** PDUs that are wrong in themselves: framing, lengths, fields, TLVs. */
export const wrongPdus = {
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
    {
      what: 'cut behind one octet, which one goes by the sequence_number',
      spoils: 'any',
      spoil: (frame) => ({ writes: [frame.subarray(0, cutOf(frame)), frame.subarray(cutOf(frame))] }),
    },
    {
      what: 'cut there, and the rest in one segment with the next PDU',
      spoils: 'any',
      spoil: (frame) => ({ writes: [frame.subarray(0, cutOf(frame))], rest: frame.subarray(cutOf(frame)) }),
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
} as const satisfies Record<number, readonly Fault[]>
