import type { Destination, Failure } from './fields.ts'
import { latin1 } from './latin1.ts'
import type { Layout } from './layout.ts'
import { Status } from './status.ts'
import { noTlvs, type Tlv, tlvName } from './tlv.ts'

type Loose = Record<string, unknown>

/**
 * TLVs of one PDU at most. Of 70,000 octets 17,000 empty ones can be made, which take 2.7 MB of objects: forty times
 * what the stranger has sent.
 */
export const mostTlvs = 1_000

export const clean: readonly string[] = Object.freeze([])

/** State of the one body being read. Decoding is synchronous and not re-entrant, so one object serves all. */
export const body: { problems: readonly string[]; failed: number } = { problems: clean, failed: 0 }

const note = (problem: string): void => {
  body.problems = [...body.problems, problem]
}

const noteOnce = (problem: string): void => {
  if (!body.problems.includes(problem)) note(problem)
}

/**
 * Reads the mandatory fields into `pdu` and gives the offset behind them. What is odd but clear is noted in
 * `body.problems`; what cannot be understood sets `body.failed` to the command_status to answer.
 */
export function readFields(buffer: Buffer, from: number, end: number, layout: Layout, pdu: Loose): number {
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
        const nul = endOfString(buffer, at, end)
        pdu[field.name] = latin1(buffer, at, nul)
        checkString(field.name, nul - at, field.specified, nul < end)
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
      case 'destinations':
        at = readDestinations(buffer, at, end, pdu, field.name, layout.isResponse)
        break
      case 'failures':
        at = readFailures(buffer, at, end, pdu, field.name)
        break
      case 'strings':
        at = readStrings(buffer, at, end, pdu, field.name)
        break
    }
    if (body.failed !== 0) return at
  }
  return at
}

/** `specified` counts the NUL. A list holds hundreds of strings, and what is wrong with each is said once. */
function checkString(name: string, length: number, specified: number, ended: boolean): void {
  if (length >= specified) noteOnce(`${name} is longer than ${specified - 1} characters`)
  if (!ended) noteOnce(`${name} has no NUL at its end`)
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

/** The TLVs up to `end`; from the first one that does not fit, or is one too many, they are left out, and that is noted. */
export function readTlvs(buffer: Buffer, from: number, end: number): readonly Tlv[] {
  if (from === end) return noTlvs
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
    if (tlvs.length === mostTlvs) {
      note(`more than ${mostTlvs} TLVs`)
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

/** Whether from here to the end there are TLVs, no more than we take, and nothing else. */
export function startsWithTlvs(buffer: Buffer, from: number, end: number): boolean {
  let at = from
  let left = mostTlvs
  for (; at + 4 <= end; left--) at += 4 + ((buffer[at + 2]! << 8) | buffer[at + 3]!)
  return at === end && left >= 0
}

function readDestinations(
  buffer: Buffer,
  from: number,
  end: number,
  pdu: Loose,
  name: string,
  isResponse: boolean,
): number {
  const list: Destination[] = []
  let at = from
  let left = buffer[at++]!
  for (; left > 0 && at < end; left--) {
    const flag = buffer[at++]
    if (flag === 2) {
      const nul = endOfString(buffer, at, end)
      checkString('dl_name', nul - at, 21, nul < end)
      list.push({ dl_name: latin1(buffer, at, nul) })
      at = nul + 1
    } else if (flag === 1 && at + 2 < end) {
      const nul = endOfString(buffer, at + 2, end)
      checkString('destination_addr', nul - at - 2, 21, nul < end)
      list.push({
        dest_addr_ton: buffer[at]!,
        dest_addr_npi: buffer[at + 1]!,
        destination_addr: latin1(buffer, at + 2, nul),
      })
      at = nul + 1
    } else break
  }
  pdu[name] = list
  if (left === 0) return at
  note(`${left} of the destinations cannot be read`)
  if (!isResponse) body.failed = Status.invalidDestinationCount
  return end
}

function readFailures(buffer: Buffer, from: number, end: number, pdu: Loose, name: string): number {
  const list: Failure[] = []
  let at = from
  let left = buffer[at++]!
  for (; left > 0; left--) {
    const nul = endOfString(buffer, at + 2, end)
    if (nul + 5 > end) break
    checkString('destination_addr', nul - at - 2, 21, true)
    list.push({
      dest_addr_ton: buffer[at]!,
      dest_addr_npi: buffer[at + 1]!,
      destination_addr: latin1(buffer, at + 2, nul),
      error_status_code: readU32(buffer, nul + 1),
    })
    at = nul + 5
  }
  if (left > 0) note(`${left} of the unsuccess_smes cannot be read`)
  pdu[name] = list
  return left > 0 ? end : at
}

function readStrings(buffer: Buffer, from: number, end: number, pdu: Loose, name: string): number {
  const list: string[] = []
  let at = from
  let left = buffer[at++]!
  for (; left > 0 && at < end; left--) {
    const nul = endOfString(buffer, at, end)
    checkString(name, nul - at, 65, nul < end)
    list.push(latin1(buffer, at, nul))
    at = nul + 1
  }
  if (left > 0) note(`${left} of the ${name} cannot be read`)
  pdu[name] = list
  return Math.min(at, end)
}

function endOfString(buffer: Buffer, from: number, end: number): number {
  let at = from
  while (at < end && buffer[at] !== 0) at++
  return at
}

export function readU32(buffer: Buffer, at: number): number {
  return ((buffer[at]! << 24) | (buffer[at + 1]! << 16) | (buffer[at + 2]! << 8) | buffer[at + 3]!) >>> 0
}
