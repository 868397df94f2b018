import type { Socket } from 'node:net'
import type { PduInput } from '../pdu/commands.ts'
import { encodedBound, encodeInto } from '../pdu/encode.ts'

// A link that only asks whether its peer lives holds the small one: a thousand idle binds would hold 64 MiB otherwise.
const firstSlab = 1024
const largestSlab = 64 * 1024

export interface Output {
  /** Encodes behind what waits already; the octets go out with the next flush. Gives the octets as a view. */
  append(pdu: PduInput, sequence: number): Buffer
  flush(): void
}

/**
 * Gathers everything that one turn of the event loop writes into one buffer and hands it to the socket once: a system call for
 * a whole window of PDUs instead of one each. `onFlush` hears it just before; a written slab is never reused, so
 * views of it stay true.
 */
export function createOutput(
  socket: Socket,
  onFlush: () => void,
  write: (octets: Buffer) => void = (octets) => void socket.write(octets),
): Output {
  let slab = Buffer.alloc(0)
  let size = firstSlab
  let start = 0
  let end = 0
  let scheduled: NodeJS.Immediate | undefined

  function append(pdu: PduInput, sequence: number): Buffer {
    const bound = encodedBound(pdu)
    if (end + bound > slab.length) {
      flush()
      slab = Buffer.allocUnsafeSlow(Math.max(size, bound))
      size = Math.min(size * 4, largestSlab)
      start = 0
      end = 0
    }
    const from = end
    end = encodeInto(slab, from, pdu, sequence)
    scheduled ??= setImmediate(flush)
    return slab.subarray(from, end)
  }

  function flush(): void {
    if (scheduled !== undefined) clearImmediate(scheduled)
    scheduled = undefined
    if (end === start) return
    const octets = slab.subarray(start, end)
    start = end
    if (socket.destroyed || !socket.writable) return
    onFlush()
    write(octets)
  }

  return { append, flush }
}
