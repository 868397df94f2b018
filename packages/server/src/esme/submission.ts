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
  if (esmClass.type !== 'default') return refusal('acknowledgement')
  if (meaningful.some((name) => findTlv(pdu.tlvs, name) !== undefined)) return refusal('other_service')
  const content = readContent(pdu, login, esmClass.udhi)
  if ('status' in content) return content
  const place = readPlace(pdu)
  if (place && 'status' in place) return place
  if (place && content.userData) return refusal('numbered_twice')
  const times = readTimes(pdu, now)
  if ('status' in times) return times
  if (pdu.command !== 'data_sm') {
    if (pdu.protocol_id === silentPid) return refusal('silent')
    if (pdu.priority_flag > 3) return refusal('priority')
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
  if (payload && short.length > 0) return refusal('two_texts')
  const octets = payload ?? short
  const value = pdu.command === 'replace_sm' ? 0 : pdu.data_coding
  const { header, text, body, dataCoding, problems } = decodeUserData(octets, {
    dataCoding: value,
    udhi,
    zero: login.alphabet,
  })
  if (text === undefined) return refusal('binary')
  if (dataCoding.waiting || (dataCoding.messageClass ?? 1) !== 1) return refusal('message_class')
  const encoding = dataCoding.charset === 'ucs2' ? 'ucs2' : 'auto'
  if (!udhi) return { text, encoding }
  if (!header || problems.length > 0) return refusal('header_unreadable')
  const front = octets.subarray(0, octets.length - body.length)
  const septets = encoding === 'auto'
  // What is in Latin-1 has to become septets; in GSM-7 the octets are those already, national tables included.
  const gsm =
    dataCoding.charset === 'gsm7' &&
    (header.shifts !== undefined || value !== 0 || login.alphabet === 'gsm7') &&
    body.every((octet) => octet < 0x80)
  const air = septets && !gsm ? toSeptets(text) : body
  if (air === undefined) return refusal('not_in_gsm7')
  const room = octetsOnAir - front.length
  if (air.length > (septets ? Math.floor((room * 8) / 7) : room)) return refusal('too_long_on_air')
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
  if (reference === undefined || !total || !part || part > total) return refusal('place')
  return total === 1 ? undefined : { reference, total, part }
}

function readTimes(pdu: Submit, now: Date): Pick<Draft, 'sendAt' | 'expiresAt'> | Refusal {
  if (pdu.command === 'data_sm') {
    const seconds = readTlv(pdu, 'qos_time_to_live')
    return seconds ? { expiresAt: new Date(now.getTime() + seconds * 1000) } : {}
  }
  const schedule = parseSmppTime(pdu.schedule_delivery_time, now)
  if (schedule.kind === 'invalid') return refusal('schedule')
  const validity = parseSmppTime(pdu.validity_period, now)
  if (validity.kind === 'invalid') return refusal('validity')
  if (validity.kind !== 'none' && validity.at.getTime() <= now.getTime()) return refusal('validity')
  return {
    // A time that is past asks for delivery at once (facts group 53).
    ...(schedule.kind === 'none' ? {} : { sendAt: schedule.at }),
    ...(validity.kind === 'none' ? {} : { expiresAt: validity.at }),
  }
}
