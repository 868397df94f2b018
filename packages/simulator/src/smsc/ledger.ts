import { type ReceiptState, receiptStates } from './receipts/receipt-state.ts'

/** What query_sm, cancel_sm and replace_sm ask for: the last messages, in a ring that needs no heap for each. */
export interface Ledger {
  /** A message was taken: until `due` it is under way, then it is in this state. Times in milliseconds of one clock. */
  add(id: number, source: string, destination: string, due: number, state: ReceiptState): void
  /** By the low 32 bits of its id. */
  find(lowBits: number): Entry | undefined
  /** True once cancel_sm has taken it back. */
  isCancelled(id: number): boolean
  clear(): void
}

export interface Entry {
  readonly id: number
  readonly source: string
  readonly destination: string
  stateAt(now: number): ReceiptState
  readonly due: number
  cancel(now: number): void
}

/** Messages kept; older ones are unknown, as at an SMSC after its retention. */
const SIZE = 0x1_0000

const CANCELLED = 0x80

export function createLedger(): Ledger {
  const ids = new Float64Array(SIZE)
  const dues = new Float64Array(SIZE)
  const states = new Uint8Array(SIZE)
  const sources: string[] = new Array(SIZE).fill('')
  const destinations: string[] = new Array(SIZE).fill('')

  return {
    add(id, source, destination, due, state) {
      const at = id % SIZE
      ids[at] = id
      dues[at] = due
      states[at] = receiptStates.indexOf(state)
      sources[at] = source
      destinations[at] = destination
    },
    find(lowBits) {
      const at = lowBits % SIZE
      const id = ids[at]!
      if (id === 0 || id % 2 ** 32 !== lowBits) return undefined
      return {
        id,
        source: sources[at]!,
        destination: destinations[at]!,
        due: dues[at]!,
        stateAt(now) {
          if (states[at]! & CANCELLED) return 'deleted'
          return now < dues[at]! ? 'enroute' : receiptStates[states[at]!]!
        },
        cancel(now) {
          dues[at] = now
          states[at]! |= CANCELLED
        },
      }
    },
    isCancelled(id) {
      const at = id % SIZE
      return ids[at] === id && (states[at]! & CANCELLED) !== 0
    },
    clear() {
      ids.fill(0)
      sources.fill('')
      destinations.fill('')
    },
  }
}
