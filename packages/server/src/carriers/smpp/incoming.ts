import { createHash } from 'node:crypto'
import { decodeUserData } from '@kurzpost/gsm'
import {
  dateOf,
  type PduOf,
  parseReceipt,
  type Receipt,
  type ReceiptDialect,
  type ReceiptZone,
  readTlv,
} from '@kurzpost/smpp'
import type { CarrierReceipt, IncomingPart } from '../carrier.ts'
import { addressReader } from './address.ts'
import { longestId, readingsOf } from './ids.ts'
import type { SmppSettings } from './settings.ts'
import { storable } from './storable.ts'
import { carrierTlvs } from './tlvs.ts'

export type Delivery = PduOf<'deliver_sm'> | PduOf<'data_sm'>

/** A network's code has a few digits; what follows `err:` may be anything. */
const longestError = 64
const udhi = 0x40 // esm_class: the user data begins with a header [SMPP 3.4 §5.2.12]

/** Final states as the core knows them; the others leave the message where it is. */
const stateOf: Partial<Record<Receipt['state'], CarrierReceipt['state']>> = {
  delivered: 'delivered',
  undelivered: 'undelivered',
  deleted: 'undelivered',
  expired: 'expired',
  rejected: 'rejected',
}

export interface DeliveryReader {
  /** The receipt in a delivery, or undefined when it is a message. */
  receipt(pdu: Delivery): CarrierReceipt | undefined
  /** The message, or the part of one. Binary messages are shown in hex rather than dropped. */
  part(pdu: Delivery): IncomingPart
}

/** Reads what comes in on a carrier's links, by its settings. */
export function deliveryReader(settings: SmppSettings): DeliveryReader {
  const { receipts, data_coding_0 } = settings
  const address = addressReader(settings.inbound_addresses)
  const tlvs = carrierTlvs(settings)
  const zone = zoneOf(receipts.zone)
  const dialect: ReceiptDialect = {
    anyClass: receipts.unmarked,
    marks: (pdu) =>
      receipts.service_type !== '' && 'service_type' in pdu && pdu.service_type === receipts.service_type,
  }
  const zero = data_coding_0.in === 'latin1' || data_coding_0.in === 'ascii' ? 'latin1' : 'gsm7'
  const packed = data_coding_0.in === 'gsm7_packed'

  const partiesOf = (pdu: Delivery): [from: string, to: string] => [
    storable(address({ ton: pdu.source_addr_ton, address: pdu.source_addr })),
    storable(address({ ton: pdu.dest_addr_ton, address: pdu.destination_addr })),
  ]

  return {
    receipt(pdu) {
      const receipt = parseReceipt(pdu, dialect)
      if (!receipt) return undefined
      const { id, error, doneAt, submitted = 1 } = receipt
      const details = tlvs.read(pdu)
      return {
        remoteId: storable(id).slice(0, longestId),
        readings: readingsOf(receipt, settings),
        state: stateOf[receipt.state] ?? null,
        // `sub:003` says so itself.
        covers: receipts.parts === 'one' || submitted > 1 ? 'message' : 'segment',
        parties: partiesOf(pdu).filter((party) => party !== ''),
        error: error === undefined ? null : storable(error).slice(0, longestError),
        text: receipt.state,
        doneAt: (doneAt && zone && dateOf(doneAt, zone)?.toISOString()) || null,
        ...(details ? { details } : {}),
      }
    },
    part(pdu) {
      const octets = octetsOf(pdu)
      const { header, body, text, dataCoding } = decodeUserData(octets, {
        dataCoding: pdu.data_coding,
        udhi: (pdu.esm_class & udhi) !== 0,
        zero,
        packed,
      })
      const [from, to] = partiesOf(pdu)
      return {
        from,
        to,
        // Half a surrogate pair at the border of a part is whole again only when the parts are joined.
        text: (text ?? Buffer.from(body).toString('hex')).replaceAll('\0', ''),
        encoding: dataCoding.charset === 'ucs2' ? 'ucs2' : 'gsm7',
        concat: header?.concat ?? sar(pdu),
      }
    },
  }
}

function octetsOf(pdu: Delivery): Uint8Array {
  const short = pdu.command === 'deliver_sm' ? pdu.short_message : new Uint8Array()
  return short.length > 0 ? short : (readTlv(pdu, 'message_payload') ?? short)
}

/** Concatenation by TLVs instead of a header. [SMPP 3.4 §5.3.2.22 to 24] */
function sar(pdu: Delivery): IncomingPart['concat'] {
  const reference = readTlv(pdu, 'sar_msg_ref_num')
  const total = readTlv(pdu, 'sar_total_segments')
  const part = readTlv(pdu, 'sar_segment_seqnum')
  if (reference === undefined || !total || !part || part > total) return null
  return { reference, bits: 16, total, part }
}

/** Throws RangeError for a zone that nobody knows. */
function zoneOf(name: string): ReceiptZone | undefined {
  if (name === '') return undefined
  const offset = /^([+-])(\d\d):(\d\d)$/.exec(name)
  if (offset) {
    const minutes = Number(offset[2]) * 60 + Number(offset[3])
    return { offsetMinutes: offset[1] === '-' ? -minutes : minutes }
  }
  new Intl.DateTimeFormat('en', { timeZone: name })
  return { timeZone: name }
}

/**
 * What tells one delivery from another: all of it but the number that the link gave it. SMSCs give no id to what phones
 * send, so that a copy is known by its being the same octets. A UUID, of 128 bits of their SHA-256.
 */
export function fingerprintOf(pdu: Delivery): string {
  const hash = createHash('sha256')
  const { source_addr_ton, source_addr, dest_addr_ton, destination_addr, esm_class, data_coding } = pdu
  hash.update(
    JSON.stringify([source_addr_ton, source_addr, dest_addr_ton, destination_addr, esm_class, data_coding]),
  )
  if (pdu.command === 'deliver_sm') hash.update(pdu.short_message)
  for (const { tag, value } of pdu.tlvs) hash.update(`${tag}:${value.length}:`).update(value)
  return hash.digest('hex').slice(0, 32)
}
