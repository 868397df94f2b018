import { systemTime, type Time } from '@kurzpost/smpp'

/**
 * One heap and one timer for everything that is due later: receipts, delayed answers, second tries. A timer for each
 * message would cost more than the message (20,000 a second with a delay of a minute are 1.2 million live timers).
 */
export interface Schedule {
  /** Runs `task` in `delayMs` milliseconds or a little later; tasks due at the same time run in the order given. */
  after(delayMs: number, task: () => void): void
  /** Forgets everything that is due. */
  clear(): void
  readonly size: number
}

interface Entry {
  readonly due: number
  readonly order: number
  readonly task: () => void
}

const before = (a: Entry, b: Entry): boolean => a.due < b.due || (a.due === b.due && a.order < b.order)

export function createSchedule(time: Time = systemTime): Schedule {
  const heap: Entry[] = []
  let nextOrder = 0
  let armedFor = Number.POSITIVE_INFINITY
  let disarm = (): void => {}

  const arm = (): void => {
    const due = heap[0]?.due
    if (due === undefined || due >= armedFor) return
    disarm()
    armedFor = due
    disarm = time.after(Math.max(0, Math.ceil(due - time.now())), wake)
  }

  const wake = (): void => {
    armedFor = Number.POSITIVE_INFINITY
    disarm = () => {}
    const now = time.now()
    // Not what the tasks themselves schedule: one that schedules another with no delay would keep the loop here for ever.
    const ownUntil = nextOrder
    try {
      for (let first = heap[0]; first && first.due <= now && first.order < ownUntil; first = heap[0]) {
        removeFirst(heap)
        first.task()
      }
    } finally {
      arm()
    }
  }

  return {
    after(delayMs, task) {
      insert(heap, { due: time.now() + delayMs, order: nextOrder, task })
      nextOrder += 1
      arm()
    },
    clear() {
      heap.length = 0
      disarm()
      disarm = () => {}
      armedFor = Number.POSITIVE_INFINITY
    },
    get size() {
      return heap.length
    },
  }
}

function insert(heap: Entry[], entry: Entry): void {
  let at = heap.length
  heap.push(entry)
  while (at > 0) {
    const parent = (at - 1) >> 1
    if (!before(entry, heap[parent]!)) break
    heap[at] = heap[parent]!
    at = parent
  }
  heap[at] = entry
}

function removeFirst(heap: Entry[]): void {
  const last = heap.pop()!
  const length = heap.length
  if (length === 0) return
  let at = 0
  for (;;) {
    let child = 2 * at + 1
    if (child >= length) break
    if (child + 1 < length && before(heap[child + 1]!, heap[child]!)) child += 1
    if (!before(heap[child]!, last)) break
    heap[at] = heap[child]!
    at = child
  }
  heap[at] = last
}
