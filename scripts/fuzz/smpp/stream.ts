import { createDecoder, type Decoded } from '@kurzpost/smpp'
import { createRandom, hashOf, type Random } from '../../random.ts'
import { hold } from '../target.ts'
import { same } from './same.ts'

/** A stream of PDUs, cut in every way, gives what it gives whole, and holds no more than has come. */

const maxLength = 70_000
const random = createRandom()

/** Sizes of the chunks that a stream comes in. */
const feedings: readonly ((length: number, random: Random) => number)[] = [
  () => 1,
  () => 3,
  (_length, random) => 1 + random.below(40),
  (_length, random) => 1 + random.below(400),
  (length, random) => 1 + random.below(length),
  (_length, random) => random.below(20), // empty ones too
]

export function checkStream(octets: Buffer): number {
  random.seed(hashOf(octets), 1)
  const whole = createDecoder({ maxLength }).push(octets)
  const feeding = random.pick(feedings)
  const length = octets.length
  // One octet at a time costs a call each; a long stream is fed in larger pieces.
  const least = length > 4_000 ? 100 : 0
  checkPieces(octets, whole, () => least + feeding(length, random))
  if (length < 300 && random.oneIn(64))
    for (let cut = 0; cut <= length; cut++) {
      let first = true
      checkPieces(octets, whole, () => {
        const size = first ? cut : length
        first = false
        return size
      })
    }
  return Math.max(1, whole.length)
}

function checkPieces(octets: Buffer, whole: readonly Decoded[], sizeOf: () => number): void {
  const decoder = createDecoder({ maxLength })
  const pieces: Decoded[] = []
  // Watching costs more than feeding; only long PDUs make the decoder allocate more than its least.
  const watched = random.oneIn(octets.length > 3_000 ? 2 : 32)
  if (watched) watchAllocations()
  try {
    for (let at = 0; at < octets.length; ) {
      const end = Math.min(octets.length, at + sizeOf())
      const there = decoder.pending + end - at
      allocated = 0
      // A chunk of its own: a socket's may not be read beyond its end either.
      pieces.push(...decoder.push(octets.subarray(at, end)))
      at = end
      const { pending } = decoder
      hold(pending <= at && pending <= maxLength, `${pending} octets are held of ${at} that came.`)
      // From 4 KiB on at most twice of what is there, and nothing beyond the largest PDU.
      hold(
        allocated <= Math.max(4_096, 2 * there) && allocated <= maxLength,
        `${allocated} octets were allocated for ${there} that came.`,
      )
    }
  } finally {
    if (watched) unwatchAllocations()
  }
  hold(
    pieces.length === whole.length,
    `${pieces.length} PDUs came of a cut stream, ${whole.length} of a whole one.`,
  )
  for (let i = 0; i < pieces.length; i++)
    hold(sameDecoded(pieces[i]!, whole[i]!), `PDU ${i} of a cut stream is another one.`)
}

/** What is quoted of a broken stream depends on what had come of it. */
const sameDecoded = (a: Decoded, b: Decoded): boolean =>
  !a.ok && a.fatal && !b.ok && b.fatal ? a.status === b.status && a.reason === b.reason : same(a, b)

let allocated = 0
const allocators = { alloc: Buffer.alloc, unsafe: Buffer.allocUnsafe, slow: Buffer.allocUnsafeSlow }

function watchAllocations(): void {
  const noting =
    <A extends (size: number) => Buffer>(allocate: A) =>
    (size: number): Buffer => {
      allocated = Math.max(allocated, size)
      return allocate(size)
    }
  Object.assign(Buffer, {
    alloc: noting(allocators.alloc),
    allocUnsafe: noting(allocators.unsafe),
    allocUnsafeSlow: noting(allocators.slow),
  })
}

function unwatchAllocations(): void {
  Object.assign(Buffer, {
    alloc: allocators.alloc,
    allocUnsafe: allocators.unsafe,
    allocUnsafeSlow: allocators.slow,
  })
}
