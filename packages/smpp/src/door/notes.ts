import type { Time } from '../time.ts'
import { createRecent } from './recent.ts'

/** Why somebody did not get through the door. */
export type DoorNote = 'connection_refused' | 'proxy_failed' | 'tls_failed' | 'lines_left_out'

export interface StrangerNote<What> {
  what: What
  detail: string
  address: string
  /** Times since the line before. */
  count: number
}

export interface StrangerLog<What> {
  add(what: What, detail: string, address: string): void
  /** Writes what is counted and not yet written, and ends. */
  close(): void
}

/**
 * A log that strangers cannot flood (facts group 3): the first thing of a kind from an address is written at once, its
 * repetitions as one line with their count when `intervalMs` is over. In one interval at most `maxLines` lines are written;
 * the rest is one line too.
 */
export function createStrangerLog<What>(
  options: { time: Time; intervalMs: number; maxLines: number },
  write: (note: StrangerNote<What | DoorNote>) => void,
): StrangerLog<What> {
  const { time, intervalMs, maxLines } = options
  const counted = createRecent<StrangerNote<What>>(maxLines)
  let lines = 0
  let leftOut = 0
  let cancel: (() => void) | undefined
  let closed = false

  function flush(): void {
    cancel = undefined
    // They are lines of the interval that begins: repetitions and what is new share its number.
    lines = 0
    for (const [key, note] of [...counted.entries()]) {
      if (note.count === 0) counted.delete(key)
      else {
        lines++
        write({ ...note })
      }
      note.count = 0
    }
    if (leftOut > 0) write({ what: 'lines_left_out', detail: `${leftOut} more`, address: '', count: leftOut })
    leftOut = 0
    if (counted.size > 0) cancel = time.after(intervalMs, flush)
  }

  return {
    add(what, detail, address) {
      if (closed) {
        // The last of those that were cut: a line, and no timer that would hold the process for an interval.
        write({ what, detail, address, count: 1 })
        return
      }
      const key = `${String(what)} ${address}`
      const known = counted.get(key)
      if (known !== undefined) {
        known.count++
        known.detail = detail
        return
      }
      cancel ??= time.after(intervalMs, flush)
      if (lines >= maxLines) {
        leftOut++
        return
      }
      lines++
      counted.set(key, { what, detail, address, count: 0 })
      write({ what, detail, address, count: 1 })
    },
    close() {
      closed = true
      cancel?.()
      flush()
      cancel?.()
    },
  }
}
