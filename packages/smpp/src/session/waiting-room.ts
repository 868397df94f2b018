import type { Entry } from './window.ts'

export interface WaitingRoom {
  readonly size: number
  add(entry: Entry): void
  /** The one that waits longest, taken out. */
  shift(): Entry | undefined
  /** Takes one out, wherever it stands. */
  remove(entry: Entry): void
  /** The first one with the session's timeout, which stays. */
  first(): Entry | undefined
  /** When that one has waited too long; Infinity if there is none. */
  nextDeadline(): number
  /** Everybody, in order, taken out. */
  drain(): Entry[]
}

/**
 * Requests that wait for a place in the window, first come, first served. Leaving costs a flag; the array behind it
 * is made shorter when half of it has left. Those with the session's timeout fall due in the order in which they
 * came, so that the earliest is found by a second index that only moves on.
 */
export function createWaitingRoom(): WaitingRoom {
  let queue: Entry[] = []
  let head = 0
  let timed = 0
  let size = 0

  function leave(entry: Entry): void {
    entry.waiting = false
    size--
    if (size === 0) {
      queue = []
      head = 0
      timed = 0
    } else if (queue.length > 256 && queue.length > size * 2) {
      queue = queue.filter(({ waiting }) => waiting)
      head = 0
      timed = 0
    }
  }

  function first(): Entry | undefined {
    for (timed = Math.max(timed, head); timed < queue.length; timed++) {
      const entry = queue[timed]!
      if (entry.waiting && entry.timeoutMs === undefined) return entry
    }
    return undefined
  }

  return {
    get size() {
      return size
    },
    add(entry) {
      entry.waiting = true
      size++
      queue.push(entry)
    },
    shift() {
      while (head < queue.length) {
        const entry = queue[head++]!
        if (!entry.waiting) continue
        leave(entry)
        return entry
      }
      return undefined
    },
    remove(entry) {
      if (entry.waiting) leave(entry)
    },
    first,
    nextDeadline: () => first()?.deadline ?? Number.POSITIVE_INFINITY,
    drain() {
      const all = queue.filter(({ waiting }) => waiting)
      for (const entry of all) entry.waiting = false
      queue = []
      head = 0
      timed = 0
      size = 0
      return all
    },
  }
}
