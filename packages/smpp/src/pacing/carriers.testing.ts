import { Status } from '../pdu/status.ts'
import type { Pacer } from './pacer.ts'

/** A carrier with a limit that nobody told us: what becomes of a segment that arrives at `at`, and when it is answered. */
export type HiddenLimit = (at: number) => { status: number; answeredAt: number }
export interface LimitOptions {
  /** Segments a second, by time. */
  perSecond: (at: number) => number
  /** From arrival to answer. */
  answerMs: () => number
}

const taken = (at: number) => ({ status: Status.ok, answeredAt: at })
const refused = (at: number) => ({ status: Status.throttled, answeredAt: at })

/** Hidden limits by their kinds. */
export const hiddenLimits: Readonly<Record<string, (options: LimitOptions) => HiddenLimit>> = {
  /** A counter that is set to zero as each second of the carrier's clock begins. */
  'strict second counter'({ perSecond, answerMs }) {
    let second = -1
    let count = 0
    return (at) => {
      const now = Math.floor((at + 137) / 1_000)
      if (now !== second) count = 0
      second = now
      return ++count <= perSecond(at) ? taken(at + answerMs()) : refused(at + answerMs())
    }
  },
  /** Taken ones of the last 1,000 ms. */
  'sliding window'({ perSecond, answerMs }) {
    let times: number[] = []
    let head = 0
    return (at) => {
      while (head < times.length && times[head]! <= at - 1_000) head++
      if (head > 5_000) {
        times = times.slice(head)
        head = 0
      }
      if (times.length - head >= perSecond(at)) return refused(at + answerMs())
      times.push(at)
      return taken(at + answerMs())
    }
  },
  /** A bucket of one second's worth, as the simulator has it. */
  'token bucket': (options) => bucket(options, 1),
  'token bucket, burst of 100 ms': (options) => bucket(options, 0.1),
  /** Answers wait until their turn comes: none is refused. */
  shaper({ perSecond, answerMs }) {
    let free = 0
    return (at) => {
      free = Math.max(at, free) + 1_000 / perSecond(at)
      return taken(free + answerMs())
    }
  },
}

/** Limits that make a refusal worse by counting what they refuse: who goes on at the rate is refused for ever. */
export const punishing: Readonly<Record<string, (options: LimitOptions) => HiddenLimit>> = {
  'sliding window that counts what it refuses'({ perSecond, answerMs }) {
    const times: number[] = []
    let head = 0
    return (at) => {
      times.push(at)
      while (times[head]! <= at - 1_000) head++
      return times.length - head <= perSecond(at) ? taken(at + answerMs()) : refused(at + answerMs())
    }
  },
}

function bucket({ perSecond, answerMs }: LimitOptions, seconds: number): HiddenLimit {
  let tokens = Math.max(1, perSecond(0) * seconds)
  let filledAt = 0
  return (at) => {
    const rate = perSecond(at)
    tokens = Math.min(Math.max(1, rate * seconds), tokens + ((at - filledAt) * rate) / 1_000)
    filledAt = at
    if (tokens < 1) return refused(at + answerMs())
    tokens -= 1
    return taken(at + answerMs())
  }
}

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

export interface Drive {
  pacer: Pacer
  carrier: HiddenLimit
  fromMs: number
  toMs: number
  /** Segments that the application has to send, in this millisecond. Default: more than any carrier takes. */
  demand?: (at: number) => number
  /** Segments of the next message. Default: 1. */
  size?: () => number
}
/** One line a second of what was sent. */
export interface Second {
  accepted: number
  throttled: number
  longestAnswerMs: number
}

/** Runs a pacer against a carrier on a logical clock of whole milliseconds, as timers have it, and counts by second. */
export function drive({ pacer, carrier, fromMs, toMs, demand, size = () => 1 }: Drive): Second[] {
  const due = new Map<number, { sentAt: number; status: number }[]>()
  const seconds: Second[] = []
  let waiting = demand ? 0 : Number.POSITIVE_INFINITY
  let next = size()
  for (let now = fromMs; now < toMs || due.size > 0; now++) {
    for (const { sentAt, status } of due.get(now) ?? []) pacer.answered({ sentAt, status }, now)
    due.delete(now)
    if (now >= toMs) continue
    if (demand) waiting += demand(now)
    while (waiting >= next && pacer.inFlight + next <= pacer.window && pacer.take(next, now)) {
      waiting -= next
      for (let part = 0; part < next; part++) {
        const { status, answeredAt } = carrier(now)
        const at = Math.max(now + 1, Math.ceil(answeredAt))
        const answers = due.get(at)
        if (answers) answers.push({ sentAt: now, status })
        else due.set(at, [{ sentAt: now, status }])
        const index = Math.floor((now - fromMs) / 1_000)
        seconds[index] ??= { accepted: 0, throttled: 0, longestAnswerMs: 0 }
        const second = seconds[index]
        if (status === Status.ok) second.accepted++
        else second.throttled++
        second.longestAnswerMs = Math.max(second.longestAnswerMs, at - now)
      }
      next = size()
    }
  }
  return seconds
}
