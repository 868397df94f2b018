import { SmppError } from '../errors.ts'
import {
  layoutOf,
  type Pdu,
  type PduInput,
  type PduOf,
  type RequestPdu,
  type ResponsePdu,
} from '../pdu/commands.ts'
import type { Decoded } from '../pdu/decode.ts'
import { Status } from '../pdu/status.ts'
import { createInbox } from './inbox.ts'
import { createWindow, type Entry } from './window.ts'

export type BindType = 'transceiver' | 'transmitter' | 'receiver'
export type SessionState = 'open' | 'bound' | 'unbinding' | 'closed'

/** What the owner of the socket has to do, in this order. */
export type Action =
  | { do: 'write'; pdu: PduInput; sequence: number; entry?: Entry }
  | { do: 'resolve'; entry: Entry; pdu: ResponsePdu }
  | { do: 'reject'; entry: Entry; error: SmppError }
  | { do: 'handle'; pdu: RequestPdu }
  | { do: 'bind'; pdu: BindPdu }
  | { do: 'bound'; pdu: ResponsePdu }
  | { do: 'refused'; pdu: ResponsePdu }
  | { do: 'note'; what: NoteKind; detail: string; pdu?: Pdu }
  | { do: 'close'; reason: CloseReason; detail?: string }

export type BindPdu = PduOf<'bind_transceiver' | 'bind_transmitter' | 'bind_receiver'>
/** Things tolerated: 'unmatched' is an answer that nobody waits for (late, double, or not ours). */
export type NoteKind = 'unmatched' | 'bad_body' | 'tolerated' | 'nack'
export type CloseReason =
  | 'unbound' // we unbound
  | 'peer_unbound'
  | 'broken_framing'
  | 'link_dead' // enquire_link without an answer
  | 'bind_timeout'
  | 'bind_refused'
  | 'read_timeout' // half a PDU, or a stranger that says nothing
  | 'socket_closed'
  | 'socket_error'
  | 'destroyed'

export interface SessionOptions {
  role: 'client' | 'server'
  /** Requests in flight at most. */
  window: number
  /** Requests that may wait for a place in the window. */
  maxWaiting: number
  responseTimeoutMs: number
  enquireLinkMs: number
  bindTimeoutMs: number
  /** Requests of the peer with their handlers at most. */
  maxHandling: number
  stallMs: number
}

export type Session = ReturnType<typeof createSession>

/**
 * One SMPP session without a socket: PDUs and time in, actions out. Every request of ours gets exactly one of
 * `resolve` (an answer or a nack) and `reject` (timeout, abort, close); the flag on the entry holds that.
 */
export function createSession(options: SessionOptions, startedAt: number) {
  const { role } = options
  const window = createWindow(options.window)
  const inbox = createInbox(options.maxHandling, options.stallMs)
  let waiting: Entry[] = []
  let state: SessionState = 'open'
  let bindType: BindType | undefined
  let binding = false
  let batch = 0
  let lastHeard = startedAt
  let lastWritten = startedAt
  let enquiry: Entry | undefined
  let unbinding: { by: 'us'; sent: boolean } | { by: 'peer'; sequence: number } | undefined

  const write = (out: Action[], pdu: PduInput, sequence: number): void => {
    out.push({ do: 'write', pdu, sequence })
  }

  function send(entry: Entry, now: number, out: Action[]): void {
    entry.deadline = now + options.responseTimeoutMs
    entry.batch = batch
    const sequence = window.add(entry)
    lastWritten = now
    out.push({ do: 'write', pdu: entry.pdu, sequence, entry })
  }

  function own(kind: Entry['kind'], pdu: PduInput, timeoutMs: number, now: number, out: Action[]): Entry {
    const entry = makeEntry(kind, pdu, nobody, nobody)
    send(entry, now, out)
    entry.deadline = now + timeoutMs
    return entry
  }

  function settle(entry: Entry, out: Action[], action: Action): void {
    window.remove(entry)
    if (entry.settled) return
    entry.settled = true
    out.push(action)
  }

  const fail = (
    entry: Entry,
    out: Action[],
    code: SmppError['code'],
    sent: 'no' | 'maybe',
    detail?: string,
  ): void => {
    const { sequence } = entry
    const error = new SmppError(code, {
      sent,
      ...(detail === undefined ? {} : { detail }),
      ...(sequence === undefined ? {} : { sequence }),
    })
    settle(entry, out, { do: 'reject', entry, error })
  }

  function failWaiting(out: Action[], detail: string): void {
    const failed = waiting
    waiting = []
    for (const entry of failed) fail(entry, out, 'closed', 'no', detail)
  }

  function promote(now: number, out: Action[]): void {
    while (waiting.length > 0 && window.inFlight < window.limit && state === 'bound') {
      const entry = waiting.shift()!
      if (!entry.settled) send(entry, now, out)
    }
    drained(now, out)
  }

  /** While unbinding: the last answer has come and the last handler is done, so say it. */
  function drained(now: number, out: Action[]): void {
    if (unbinding === undefined || window.inFlight > 0 || !inbox.idle || state !== 'unbinding') return
    if (unbinding.by === 'peer') {
      write(out, { command: 'unbind_resp' }, unbinding.sequence)
      close(out, 'peer_unbound')
    } else if (!unbinding.sent) {
      unbinding.sent = true
      own('unbind', { command: 'unbind' }, options.responseTimeoutMs, now, out)
    }
  }

  function close(out: Action[], reason: CloseReason, detail?: string): void {
    if (state === 'closed') return
    state = 'closed'
    failWaiting(out, reason)
    for (const entry of window.drain()) {
      if (entry.kind === 'request') fail(entry, out, 'closed', entry.batch < batch ? 'maybe' : 'no', reason)
    }
    inbox.clear()
    out.push({ do: 'close', reason, ...(detail === undefined ? {} : { detail }) })
  }

  /** Asks for a request to be sent, now or when the window has room. */
  function request(entry: Entry, now: number, out: Action[]): void {
    const needs = layoutOf(entry.pdu.command)?.needs
    if (state === 'unbinding') return fail(entry, out, 'closed', 'no', 'unbinding')
    if (state !== 'bound' || !may(needs, role === 'client' ? 'client' : 'server'))
      return fail(entry, out, 'not_bound', 'no', `${state}${bindType === undefined ? '' : `, ${bindType}`}`)
    if (window.inFlight < window.limit && waiting.length === 0) return send(entry, now, out)
    if (waiting.length >= options.maxWaiting) return fail(entry, out, 'window_full', 'no')
    entry.deadline = now + options.responseTimeoutMs
    waiting.push(entry)
  }

  // An ESME that is bound as receiver may not submit; one that is bound as transmitter is not delivered to.
  function may(needs: 'transmit' | 'receive' | 'either' | undefined, sender: 'client' | 'server'): boolean {
    if (needs === undefined || bindType === 'transceiver') return true
    const direction = needs === 'either' ? (sender === 'client' ? 'transmit' : 'receive') : needs
    return direction === (bindType === 'transmitter' ? 'transmit' : 'receive')
  }

  function abort(entry: Entry, now: number, out: Action[]): void {
    if (entry.settled) return
    fail(entry, out, 'aborted', entry.sequence === undefined ? 'no' : 'maybe')
    waiting = waiting.filter((other) => other !== entry)
    promote(now, out)
  }

  /** The request could not be encoded, so it never went out. */
  function unencodable(entry: Entry, error: SmppError, now: number, out: Action[]): void {
    settle(entry, out, { do: 'reject', entry, error })
    promote(now, out)
  }

  function receive(decoded: Decoded, now: number, out: Action[]): void {
    if (state === 'closed') return
    lastHeard = now
    if (!decoded.ok) return receiveBroken(decoded, out)
    const { pdu } = decoded
    if (decoded.problems.length > 0)
      out.push({
        do: 'note',
        what: 'tolerated',
        detail: `${pdu.command}: ${decoded.problems.join('; ')}`,
        pdu,
      })
    const layout = layoutOf(pdu.command)!
    if (layout.isResponse) receiveAnswer(pdu as ResponsePdu, now, out)
    else receiveRequest(pdu as RequestPdu, now, out)
  }

  function receiveBroken(decoded: Extract<Decoded, { ok: false }>, out: Action[]): void {
    if (decoded.fatal) {
      write(out, { command: 'generic_nack', status: decoded.status }, 0)
      return close(out, 'broken_framing', decoded.reason)
    }
    const { header, status, reason } = decoded
    out.push({ do: 'note', what: 'bad_body', detail: `${header.command ?? header.command_id}: ${reason}` })
    if (header.command_id >= 0x80000000) return // an unknown answer is ignored (facts group 12)
    const answer = header.command === undefined ? 'generic_nack' : layoutOf(header.command)?.answer
    if (answer !== undefined) write(out, { command: answer, status } as PduInput, header.sequence)
  }

  function receiveAnswer(pdu: ResponsePdu, now: number, out: Action[]): void {
    const entry = window.peek(pdu.sequence)
    const nack = pdu.command === 'generic_nack'
    if (entry === undefined || !(nack || pdu.command === entry.expects)) {
      const detail = `${pdu.command} with sequence ${pdu.sequence} and status ${pdu.status}`
      out.push({ do: 'note', what: nack ? 'nack' : 'unmatched', detail, pdu })
      return
    }
    if (entry.kind === 'request') {
      settle(entry, out, { do: 'resolve', entry, pdu })
      if (waiting.length > 0 || unbinding !== undefined) promote(now, out)
      return
    }
    window.remove(entry)
    if (entry.kind === 'enquire') enquiry = undefined
    if (entry.kind === 'unbind') close(out, 'unbound')
    if (entry.kind === 'bind') {
      binding = false
      if (pdu.status === 0 && !nack) {
        if (state === 'open') state = 'bound'
        out.push({ do: 'bound', pdu })
      } else {
        out.push({ do: 'refused', pdu })
        close(out, 'bind_refused')
      }
    }
  }

  function receiveRequest(pdu: RequestPdu, now: number, out: Action[]): void {
    switch (pdu.command) {
      case 'enquire_link':
        return write(out, { command: 'enquire_link_resp' }, pdu.sequence)
      case 'unbind':
        if (state !== 'unbinding') failWaiting(out, 'peer_unbound')
        state = 'unbinding'
        unbinding = { by: 'peer', sequence: pdu.sequence }
        return drained(now, out)
      case 'bind_transceiver':
      case 'bind_transmitter':
      case 'bind_receiver':
        if (role === 'client' || state !== 'open' || binding)
          return answerStatus(pdu, alreadyBoundStatus(), out)
        binding = true
        out.push({ do: 'bind', pdu })
        return
      default:
        return take(pdu, now, out)
    }
  }

  const alreadyBoundStatus = (): number =>
    role === 'client' ? Status.invalidBindStatus : Status.alreadyBound

  function take(pdu: RequestPdu, now: number, out: Action[]): void {
    const needs = layoutOf(pdu.command)?.needs
    const sender = role === 'client' ? 'server' : 'client'
    // A client takes what comes before its bind_resp: the answer may be overtaken (facts group 21).
    const allowed =
      role === 'client'
        ? bindType === undefined || may(needs, sender)
        : bindType !== undefined && may(needs, sender)
    if (!allowed) return answerStatus(pdu, Status.invalidBindStatus, out)
    const verdict = inbox.offer(pdu, now)
    if (verdict === 'handle') out.push({ do: 'handle', pdu })
    if (verdict === 'refuse')
      answerStatus(pdu, role === 'client' ? Status.receiverTemporary : Status.throttled, out)
  }

  function answerStatus(pdu: RequestPdu, status: number, out: Action[]): void {
    const answer = layoutOf(pdu.command)?.answer
    if (answer !== undefined) write(out, { command: answer, status } as PduInput, pdu.sequence)
  }

  /** The handler of a request is done; `answer` goes out unless the session has ended meanwhile. */
  function handled(pdu: RequestPdu, answer: PduInput | undefined, now: number, out: Action[]): void {
    if (state === 'closed') return
    if (answer !== undefined) write(out, answer, pdu.sequence)
    const following = inbox.done(now)
    if (following !== undefined) out.push({ do: 'handle', pdu: following })
    drained(now, out)
  }

  function bind(pdu: PduInput, type: BindType, now: number, out: Action[]): void {
    bindType = type
    binding = true
    own('bind', pdu, options.bindTimeoutMs, now, out)
  }

  /** Server: the verdict on a bind. */
  function bindAnswered(pdu: BindPdu, answer: PduInput, out: Action[]): void {
    if (state !== 'open') return
    binding = false
    write(out, answer, pdu.sequence)
    if ((answer.status ?? 0) !== 0) return close(out, 'bind_refused')
    bindType = pdu.command.slice('bind_'.length) as BindType
    state = 'bound'
  }

  /** Begins to leave: no new requests, then unbind when the window is empty and the handlers are done. */
  function unbind(now: number, out: Action[]): void {
    if (state === 'open') return close(out, 'destroyed')
    if (state !== 'bound') return
    state = 'unbinding'
    unbinding = { by: 'us', sent: false }
    failWaiting(out, 'unbinding')
    drained(now, out)
  }

  function tick(now: number, out: Action[]): void {
    if (state === 'closed') return
    inbox.tick(now)
    if (inbox.paused) hearNothing(now)
    for (const entry of window.expire(now)) {
      if (entry.kind === 'request') fail(entry, out, 'timeout', 'maybe')
      else
        return close(
          out,
          entry.kind === 'enquire' ? 'link_dead' : entry.kind === 'bind' ? 'bind_timeout' : 'unbound',
        )
    }
    while (waiting.length > 0 && waiting[0]!.deadline <= now) fail(waiting.shift()!, out, 'timeout', 'no')
    promote(now, out)
    if (role === 'server' && state === 'open' && now >= startedAt + options.bindTimeoutMs)
      return close(out, 'bind_timeout')
    if (enquiry === undefined && state === 'bound' && now >= enquireAt())
      enquiry = own('enquire', { command: 'enquire_link' }, options.responseTimeoutMs, now, out)
  }

  // While we do not read, silence says nothing about the peer.
  function hearNothing(now: number): void {
    lastHeard = now
    if (enquiry !== undefined) enquiry.deadline = now + options.responseTimeoutMs
  }

  // Some SMSCs cut a client that only listens and never asks (facts group 18), hence what we wrote counts too.
  const enquireAt = (): number => Math.min(lastHeard, lastWritten) + options.enquireLinkMs

  /** When `tick` is due next. May be early, never late. */
  function nextAt(): number {
    if (state === 'closed') return Number.POSITIVE_INFINITY
    const bindBy =
      role === 'server' && state === 'open' ? startedAt + options.bindTimeoutMs : Number.POSITIVE_INFINITY
    const enquire = state === 'bound' && enquiry === undefined ? enquireAt() : Number.POSITIVE_INFINITY
    return Math.min(
      window.nextDeadline(),
      waiting[0]?.deadline ?? Number.POSITIVE_INFINITY,
      bindBy,
      enquire,
      inbox.nextAt(),
    )
  }

  return {
    request,
    abort,
    unencodable,
    receive,
    handled,
    bind,
    bindAnswered,
    unbind,
    close,
    tick,
    nextAt,
    /** What was written so far is with the socket now. */
    flushed: () => {
      batch++
    },
    get state() {
      return state
    },
    get bindType() {
      return bindType
    },
    get paused() {
      return inbox.paused
    },
    get inFlight() {
      return window.inFlight
    },
    get waiting() {
      return waiting.length
    },
    /** Requests that would go out at once. */
    get freeWindow() {
      return state === 'bound' ? Math.max(0, window.limit - window.inFlight - waiting.length) : 0
    },
  }
}

const nobody = (): void => {}

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
    sequence: undefined,
    deadline: 0,
    batch: 0,
    settled: false,
    onOctets,
  }
}
