import { readTlvs, readU32, startsWithTlvs } from './body.ts'
import type { PduInputOf, PduOf } from './commands.ts'
import { latin1 } from './latin1.ts'
import type { Layout } from './layout.ts'

/*
 * submit_sm, deliver_sm and the answers that are a message_id are nearly all that a link carries. Here they are
 * written out, for the case that nothing is wrong with them: readers give undefined and writers -1 where anything is,
 * and then the table does it over and says what. A test holds both against each other, octet for octet.
 */

type Message = PduOf<'submit_sm'> | PduOf<'deliver_sm'>
type WithId = PduOf<'submit_sm_resp'> | PduOf<'deliver_sm_resp'> | PduOf<'data_sm_resp'>
type MessageInput = PduInputOf<'submit_sm'> | PduInputOf<'deliver_sm'>

const nothing = Buffer.alloc(0)

/** A submit_sm or deliver_sm, or undefined for one that is not clean. [SMPP 3.4 §4.4.1, §4.6.1] */
export function readMessage(b: Buffer, start: number, end: number, layout: Layout): Message | undefined {
  const service = start + 16
  const service0 = nulAt(b, service, end, 6)
  const source = service0 + 3
  const source0 = nulAt(b, source, end, 21)
  const destination = source0 + 3
  const destination0 = nulAt(b, destination, end, 21)
  const schedule = destination0 + 4
  const schedule0 = nulAt(b, schedule, end, 17)
  const validity = schedule0 + 1
  const validity0 = nulAt(b, validity, end, 17)
  const text = validity0 + 6
  // What nulAt did not find is beyond every end, and so is all that is reckoned from there.
  if (text > end) return undefined
  const behind = text + b[text - 1]!
  if (behind > end || !startsWithTlvs(b, behind, end)) return undefined
  return {
    command: layout.name as 'submit_sm',
    status: readU32(b, start + 8),
    sequence: readU32(b, start + 12),
    tlvs: readTlvs(b, behind, end),
    service_type: latin1(b, service, service0),
    source_addr_ton: b[source - 2]!,
    source_addr_npi: b[source - 1]!,
    source_addr: latin1(b, source, source0),
    dest_addr_ton: b[destination - 2]!,
    dest_addr_npi: b[destination - 1]!,
    destination_addr: latin1(b, destination, destination0),
    esm_class: b[schedule - 3]!,
    protocol_id: b[schedule - 2]!,
    priority_flag: b[schedule - 1]!,
    schedule_delivery_time: latin1(b, schedule, schedule0),
    validity_period: latin1(b, validity, validity0),
    registered_delivery: b[validity0 + 1]!,
    replace_if_present_flag: b[validity0 + 2]!,
    data_coding: b[validity0 + 3]!,
    sm_default_msg_id: b[validity0 + 4]!,
    short_message: behind === text ? nothing : b.subarray(text, behind),
  }
}

/** An answer whose one field is a message_id, or undefined for one that is not clean. [SMPP 3.4 §4.4.2] */
export function readMessageId(b: Buffer, start: number, end: number, layout: Layout): WithId | undefined {
  const id = start + 16
  const id0 = nulAt(b, id, end, 65)
  if (id0 >= end || !startsWithTlvs(b, id0 + 1, end)) return undefined
  return {
    command: layout.name as 'submit_sm_resp',
    status: readU32(b, start + 8),
    sequence: readU32(b, start + 12),
    tlvs: readTlvs(b, id0 + 1, end),
    message_id: latin1(b, id, id0),
  }
}

const nowhere = 0x3fffffff

/** Where the string that begins at `from` has its NUL; `nowhere` if not within `max` octets and before the end. */
function nulAt(b: Buffer, from: number, end: number, max: number): number {
  const last = from + max < end ? from + max : end
  for (let at = from; at < last; at++) if (b[at] === 0) return at
  return nowhere
}

/** The body of a submit_sm or deliver_sm; gives the offset behind it, or -1 for what the table must judge. */
export function writeMessage(b: Buffer, from: number, pdu: MessageInput): number {
  let at = writeString(b, from, pdu.service_type, 6)
  if (at < 0) return -1
  let wrong = octet(b, at, pdu.source_addr_ton) + octet(b, at + 1, pdu.source_addr_npi)
  at = writeString(b, at + 2, pdu.source_addr, 21)
  if (at < 0) return -1
  wrong += octet(b, at, pdu.dest_addr_ton) + octet(b, at + 1, pdu.dest_addr_npi)
  at = writeString(b, at + 2, pdu.destination_addr, 21)
  if (at < 0) return -1
  wrong += octet(b, at, pdu.esm_class) + octet(b, at + 1, pdu.protocol_id)
  wrong += octet(b, at + 2, pdu.priority_flag)
  at = writeString(b, at + 3, pdu.schedule_delivery_time, 17)
  if (at < 0) return -1
  at = writeString(b, at, pdu.validity_period, 17)
  if (at < 0) return -1
  wrong += octet(b, at, pdu.registered_delivery) + octet(b, at + 1, pdu.replace_if_present_flag)
  wrong += octet(b, at + 2, pdu.data_coding) + octet(b, at + 3, pdu.sm_default_msg_id)
  const text = pdu.short_message === undefined ? nothing : pdu.short_message
  if (wrong > 0 || !(text instanceof Uint8Array) || text.length > 255) return -1
  b[at + 4] = text.length
  if (text.length > 0) b.set(text, at + 5)
  return at + 5 + text.length
}

/** The body of an answer whose one field is a message_id, likewise. */
export const writeMessageId = (b: Buffer, from: number, pdu: PduInputOf<'submit_sm_resp'>): number =>
  writeString(b, from, pdu.message_id, 65)

/** 0, or 1 for what is no octet. */
function octet(b: Buffer, at: number, value: number | undefined): number {
  if (value === undefined) {
    b[at] = 0
    return 0
  }
  b[at] = value
  return b[at] === value ? 0 : 1
}

function writeString(b: Buffer, at: number, value: string | undefined, max: number): number {
  if (value === undefined) {
    b[at] = 0
    return at + 1
  }
  if (typeof value !== 'string' || value.length >= max) return -1
  const { length } = value
  for (let i = 0; i < length; i++) {
    const code = value.charCodeAt(i)
    if (code === 0 || code > 0xff) return -1
    b[at + i] = code
  }
  b[at + length] = 0
  return at + length + 1
}
