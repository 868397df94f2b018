import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import type { Inbound } from './receive.ts'

/** Long messages wait for hours; a minute more or less does not matter. */
const everyMs = 60_000

/** Hands on long messages whose missing parts have not come within `waitMs`. */
export function startInboundSweeper(options: { clock: Clock; log: Log; inbound: Inbound; waitMs: number }): {
  stop(): Promise<void>
} {
  const { clock, log, inbound, waitMs } = options
  let running: Promise<unknown> = Promise.resolve()
  const timer = setInterval(() => {
    running = inbound
      .sweep(new Date(clock.now().getTime() - waitMs))
      .catch((error: Error) =>
        log.warn({ error: error.message }, 'waiting parts could not be swept; the next round follows'),
      )
  }, everyMs)
  return {
    async stop() {
      clearInterval(timer)
      await running
    },
  }
}
