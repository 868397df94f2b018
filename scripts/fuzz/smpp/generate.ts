import { type CommandName, commands, type TlvName, tlvName } from '@kurzpost/smpp'
import type { Random } from '../../random.ts'
import type { Seedling } from '../target.ts'
import { receiptText } from './receipt-text.ts'

/**
 * PDUs by the command and TLV tables of the package: each command, each field at its limits and beyond. Written by an encoder of
 * its own, because the package's refuses what a broken peer sends.
 */

type Entry = (typeof commands)[CommandName]
type Field = {
  readonly name: string
  readonly type: string
  readonly max: number
  readonly specified: number
}
const entries = Object.values(commands) as readonly Entry[]
export const commandIds: readonly number[] = entries.map(({ id }) => id)

const knownTags: readonly number[] = Array.from({ length: 0x10000 }, (_, tag) => tag).filter(
  (tag) => tlvName(tag) !== undefined,
)
const tagOf = (name: TlvName): number => knownTags.find((tag) => tlvName(tag) === name)!
const receiptTags = [tagOf('receipted_message_id'), tagOf('message_state'), tagOf('network_error_code')]
const payloadTag = tagOf('message_payload')

const largest = 70_100
const buffer = Buffer.alloc(largest + 70_000)
let at = 0
let marks: number[] = []

const mark = (): void => {
  marks.push(at)
}
const u8 = (value: number): void => {
  buffer[at++] = value
}
const u16 = (value: number): void => {
  u8(value >>> 8)
  u8(value)
}
function u32(value: number): void {
  u16(value >>> 16)
  u16(value)
}
function text(value: string): void {
  at += buffer.write(value, at, 'latin1')
}
function noise(random: Random, length: number): void {
  for (let i = 0; i < length; i++) u8(random.next())
}

export const statuses = [0, 0, 0, 0, 1, 8, 0x0b, 0x14, 0x45, 0x58, 0x400, 0xffffffff] as const
export const sequences = [0, 1, 2, 3, 4, 5, 6, 7, 8, 0x7fffffff, 0x80000000, 0xa2859f22, 0xffffffff] as const

const words = [
  '',
  '',
  '1',
  '49170',
  '491701234567',
  'Kurzpost',
  'secret',
  '018f3c2a9b7d4e51',
  '+4917',
  '0',
] as const
const times = ['', '261122033100000+', '000001000000000R', '2611220331'] as const

function cstring(random: Random, { name, max, specified }: Field): void {
  if (random.oneIn(8)) {
    const length = random.pick([specified - 2, specified - 1, specified, max - 1, max, max + 1, 300])
    for (let i = 0; i < length; i++) u8(random.oneIn(4) ? 1 + random.below(255) : 0x30 + random.below(10))
  } else text(random.pick(/date|time|period/.test(name) ? times : words))
  mark()
  if (!random.oneIn(64)) u8(0)
}

function octets(random: Random): void {
  mark()
  const kind = random.below(4)
  if (kind === 0) {
    u8(0)
  } else if (kind === 1) {
    const value = receiptText(random).slice(0, 255)
    u8(value.length)
    text(value)
  } else {
    const length = random.pick([1, 2, 20, 134, 140, 160, 254, 255])
    u8(length)
    noise(random, length)
  }
}

const address: Field = { name: 'destination_addr', type: 'cstring', max: 21, specified: 21 }

function list(random: Random, item: () => void): void {
  mark()
  const count = random.oneIn(64) ? random.pick([253, 254, 255]) : random.below(4)
  u8(random.oneIn(32) ? count + 1 : count)
  for (let i = 0; i < count; i++) item()
}

function destination(random: Random): void {
  mark()
  if (random.oneIn(3)) {
    u8(2)
  } else {
    u8(1)
    u16(0x0101)
  }
  cstring(random, address)
}

function failure(random: Random): void {
  u16(0x0101)
  cstring(random, address)
  u32(random.pick(statuses))
}

const writers: Readonly<Record<string, (random: Random, field: Field) => void>> = {
  u8: (random) => u8(random.oneIn(2) ? 0 : random.pick([1, 4, 8, 0x10, 0x20, 0x34, 0x40, 0x44, 0xf5, 0xff])),
  cstring,
  octets,
  destinations: (random) => list(random, () => destination(random)),
  failures: (random) => list(random, () => failure(random)),
  strings: (random) => list(random, () => cstring(random, address)),
}

function tlv(random: Random): void {
  mark()
  const tag = random.oneIn(4)
    ? random.pick(receiptTags)
    : random.oneIn(4)
      ? random.below(0x10000)
      : random.pick(knownTags)
  u16(tag)
  mark()
  if (tag === payloadTag && random.oneIn(2)) {
    const value = receiptText(random)
    u16(value.length)
    text(value)
    return
  }
  const length = random.oneIn(4_096)
    ? random.pick([0x1000, 0xffff - 16, 0xffff])
    : random.pick([0, 1, 1, 1, 2, 2, 3, 4, 5, 8, 16, 65])
  u16(length)
  if (length > 100 || random.oneIn(2)) text('1'.repeat(length))
  else noise(random, length)
}

/** Puts in what the header claims; a lie now and then. */
export function finishHeader(pdu: Buffer, length: number, random: Random): void {
  const claimed = random.oneIn(32)
    ? random.pick([0, 4, 15, 16, length - 1, length + 1, 70_000, 70_001, 0x7fffffff, 0x80000000, 0xffffffff])
    : length
  if (length >= 4) pdu.writeUInt32BE(claimed >>> 0, 0)
}

export function freshPdu(random: Random): Seedling {
  at = 0
  marks = []
  const { id, fields } = random.pick(entries) as { id: number; fields: readonly Field[] }
  u32(0)
  marks.push(at + 3)
  u32(id)
  u32(random.pick(statuses))
  u32(random.oneIn(8) ? random.next() : random.pick(sequences))
  const bodiless = random.oneIn(12)
  if (!bodiless) for (const field of fields) writers[field.type]!(random, field)
  const tlvs = random.oneIn(2) ? 0 : random.oneIn(1_024) ? 500 + random.below(3_000) : random.below(5)
  for (let left = tlvs; left > 0 && at < largest; left--) tlv(random)
  finishHeader(buffer, at, random)
  return { octets: Buffer.from(buffer.subarray(0, at)), marks }
}
