import type { Socket } from 'node:net'
import type { PduInput } from '../pdu/commands.ts'
import { encodedBound, encodeInto } from '../pdu/encode.ts'

// A link that only asks whether its peer lives holds the small one: a thousand idle binds would hold 64 MiB otherwise.
const firstSlab = 1024
const largestSlab = 64 * 1024

/** Where the octets of a PDU are: a slab that is never written again there. */
export interface Written {
  readonly slab: Buffer
  readonly from: number
  readonly to: number
}

export interface Output {
  /** Encodes behind what waits already; the octets go out with the next flush. */
  append(pdu: PduInput, sequence: number): void
  /** Where the PDU is that was appended last. */
  last(): Written
  /** What was appended last is a request: whether it may go out is asked when it does, and it does not once the session is over. */
  gate(): void
  /** Something waits for the flush of this turn of the event loop. */
  readonly pending: boolean
  /** The last flush, at once: without the requests, which their session has rejected as never sent. */
  finish(): void
}

/**
 * Gathers everything that one turn of the event loop writes into one buffer and hands it to the socket once: a system call for
 * a whole window of PDUs instead of one each. `onFlush` hears it just before; a written slab is never reused, so
 * views of it stay true.
 */
export function createOutput(
  socket: Socket,
  onFlush: () => void,
  write: (octets: Buffer) => void,
  gate?: { mayWrite(): boolean; refused(): void },
): Output {
  let slab = Buffer.alloc(0)
  let size = firstSlab
  let start = 0
  let end = 0
  let lastFrom = 0
  let scheduled: NodeJS.Immediate | undefined
  /** Where the requests begin and end that wait for the flush. */
  let requests: number[] = []

  function append(pdu: PduInput, sequence: number): void {
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
    lastFrom = from
    if (scheduled === undefined) scheduled = setImmediate(flush)
  }

  function flush(): void {
    pass(requests.length > 0)
  }

  function finish(): void {
    if (requests.length > 0) {
      const cuts = [start, ...requests, end]
      const others: Buffer[] = []
      for (let at = 0; at < cuts.length; at += 2) others.push(slab.subarray(cuts[at], cuts[at + 1]))
      slab = Buffer.concat(others)
      start = 0
      end = slab.length
    }
    pass(false)
  }

  function pass(asks: boolean): void {
    if (scheduled !== undefined) clearImmediate(scheduled)
    scheduled = undefined
    requests = []
    if (end === start) return
    const octets = slab.subarray(start, end)
    start = end
    if (socket.destroyed || !socket.writable) return
    if (asks && gate?.mayWrite() === false) {
      gate.refused()
      return
    }
    onFlush()
    write(octets)
  }

  return {
    append,
    gate: () => {
      requests.push(lastFrom, end)
    },
    last: () => ({ slab, from: lastFrom, to: end }),
    get pending() {
      return scheduled !== undefined
    },
    finish,
  }
}
