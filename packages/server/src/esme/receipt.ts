import { encodeGsm7, GsmError } from '@kurzpost/gsm'
import { MessageState, type PduInputOf, tlv, writeEsmClass } from '@kurzpost/smpp'
import { publicId } from '../ids.ts'
import type { ReceiptContent } from './delivery.store.ts'
import type { Submitted } from './message.store.ts'

/** `stat` and message_state of each end. [SMPP 3.4 Appendix B, §5.2.28] */
const ends = {
  delivered: ['DELIVRD', MessageState.delivered],
  undelivered: ['UNDELIV', MessageState.undeliverable],
  expired: ['EXPIRED', MessageState.expired],
  rejected: ['REJECTD', MessageState.rejected],
  cancelled: ['DELETED', MessageState.deleted],
} as const satisfies Record<ReceiptContent['state'], readonly [string, number]>

/** True when the ESME has asked to be told of this end. */
export function isWanted({ receipt }: Submitted['origin'], state: ReceiptContent['state']): boolean {
  if (receipt === undefined || receipt === 'always') return receipt === 'always'
  return (receipt === 'success') === (state === 'delivered')
}

export function receiptContent(
  message: Submitted,
  told: { state: ReceiptContent['state']; error: string | null; at: string },
): ReceiptContent {
  const { source, dest, ref } = message.origin
  return {
    message: publicId('message', message.id),
    source,
    dest,
    state: told.state,
    error: told.error,
    submitted_at: message.created_at.toISOString(),
    done_at: told.at,
    text: message.body,
    ...(ref === undefined ? {} : { ref }),
    parts: message.segments,
  }
}

/** `YYMMDDhhmm` of an ISO moment, in UTC: nobody has to guess our time zone. [SMPP 3.4 Appendix B] */
const minute = (iso: string): string => iso.replaceAll(/\D/g, '').slice(2, 12)

/** Three digits, as the format has room for; a network's longer code is in the message's timeline. */
const errorDigits = (error: string | null): string =>
  error !== null && /^\d{1,3}$/.test(error) ? error.padStart(3, '0') : '000'

/** The beginning of the text in GSM-7, or nothing: question marks would say less. */
function beginning(text: string): Uint8Array {
  try {
    return encodeGsm7(text.slice(0, 20))
  } catch (error) {
    if (error instanceof GsmError) return new Uint8Array()
    throw error
  }
}

/**
 * A receipt in the format that every ESME reads [SMPP 3.4 Appendix B], and the same in TLVs. It comes from the recipient
 * to the sender, both as the ESME wrote them.
 */
export function receiptPdu(content: ReceiptContent): PduInputOf<'deliver_sm'> {
  const { message, source, dest, state, error, submitted_at, done_at, ref, parts } = content
  const [stat, messageState] = ends[state]
  const sub = String(Math.min(parts, 999)).padStart(3, '0')
  const dlvrd = state === 'delivered' ? sub : '000'
  const text =
    `id:${message} sub:${sub} dlvrd:${dlvrd} submit date:${minute(submitted_at)} done date:${minute(done_at)} ` +
    `stat:${stat} err:${errorDigits(error)} text:`
  return {
    command: 'deliver_sm',
    esm_class: writeEsmClass({ type: 'receipt' }),
    source_addr_ton: dest[0],
    source_addr_npi: dest[1],
    source_addr: dest[2],
    dest_addr_ton: source[0],
    dest_addr_npi: source[1],
    destination_addr: source[2],
    short_message: Buffer.concat([Buffer.from(text, 'latin1'), beginning(content.text)]),
    tlvs: [
      tlv('receipted_message_id', message),
      tlv('message_state', messageState),
      ...(ref === undefined ? [] : [tlv('user_message_reference', ref)]),
    ],
  }
}
