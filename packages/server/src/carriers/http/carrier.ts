import { dataCodingFor, decodeText } from '@kurzpost/gsm'
import type { Clock } from '../../clock.ts'
import type { Guard } from '../../egress.ts'
import { publicId } from '../../ids.ts'
import type { Log } from '../../log.ts'
import { backoff } from '../../pause.ts'
import {
  type Adjustable,
  CarrierError,
  type CarrierSink,
  type OutboundSegment,
  type Submitted,
} from '../carrier.ts'
import { createReport } from '../report.ts'
import { readAnswer } from './answer.ts'
import { type Connection, type Exchange, NoAnswer, openConnection } from './connection.ts'
import { buildRequest, describeRequest, type MessageValues } from './request.ts'
import type { HttpSecrets, HttpSettings } from './settings.ts'

/** What a request is made by, and its answer read. */
export interface HttpWays {
  settings: HttpSettings
  secrets: HttpSecrets
  /** Where the provider reports to; null where it cannot reach us or the settings name no callbacks. */
  callbackUrl: string | null
}

export interface HttpCarrierOptions extends HttpWays {
  guard: Guard
  clock: Clock
  log: Log
}

export const defaultWindow = 10
/** The widest window there is: how many are open, the window decides. */
const mostConnections = 1_000
const defaultTimeoutSeconds = 30
/** An answer that comes after the timeout still counts for so long. */
const lateMs = 60_000
const probeCapMs = 5_000

/**
 * A provider's HTTP API behind the carrier port: a request for each message, whole, for the provider cuts it. There is no
 * link to lose, but there is a host that may not answer: after a failed connection nothing is submitted until one stands.
 */
export function createHttpCarrier(options: HttpCarrierOptions): Adjustable<HttpWays> {
  const { guard, clock, log } = options
  let ways: HttpWays = options
  const windowOf = (): number => ways.settings.window ?? defaultWindow
  const origin = originOf(ways.settings)
  const report = createReport({ clock, type: 'http', host: new URL(origin).host, window: windowOf() })
  let sink: CarrierSink | undefined
  let connection: Connection | undefined
  let closing = new AbortController()
  const underWay = new Set<Promise<unknown>>()
  /** Requests whose answer was given up and may still come. */
  const late = new Set<Exchange>()

  /** Until a connection stands: at the start, and after one failed. */
  async function reach(to: Connection, stop: AbortSignal): Promise<void> {
    for (let attempt = 0; !stop.aborted; attempt++) {
      if (await to.probe(origin)) {
        if (stop.aborted) return
        report.moved('bound')
        sink?.changed()
        return
      }
      await backoff(attempt, { capMs: probeCapMs, signal: stop }).catch(() => {})
    }
  }

  function lost(code: string): void {
    if (report.state !== 'bound' || !connection || closing.signal.aborted) return
    log.warn({ code, host: new URL(origin).host }, 'the provider cannot be reached')
    report.moved('binding')
    sink?.changed()
    void reach(connection, closing.signal)
  }

  async function submit(segment: OutboundSegment): Promise<Submitted> {
    if (!connection || report.state !== 'bound' || closing.signal.aborted)
      throw new CarrierError('closed', { retry: 'unsent', sent: 'no' })
    // Its other parts went out elsewhere: a phone joins these to a part, and would show a text of its own beside them.
    if (segment.concat) throw new CarrierError('part_of_long_message', { retry: 'elsewhere', sent: 'no' })
    const work = send(connection, segment)
    underWay.add(work)
    try {
      return await work
    } finally {
      underWay.delete(work)
    }
  }

  async function send(over: Connection, segment: OutboundSegment): Promise<Submitted> {
    const { settings, secrets, callbackUrl } = ways
    const timeoutMs = (settings.timeout_seconds ?? defaultTimeoutSeconds) * 1_000
    const values = valuesOf(segment, callbackUrl)
    const now = clock.now()
    const exchange = over.send(buildRequest(settings, secrets, values, { reveal: true, now }))
    const shown = buildRequest(settings, secrets, values, { reveal: false, now })
    const startedAt = clock.monotonic()
    const answered = exchange.answer.then((answer) => {
      report.answered(clock.monotonic() - startedAt)
      const id = readAnswer(settings, answer, clock.now()) ?? values.id
      return { remoteId: id, remoteKey: id, request: describeRequest(shown) }
    })
    try {
      return await inTime(answered, exchange, segment, timeoutMs)
    } catch (error) {
      const failure = classify(error)
      report.failed(failure.code)
      if (error instanceof NoAnswer) lost(failure.code)
      throw failure
    }
  }

  function inTime(
    answered: Promise<Submitted>,
    exchange: Exchange,
    segment: OutboundSegment,
    timeoutMs: number,
  ): Promise<Submitted> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        if (!exchange.written) return exchange.giveUp()
        reject(new CarrierError('timeout', { retry: 'later', sent: 'maybe' }))
        waitOn(answered, exchange, segment)
      }, timeoutMs)
      void answered.then(resolve, reject).finally(() => clearTimeout(timer))
    })
  }

  /** A message of unknown fate is one too many: what is answered after the time is told to the sink. */
  function waitOn(answered: Promise<Submitted>, exchange: Exchange, segment: OutboundSegment): void {
    const end = setTimeout(() => exchange.giveUp(), lateMs)
    late.add(exchange)
    void answered
      .then((submitted) => sink?.late(segment, submitted))
      .catch(() => {})
      .finally(() => {
        clearTimeout(end)
        late.delete(exchange)
        sink?.changed()
      })
  }

  return {
    long: 'whole',
    get freeWindow() {
      if (report.state !== 'bound' || closing.signal.aborted) return 0
      return Math.max(0, windowOf() - underWay.size - late.size)
    },
    submit,
    report: () => report.read(underWay.size),
    adjust(next) {
      ways = next
      report.widened(windowOf())
      sink?.changed()
    },
    async open(opened) {
      sink = opened
      closing = new AbortController()
      const stop = closing
      const over = openConnection({ guard, connections: mostConnections })
      connection = over
      report.moved('binding')
      void reach(over, stop.signal)
      return async () => {
        stop.abort()
        await Promise.allSettled(underWay)
        report.moved('down')
        connection = undefined
        await over.close()
        sink = undefined
      }
    },
  }
}

/** Where the requests go. No message and no secret stands in it. */
export const originOf = ({ request }: HttpSettings): string =>
  new URL(request.url.replace(/\{\{.*?\}\}/g, 'x')).origin

function classify(error: unknown): CarrierError {
  if (error instanceof CarrierError) return error
  if (!(error instanceof NoAnswer)) throw error
  return error.written
    ? new CarrierError(error.code, { retry: 'later', sent: 'maybe' })
    : new CarrierError(error.code, { retry: 'unsent', sent: 'no' })
}

function valuesOf(segment: OutboundSegment, callbackUrl: string | null): MessageValues {
  return {
    to: segment.to,
    from: segment.from,
    text: decodeText(segment.body, dataCodingFor({ charset: segment.encoding })) ?? '',
    // The number of the segment stands behind the message's; here there is one.
    id: publicId('message', segment.id.slice(0, 36)),
    encoding: segment.encoding,
    segments: segment.segments,
    validity_seconds: segment.validitySeconds,
    callback_url: callbackUrl,
  }
}
