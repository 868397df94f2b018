import { SmppError } from '../errors.ts'
import type { PduInput, PduInputOf } from './commands.ts'
import { writeMessage, writeMessageId } from './fast-path.ts'
import type { Destination, Failure, Field } from './fields.ts'
import { type Layout, layoutOf } from './layout.ts'
import { noTlvs, type Tlv } from './tlv.ts'
import { truncateBind } from './truncate.ts'
import { fitToVersion, type SmppVersion } from './version.ts'

type Loose = Record<string, unknown>

/** What is known of the peer that the octets are for. */
export interface EncodeOptions {
  /** The negotiated version; without it nothing is left out and nothing refused. See `fitToVersion`. */
  version?: SmppVersion | undefined
  /** The peer takes no bind with longer strings than specified. See `truncateBind`. */
  truncate?: boolean | undefined
}

/**
 * One PDU as octets. Fields that are not given have their defaults. Throws SmppError `invalid_pdu` for what the wire
 * cannot hold: a string with a NUL or beyond Latin-1, a number out of range, more than 255 octets of short_message;
 * and for what a peer of `options.version` cannot be told.
 */
export function encodePdu(input: PduInput, options?: EncodeOptions): Buffer {
  const fitting = options?.version === undefined ? input : fitToVersion(input, options.version)
  const pdu = options?.truncate === true ? truncateBind(fitting) : fitting
  const bound = encodedBound(pdu)
  if (bound > slab.length - used) {
    slab = Buffer.allocUnsafeSlow(Math.max(bound, slabSize))
    used = 0
  }
  const from = used
  used = encodeInto(slab, from, pdu, pdu.sequence ?? 0)
  return slab.subarray(from, used)
}

// One allocation for many PDUs; what was given away is never written again.
const slabSize = 16 * 1024
let slab = Buffer.alloc(0)
let used = 0

/** Octets that `encodeInto` needs at most; exact enough to choose a buffer, cheap enough for every PDU. */
export function encodedBound(pdu: PduInput): number {
  const layout = layoutOf(pdu.command)
  if (layout === undefined) throw invalid(`unknown command ${String(pdu.command)}`)
  let { bound } = layout
  const tlvs = pdu.tlvs ?? noTlvs
  for (let i = 0; i < tlvs.length; i++) bound += 4 + tlvs[i]!.value.length
  for (let i = 0; i < layout.lists.length; i++) {
    const list = (pdu as unknown as Loose)[layout.lists[i]!] as readonly unknown[] | undefined
    bound += (list?.length ?? 0) * longestEntry
  }
  return bound
}

/** Writes the PDU into `target` from `start` and gives the offset behind it. `target` must have the bound left. */
export function encodeInto(target: Buffer, start: number, pdu: PduInput, sequence: number): number {
  const layout = layoutOf(pdu.command) as Layout
  const status = pdu.status ?? 0
  const tlvs = pdu.tlvs ?? noTlvs
  let at = start + 16
  const { shape } = layout
  if (shape === 'message') at = writeMessage(target, at, pdu as PduInputOf<'submit_sm'>)
  else
    at = shape === 'id' && status === 0 ? writeMessageId(target, at, pdu as PduInputOf<'submit_sm_resp'>) : -1
  if (at < 0) {
    const fields = pdu as unknown as Loose
    at = start + 16
    const bare = status !== 0 && layout.bareOnError && tlvs.length === 0 && saysNothing(layout, fields)
    if (!bare) at = writeFields(target, at, layout.fields, fields)
  }
  for (let i = 0; i < tlvs.length; i++) at = writeTlv(target, at, tlvs[i]!)
  writeU32(target, start, at - start)
  writeU32(target, start + 4, layout.id)
  writeU32(target, start + 8, status)
  writeU32(target, start + 12, sequence)
  return at
}

const saysNothing = (layout: Layout, pdu: Loose): boolean => layout.fields.every((field) => !pdu[field.name])

/** The mandatory fields by the table of commands, and the sentence on what is wrong with them. */
export function writeFields(target: Buffer, from: number, fields: readonly Field[], pdu: Loose): number {
  let at = from
  for (let i = 0; i < fields.length; i++) {
    const field = fields[i] as Field
    const value = pdu[field.name]
    switch (field.type) {
      case 'u8':
        at = writeOctet(target, at, value === undefined ? field.fallback : (value as number), field.name)
        break
      case 'cstring':
        at = value === undefined ? writeNul(target, at) : writeString(target, at, value as string, field)
        break
      case 'octets':
        at = value === undefined ? writeNul(target, at) : writeOctets(target, at, value as Uint8Array, field)
        break
      case 'destinations':
        at = writeDestinations(target, at, listOf(value, field))
        break
      case 'failures':
        at = writeFailures(target, at, listOf(value, field))
        break
      case 'strings':
        at = writeStrings(target, at, listOf(value, field), field.name)
        break
    }
  }
  return at
}

function writeNul(target: Buffer, at: number): number {
  target[at] = 0
  return at + 1
}

function writeOctet(target: Buffer, at: number, value: number, name: string): number {
  if ((value & 0xff) !== value) throw invalid(`${name} is not an octet`)
  target[at] = value
  return at + 1
}

// Octet by octet: for the 1 to 20 characters of an address this beats a call into Buffer.write, and it sees a NUL
// (which would let a sender name shift every field behind it) and characters that have no octet.
function writeString(
  target: Buffer,
  at: number,
  value: string,
  field: { name: string; max: number },
): number {
  if (typeof value !== 'string') throw invalid(`${field.name} is not a string`)
  const length = value.length
  if (length >= field.max) throw invalid(`${field.name} is longer than ${field.max - 1} characters`)
  for (let i = 0; i < length; i++) {
    const code = value.charCodeAt(i)
    if (code === 0 || code > 0xff) throw invalid(`${field.name} has a character that an octet cannot hold`)
    target[at + i] = code
  }
  target[at + length] = 0
  return at + length + 1
}

function writeOctets(target: Buffer, at: number, value: Uint8Array, field: Field): number {
  // A string would be taken for a list of numbers, and become zeros.
  if (!(value instanceof Uint8Array)) throw invalid(`${field.name} is not octets; encode the text first`)
  const length = value.length
  if (length > field.max)
    throw invalid(`${field.name} is longer than ${field.max} octets; use message_payload`)
  target[at] = length
  target.set(value, at + 1)
  return at + 1 + length
}

function writeU32(target: Buffer, at: number, value: number): void {
  target[at] = value >>> 24
  target[at + 1] = value >>> 16
  target[at + 2] = value >>> 8
  target[at + 3] = value
}

function writeTlv(target: Buffer, at: number, tlv: Tlv): number {
  const { tag, value } = tlv
  const length = value.length
  if (length > 0xffff || (tag & 0xffff) !== tag || !(value instanceof Uint8Array))
    throw invalid('a TLV has no octets, more than 65535 of them, or no such tag')
  target[at] = tag >>> 8
  target[at + 1] = tag
  target[at + 2] = length >>> 8
  target[at + 3] = length
  target.set(value, at + 4)
  return at + 4 + length
}

const address = { name: 'destination_addr', max: 21 }
const listName = { name: 'dl_name', max: 21 }
// An entry of unsuccess_smes: TON, NPI, address and error; one of message_ids: as long as a message_id may be.
const longestId = 65
const longestEntry = Math.max(longestId, 2 + address.max + 4)

function listOf<T>(value: unknown, field: Field): readonly T[] {
  const list = (value ?? []) as readonly T[]
  if (list.length > 255) throw invalid(`${field.name} has more than 255 entries`)
  return list
}

function writeDestinations(target: Buffer, from: number, list: readonly Destination[]): number {
  let at = from
  target[at++] = list.length
  for (const entry of list) {
    if ('dl_name' in entry) {
      target[at++] = 2
      at = writeString(target, at, entry.dl_name, listName)
    } else {
      target[at++] = 1
      at = writeAddress(target, at, entry)
    }
  }
  return at
}

function writeFailures(target: Buffer, from: number, list: readonly Failure[]): number {
  let at = from
  target[at++] = list.length
  for (const entry of list) {
    at = writeAddress(target, at, entry)
    writeU32(target, at, entry.error_status_code)
    at += 4
  }
  return at
}

function writeAddress(
  target: Buffer,
  from: number,
  entry: { dest_addr_ton: number; dest_addr_npi: number; destination_addr: string },
): number {
  let at = writeOctet(target, from, entry.dest_addr_ton, 'dest_addr_ton')
  at = writeOctet(target, at, entry.dest_addr_npi, 'dest_addr_npi')
  return writeString(target, at, entry.destination_addr, address)
}

function writeStrings(target: Buffer, from: number, list: readonly string[], name: string): number {
  let at = from
  target[at++] = list.length
  for (const entry of list) at = writeString(target, at, entry, { name, max: longestId })
  return at
}

const invalid = (detail: string): SmppError => new SmppError('invalid_pdu', { detail })
