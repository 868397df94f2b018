import { SmppError } from '../errors.ts'
import type { Pacer } from '../pacing/pacer.ts'
import { systemTime, type Time } from '../time.ts'
import { createAborts } from './aborts.ts'
import type { SubmitFields, Submitted } from './submit.ts'

/** What is paced: a client, or whatever else submits. */
export interface Submitter {
  submit(fields: SubmitFields, options?: { signal?: AbortSignal | undefined }): Promise<Submitted>
}

export interface PacedOptions {
  time?: Time
  /** How often a submit_sm that was refused as throttled is sent again. Default: 10. */
  maxResends?: number
  /** Messages that may wait for their turn; one more is rejected with `window_full`. Default: 10,000. */
  maxWaiting?: number
}

export interface PacedSubmitter {
  /**
   * Waits for its turn, submits, counts the answer; what was refused as throttled goes out again (a refusal is safe
   * to repeat), up to `maxResends` times. Resolves with the last answer whatever its status; rejects as the client
   * does, and with `window_full` when more than `maxWaiting` wait. While it waits, `signal` rejects with `aborted` and sent 'no'.
   */
  submit(
    fields: SubmitFields,
    options?: { signal?: AbortSignal | undefined; segments?: number },
  ): Promise<Submitted>
  /** Requests that wait for their turn. */
  readonly waiting: number
}

interface Turn {
  segments: number
  signal: AbortSignal | undefined
  go(sentAt: number): void
  reject(error: SmppError): void
}

/** Joins a pacer and a client: first come, first served, one timer. */
export function createPacedSubmitter(
  client: Submitter,
  pacer: Pacer,
  options: PacedOptions = {},
): PacedSubmitter {
  const { time = systemTime, maxResends = 10, maxWaiting = 10_000 } = options
  let queue: Turn[] = []
  const aborts = createAborts<Turn>((aborted) => {
    const gone = new Set(aborted)
    queue = queue.filter((turn) => !gone.has(turn))
    for (const turn of aborted) {
      aborts.remove(turn.signal!, turn)
      turn.reject(new SmppError('aborted'))
    }
    pump()
  })
  let cancelTimer: (() => void) | undefined

  function pump(): void {
    cancelTimer?.()
    cancelTimer = undefined
    while (queue.length > 0) {
      const next = queue[0]!
      const { segments } = next
      const now = time.now()
      // A full window is opened by an answer, not by time. An empty one takes a message of any size.
      if (pacer.inFlight > 0 && pacer.inFlight + segments > pacer.window) return
      if (!pacer.take(segments, now)) {
        cancelTimer = time.after(pacer.waitMs(segments, now), pump)
        return
      }
      queue.shift()
      if (next.signal !== undefined) aborts.remove(next.signal, next)
      next.go(now)
    }
  }

  function turn(segments: number, again: boolean, signal: AbortSignal | undefined): Promise<number> {
    return new Promise((resolve, reject) => {
      const mine: Turn = { segments, signal, go: resolve, reject }
      if (signal?.aborted) return reject(new SmppError('aborted'))
      if (!again && queue.length >= maxWaiting) return reject(new SmppError('window_full'))
      // Throws for a message that no second can hold, before it stands in the way of the others.
      pacer.waitMs(segments, time.now())
      if (signal !== undefined) aborts.add(signal, mine)
      // What was refused is older than everything that waits.
      if (again) queue.unshift(mine)
      else queue.push(mine)
      pump()
    })
  }

  async function submit(
    fields: SubmitFields,
    { signal, segments = 1 }: { signal?: AbortSignal | undefined; segments?: number } = {},
  ): Promise<Submitted> {
    for (let resends = 0; ; resends++) {
      const sentAt = await turn(segments, resends > 0, signal)
      let answer: Submitted
      try {
        answer = await client.submit(fields, { signal })
      } catch (error) {
        if (error instanceof SmppError && error.code === 'timeout') pacer.timedOut(segments, time.now())
        else pacer.forgotten(segments)
        pump()
        throw error
      }
      pacer.answered({ status: answer.status, sentAt, segments }, time.now())
      const again = pacer.throttles(answer.status) && resends < maxResends
      if (!again) {
        pump()
        return answer
      }
    }
  }

  return {
    submit,
    get waiting() {
      return queue.length
    },
  }
}
