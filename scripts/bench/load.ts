import { setTimeout as delay } from 'node:timers/promises'
import { type Lines, openLines } from './line.ts'
import { type Range, recipientOf, textOf, wallClock } from './traffic.ts'
import { answer } from './worker.ts'

/** The load generator, a process of its own: one `POST /v1/messages` a message. */

export interface LoadOrder extends Range {
  readonly url: string
  readonly key: string
  readonly connections: number
  /** Closed loop without it: each connection sends again as soon as it has its answer. */
  readonly perSecond?: number
  /** Sends no more after so long, however few it were. */
  readonly seconds?: number
}

export interface LoadProgress {
  readonly sent: number
  readonly accepted: number
}

/** Times in milliseconds since the epoch, one a message in the order of the range. */
export interface LoadResult {
  readonly accepted: number
  /** With a rate: when the message was due, whether a connection was free or not. */
  readonly startedAt: Float64Array
  readonly answeredAt: Float64Array
}

let sent = 0
let accepted = 0

async function run(order: LoadOrder): Promise<LoadResult> {
  const { url, key, connections, first, count, perSecond, seconds = Number.POSITIVE_INFINITY } = order
  const lines: Lines = await openLines(url, connections)
  const headers = `authorization: Bearer ${key}\r\ncontent-type: application/json\r\n`
  const startedAt = new Float64Array(count).fill(Number.NaN)
  const answeredAt = new Float64Array(count).fill(Number.NaN)
  let failure: Error | undefined
  sent = 0
  accepted = 0

  function post(place: number): Promise<void> {
    sent++
    const body = JSON.stringify({ to: recipientOf(first + place), text: textOf(first + place) })
    return lines.post('/v1/messages', headers, body).then(
      ({ status, text }) => {
        if (status !== 202)
          failure ??= new Error(`a message was answered with ${status}: ${text.slice(0, 500)}`)
        answeredAt[place] = wallClock()
        accepted++
      },
      (error: Error) => {
        failure ??= new Error(`a request failed: ${error.message}`)
      },
    )
  }

  const endsAt = wallClock() + seconds * 1_000
  const mayGoOn = (): boolean => sent < count && failure === undefined && wallClock() < endsAt

  async function closedLoop(): Promise<void> {
    const connection = async (): Promise<void> => {
      while (mayGoOn()) {
        startedAt[sent] = wallClock()
        await post(sent)
      }
    }
    await Promise.all(Array.from({ length: connections }, connection))
  }

  async function atRate(rate: number): Promise<void> {
    const begin = wallClock()
    const open = new Set<Promise<void>>()
    while (mayGoOn()) {
      const due = Math.min(count, Math.floor(((wallClock() - begin) / 1_000) * rate) + 1)
      while (sent < due) {
        startedAt[sent] = begin + (sent / rate) * 1_000
        const one = post(sent)
        open.add(one)
        void one.then(() => open.delete(one))
      }
      await delay(1)
    }
    await Promise.all(open)
  }

  try {
    await (perSecond === undefined ? closedLoop() : atRate(perSecond))
    if (failure) throw failure
    return {
      accepted,
      startedAt: startedAt.subarray(0, sent),
      answeredAt: answeredAt.subarray(0, sent),
    }
  } finally {
    lines.close()
  }
}

answer({ run, progress: (): LoadProgress => ({ sent, accepted }) })
