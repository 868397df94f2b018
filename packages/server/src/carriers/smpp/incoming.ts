import { decodeUserData } from '@kurzpost/gsm'
import { messageIdKeys, type PduOf, parseReceipt, type Receipt, readTlv } from '@kurzpost/smpp'
import type { CarrierReceipt, IncomingPart, Reading } from '../carrier.ts'
import { fromSmpp } from './address.ts'

export type Delivery = PduOf<'deliver_sm'> | PduOf<'data_sm'>

const udhi = 0x40 // esm_class: the user data begins with a header [SMPP 3.4 §5.2.12]

/** Final states as the core knows them; the others leave the message where it is. */
const stateOf: Partial<Record<Receipt['state'], CarrierReceipt['state']>> = {
  delivered: 'delivered',
  undelivered: 'undelivered',
  deleted: 'undelivered',
  expired: 'expired',
  rejected: 'rejected',
}

/** PostgreSQL's text holds no NUL and no half characters; the network may send both. */
const storable = (text: string): string => text.replaceAll('\0', '').toWellFormed()

const relations = ['same', 'hex-to-decimal', 'decimal-to-hex'] as const

/** Some SMSCs answer without an id. A receipt without one must not be taken for theirs: it has no reading. */
function readingsOf({ ids, keysource }: Receipt): Reading[] {
  return ids.flatMap((id, at) => {
    const place = at === 0 && keysource === 'tlv' ? 'tlv' : 'text'
    return relations.flatMap((relation) => {
      const key = storable(messageIdKeys(id, relation)[0]!)
      return key === '' ? [] : [{ name: `${place}:${relation.replaceAll('-', '_')}`, key }]
    })
  })
}

/** The receipt in a delivery, or undefined when it is a message. */
export function readReceipt(pdu: Delivery): CarrierReceipt | undefined {
  const receipt = parseReceipt(pdu)
  if (!receipt) return undefined
  return {
    remoteId: storable(receipt.id),
    readings: readingsOf(receipt),
    state: stateOf[receipt.state] ?? null,
    covers: 'segment',
    parties: [
      fromSmpp({ ton: pdu.source_addr_ton, address: pdu.source_addr }),
      fromSmpp({ ton: pdu.dest_addr_ton, address: pdu.destination_addr }),
    ].filter((address) => address !== ''),
    error: receipt.error === undefined ? null : storable(receipt.error),
    text: receipt.state,
    doneAt: null,
  }
}

/** The message, or the part of one, in a delivery. Binary messages are shown in hex rather than dropped. */
export function readPart(pdu: Delivery): IncomingPart {
  const short = pdu.command === 'deliver_sm' ? pdu.short_message : new Uint8Array()
  const octets = short.length > 0 ? short : (readTlv(pdu, 'message_payload') ?? short)
  const { header, body, text, dataCoding } = decodeUserData(octets, {
    dataCoding: pdu.data_coding,
    udhi: (pdu.esm_class & udhi) !== 0,
  })
  return {
    from: storable(fromSmpp({ ton: pdu.source_addr_ton, address: pdu.source_addr })),
    to: storable(fromSmpp({ ton: pdu.dest_addr_ton, address: pdu.destination_addr })),
    // Half a surrogate pair at the border of a part is whole again only when the parts are joined.
    text: (text ?? Buffer.from(body).toString('hex')).replaceAll('\0', ''),
    encoding: dataCoding.charset === 'ucs2' ? 'ucs2' : 'gsm7',
    concat: header?.concat ?? sar(pdu),
  }
}

/** Concatenation by TLVs instead of a header. [SMPP 3.4 §5.3.2.22 to 24] */
function sar(pdu: Delivery): IncomingPart['concat'] {
  const reference = readTlv(pdu, 'sar_msg_ref_num')
  const total = readTlv(pdu, 'sar_total_segments')
  const part = readTlv(pdu, 'sar_segment_seqnum')
  if (reference === undefined || !total || !part || part > total) return null
  return { reference, bits: 16, total, part }
}
