import { decodeGsm7, joinUserData, packUserData } from '@kurzpost/gsm'
import { type SubmitFields, type Tlv, tlv } from '@kurzpost/smpp'
import { CarrierError, type OutboundSegment, type SentSegment } from '../carrier.ts'
import { addressWriter, type SmppAddress } from './address.ts'
import type { Alphabet, SmppSettings } from './settings.ts'
import { carrierTlvs } from './tlvs.ts'
import { validityPeriod } from './validity.ts'

const udhi = 0x40 // esm_class: user data header present [SMPP 3.4 §5.2.12]
// [SMPP 3.4 §5.2.21]
const longestShortMessage = 254

interface UserData {
  header: Uint8Array
  body: Uint8Array
}

/** Septets, one an octet, as the carrier wants texts of the GSM alphabet. */
const writers: Readonly<Record<Alphabet, (data: UserData) => Uint8Array>> = {
  gsm7: joinUserData,
  gsm7_packed: (data) => packUserData(data, { counted: false }).octets,
  latin1: ({ header, body }) => joinUserData({ header, body: plain(body, 0xff) }),
  ascii: ({ header, body }) => joinUserData({ header, body: plain(body, 0x7f) }),
}

/** Throws CarrierError for a text with characters that the carrier's alphabet lacks: never another one in silence. */
function plain(septets: Uint8Array, highest: number): Uint8Array {
  const text = decodeGsm7(septets)
  for (let at = 0; at < text.length; at++)
    if (text.charCodeAt(at) > highest)
      throw new CarrierError('not_in_alphabet', { retry: 'elsewhere', sent: 'no' })
  return Buffer.from(text, 'latin1')
}

/** How this carrier wants submissions, and the names by which it is asked about them. */
export function submissionWriter(settings: SmppSettings, now: () => Date) {
  const { data_coding_0, data_coding_sent, long_messages, receipts, service_type } = settings
  const source = addressWriter(settings.source_addresses)
  const destination = addressWriter(settings.destination_addresses)
  const own = carrierTlvs(settings).submit
  const writeGsm7 = writers[data_coding_0.out]

  function content(segment: OutboundSegment): Pick<SubmitFields, 'esm_class' | 'short_message' | 'tlvs'> {
    const { concat, segments, body } = segment
    const bySar = long_messages === 'sar' && concat !== null
    const header = bySar ? new Uint8Array() : segment.header
    const octets = segment.encoding === 'gsm7' ? writeGsm7({ header, body }) : joinUserData({ header, body })
    const payload = segments > 1 || octets.length > longestShortMessage
    return {
      esm_class: header.length > 0 ? udhi : 0,
      ...(payload ? {} : { short_message: octets }),
      tlvs: [...(payload ? [tlv('message_payload', octets)] : []), ...(bySar ? sarTlvs(concat) : []), ...own],
    }
  }

  return {
    /** `reference`: for user_message_reference. Throws CarrierError for what cannot be written for this carrier. */
    submit(segment: OutboundSegment, reference?: number): SubmitFields {
      const { tlvs = [], ...rest } = content(segment)
      return {
        service_type,
        ...fields('source', source(segment.from)),
        ...fields('dest', destination(segment.to)),
        registered_delivery: receipts.registered_delivery,
        validity_period: validityPeriod(segment.validitySeconds, settings, now()),
        data_coding: data_coding_sent[segment.encoding],
        ...rest,
        tlvs: reference === undefined ? tlvs : [...tlvs, tlv('user_message_reference', reference)],
      }
    },
    /** The addresses by which query_sm and cancel_sm name a message beside its id. */
    source: ({ from }: SentSegment) => fields('source', source(from)),
    destination: ({ to }: SentSegment) => fields('dest', destination(to)),
  }
}

function fields(
  end: 'source',
  address: SmppAddress,
): Pick<SubmitFields, `source_${'addr' | 'addr_ton' | 'addr_npi'}`>
function fields(
  end: 'dest',
  address: SmppAddress,
): Pick<SubmitFields, 'destination_addr' | 'dest_addr_ton' | 'dest_addr_npi'>
function fields(end: 'source' | 'dest', { ton, npi, address }: SmppAddress): object {
  return end === 'source'
    ? { source_addr_ton: ton, source_addr_npi: npi, source_addr: address }
    : { dest_addr_ton: ton, dest_addr_npi: npi, destination_addr: address }
}

/** Concatenation told to the SMSC, which makes the headers. [SMPP 3.4 §5.3.2.22 to 24] */
const sarTlvs = ({ reference, total, part }: NonNullable<OutboundSegment['concat']>): Tlv[] => [
  tlv('sar_msg_ref_num', reference),
  tlv('sar_total_segments', total),
  tlv('sar_segment_seqnum', part),
]
