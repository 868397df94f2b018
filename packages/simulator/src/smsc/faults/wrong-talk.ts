import { before, behind, type Fault, one, text, u32 } from './fault.ts'
import { frameOf, HEADER, idOf, sequenceOf, tlvOctets, withBody } from './frames.ts'

/** Behind the peer's own counting, so that nobody takes them for something else. */
const STRAY_SEQUENCE = 0x7000_0001
const DELIVER_SM = 0x05
const UNBIND = 0x06
const ENQUIRE_LINK = 0x15

const versions = [0x00, 0x33, 0x50]
const sequences = [0, 0x8000_0001, 0xa285_9f22, 0x7fff_ffff]

/** PDUs that are right in themselves, and wrong where they come: strays, answers, versions, the end of a session. */
export const wrongTalk = {
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
    {
      what: 'a deliver_sm behind unbind_resp',
      spoils: 'unbind',
      spoil: (frame) => one(frame, frameOf(DELIVER_SM, 0, STRAY_SEQUENCE, lateText)),
    },
  ],
} as const satisfies Record<number, readonly Fault[]>

/** The body of a deliver_sm from a phone to a short code. */
const lateText = text('\0\x01\x014915112345678\0\x03\x0012345\0\0\0\0\0\0\0\0\0\0\x04late')

/** system_id and its NUL, without the TLVs behind it. */
function systemIdOf(frame: Buffer): Buffer {
  const end = frame.indexOf(0, HEADER)
  return frame.subarray(HEADER, end < 0 ? frame.length : end + 1)
}
