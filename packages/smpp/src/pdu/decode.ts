import { type Layout, layoutById, type Pdu } from './commands.ts'
import type { Destination, Failure } from './fields.ts'
import { Status } from './status.ts'
import { type Tlv, tlvName } from './tlv.ts'

/** The 16 octets every PDU begins with. */
export interface Header {
  command_length: number
  command_id: number
  command_status: number
  sequence: number
  /** The command, if its id is known. */
  command: string | undefined
}

/**
 * What the wire gave. Two kinds of failure: a bad body (`fatal: false`: answer it with `status` and go on) and broken
 * framing (`fatal: true`: nothing behind it can be trusted, close). `problems` are sentences on what was tolerated.
 */
export type Decoded =
  | { ok: true; pdu: Pdu; problems: readonly string[] }
  | { ok: false; fatal: false; header: Header; status: number; reason: string; raw: Buffer }
  | { ok: false; fatal: true; status: number; reason: string; raw: Buffer }

type Loose = Record<string, unknown>
const clean: readonly string[] = Object.freeze([])
const nothing = Buffer.alloc(0)

// A PDU starts as a copy of its command's template, so that all PDUs of a command share one hidden class and the
// field loop only overwrites: that is what keeps a table-driven decoder near the speed of a written-out one.
const templates = new Map<Layout, Loose>()

function templateOf(layout: Layout): Loose {
  const known = templates.get(layout)
  if (known !== undefined) return known
  const fallbacks = { u8: 0, u32: 0, cstring: '', octets: nothing, destinations: [], failures: [] }
  const entries = layout.fields.map((field) => [field.name, fallbacks[field.type]] as const)
  const names = ['command', 'status', 'sequence', 'tlvs', ...entries.map(([name]) => name)]
  // By way of JSON, because V8 turns an object into a slow dictionary when a loop adds more than a dozen properties
  // to it by name: 5.1 µs to decode a submit_sm instead of 0.9.
  const template: Loose = JSON.parse(`{${names.map((name) => `"${name}":0`).join(',')}}`)
  template.command = layout.name
  for (const [name, fallback] of entries) template[name] = fallback
  templates.set(layout, template)
  return template
}

/** Decodes exactly one PDU, e.g. to show stored octets to a person. Framing that does not fit is `fatal`. */
export function decodePdu(bytes: Uint8Array): Decoded {
  const raw = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const length = raw.length < 16 ? 0 : raw.readUInt32BE(0)
  if (length !== raw.length)
    return {
      ok: false,
      fatal: true,
      status: Status.invalidCommandLength,
      reason: `command_length is ${length}, but there are ${raw.length} octets`,
      raw,
    }
  return decodeAt(raw, 0, length)
}

/** Decodes the PDU of `length` octets (16 at least) that begins at `start`. Its octet fields are views, not copies. */
export function decodeAt(buffer: Buffer, start: number, length: number): Decoded {
  const id = readU32(buffer, start + 4)
  const layout = layoutById(id)
  if (layout === undefined)
    return refuse(buffer, start, length, undefined, Status.invalidCommandId, 'unknown command_id')
  const pdu: Loose = { ...templateOf(layout) }
  const status = readU32(buffer, start + 8)
  pdu.status = status
  pdu.sequence = readU32(buffer, start + 12)
  const end = start + length
  body.problems = clean
  body.failed = 0
  let at = readFields(buffer, start + 16, end, layout, pdu)
  if (body.failed !== 0) return refuse(buffer, start, length, layout, body.failed, body.problems.join('; '))
  if (at < end) {
    if (
      layout.isResponse &&
      status !== 0 &&
      onlyTlvs(buffer, start + 16, end) &&
      !onlyTlvs(buffer, at, end)
    ) {
      // An error answer whose sender left out message_id and put TLVs at once (facts group 10).
      Object.assign(pdu, templateOf(layout), { status, sequence: pdu.sequence })
      at = start + 16
    }
    pdu.tlvs = readTlvs(buffer, at, end)
  } else pdu.tlvs = []
  return { ok: true, pdu: pdu as unknown as Pdu, problems: body.problems }
}

// State of the one body being read. Decoding is synchronous and not re-entrant, so one object serves all.
const body: { problems: readonly string[]; failed: number } = { problems: clean, failed: 0 }

const note = (problem: string): void => {
  body.problems = [...body.problems, problem]
}

function readFields(buffer: Buffer, from: number, end: number, layout: Layout, pdu: Loose): number {
  const { fields } = layout
  let at = from
  for (let i = 0; i < fields.length; i++) {
    const field = fields[i]!
    if (at >= end) {
      missing(layout, field.name, pdu)
      return at
    }
    switch (field.type) {
      case 'u8':
        if (buffer[at] !== 0) pdu[field.name] = buffer[at] // 0 stands in the template; most octets are 0
        at++
        break
      case 'cstring': {
        if (buffer[at] === 0) {
          at++
          break
        }
        let nul = at + 1
        while (nul < end && buffer[nul] !== 0) nul++
        pdu[field.name] = text(buffer, at, nul)
        if (nul - at >= field.specified)
          note(`${field.name} is longer than ${field.specified - 1} characters`)
        if (nul >= end) note(`${field.name} has no NUL at its end`)
        at = Math.min(nul + 1, end)
        break
      }
      case 'octets': {
        const length = buffer[at++]!
        if (at + length > end) {
          note(`sm_length is ${length}, but ${end - at} octets are left`)
          body.failed = Status.invalidMessageLength
          return at
        }
        if (length > 0) pdu[field.name] = buffer.subarray(at, at + length)
        at += length
        break
      }
      case 'u32':
        if (at + 4 > end) {
          missing(layout, field.name, pdu)
          return end
        }
        pdu[field.name] = readU32(buffer, at)
        at += 4
        break
      case 'destinations':
        at = readDestinations(buffer, at, end, pdu, field.name)
        break
      case 'failures':
        at = readFailures(buffer, at, end, pdu, field.name)
        break
    }
    if (body.failed !== 0) return at
  }
  return at
}

// A request without its fields is refused; a response is taken as far as it goes, because refusing it would leave
// its request without an answer (facts groups 9 to 11: empty bodies are common, and right when the status is not 0).
function missing(layout: Layout, name: string, pdu: Loose): void {
  if (layout.isResponse) {
    if (pdu.status === 0 && layout.name !== 'deliver_sm_resp') note(`${name} is missing`)
    return
  }
  note(`the body ends before ${name}`)
  body.failed = Status.invalidCommandLength
}

function readTlvs(buffer: Buffer, from: number, end: number): Tlv[] {
  const tlvs: Tlv[] = []
  let at = from
  while (at + 4 <= end) {
    const tag = (buffer[at]! << 8) | buffer[at + 1]!
    const length = (buffer[at + 2]! << 8) | buffer[at + 3]!
    if (at + 4 + length > end) {
      note(
        `TLV 0x${tag.toString(16).padStart(4, '0')} has length ${length}, but ${end - at - 4} octets are left`,
      )
      return tlvs
    }
    const value = buffer.subarray(at + 4, at + 4 + length)
    const name = tlvName(tag)
    tlvs.push(name === undefined ? { tag, value } : { tag, name, value })
    at += 4 + length
  }
  if (at < end) note(`${end - at} octets are left behind the last field`)
  return tlvs
}

function onlyTlvs(buffer: Buffer, from: number, end: number): boolean {
  let at = from
  while (at + 4 <= end) at += 4 + ((buffer[at + 2]! << 8) | buffer[at + 3]!)
  return at === end
}

function readDestinations(buffer: Buffer, from: number, end: number, pdu: Loose, name: string): number {
  const list: Destination[] = []
  let at = from
  let left = buffer[at++]!
  for (; left > 0 && at < end; left--) {
    const flag = buffer[at++]
    if (flag === 2) {
      const nul = endOfString(buffer, at, end)
      list.push({ dl_name: text(buffer, at, nul) })
      at = nul + 1
    } else if (flag === 1 && at + 2 < end) {
      const nul = endOfString(buffer, at + 2, end)
      list.push({
        dest_addr_ton: buffer[at]!,
        dest_addr_npi: buffer[at + 1]!,
        destination_addr: text(buffer, at + 2, nul),
      })
      at = nul + 1
    } else break
  }
  if (left > 0) {
    note(`${left} of the destinations cannot be read`)
    body.failed = 0x33 // ESME_RINVNUMDESTS
  }
  pdu[name] = list
  return at
}

function readFailures(buffer: Buffer, from: number, end: number, pdu: Loose, name: string): number {
  const list: Failure[] = []
  let at = from
  let left = buffer[at++]!
  for (; left > 0; left--) {
    const nul = endOfString(buffer, at + 2, end)
    if (nul + 5 > end) break
    list.push({
      dest_addr_ton: buffer[at]!,
      dest_addr_npi: buffer[at + 1]!,
      destination_addr: text(buffer, at + 2, nul),
      error_status_code: readU32(buffer, nul + 1),
    })
    at = nul + 5
  }
  if (left > 0) note(`${left} of the unsuccess_smes cannot be read`)
  pdu[name] = list
  return left > 0 ? end : at
}

function endOfString(buffer: Buffer, from: number, end: number): number {
  let at = from
  while (at < end && buffer[at] !== 0) at++
  return at
}

// Up to 24 characters a loop in JavaScript beats the call into the native decoder; longer ones are rare here.
function text(buffer: Buffer, from: number, to: number): string {
  if (to - from > 24) return buffer.toString('latin1', from, to)
  let string = ''
  for (let i = from; i < to; i++) string += String.fromCharCode(buffer[i]!)
  return string
}

export function readU32(buffer: Buffer, at: number): number {
  return ((buffer[at]! << 24) | (buffer[at + 1]! << 16) | (buffer[at + 2]! << 8) | buffer[at + 3]!) >>> 0
}

function refuse(
  buffer: Buffer,
  start: number,
  length: number,
  layout: Layout | undefined,
  status: number,
  reason: string,
): Decoded {
  const header: Header = {
    command_length: length,
    command_id: readU32(buffer, start + 4),
    command_status: readU32(buffer, start + 8),
    sequence: readU32(buffer, start + 12),
    command: layout?.name,
  }
  return { ok: false, fatal: false, header, status, reason, raw: buffer.subarray(start, start + length) }
}
