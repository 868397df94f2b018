import type { PduOf } from './commands.ts'
import { findTlv } from './tlv.ts'

/** Texts in which a receipt may stand, one by one, best guess first: short_message, then message_payload, each in its likely coding. */
export function* receiptTexts(
  pdu: PduOf<'deliver_sm'> | PduOf<'data_sm'>,
  decode: ((octets: Uint8Array, dataCoding: number) => string | undefined) | undefined,
): Generator<string> {
  const short = pdu.command === 'deliver_sm' ? pdu.short_message : undefined
  for (const octets of [short, findTlv(pdu.tlvs, 'message_payload')?.value]) {
    if (octets === undefined || octets.length === 0) continue
    const body = withoutHeader(octets, pdu.esm_class)
    const given = decode?.(body, pdu.data_coding)
    yield given ?? plain(body, pdu.data_coding)
    if (given === undefined) yield unpacked(body)
  }
}

const udhi = 0x40

// esm_class 0x44 comes with a header and without one (facts group 36): text never begins with a control character.
function withoutHeader(octets: Uint8Array, esmClass: number): Uint8Array {
  const length = octets[0]!
  return (esmClass & udhi) !== 0 && length < 0x20 && length < octets.length
    ? octets.subarray(length + 1)
    : octets
}

function plain(octets: Uint8Array, dataCoding: number): string {
  const buffer = Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength)
  if (buffer.length > 3) {
    const first = buffer[0]
    const second = buffer[1]
    // UCS-2 shows itself by a byte order mark or a zero beside the first letter, whatever data_coding says.
    if (first === 0xfe && second === 0xff) return swapped(buffer.subarray(2)).toString('utf16le')
    if (first === 0xff && second === 0xfe) return buffer.toString('utf16le', 2)
    if (first === 0 && second !== 0) return swapped(buffer).toString('utf16le')
    if (first !== 0 && second === 0 && buffer[3] === 0) return buffer.toString('utf16le')
  }
  if (dataCoding === 8 && !buffer.subarray(0, 8).every(isPrintable))
    return swapped(buffer).toString('utf16le')
  // The keys, ids and dates are ASCII in every single-octet coding; '_' and '@' are 0x11 and 0 in GSM 03.38.
  return buffer.toString('latin1').replaceAll('\x11', '_')
}

const isPrintable = (octet: number): boolean => octet >= 0x20 && octet < 0x7f
const swapped = (buffer: Buffer): Buffer => Buffer.from(buffer.subarray(0, buffer.length & ~1)).swap16()

/** Septets packed into octets, lowest bits first [3GPP TS 23.038 §6.1.2.1]; letters, digits and ':' are as in ASCII. */
function unpacked(octets: Uint8Array): string {
  let text = ''
  let bits = 0
  let held = 0
  for (const octet of octets) {
    held |= octet << bits
    bits += 8
    while (bits >= 7) {
      const septet = held & 0x7f
      text += septet === 0x11 ? '_' : String.fromCharCode(septet)
      held >>>= 7
      bits -= 7
    }
  }
  return text
}
