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
  /** Messages a request; default: 1. */
  readonly batch?: number
  readonly lane?: string
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
  const { url, key, connections, first, count, perSecond, batch = 1, lane } = order
  const { seconds = Number.POSITIVE_INFINITY } = order
  const lines: Lines = await openLines(url, connections)
  const headers = `authorization: Bearer ${key}\r\ncontent-type: application/json\r\n`
  const startedAt = new Float64Array(count).fill(Number.NaN)
  const answeredAt = new Float64Array(count).fill(Number.NaN)
  let failure: Error | undefined
  sent = 0
  accepted = 0

  const draft = (place: number) => ({
    to: recipientOf(first + place),
    text: textOf(first + place),
    ...(lane !== undefined && { lane }),
  })

  /** The messages from `place` on, as many as go into one request. */
  function post(place: number): Promise<void> {
    const many = Math.min(batch, count - place)
    sent += many
    const body =
      batch === 1
        ? JSON.stringify(draft(place))
        : JSON.stringify({ messages: Array.from({ length: many }, (_, at) => draft(place + at)) })
    return lines.post(batch === 1 ? '/v1/messages' : '/v1/messages/batch', headers, body).then(
      ({ status, text }) => {
        const good = status === 202 && (batch === 1 || !text.includes('"ok":false'))
        if (!good) failure ??= new Error(`a request was answered with ${status}: ${text.slice(0, 500)}`)
        answeredAt.fill(wallClock(), place, place + many)
        accepted += many
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
        startedAt.fill(wallClock(), sent, Math.min(count, sent + batch))
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
        startedAt.fill(begin + (sent / rate) * 1_000, sent, Math.min(count, sent + batch))
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
