import { SmppError } from '../errors.ts'
import { type Layout, layoutOf, type PduInput } from './commands.ts'
import type { Destination, Failure, Field } from './fields.ts'
import type { Tlv } from './tlv.ts'
import { fitToVersion, type SmppVersion } from './version.ts'

const noTlvs: readonly Tlv[] = []
type Loose = Record<string, unknown>

/** What is known of the peer that the octets are for. */
export interface EncodeOptions {
  /** The negotiated version; without it nothing is left out and nothing refused. See `fitToVersion`. */
  version?: SmppVersion | undefined
}

/**
 * One PDU as octets. Fields that are not given have their defaults. Throws SmppError `invalid_pdu` for what the wire
 * cannot hold: a string with a NUL or beyond Latin-1, a number out of range, more than 255 octets of short_message;
 * and for what a peer of `options.version` cannot be told.
 */
export function encodePdu(input: PduInput, options?: EncodeOptions): Buffer {
  const pdu = options?.version === undefined ? input : fitToVersion(input, options.version)
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
  let bound = layout.bound
  for (const tlv of pdu.tlvs ?? noTlvs) bound += 4 + tlv.value.length
  if (pdu.command === 'submit_multi') bound += (pdu.dest_addresses?.length ?? 0) * 25
  if (pdu.command === 'submit_multi_resp') bound += (pdu.unsuccess_smes?.length ?? 0) * 27
  return bound
}

/** Writes the PDU into `target` from `start` and gives the offset behind it. `target` must have the bound left. */
export function encodeInto(target: Buffer, start: number, pdu: PduInput, sequence: number): number {
  const layout = layoutOf(pdu.command) as Layout
  const status = pdu.status ?? 0
  const tlvs = pdu.tlvs ?? noTlvs
  let at = start + 16
  const bare =
    status !== 0 && layout.bareOnError && tlvs.length === 0 && saysNothing(layout, pdu as unknown as Loose)
  if (!bare) at = writeFields(target, at, layout.fields, pdu as unknown as Loose)
  for (const tlv of tlvs) at = writeTlv(target, at, tlv)
  writeU32(target, start, at - start)
  writeU32(target, start + 4, layout.id)
  writeU32(target, start + 8, status)
  writeU32(target, start + 12, sequence)
  return at
}

const saysNothing = (layout: Layout, pdu: Loose): boolean => layout.fields.every((field) => !pdu[field.name])

function writeFields(target: Buffer, from: number, fields: readonly Field[], pdu: Loose): number {
  let at = from
  for (let i = 0; i < fields.length; i++) {
    const field = fields[i] as Field
    const value = pdu[field.name]
    switch (field.type) {
      case 'u8': {
        const number = value === undefined ? field.fallback : (value as number)
        if ((number & 0xff) !== number) throw invalid(`${field.name} is not an octet`)
        target[at++] = number
        break
      }
      case 'cstring':
        at = value === undefined ? writeNul(target, at) : writeString(target, at, value as string, field)
        break
      case 'octets':
        at = writeOctets(target, at, value as Uint8Array | undefined, field)
        break
      case 'u32':
        writeU32(target, at, value === undefined ? field.fallback : (value as number))
        at += 4
        break
      case 'destinations':
        at = writeDestinations(target, at, (value as readonly Destination[] | undefined) ?? [])
        break
      case 'failures':
        at = writeFailures(target, at, (value as readonly Failure[] | undefined) ?? [])
        break
    }
  }
  return at
}

function writeNul(target: Buffer, at: number): number {
  target[at] = 0
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

function writeOctets(target: Buffer, at: number, value: Uint8Array | undefined, field: Field): number {
  if (value === undefined) return writeNul(target, at)
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
  if (length > 0xffff || (tag & 0xffff) !== tag)
    throw invalid('a TLV has more than 65535 octets or no such tag')
  target[at] = tag >>> 8
  target[at + 1] = tag
  target[at + 2] = length >>> 8
  target[at + 3] = length
  target.set(value, at + 4)
  return at + 4 + length
}

const address = { name: 'destination_addr', max: 21 }
const listName = { name: 'dl_name', max: 21 }

function writeDestinations(target: Buffer, from: number, list: readonly Destination[]): number {
  if (list.length > 255) throw invalid('dest_addresses has more than 255 entries')
  let at = from
  target[at++] = list.length
  for (const entry of list) {
    if ('dl_name' in entry) {
      target[at++] = 2
      at = writeString(target, at, entry.dl_name, listName)
    } else {
      target[at++] = 1
      target[at++] = entry.dest_addr_ton
      target[at++] = entry.dest_addr_npi
      at = writeString(target, at, entry.destination_addr, address)
    }
  }
  return at
}

function writeFailures(target: Buffer, from: number, list: readonly Failure[]): number {
  if (list.length > 255) throw invalid('unsuccess_smes has more than 255 entries')
  let at = from
  target[at++] = list.length
  for (const entry of list) {
    target[at++] = entry.dest_addr_ton
    target[at++] = entry.dest_addr_npi
    at = writeString(target, at, entry.destination_addr, address)
    writeU32(target, at, entry.error_status_code)
    at += 4
  }
  return at
}

const invalid = (detail: string): SmppError => new SmppError('invalid_pdu', { detail })
