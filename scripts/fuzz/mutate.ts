import type { Random } from '../random.ts'
import type { Seedling } from './target.ts'

/** Changes that know nothing of a format but where it may hurt. They work in place, in a buffer with room to grow. */

export interface Draft {
  readonly buffer: Buffer
  length: number
}

const extremes = [0, 1, 2, 3, 4, 7, 8, 15, 16, 0x1b, 0x20, 0x40, 0x7f, 0x80, 0xf0, 0xfe, 0xff] as const

type Mutator = (draft: Draft, random: Random, base: Seedling, other: Seedling) => void

function makeRoom(draft: Draft, at: number, count: number): boolean {
  if (draft.length + count > draft.buffer.length) return false
  draft.buffer.copyWithin(at + count, at, draft.length)
  draft.length += count
  return true
}

const anywhere = (draft: Draft, random: Random): number => random.below(draft.length + 1)

/** Each with its share. */
export const mutators: readonly (readonly [share: number, mutator: Mutator])[] = [
  [4, flipBit],
  [4, setOctet],
  [6, lieAtMark],
  [2, countAtMark],
  [3, insertOctets],
  [3, removeOctets],
  [2, truncate],
  [2, duplicate],
  [3, splice],
  [1, clearNul],
]

function flipBit({ buffer, length }: Draft, random: Random): void {
  if (length > 0) buffer[random.below(length)]! ^= 1 << random.below(8)
}

function setOctet({ buffer, length }: Draft, random: Random): void {
  if (length > 0) buffer[random.below(length)] = random.oneIn(2) ? random.pick(extremes) : random.next()
}

function lieAtMark({ buffer, length }: Draft, random: Random, { marks }: Seedling): void {
  const at = marks.length > 0 ? random.pick(marks) : 0
  if (at < length) buffer[at] = random.pick(extremes)
}

/** One more, or one less, than is there. */
function countAtMark({ buffer, length }: Draft, random: Random, { marks }: Seedling): void {
  const at = marks.length > 0 ? random.pick(marks) : 0
  if (at < length) buffer[at]! += random.oneIn(2) ? 1 : 255
}

function insertOctets(draft: Draft, random: Random): void {
  const at = anywhere(draft, random)
  const count = 1 + random.below(random.oneIn(8) ? 64 : 4)
  if (!makeRoom(draft, at, count)) return
  const value = random.oneIn(2) ? random.pick(extremes) : -1
  for (let i = 0; i < count; i++) draft.buffer[at + i] = value < 0 ? random.next() : value
}

function removeOctets(draft: Draft, random: Random): void {
  const at = anywhere(draft, random)
  const count = Math.min(draft.length - at, 1 + random.below(random.oneIn(8) ? 64 : 4))
  draft.buffer.copyWithin(at, at + count, draft.length)
  draft.length -= count
}

function truncate(draft: Draft, random: Random): void {
  draft.length = anywhere(draft, random)
}

function duplicate(draft: Draft, random: Random): void {
  const at = anywhere(draft, random)
  const count = Math.min(draft.length - at, 1 + random.below(40))
  if (makeRoom(draft, at, count)) draft.buffer.copyWithin(at, at + count, at + 2 * count)
}

/** The front of this one and the back of another. */
function splice(draft: Draft, random: Random, _base: Seedling, { octets }: Seedling): void {
  const at = anywhere(draft, random)
  const from = random.below(octets.length + 1)
  const count = Math.min(octets.length - from, draft.buffer.length - at)
  octets.copy(draft.buffer, at, from, from + count)
  draft.length = at + count
}

function clearNul({ buffer, length }: Draft, random: Random): void {
  const at = length > 0 ? buffer.indexOf(0, random.below(length)) : -1
  if (at >= 0 && at < length) buffer[at] = 1 + random.below(255)
}

const chosen: readonly Mutator[] = mutators.flatMap(([share, mutator]) => new Array(share).fill(mutator))

/** Puts the input into the draft and changes it one to four times, seldom not at all. */
export function mutateInto(draft: Draft, random: Random, base: Seedling, other: Seedling): void {
  base.octets.copy(draft.buffer)
  draft.length = Math.min(base.octets.length, draft.buffer.length)
  if (random.oneIn(16)) return
  for (let left = 1 + (random.oneIn(2) ? 0 : random.below(4)); left > 0; left--)
    random.pick(chosen)(draft, random, base, other)
}
