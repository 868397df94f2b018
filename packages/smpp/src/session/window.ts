import type { SmppError } from '../errors.ts'
import type { CommandName, PduInput, ResponsePdu } from '../pdu/commands.ts'

/** One request of ours on its way. `request` takes a place in the window; the others are the session's own. */
export interface Entry {
  readonly kind: 'request' | 'bind' | 'enquire' | 'unbind'
  readonly pdu: PduInput
  readonly expects: CommandName
  readonly resolve: (answer: ResponsePdu) => void
  readonly reject: (error: SmppError) => void
  /** Hears the octets when they are encoded. */
  readonly onOctets?: ((octets: Buffer) => void) | undefined
  /** Undefined until it is written. */
  sequence: number | undefined
  deadline: number
  /** Which flush takes its octets to the socket. */
  batch: number
  settled: boolean
}

export interface Window {
  readonly limit: number
  /** Requests that hold a place. */
  readonly inFlight: number
  add(entry: Entry): number
  peek(sequence: number): Entry | undefined
  remove(entry: Entry): void
  /** Every entry whose deadline is at or before `now`, taken out. */
  expire(now: number): Entry[]
  /** Every entry, oldest first, taken out. */
  drain(): Entry[]
  /** The earliest deadline; Infinity if nothing is on its way. */
  nextDeadline(): number
}

const highest = 0x7fffffff

/**
 * The requests that wait for their answers, by sequence_number. A ring: the slot is the low bits of the number, and
 * a number whose slot is taken is skipped (numbers need to be unique, not dense), so that finding is one array read
 * and there is no per-request timer. `first` is where numbering begins.
 */
export function createWindow(limit: number, first = 1): Window {
  // Twice the window and some for bind, enquire_link and unbind, so that a free slot is always near.
  const size = 2 ** Math.ceil(Math.log2(limit * 2 + 8))
  const mask = size - 1
  const slots: (Entry | undefined)[] = new Array(size).fill(undefined)
  let next = first
  let inFlight = 0
  let total = 0

  function add(entry: Entry): number {
    let sequence = next
    while (slots[sequence & mask] !== undefined) sequence = sequence === highest ? 1 : sequence + 1
    next = sequence === highest ? 1 : sequence + 1
    slots[sequence & mask] = entry
    entry.sequence = sequence
    total++
    if (entry.kind === 'request') inFlight++
    return sequence
  }

  function peek(sequence: number): Entry | undefined {
    const entry = slots[sequence & mask]
    return entry !== undefined && entry.sequence === sequence ? entry : undefined
  }

  function remove(entry: Entry): void {
    const sequence = entry.sequence
    if (sequence === undefined || slots[sequence & mask] !== entry) return
    slots[sequence & mask] = undefined
    total--
    if (entry.kind === 'request') inFlight--
  }

  function take(match: (entry: Entry) => boolean): Entry[] {
    const taken: Entry[] = []
    for (const entry of slots) if (entry !== undefined && match(entry)) taken.push(entry)
    for (const entry of taken) remove(entry)
    return taken.sort((a, b) => a.deadline - b.deadline)
  }

  function nextDeadline(): number {
    let earliest = Number.POSITIVE_INFINITY
    if (total === 0) return earliest
    for (const entry of slots) if (entry !== undefined && entry.deadline < earliest) earliest = entry.deadline
    return earliest
  }

  return {
    limit,
    get inFlight() {
      return inFlight
    },
    add,
    peek,
    remove,
    expire: (now) => (total === 0 ? [] : take((entry) => entry.deadline <= now)),
    drain: () => take(() => true),
    nextDeadline,
  }
}
