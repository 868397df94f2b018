import { decodeUserData, encodeGsm7, GsmError } from '@kurzpost/gsm'
import {
  findTlv,
  type PduOf,
  parseSmppTime,
  readEsmClass,
  readRegisteredDelivery,
  readTlv,
  type TlvName,
} from '@kurzpost/smpp'
import type { Draft } from '../message/draft.ts'
import type { Lane } from '../message/lane.ts'
import { type Address, fromEsme } from './address.ts'
import type { Login } from './login.store.ts'
import { type Refusal, refusal } from './refusals.ts'

export type Submit = PduOf<'submit_sm'> | PduOf<'submit_multi'> | PduOf<'data_sm'>

/** Kept with a message, to be told apart and answered as its ESME knows it. JSON: short names, no defaults. */
export interface Origin {
  login: string
  source: Address
  dest: Address
  /** When a receipt is wanted; absent: never. */
  receipt?: 'always' | 'failure' | 'success'
  /** user_message_reference, handed back with the receipt. */
  ref?: number
  service?: string
}

/** Concatenation by TLVs. [SMPP 3.4 §5.3.2.22 to 24] */
export interface Place {
  reference: number
  total: number
  part: number
}

/** What a submission says, but for its destination. */
export interface Submission {
  content: Pick<Draft, 'text' | 'encoding' | 'userData'>
  common: Pick<Draft, 'lane' | 'sendAt' | 'expiresAt' | 'from'>
  origin: Omit<Origin, 'dest'>
  place: Place | undefined
}

/** priority_flag 0 leaves it to the login. [SMPP 3.4 §5.2.14] */
const lanesByPriority: readonly (Lane | undefined)[] = [undefined, 'transactional', 'code', 'alert']
/** TLVs that make another message of it, which we could not carry: better refused than sent as something else. */
const meaningful: readonly TlvName[] = ['destination_port', 'ussd_service_op', 'its_session_info']
/** 140 octets of user data on the air, which are 160 septets. [3GPP TS 23.040 §9.2.3.24] */
const octetsOnAir = 140
/** Type 0: the phone takes it and shows nothing. [3GPP TS 23.040 §9.2.3.9] */
const silentPid = 0x40

/** Reads what is the same for all destinations; never throws. */
export function readSubmission(pdu: Submit, login: Login, now: Date): Submission | Refusal {
  const esmClass = readEsmClass(pdu.esm_class)
  if (esmClass.type !== 'default')
    return refusal('ESME_RINVESMCLASS', 'esm_class says that it is no message but an acknowledgement')
  const strange = meaningful.find((name) => findTlv(pdu.tlvs, name) !== undefined)
  if (strange) return refusal('ESME_RTLVNOTALLWD', `${strange} cannot be carried`)
  const content = readContent(pdu, login, esmClass.udhi)
  if ('status' in content) return content
  const place = readPlace(pdu)
  if (place && 'status' in place) return place
  if (place && content.userData)
    return refusal('ESME_RINVESMCLASS', 'the part is numbered twice: by its header and by TLVs')
  const times = readTimes(pdu, now)
  if ('status' in times) return times
  if (pdu.command !== 'data_sm') {
    if (pdu.protocol_id === silentPid)
      return refusal('ESME_RSUBMITFAIL', 'a silent message cannot be carried')
    if (pdu.priority_flag > 3) return refusal('ESME_RINVPRTFLG', 'priority_flag is 0 to 3')
  }
  const priority = pdu.command === 'data_sm' ? 0 : pdu.priority_flag
  const from = fromEsme(sourceOf(pdu))
  const { receipt } = readRegisteredDelivery(pdu.registered_delivery)
  const ref = readTlv(pdu, 'user_message_reference')
  return {
    content,
    common: { lane: lanesByPriority[priority] ?? login.lane, ...times, ...(from === '' ? {} : { from }) },
    origin: {
      login: login.id,
      source: sourceOf(pdu),
      ...(receipt === 'never' ? {} : { receipt }),
      ...(ref === undefined ? {} : { ref }),
      ...(pdu.service_type === '' ? {} : { service: pdu.service_type }),
    },
    place,
  }
}

export const draftFor = (submission: Submission, dest: Address): Draft => ({
  to: fromEsme(dest),
  ...submission.content,
  ...submission.common,
  origin: { ...submission.origin, dest } satisfies Origin,
})

export const sourceOf = (pdu: {
  source_addr_ton: number
  source_addr_npi: number
  source_addr: string
}): Address => [pdu.source_addr_ton, pdu.source_addr_npi, pdu.source_addr]

export const destOf = (pdu: {
  dest_addr_ton: number
  dest_addr_npi: number
  destination_addr: string
}): Address => [pdu.dest_addr_ton, pdu.dest_addr_npi, pdu.destination_addr]

/** The text, and the segment itself where the ESME has made it: whatever has a header goes out as it is. */
export function readContent(
  pdu: Submit | PduOf<'replace_sm'>,
  login: Pick<Login, 'alphabet'>,
  udhi: boolean,
): Submission['content'] | Refusal {
  const short = pdu.command === 'data_sm' ? new Uint8Array() : pdu.short_message
  const payload = findTlv(pdu.tlvs, 'message_payload')?.value
  if (payload && short.length > 0)
    return refusal('ESME_RTLVNOTALLWD', 'both short_message and message_payload have a text')
  const octets = payload ?? short
  const value = pdu.command === 'replace_sm' ? 0 : pdu.data_coding
  const { header, text, body, dataCoding, problems } = decodeUserData(octets, {
    dataCoding: value,
    udhi,
    zero: login.alphabet,
  })
  if (text === undefined) return refusal('ESME_RINVDCS', 'data_coding says that it is no text')
  if (dataCoding.waiting || (dataCoding.messageClass ?? 1) !== 1)
    return refusal('ESME_RINVDCS', 'message classes but 1, and message waiting, cannot be carried')
  const encoding = dataCoding.charset === 'ucs2' ? 'ucs2' : 'auto'
  if (!udhi) return { text, encoding }
  if (!header || problems.length > 0)
    return refusal('ESME_RINVESMCLASS', 'there is no user data header that can be read')
  const front = octets.subarray(0, octets.length - body.length)
  const septets = encoding === 'auto'
  // What is in Latin-1 has to become septets; in GSM-7 the octets are those already, national tables included.
  const gsm =
    dataCoding.charset === 'gsm7' &&
    (header.shifts !== undefined || value !== 0 || login.alphabet === 'gsm7') &&
    body.every((octet) => octet < 0x80)
  const air = septets && !gsm ? toSeptets(text) : body
  if (air === undefined) return refusal('ESME_RINVDCS', 'the text has characters that GSM-7 lacks')
  const room = octetsOnAir - front.length
  if (air.length > (septets ? Math.floor((room * 8) / 7) : room))
    return refusal('ESME_RINVMSGLEN', 'header and text are longer than 140 octets on the air')
  return {
    // Half a character at the border of a part is nothing that could be stored as text; its octets are.
    text: text.replaceAll('\0', '').toWellFormed(),
    encoding: septets ? 'gsm7' : 'ucs2',
    userData: Buffer.concat([front, air]),
  }
}

function toSeptets(text: string): Uint8Array | undefined {
  try {
    return encodeGsm7(text)
  } catch (error) {
    if (error instanceof GsmError) return undefined
    throw error
  }
}

function readPlace(pdu: Submit): Place | Refusal | undefined {
  const reference = readTlv(pdu, 'sar_msg_ref_num')
  const total = readTlv(pdu, 'sar_total_segments')
  const part = readTlv(pdu, 'sar_segment_seqnum')
  if (reference === undefined && total === undefined && part === undefined) return undefined
  if (reference === undefined || !total || !part || part > total)
    return refusal('ESME_RINVTLVVAL', 'sar_msg_ref_num, sar_total_segments and sar_segment_seqnum do not fit')
  return total === 1 ? undefined : { reference, total, part }
}

function readTimes(pdu: Submit, now: Date): Pick<Draft, 'sendAt' | 'expiresAt'> | Refusal {
  if (pdu.command === 'data_sm') {
    const seconds = readTlv(pdu, 'qos_time_to_live')
    return seconds ? { expiresAt: new Date(now.getTime() + seconds * 1000) } : {}
  }
  const schedule = parseSmppTime(pdu.schedule_delivery_time, now)
  if (schedule.kind === 'invalid') return refusal('ESME_RINVSCHED', schedule.reason)
  const validity = parseSmppTime(pdu.validity_period, now)
  if (validity.kind === 'invalid') return refusal('ESME_RINVEXPIRY', validity.reason)
  if (validity.kind !== 'none' && validity.at.getTime() <= now.getTime())
    return refusal('ESME_RINVEXPIRY', 'the validity period is over')
  return {
    // A time that is past asks for delivery at once (facts group 53).
    ...(schedule.kind === 'none' ? {} : { sendAt: schedule.at }),
    ...(validity.kind === 'none' ? {} : { expiresAt: validity.at }),
  }
}
