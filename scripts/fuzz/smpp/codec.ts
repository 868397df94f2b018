import {
  type Decoded,
  decodePdu,
  encodePdu,
  messageIdKey,
  messageIdKeys,
  type Pdu,
  type PduInput,
  parseReceipt,
  readTlv,
  SmppError,
  type TlvName,
} from '@kurzpost/smpp'
import { decodeByTable } from '../../../packages/smpp/src/pdu/decode.ts'
import { layoutById } from '../../../packages/smpp/src/pdu/layout.ts'
import { hold } from '../target.ts'
import { same } from './same.ts'

/** One PDU through decoder, readers and encoder, and back. */
export function checkCodec(octets: Buffer): number {
  const decoded = decodePdu(octets)
  if (!decoded.ok) {
    checkRefused(decoded, octets)
    return 1
  }
  const { pdu, problems } = decoded
  // Common PDUs have a way of their own through the decoder, which must not differ.
  if ((octets[15]! & 3) === 0) {
    const layout = layoutById(octets.readUInt32BE(4))!
    const byTable = decodeByTable(octets, 0, octets.length, layout)
    hold(same(byTable, decoded), 'The table gives another PDU than the fast path.')
  }
  // Each reading looks through the list from its beginning, and a list can hold thousands.
  for (let i = Math.min(pdu.tlvs.length, 8) - 1; i >= 0; i--) {
    const { name } = pdu.tlvs[i]!
    if (name !== undefined) readTlv(pdu, name as TlvName)
  }
  checkReceipt(pdu)

  const again = encoded(pdu)
  if (again === undefined) {
    hold(problems.length > 0, 'A PDU that decodes with no problems does not encode.')
    return 1
  }
  const second = decodePdu(again)
  hold(second.ok, `What was encoded does not decode: ${second.ok ? '' : second.reason}.`)
  hold(same(second.pdu, pdu), 'A PDU that was decoded and encoded decodes to another one.')
  if (problems.length === 0 && isCanonical(pdu))
    hold(Buffer.compare(again, octets) === 0, 'A clean PDU does not encode to its own octets.')
  return 1
}

/** The octets, or undefined if the encoder refuses, as it may: a broken peer's strings are longer than ours. */
function encoded(pdu: Pdu): Buffer | undefined {
  try {
    return encodePdu(pdu as PduInput)
  } catch (error) {
    if (error instanceof SmppError && error.code === 'invalid_pdu') return undefined
    throw error
  }
}

/** An error answer, and any deliver_sm_resp, may come without its body or a part of it, and counts as clean. */
const isCanonical = ({ command, status }: Pdu): boolean => status === 0 && command !== 'deliver_sm_resp'

function checkRefused(decoded: Extract<Decoded, { ok: false }>, octets: Buffer): void {
  hold(decoded.status > 0 && decoded.reason !== '', 'A refusal has no status or no reason.')
  if (decoded.fatal) return
  hold(decoded.header.command_length === octets.length, 'A refusal has another command_length.')
  hold(Buffer.compare(decoded.raw, octets) === 0, 'A refusal holds other octets.')
}

function checkReceipt(pdu: Pdu): void {
  if (pdu.command !== 'deliver_sm' && pdu.command !== 'data_sm') {
    return
  }
  parseReceipt(pdu)
  const receipt = parseReceipt(pdu, { anyClass: true })
  if (receipt === undefined) return
  for (const id of receipt.ids) hold(messageIdKeys(id)[0] === messageIdKey(id), 'The keys of an id disagree.')
}
