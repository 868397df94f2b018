import { SmppError } from '../errors.ts'
import { layoutOf, type PduInput, type ResponsePdu } from '../pdu/commands.ts'
import type { Action, CloseReason, SessionOptions } from './actions.ts'
import { createWindow, type Entry } from './window.ts'

export type Outbox = ReturnType<typeof createOutbox>

/**
 * Our own requests: those in the window and those that wait for a place in it. Every one gets exactly one of `resolve`
 * (an answer or a nack) and `reject` (timeout, abort, close), which `settle` sees to.
 */
export function createOutbox(options: Pick<SessionOptions, 'window' | 'maxWaiting' | 'responseTimeoutMs'>) {
  const window = createWindow(options.window)
  let waiting: Entry[] = []
  let batch = 0
  let lastWritten = Number.NEGATIVE_INFINITY

  function send(entry: Entry, timeoutMs: number, now: number, out: Action[]): void {
    entry.deadline = now + timeoutMs
    entry.batch = batch
    lastWritten = now
    out.push({ do: 'write', pdu: entry.pdu, sequence: window.add(entry), entry })
  }

  function settle(entry: Entry, out: Action[], action: Action): void {
    window.remove(entry)
    if (entry.settled) return
    entry.settled = true
    out.push(action)
  }

  function fail(
    entry: Entry,
    out: Action[],
    code: SmppError['code'],
    sent: 'no' | 'maybe',
    detail?: string,
  ): void {
    const { sequence } = entry
    const error = new SmppError(code, {
      sent,
      ...(detail !== undefined && { detail }),
      ...(sequence !== undefined && { sequence }),
    })
    settle(entry, out, { do: 'reject', entry, error })
  }

  return {
    /** Sends a request at once if the window has room, or lets it wait. */
    request(entry: Entry, now: number, out: Action[]): void {
      if (window.inFlight < window.limit && waiting.length === 0)
        send(entry, options.responseTimeoutMs, now, out)
      else if (waiting.length >= options.maxWaiting) fail(entry, out, 'window_full', 'no')
      else {
        entry.deadline = now + options.responseTimeoutMs
        waiting.push(entry)
      }
    },

    /** Sends a PDU of the session itself (bind, enquire_link, unbind), which takes no place in the window. */
    own(
      kind: Exclude<Entry['kind'], 'request'>,
      pdu: PduInput,
      timeoutMs: number,
      now: number,
      out: Action[],
    ): Entry {
      const entry = makeEntry(kind, pdu, ignore, ignore)
      send(entry, timeoutMs, now, out)
      return entry
    },

    /** Moves waiting requests into the window as far as it has room. */
    promote(now: number, out: Action[]): void {
      while (waiting.length > 0 && window.inFlight < window.limit)
        send(waiting.shift()!, options.responseTimeoutMs, now, out)
    },

    fail,

    /** The answer to an entry, if it is one: its own response, or a nack. */
    match(pdu: ResponsePdu): Entry | undefined {
      const entry = window.peek(pdu.sequence)
      return entry && (pdu.command === entry.expects || pdu.command === 'generic_nack') ? entry : undefined
    },

    resolve(entry: Entry, pdu: ResponsePdu, out: Action[]): void {
      settle(entry, out, { do: 'resolve', entry, pdu })
    },

    /** Takes an entry of the session itself out. */
    remove: window.remove,

    /** It could not be encoded, so it never went out. */
    unencodable(entry: Entry, error: SmppError, out: Action[]): void {
      settle(entry, out, { do: 'reject', entry, error })
    },

    abort(entry: Entry, out: Action[]): void {
      fail(entry, out, 'aborted', entry.sequence === undefined ? 'no' : 'maybe')
      if (entry.sequence === undefined) waiting = waiting.filter((other) => other !== entry)
    },

    /** Rejects what has waited too long; gives the session's own PDU that was not answered, if there is one. */
    expire(now: number, out: Action[]): Entry | undefined {
      let unanswered: Entry | undefined
      for (const entry of window.expire(now)) {
        if (entry.kind === 'request') fail(entry, out, 'timeout', 'maybe')
        else unanswered ??= entry
      }
      while (waiting.length > 0 && waiting[0]!.deadline <= now) fail(waiting.shift()!, out, 'timeout', 'no')
      return unanswered
    },

    /** Rejects the requests that are not in the window yet. */
    failWaiting(out: Action[], detail: string): void {
      const failed = waiting
      waiting = []
      for (const entry of failed) fail(entry, out, 'closed', 'no', detail)
    },

    /** Rejects everything. What was encoded but not flushed was never sent. */
    failAll(out: Action[], reason: CloseReason): void {
      for (const entry of window.drain())
        if (entry.kind === 'request') fail(entry, out, 'closed', entry.batch < batch ? 'maybe' : 'no', reason)
      this.failWaiting(out, reason)
    },

    /** What was written so far is with the socket now. */
    flushed(): void {
      batch++
    },

    nextAt: (): number => Math.min(window.nextDeadline(), waiting[0]?.deadline ?? Number.POSITIVE_INFINITY),
    get inFlight() {
      return window.inFlight
    },
    get waiting() {
      return waiting.length
    },
    get free() {
      return Math.max(0, window.limit - window.inFlight - waiting.length)
    },
    get lastWritten() {
      return lastWritten
    },
  }
}

const ignore = (): void => {}

/** A request before it has its sequence_number. */
export function makeEntry(
  kind: Entry['kind'],
  pdu: PduInput,
  resolve: Entry['resolve'],
  reject: Entry['reject'],
  onOctets?: Entry['onOctets'],
): Entry {
  const expects = layoutOf(pdu.command)?.answer ?? 'generic_nack'
  return {
    kind,
    pdu,
    expects,
    resolve,
    reject,
    onOctets,
    sequence: undefined,
    deadline: 0,
    batch: 0,
    settled: false,
  }
}
