import type { Entry } from './window.ts'

export interface Deadlines {
  add(entry: Entry): void
  /** The earliest; Infinity if there is none. */
  next(): number
  /** The next entry whose deadline is at or before `now`, taken out. */
  take(now: number): Entry | undefined
}

interface Timed {
  readonly at: number
  readonly entry: Entry
}

/**
 * Requests with a timeout of their own, the earliest first: a binary heap. What is settled meanwhile, or has moved from
 * the waiting room into the window and so has a new deadline, stays until it comes to the top or is half of all.
 */
export function createDeadlines(): Deadlines {
  let heap: Timed[] = []
  let limit = 64

  const stands = ({ at, entry }: Timed): boolean => !entry.settled && entry.deadline === at

  function add(entry: Entry): void {
    if (heap.length >= limit) {
      heap = heap.filter(stands).sort((a, b) => a.at - b.at)
      limit = Math.max(64, heap.length * 2)
    }
    let at = heap.push({ at: entry.deadline, entry }) - 1
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (heap[parent]!.at <= heap[at]!.at) return
      swap(parent, at)
      at = parent
    }
  }

  function swap(a: number, b: number): void {
    const timed = heap[a]!
    heap[a] = heap[b]!
    heap[b] = timed
  }

  function removeTop(): void {
    const last = heap.pop()!
    if (heap.length === 0) return
    heap[0] = last
    let at = 0
    for (;;) {
      const left = at * 2 + 1
      if (left >= heap.length) return
      const right = left + 1
      const child = right < heap.length && heap[right]!.at < heap[left]!.at ? right : left
      if (heap[at]!.at <= heap[child]!.at) return
      swap(at, child)
      at = child
    }
  }

  function top(): Timed | undefined {
    while (heap.length > 0 && !stands(heap[0]!)) removeTop()
    return heap[0]
  }

  return {
    add,
    next: () => top()?.at ?? Number.POSITIVE_INFINITY,
    take(now) {
      const first = top()
      if (first === undefined || first.at > now) return undefined
      removeTop()
      return first.entry
    },
  }
}
