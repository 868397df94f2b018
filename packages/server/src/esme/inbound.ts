import { analyzeText, dataCodingFor, encodeGsm7, joinUserData, segmentText } from '@kurzpost/gsm'
import { type PduInputOf, tlv, writeEsmClass } from '@kurzpost/smpp'
import { toEsme } from './address.ts'
import type { InboundContent } from './delivery.store.ts'
import type { Login } from './login.store.ts'

/** Octets of a part in Latin-1, whose header makes it no longer than one in GSM-7 is. */
const latin1Part = 153

/** Octets of a text for this login, and the data_coding that says so. */
function encoded(text: string, alphabet: Login['alphabet']): { coding: number; octets: Uint8Array } {
  const latin1 = alphabet === 'latin1' && /^[\0-\xff]*$/.test(text)
  if (latin1) return { coding: 0, octets: Buffer.from(text, 'latin1') }
  // A login that takes 0 for Latin-1 reads septets nowhere: what Latin-1 lacks goes as UCS-2.
  const gsm7 = alphabet === 'gsm7' && analyzeText(text).offenders.length === 0
  return {
    coding: dataCodingFor({ charset: gsm7 ? 'gsm7' : 'ucs2' }),
    octets: gsm7 ? encodeGsm7(text) : Buffer.from(text, 'utf16le').swap16(),
  }
}

/**
 * An inbound message as deliver_sm: one, or several where it is long and the login does not take payloads. `reference`
 * tells the parts of one message from those of another; the same each time that it is delivered. Throws GsmError or
 * SmppError for a text that has no place in 255 parts, or in a payload.
 */
export function inboundPdus(
  { from, to, text }: InboundContent,
  { alphabet, long_inbound }: Pick<Login, 'alphabet' | 'long_inbound'>,
  reference: number,
): PduInputOf<'deliver_sm'>[] {
  const [source_addr_ton, source_addr_npi, source_addr] = toEsme(from)
  const [dest_addr_ton, dest_addr_npi, destination_addr] = toEsme(to)
  const common = {
    command: 'deliver_sm' as const,
    source_addr_ton,
    source_addr_npi,
    source_addr,
    dest_addr_ton,
    dest_addr_npi,
    destination_addr,
  }
  const { coding: data_coding, octets } = encoded(text, alphabet)
  const fits = octets.length <= (data_coding === 8 ? 140 : 160)
  if (fits) return [{ ...common, data_coding, short_message: octets }]
  if (long_inbound === 'payload') return [{ ...common, data_coding, tlvs: [tlv('message_payload', octets)] }]
  // Latin-1 has an octet a character and no escapes: cut like septets, but by octets.
  const pieces =
    data_coding === 0 && alphabet === 'latin1'
      ? latin1Pieces(octets)
      : segmentText(text, { encoding: data_coding === 8 ? 'ucs2' : 'gsm7', reference }).segments
  const total = pieces.length
  return pieces.map(({ header, body }, at) => {
    if (long_inbound === 'udh') {
      const front = header ?? Uint8Array.of(5, 0, 3, reference & 0xff, total, at + 1)
      const short_message = joinUserData({ header: front, body })
      return { ...common, data_coding, esm_class: writeEsmClass({ udhi: true }), short_message }
    }
    return {
      ...common,
      data_coding,
      short_message: body,
      tlvs: [
        tlv('sar_msg_ref_num', reference),
        tlv('sar_total_segments', total),
        tlv('sar_segment_seqnum', at + 1),
      ],
    }
  })
}

function latin1Pieces(octets: Uint8Array): { header: undefined; body: Uint8Array }[] {
  return Array.from({ length: Math.ceil(octets.length / latin1Part) }, (_, at) => ({
    header: undefined,
    body: octets.subarray(at * latin1Part, (at + 1) * latin1Part),
  }))
}
