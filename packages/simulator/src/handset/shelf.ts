import type { Charset } from '@kurzpost/gsm'
import { mix } from '../chance.ts'
import { canonicalNumber } from './number.ts'

/** One text on a handset. `in` came from the network, `out` was written on the handset. */
export interface HandsetMessage {
  readonly id: string
  readonly direction: 'in' | 'out'
  readonly from: string
  readonly to: string
  readonly text: string
  /** ISO 8601, UTC. */
  readonly at: string
  /** `binary` is data that is no text: it is shown in hex. */
  readonly encoding: Charset
  readonly segments: number
}

export interface HandsetSummary {
  readonly number: string
  /** Texts that came in since somebody last read this handset. */
  readonly unread: number
  readonly last_at: string | null
}

/** As it is kept: made for each message of a load test, so the id and the time are spelled only for those who read. */
export type StoredMessage = Omit<HandsetMessage, 'id' | 'at'> & { readonly n: number; readonly atMs: number }

interface Handset {
  readonly number: string
  /** A ring once it is full: `next` is where the oldest lies. */
  readonly entries: StoredMessage[]
  next: number
  unread: number
  lastAtMs: number
  reference: number
  /** Of all its entries. */
  characters: number
}

/** What is kept. A load test with a million recipients must not fill the memory, nor must one with one recipient. */
export interface ShelfLimits {
  readonly handsets: number
  readonly messagesEach: number
  readonly messagesTotal: number
  readonly charactersTotal: number
}

const DEFAULT_LIMITS: ShelfLimits = {
  handsets: 10_000,
  messagesEach: 500,
  messagesTotal: 200_000,
  charactersTotal: 100_000_000,
}

type Listener = (message: HandsetMessage) => void

/** All handsets. A number becomes a handset when the first text reaches or leaves it; the least recently used go first. */
export interface Shelf {
  add(message: Omit<HandsetMessage, 'id' | 'at'>, atMs: number): StoredMessage
  list(): HandsetSummary[]
  /** Oldest first. Marks them as read unless told to peek. */
  messages(number: string, options?: { peek?: boolean }): HandsetMessage[]
  /** A rotating 8-bit reference for the parts of a long text, one counter a handset (3GPP TS 23.040, 9.2.3.24.1). */
  nextReference(number: string): number
  listen(number: string, listener: Listener): () => void
  clear(): void
}

interface Options {
  readonly limits?: Partial<ShelfLimits>
  /** What the references of handsets begin by. */
  readonly startedAtMs?: number
}

export function createShelf({ limits: given, startedAtMs = 0 }: Options = {}): Shelf {
  const limits = { ...DEFAULT_LIMITS, ...given }
  // A Map keeps the order of insertion: the first key is the least recently used.
  const handsets = new Map<string, Handset>()
  const listeners = new Map<string, Set<Listener>>()
  let total = 0
  let characters = 0
  let nextId = 1
  /** Handsets so far, those that were forgotten too. */
  let known = 0

  const touch = (number: string): Handset => {
    let handset = handsets.get(number)
    if (handset) handsets.delete(number)
    else {
      // Starts anywhere, so that a simulator that starts again does not meet the parts left from before; and not by
      // chance, so that a run can be had again.
      known += 1
      const reference = mix(startedAtMs, known) & 0xff
      handset = { number, entries: [], next: 0, unread: 0, lastAtMs: 0, reference, characters: 0 }
    }
    handsets.set(number, handset)
    return handset
  }

  const isOver = (): boolean =>
    handsets.size > limits.handsets || total > limits.messagesTotal || characters > limits.charactersTotal

  const dropOldest = (keep: Handset): void => {
    // Asked before the loop: to find its first entry a Map walks over all that were deleted before it.
    if (!isOver()) return
    for (const [number, handset] of handsets) {
      if (handset === keep || !isOver()) return
      handsets.delete(number)
      total -= handset.entries.length
      characters -= handset.characters
    }
  }

  return {
    add(message, atMs) {
      const own = message.direction === 'in' ? message.to : message.from
      const handset = touch(own)
      const entry: StoredMessage = { ...message, n: nextId, atMs }
      nextId += 1
      let grown = message.text.length
      if (handset.entries.length < limits.messagesEach) {
        handset.entries.push(entry)
        total += 1
      } else {
        grown -= handset.entries[handset.next]!.text.length
        handset.entries[handset.next] = entry
        handset.next = (handset.next + 1) % limits.messagesEach
      }
      handset.characters += grown
      characters += grown
      if (message.direction === 'in') handset.unread += 1
      handset.lastAtMs = atMs
      dropOldest(handset)
      const here = listeners.size > 0 ? listeners.get(own) : undefined
      if (here) for (const listener of here) listener(presentMessage(entry))
      return entry
    },
    list() {
      return [...handsets.values()].reverse().map(({ number, unread, lastAtMs }) => ({
        number,
        unread,
        last_at: lastAtMs === 0 ? null : new Date(lastAtMs).toISOString(),
      }))
    },
    messages(number, options) {
      const handset = handsets.get(canonicalNumber(number))
      if (!handset) return []
      if (!options?.peek) handset.unread = 0
      const { entries, next } = handset
      return [...entries.slice(next), ...entries.slice(0, next)].map(presentMessage)
    },
    nextReference(number) {
      const handset = touch(number)
      handset.reference = (handset.reference + 1) & 0xff
      return handset.reference
    },
    listen(number, listener) {
      const key = canonicalNumber(number)
      const here = listeners.get(key) ?? new Set()
      listeners.set(key, here.add(listener))
      return () => {
        here.delete(listener)
        if (here.size === 0) listeners.delete(key)
      }
    },
    clear() {
      handsets.clear()
      total = 0
      characters = 0
    },
  }
}

export function presentMessage({ n, atMs, ...message }: StoredMessage): HandsetMessage {
  return { id: `hm_${n}`, ...message, at: new Date(atMs).toISOString() }
}

/** The running number in a message's id; nothing if it is no such id. */
export function messageNumber(id: string | undefined): number | undefined {
  const digits = /^hm_(\d{1,15})$/.exec(id ?? '')?.[1]
  return digits === undefined ? undefined : Number(digits)
}
