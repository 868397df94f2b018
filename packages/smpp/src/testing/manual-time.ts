import type { Time } from '../time.ts'

export interface ManualTime extends Time {
  /** Moves the time on and runs every timer that falls due, in order. */
  advance(ms: number): void
  /** Timers that wait. */
  readonly armed: number
}

/** A clock for tests: it stands still until `advance` is called. */
export function createManualTime(): ManualTime {
  let now = 1_000
  let timers: { at: number; run: () => void }[] = []
  return {
    now: () => now,
    after(ms, run) {
      const timer = { at: now + ms, run }
      timers.push(timer)
      return () => {
        timers = timers.filter((other) => other !== timer)
      }
    },
    advance(ms) {
      const until = now + ms
      for (;;) {
        const due = timers.filter((timer) => timer.at <= until).sort((a, b) => a.at - b.at)[0]
        if (due === undefined) break
        timers = timers.filter((other) => other !== due)
        now = Math.max(now, due.at)
        due.run()
      }
      now = until
    },
    get armed() {
      return timers.length
    },
  }
}
