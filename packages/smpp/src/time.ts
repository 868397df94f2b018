/** Where sessions get their time from. Milliseconds that never jump (facts group 55); tests hand in their own. */
export interface Time {
  now(): number
  /** Calls `run` once after `ms` at the earliest; the answer cancels it. */
  after(ms: number, run: () => void): () => void
}

export const systemTime: Time = {
  now: () => performance.now(),
  after(ms, run) {
    const timer = setTimeout(run, Math.min(Math.max(ms, 1), 0x7fffffff))
    return () => clearTimeout(timer)
  },
}
