import { SmppError } from '../errors.ts'
import type { PduInput, ResponsePdu } from '../pdu/commands.ts'
import { layoutOf } from '../pdu/layout.ts'
import type { Action, CloseReason, SessionOptions } from './actions.ts'
import { createDeadlines } from './deadlines.ts'
import { createWaitingRoom } from './waiting-room.ts'
import { createWindow, type Entry } from './window.ts'

export type Outbox = ReturnType<typeof createOutbox>

/**
 * Our own requests: those in the window and those that wait for a place in it. Every one gets exactly one of `resolve`
 * (an answer or a nack) and `reject` (timeout, abort, close), which `settle` sees to. Options may change: `widened` then.
 */
export function createOutbox(options: Pick<SessionOptions, 'window' | 'maxWaiting' | 'responseTimeoutMs'>) {
  const window = createWindow(options.window)
  const waiting = createWaitingRoom()
  /** Of the requests with a timeout of their own, in the window and in the waiting room. */
  const deadlines = createDeadlines()
  let batch = 0
  let lastWritten = Number.NEGATIVE_INFINITY

  function send(entry: Entry, now: number, out: Action[]): void {
    due(entry, now)
    entry.sentAt = now
    entry.batch = batch
    lastWritten = now
    out.push({ do: 'write', pdu: entry.pdu, sequence: window.add(entry), entry })
  }

  function due(entry: Entry, now: number): void {
    entry.deadline = now + (entry.timeoutMs ?? options.responseTimeoutMs)
    if (entry.kind === 'request' && entry.timeoutMs !== undefined) deadlines.add(entry)
  }

  function settle(entry: Entry, out: Action[], action: Action): void {
    window.remove(entry)
    waiting.remove(entry)
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

  const late = (entry: Entry, out: Action[]): void =>
    fail(entry, out, 'timeout', entry.sequence === undefined ? 'no' : 'maybe')

  function failWaiting(out: Action[], detail: string): void {
    for (const entry of waiting.drain()) fail(entry, out, 'closed', 'no', detail)
  }

  return {
    /** Sends a request at once if the window has room, or lets it wait. */
    request(entry: Entry, now: number, out: Action[]): void {
      if (window.inFlight < options.window && waiting.size === 0) send(entry, now, out)
      else if (waiting.size >= options.maxWaiting) fail(entry, out, 'window_full', 'no')
      else {
        due(entry, now)
        waiting.add(entry)
      }
    },

    /** Sends a PDU of the session itself (bind, enquire_link, unbind), which takes no place in the window. */
    own(
      kind: 'bind' | 'enquire' | 'unbind',
      pdu: PduInput,
      timeoutMs: number,
      now: number,
      out: Action[],
    ): Entry {
      const entry = makeEntry(kind, pdu, ignore, ignore, undefined, timeoutMs)
      send(entry, now, out)
      return entry
    },

    /** Sends what has no answer and so takes no place: whoever flushes it resolves it. */
    notice(entry: Entry, now: number, out: Action[]): void {
      lastWritten = now
      out.push({ do: 'write', pdu: entry.pdu, sequence: window.number(), entry })
    },

    /** The window may be another now. */
    widened: (): void => window.grow(options.window),

    /** Moves waiting requests into the window as far as it has room. */
    promote(now: number, out: Action[]): void {
      while (waiting.size > 0 && window.inFlight < options.window) send(waiting.shift()!, now, out)
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
    },

    /** Rejects what has waited too long; gives the session's own PDU that was not answered, if there is one. */
    expire(now: number, out: Action[]): Entry | undefined {
      let unanswered: Entry | undefined
      for (let entry = window.due(now); entry !== undefined; entry = window.due(now)) {
        if (entry.kind === 'request') late(entry, out)
        else {
          window.remove(entry)
          unanswered ??= entry
        }
      }
      for (let entry = deadlines.take(now); entry !== undefined; entry = deadlines.take(now)) late(entry, out)
      while (waiting.nextDeadline() <= now) late(waiting.first()!, out)
      return unanswered
    },

    /** Rejects the requests that are not in the window yet. */
    failWaiting,

    /** Rejects everything. What was encoded but not flushed was never sent, and never will be: the output drops it. */
    failAll(out: Action[], reason: CloseReason): void {
      for (const entry of window.drain())
        if (entry.kind === 'request') fail(entry, out, 'closed', entry.batch < batch ? 'maybe' : 'no', reason)
      failWaiting(out, reason)
    },

    /** What was written so far is with the socket now. */
    flushed(): void {
      batch++
    },

    nextAt: (): number => Math.min(window.nextDeadline(), deadlines.next(), waiting.nextDeadline()),
    get inFlight() {
      return window.inFlight
    },
    get waiting() {
      return waiting.size
    },
    get free() {
      return Math.max(0, options.window - window.inFlight - waiting.size)
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
  read?: Entry['read'],
  timeoutMs?: number,
): Entry {
  return {
    kind,
    pdu,
    expects: layoutOf(pdu.command)?.answer ?? 'generic_nack',
    resolve,
    reject,
    read,
    written: undefined,
    timeoutMs,
    sequence: undefined,
    sentAt: 0,
    deadline: 0,
    batch: 0,
    waiting: false,
    settled: false,
  }
}
