import type { CarrierError } from '../carriers/carrier.ts'
import type { Clock } from '../clock.ts'

/** So many failures in a row open the circuit, */
const inARow = 10
/** or this share of what was answered lately, once there were enough answers to tell. */
const share = 0.5
const leastAnswers = 20
const lately = 20_000
/** How long it stays open: at first, and at most; twice as long after each probe that fails. */
const firstPauseMs = 5_000
const longestPauseMs = 300_000

export type Circuit = 'closed' | 'open' | 'probing'

export interface Breaker {
  /** What a submission has come to. Undefined: taken, or refused for what it was, which proves a carrier that works. */
  answered(failure: CarrierError | undefined): void
  /** `probing`: the pause is over, and one message may show whether the carrier works again. */
  readonly circuit: Circuit
  /** ms until it may be probed; 0 unless it is open. */
  readonly reopensInMs: number
  /** When it opened, by the clock's `monotonic`; undefined while it is closed. */
  readonly openedAt: number | undefined
}

/**
 * Whether an answer speaks against the carrier itself. Asking for less speed does not: that is what a pacer is for. Nor
 * does a link that broke: all that was on it fails at once, and whether it comes back shows by itself.
 */
const isFailure = (error: CarrierError): boolean =>
  !error.throttled &&
  (error.code === 'timeout' ||
    (error.sent === 'no' && (error.retry === 'later' || error.retry === 'elsewhere')))

/**
 * The circuit of one link: a carrier that takes nothing for reasons of its own is left alone for a while that grows,
 * and its messages take their next way. `changed` is called when it opens, when a probe may go, and when it closes.
 */
export function createBreaker(options: { clock: Clock; changed?: () => void }): Breaker {
  const { clock, changed = () => {} } = options
  let failures = 0
  let answers: { at: number; failed: boolean }[] = []
  let openedAt: number | undefined
  let reopensAt = 0
  let pauseMs = firstPauseMs

  const circuitNow = (): Circuit =>
    openedAt === undefined ? 'closed' : clock.monotonic() < reopensAt ? 'open' : 'probing'

  function open(now: number): void {
    openedAt ??= now
    reopensAt = now + pauseMs
    const timer = setTimeout(changed, pauseMs + 1)
    timer.unref()
    pauseMs = Math.min(longestPauseMs, pauseMs * 2)
    answers = []
    failures = 0
    changed()
  }

  function close(): void {
    openedAt = undefined
    pauseMs = firstPauseMs
    answers = []
    failures = 0
    changed()
  }

  return {
    get circuit() {
      return circuitNow()
    },
    get reopensInMs() {
      return openedAt === undefined ? 0 : Math.max(0, reopensAt - clock.monotonic())
    },
    get openedAt() {
      return openedAt
    },
    answered(failure) {
      const now = clock.monotonic()
      const failed = failure !== undefined && isFailure(failure)
      if (failure?.throttled || (failure?.sent === 'maybe' && !failed)) return
      const circuit = circuitNow()
      if (circuit === 'probing') return failed ? open(now) : close()
      // Answers to what went out before it opened.
      if (circuit === 'open') return
      failures = failed ? failures + 1 : 0
      if (!failed && answers.length === 0) return
      answers.push({ at: now, failed })
      if (answers[0]!.at < now - lately) answers = answers.filter(({ at }) => at >= now - lately)
      if (failures >= inARow) return open(now)
      if (!failed || answers.length < leastAnswers) return
      if (answers.filter((answer) => answer.failed).length >= answers.length * share) open(now)
    },
  }
}
