import { SmppError } from '../errors.ts'
import type { PduInput } from './commands.ts'
import { layoutOf } from './layout.ts'
import type { Tlv } from './tlv.ts'

/** The versions of the protocol that differ on the wire: 3.3, 3.4 and 5.0. */
export type SmppVersion = 0x33 | 0x34 | 0x50

/**
 * What both sides speak, from the peer's interface_version (in its bind) or sc_interface_version (in its bind answer).
 * Values below 0x33 mean 3.3 [SMPP 3.4 §5.2.4]; what lies between two versions means the lower one.
 *
 * The specification takes a bind answer without sc_interface_version for a 3.3 peer [SMPP 3.4 §5.3.2.25]. In practice
 * most SMSCs that leave it out take TLVs all the same, and sending to them without TLVs would lose more than a 3.3
 * peer loses by being sent some. So undefined means 3.4; whoever knows better passes 0x33 (facts group 14).
 */
export function negotiateVersion(theirs: number | undefined, ours: SmppVersion = 0x50): SmppVersion {
  const peer = theirs === undefined ? 0x34 : theirs
  const version = peer >= 0x50 ? 0x50 : peer >= 0x34 ? 0x34 : 0x33
  return version < ours ? version : ours
}

// What would change the message if a 3.3 peer were not told: parts of a long text would arrive as texts of their own,
// a message to a port or a USSD menu as a text to read.
const essential = new Map<number, string>([
  [0x020a, 'source_port'],
  [0x020b, 'destination_port'],
  [0x020c, 'sar_msg_ref_num'],
  [0x020e, 'sar_total_segments'],
  [0x020f, 'sar_segment_seqnum'],
  [0x0501, 'ussd_service_op'],
  [0x1383, 'its_session_info'],
])
const messagePayload = 0x0424
const receiptedMessageId = 0x001e
// [SMPP 3.4 §5.2.21]
const longestShortMessage = 254

/**
 * The PDU as a peer of this version may be sent it. Towards 3.3 the TLVs are left out (facts group 14), and a
 * message_payload of up to 254 octets becomes the short_message. Throws SmppError `invalid_pdu` for a request that
 * the version does not have, and where leaving out TLVs would change the message: a longer message_payload, sar_*
 * (cut long texts with user data headers instead), ports, USSD, a receipt that stands in TLVs alone.
 *
 * Answers are never refused, the peer has asked after all; nor are binds, which find the version out.
 */
export function fitToVersion(pdu: PduInput, version: SmppVersion): PduInput {
  const layout = layoutOf(pdu.command)
  if (layout === undefined) return pdu
  const asks = !layout.isResponse && !pdu.command.startsWith('bind_')
  if (asks && (layout.since > version || layout.until < version))
    throw invalid(`${pdu.command} is not in SMPP ${version >> 4}.${version & 15}, which the peer speaks`)
  if (version > 0x33 || pdu.tlvs === undefined || pdu.tlvs.length === 0) return pdu
  return asks ? withoutTlvs(pdu, pdu.tlvs) : { ...pdu, tlvs: [] }
}

function withoutTlvs(pdu: PduInput, tlvs: readonly Tlv[]): PduInput {
  const text = 'short_message' in pdu ? pdu.short_message : undefined
  const payload = tlvs.find((tlv) => tlv.tag === messagePayload)?.value
  for (const { tag } of tlvs) {
    const name = essential.get(tag)
    if (name !== undefined) throw invalid(`${name} would be lost: the peer speaks SMPP 3.3, without TLVs`)
    if (tag === receiptedMessageId && !text?.length && !payload?.length)
      throw invalid('the receipt stands in TLVs alone, and the peer speaks SMPP 3.3, without TLVs')
  }
  if (payload === undefined || payload.length === 0) return { ...pdu, tlvs: [] }
  if (text?.length || payload.length > longestShortMessage || !takesText(pdu))
    throw invalid(`message_payload does not fit short_message: the peer speaks SMPP 3.3, without TLVs`)
  return { ...pdu, short_message: payload, tlvs: [] } as PduInput
}

const takesText = (pdu: PduInput): boolean =>
  layoutOf(pdu.command)!.fields.some((field) => field.type === 'octets')

const invalid = (detail: string): SmppError => new SmppError('invalid_pdu', { detail })
