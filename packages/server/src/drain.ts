import { setTimeout as wait } from 'node:timers/promises'
import type { Log } from './log.ts'

/** How long a stop waits for what needs the database; with that gone it would wait for ever. */
const patienceMs = 10_000

/**
 * Waits for work to end, but not for ever: then it says how much is `left`, and goes on. For work that may be left
 * undone, because what it is about is stored and somebody takes it over. True when the work has ended.
 */
export async function drain(
  work: Promise<unknown>,
  { log, left, what, ms = patienceMs }: { log: Log; left: () => number; what: string; ms?: number },
): Promise<boolean> {
  const done = new AbortController()
  const late = wait(ms, 'late', { signal: done.signal }).catch(() => undefined)
  const first = await Promise.race([work.then(() => 'done'), late]).finally(() => done.abort())
  if (first === 'done') return true
  log.warn({ left: left(), waited_ms: ms }, what)
  return false
}
