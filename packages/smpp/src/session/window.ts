import type { SmppError } from '../errors.ts'
import type { CommandName, PduInput, ResponsePdu } from '../pdu/commands.ts'

/**
 * One request of ours on its way. `request` takes a place in the window, `notice` has no answer and takes none; the
 * others are the session's own.
 */
export interface Entry {
  readonly kind: 'request' | 'notice' | 'bind' | 'enquire' | 'unbind'
  pdu: PduInput
  /** generic_nack where there is no answer of its own. */
  readonly expects: CommandName
  /** Called with the answer, or with what `read` makes of it. */
  resolve(outcome: unknown): void
  readonly reject: (error: SmppError) => void
  readonly read: Read | undefined
  /** For `read`: where the socket's owner has put the octets. */
  written: unknown
  /** Where it has another time for its answer than the session's. */
  readonly timeoutMs: number | undefined
  /** Undefined until it is written. */
  sequence: number | undefined
  /** When it was written. */
  sentAt: number
  deadline: number
  /** Which flush takes its octets to the socket. */
  batch: number
  /** Stands in the waiting room. */
  waiting: boolean
  settled: boolean
}

/** Makes of an answer, and of where the octets of its request were written, what the caller is to get. */
export type Read = (answer: ResponsePdu, written: never) => unknown

export interface Window {
  /** Requests that hold a place. */
  readonly inFlight: number
  add(entry: Entry): number
  /** A number for a PDU without an answer. */
  number(): number
  peek(sequence: number): Entry | undefined
  remove(entry: Entry): void
  /** The earliest of those with the session's timeout whose deadline is at or before `now`; it stays in. */
  due(now: number): Entry | undefined
  /** Makes room for so many requests; what is in stays in, under its number. */
  grow(limit: number): void
  /** Every entry, oldest first, taken out. */
  drain(): Entry[]
  /** The earliest deadline of those with the session's timeout; Infinity if there is none. */
  nextDeadline(): number
}

const highest = 0x7fffffff
const after = (sequence: number): number => (sequence === highest ? 1 : sequence + 1)

// Twice the window and some for bind, enquire_link and unbind, so that a free slot is always near.
const sizeFor = (limit: number): number => 2 ** Math.ceil(Math.log2(limit * 2 + 8))

/**
 * The requests that wait for their answers, by sequence_number. A ring: the slot is the low bits of the number, and
 * a number whose slot is taken is skipped (numbers need to be unique, not dense), so that finding is one array read
 * and there is no per-request timer. Requests with the session's timeout fall due in the order of their numbers,
 * hence `oldest`, which only moves on, knows the earliest. `first` is where numbering begins.
 */
export function createWindow(limit: number, first = 1): Window {
  let mask = sizeFor(limit) - 1
  let slots: (Entry | undefined)[] = new Array(mask + 1).fill(undefined)
  /** bind, enquire_link, unbind: three at most, each with its own time. */
  const own: Entry[] = []
  let next = first
  let oldest = first
  let inFlight = 0

  function number(): number {
    let sequence = next
    while (slots[sequence & mask] !== undefined) sequence = after(sequence)
    next = after(sequence)
    return sequence
  }

  function add(entry: Entry): number {
    const sequence = number()
    slots[sequence & mask] = entry
    entry.sequence = sequence
    if (entry.kind === 'request') inFlight++
    else own.push(entry)
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
    if (entry.kind === 'request') inFlight--
    else own.splice(own.indexOf(entry), 1)
    if (sequence === oldest) earliest()
  }

  function earliest(): Entry | undefined {
    for (; oldest !== next; oldest = after(oldest)) {
      const entry = slots[oldest & mask]
      if (entry?.sequence === oldest && entry.kind === 'request' && entry.timeoutMs === undefined)
        return entry
    }
    return undefined
  }

  return {
    get inFlight() {
      return inFlight
    },
    add,
    number,
    peek,
    remove,
    due(now) {
      const entry = earliest()
      if (entry !== undefined && entry.deadline <= now) return entry
      return own.find(({ deadline }) => deadline <= now)
    },
    grow(wider) {
      if (sizeFor(wider) <= slots.length) return
      const entries = slots.filter((entry) => entry !== undefined)
      mask = sizeFor(wider) - 1
      slots = new Array(mask + 1).fill(undefined)
      // Numbers that differ in fewer bits differ in more.
      for (const entry of entries) slots[entry.sequence! & mask] = entry
    },
    drain() {
      const age = ({ sequence }: Entry): number => (next - sequence! + highest) % highest
      const all = slots.filter((entry) => entry !== undefined).sort((a, b) => age(b) - age(a))
      for (const entry of all) remove(entry)
      return all
    },
    nextDeadline() {
      let at = earliest()?.deadline ?? Number.POSITIVE_INFINITY
      for (const { deadline } of own) if (deadline < at) at = deadline
      return at
    },
  }
}
