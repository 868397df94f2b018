import { readU32 } from './body.ts'
import { type Decoded, decodeAt } from './decode.ts'
import { Status } from './status.ts'

export interface Decoder {
  /** Feeds octets as they arrive and gives every PDU that is now whole. After a `fatal` one it gives no more. */
  push(chunk: Buffer): Decoded[]
  /** Octets held back because their PDU is not whole yet. */
  readonly pending: number
}

const firstAllocation = 4096

/**
 * Cuts a stream of octets into PDUs. It holds at most one PDU, and never allocates more than twice what has really
 * arrived of it (from 4 KiB on), whatever length a stranger claims. Whole PDUs in a chunk are decoded in place:
 * their octet fields are views of the chunk, which must not be reused by the caller.
 *
 * `maxLength` (octets, header included) lies above 64 KiB, so that the largest message_payload fits (facts group 4).
 */
export function createDecoder({ maxLength = 70_000 }: { maxLength?: number } = {}): Decoder {
  let held = Buffer.alloc(0)
  let filled = 0
  let broken = false

  function push(chunk: Buffer): Decoded[] {
    const out: Decoded[] = []
    let at = 0
    while (!broken && at < chunk.length) {
      if (filled === 0) {
        at = wholeOnes(chunk, at, out)
        if (broken || at === chunk.length) break
      }
      at = hold(chunk, at)
      if (filled < 4) break
      const length = readU32(held, 0)
      if (!plausible(length, held, 0, filled, out)) break
      if (filled === length) {
        const frame = held
        held = Buffer.alloc(0)
        filled = 0
        out.push(decodeAt(frame, 0, length))
      }
    }
    return out
  }

  /** Decodes in place as many PDUs as are whole, and gives the offset behind them. */
  function wholeOnes(chunk: Buffer, from: number, out: Decoded[]): number {
    let at = from
    while (chunk.length - at >= 4) {
      const length = readU32(chunk, at)
      if (!plausible(length, chunk, at, chunk.length, out)) return at
      if (length > chunk.length - at) return at
      out.push(decodeAt(chunk, at, length))
      at += length
    }
    return at
  }

  /** Copies what the held PDU still needs: first its length field, then the rest. */
  function hold(chunk: Buffer, from: number): number {
    const wanted = filled < 4 ? 4 : readU32(held, 0)
    const take = Math.min(wanted - filled, chunk.length - from)
    if (filled + take > held.length) {
      const room = filled < 4 ? 4 : Math.min(wanted, Math.max(firstAllocation, 2 * (filled + take)))
      const larger = Buffer.allocUnsafeSlow(room)
      held.copy(larger, 0, 0, filled)
      held = larger
    }
    chunk.copy(held, filled, from, from + take)
    filled += take
    return from + take
  }

  function plausible(length: number, octets: Buffer, from: number, to: number, out: Decoded[]): boolean {
    if (length >= 16 && length <= maxLength) return true
    broken = true
    held = Buffer.alloc(0)
    filled = 0
    const reason = `command_length is ${length}; 16 to ${maxLength} is possible`
    out.push({
      ok: false,
      fatal: true,
      status: Status.invalidCommandLength,
      reason,
      raw: Buffer.from(octets.subarray(from, Math.min(to, from + 64))),
    })
    return false
  }

  return {
    push,
    get pending() {
      return filled
    },
  }
}
