import { setTimeout as wait } from 'node:timers/promises'

/**
 * A growing pause between tries, with jitter so that nodes do not come back in step: about 100 ms, doubling
 * up to `capMs`. Rejects when `signal` aborts.
 */
export async function backoff(
  attempt: number,
  options: { capMs?: number; signal?: AbortSignal } = {},
): Promise<void> {
  const { capMs = 5_000, signal } = options
  const ms = Math.min(capMs, 100 * 2 ** Math.min(attempt, 12)) * (0.5 + Math.random() / 2)
  await wait(ms, undefined, signal ? { signal } : {})
}
