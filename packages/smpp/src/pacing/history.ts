/** What became of the segments that were sent in a stretch of time. `ok` is every answer that is no throttling. */
export interface Fates {
  sent: number
  ok: number
  refused: number
}

export interface History {
  sent(segments: number, at: number): void
  ok(segments: number, sentAt: number): void
  refused(segments: number, sentAt: number): void
  /** Sums from `from` (inclusive) to `to` (exclusive), both rounded down to whole slots. */
  sum(from: number, to: number): Fates
}

/** Divides a second evenly, so that windows of whole seconds hold whole slots. */
export const slotMs = 50
/** 16 seconds: the longest look back (tolerance, 10 s) and a slow answer. */
const slots = 320

/** Counts by the time of sending, in a ring of slots: bounded memory whatever the rate. */
export function createHistory(): History {
  const numbers = new Float64Array(slots).fill(-1)
  const counts = {
    sent: new Float64Array(slots),
    ok: new Float64Array(slots),
    refused: new Float64Array(slots),
  }

  function add(kind: keyof Fates, segments: number, at: number): void {
    const number = Math.floor(at / slotMs)
    const slot = number % slots
    if (numbers[slot]! > number) return // older than the ring
    if (numbers[slot] !== number) {
      numbers[slot] = number
      counts.sent[slot] = 0
      counts.ok[slot] = 0
      counts.refused[slot] = 0
    }
    counts[kind][slot]! += segments
  }

  return {
    sent: (segments, at) => add('sent', segments, at),
    ok: (segments, sentAt) => add('ok', segments, sentAt),
    refused: (segments, sentAt) => add('refused', segments, sentAt),
    sum(from, to) {
      const fates = { sent: 0, ok: 0, refused: 0 }
      const end = Math.floor(to / slotMs)
      for (let number = Math.max(0, Math.floor(from / slotMs), end - slots); number < end; number++) {
        const slot = number % slots
        if (numbers[slot] !== number) continue
        fates.sent += counts.sent[slot]!
        fates.ok += counts.ok[slot]!
        fates.refused += counts.refused[slot]!
      }
      return fates
    },
  }
}
