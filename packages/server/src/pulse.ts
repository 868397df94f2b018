import type { Clock } from './clock.ts'
import type { Log } from './log.ts'

export interface Pulse {
  /** Run soon. Rings while it runs are one more run. */
  ring(): void
  /** No new run; resolves when the one under way has ended. */
  stop(): Promise<void>
}

/**
 * Runs `work` again and again, never twice at a time: when rung, every `everyMs` in case a ring was lost, and
 * after as many milliseconds as `work` asks for. `spacingMs` lies between the starts of two runs, so that rings
 * under load gather into batches while a lone one is answered at once. A throw is logged and slows it down.
 */
export function startPulse(options: {
  name: string
  work: () => Promise<number | undefined>
  everyMs: number
  spacingMs?: number
  clock: Clock
  log: Log
}): Pulse {
  const { name, work, everyMs, spacingMs = 0, clock, log } = options
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> | undefined
  let rung = false
  let stopped = false
  let failures = 0
  let startedAt = Number.NEGATIVE_INFINITY

  function schedule(ms: number): void {
    clearTimeout(timer)
    if (!stopped) timer = setTimeout(start, ms)
  }

  function start(): void {
    clearTimeout(timer)
    startedAt = clock.monotonic()
    rung = false
    running = run()
  }

  async function run(): Promise<void> {
    let wait: number | undefined
    try {
      wait = await work()
      failures = 0
    } catch (error) {
      failures++
      wait = Math.min(5_000, 50 * 2 ** failures)
      rung = false
      if (!stopped)
        log.warn({ error: (error as Error).message, failures }, `${name} failed and is tried again`)
    }
    running = undefined
    const soonest = Math.max(0, startedAt + spacingMs - clock.monotonic())
    if (rung) schedule(soonest)
    else schedule(Math.max(soonest, wait ?? everyMs))
  }

  schedule(0)
  return {
    ring() {
      if (rung || stopped) return
      rung = true
      if (!running && failures === 0) schedule(Math.max(0, startedAt + spacingMs - clock.monotonic()))
    },
    async stop() {
      stopped = true
      clearTimeout(timer)
      await running
    },
  }
}
