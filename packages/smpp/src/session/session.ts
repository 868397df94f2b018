import type { SmppError } from '../errors.ts'
import { layoutOf, type PduInput, type RequestPdu, type ResponsePdu } from '../pdu/commands.ts'
import type { Decoded } from '../pdu/decode.ts'
import { Status } from '../pdu/status.ts'
import type { Action, BindPdu, BindType, CloseReason, SessionOptions, SessionState } from './actions.ts'
import { createInbox } from './inbox.ts'
import { createOutbox } from './outbox.ts'
import type { Entry } from './window.ts'

export type Session = ReturnType<typeof createSession>

const never = Number.POSITIVE_INFINITY

/** Which timeout of the session's own PDUs means what. */
const unanswered: Readonly<Record<Exclude<Entry['kind'], 'request'>, CloseReason>> = {
  enquire: 'link_dead',
  bind: 'bind_timeout',
  unbind: 'unbind_timeout',
}

/** One SMPP session without a socket: PDUs and time in, actions out. Times are milliseconds of one monotonic clock. */
export function createSession(options: SessionOptions, startedAt: number) {
  const { role } = options
  const outbox = createOutbox(options)
  const inbox = createInbox(options.maxHandling, options.stallMs)
  let state: SessionState = 'open'
  let bindType: BindType | undefined
  let binding = false
  let lastHeard = startedAt
  let enquiry: Entry | undefined
  let unbinding: { by: 'us'; sent: boolean } | { by: 'peer'; sequence: number } | undefined

  function answer(pdu: RequestPdu, status: number, out: Action[]): void {
    const command = layoutOf(pdu.command)?.answer
    if (command !== undefined)
      out.push({ do: 'write', pdu: { command, status } as PduInput, sequence: pdu.sequence })
  }

  /** Lets the next requests out, and while unbinding says so when the last answer and the last handler are done. */
  function proceed(now: number, out: Action[]): void {
    if (state === 'bound') outbox.promote(now, out)
    if (state !== 'unbinding' || unbinding === undefined || outbox.inFlight > 0 || !inbox.idle) return
    if (unbinding.by === 'peer') {
      out.push({ do: 'write', pdu: { command: 'unbind_resp' }, sequence: unbinding.sequence })
      close(out, 'peer_unbound')
    } else if (!unbinding.sent) {
      unbinding.sent = true
      outbox.own('unbind', { command: 'unbind' }, options.responseTimeoutMs, now, out)
    }
  }

  function close(out: Action[], reason: CloseReason, detail?: string): void {
    if (state === 'closed') return
    state = 'closed'
    outbox.failAll(out, reason)
    inbox.clear()
    out.push({ do: 'close', reason, ...(detail !== undefined && { detail }) })
  }

  function request(entry: Entry, now: number, out: Action[]): void {
    const bound = bindType === undefined ? '' : `, ${bindType}`
    const { command } = entry.pdu
    if (entry.expects === 'generic_nack' || /^(bind|unbind)/.test(command))
      outbox.fail(entry, out, 'invalid_pdu', 'no', `${command} is not a request to send here`)
    else if (state === 'unbinding' || state === 'closed') outbox.fail(entry, out, 'closed', 'no', state)
    else if (state !== 'bound' || !may(command, role))
      outbox.fail(entry, out, 'not_bound', 'no', `${state}${bound}`)
    else outbox.request(entry, now, out)
  }

  // An ESME that is bound as receiver may not submit; one that is bound as transmitter is not delivered to. [§2.3]
  function may(command: string, sender: SessionOptions['role']): boolean {
    const needs = layoutOf(command)?.needs
    if (needs === undefined || bindType === 'transceiver') return true
    const direction = needs === 'either' ? (sender === 'client' ? 'transmit' : 'receive') : needs
    return direction === (bindType === 'transmitter' ? 'transmit' : 'receive')
  }

  function abort(entry: Entry, now: number, out: Action[]): void {
    if (entry.settled) return
    outbox.abort(entry, out)
    proceed(now, out)
  }

  function unencodable(entry: Entry, error: SmppError, now: number, out: Action[]): void {
    outbox.unencodable(entry, error, out)
    proceed(now, out)
  }

  function receive(decoded: Decoded, now: number, out: Action[]): void {
    if (state === 'closed') return
    lastHeard = now
    if (!decoded.ok) {
      receiveBroken(decoded, out)
      return
    }
    const { pdu, problems } = decoded
    if (problems.length > 0)
      out.push({ do: 'note', what: 'tolerated', detail: `${pdu.command}: ${problems.join('; ')}`, pdu })
    if (layoutOf(pdu.command)!.isResponse) receiveAnswer(pdu as ResponsePdu, now, out)
    else receiveRequest(pdu as RequestPdu, now, out)
  }

  function receiveBroken(decoded: Extract<Decoded, { ok: false }>, out: Action[]): void {
    if (decoded.fatal) {
      out.push({ do: 'write', pdu: { command: 'generic_nack', status: decoded.status }, sequence: 0 })
      close(out, 'broken_framing', decoded.reason)
      return
    }
    const { header, status, reason } = decoded
    out.push({
      do: 'note',
      what: 'bad_body',
      detail: `${header.command ?? hex(header.command_id)}: ${reason}`,
    })
    // An unknown response is ignored; an unknown request gets a nack and the link stays up (facts group 12).
    if (header.command_id >= 0x80000000) return
    const command = header.command === undefined ? 'generic_nack' : layoutOf(header.command)?.answer
    if (command !== undefined)
      out.push({ do: 'write', pdu: { command, status } as PduInput, sequence: header.sequence })
  }

  function receiveAnswer(pdu: ResponsePdu, now: number, out: Action[]): void {
    const entry = outbox.match(pdu)
    if (entry === undefined) {
      const what = pdu.command === 'generic_nack' ? 'nack' : 'unmatched'
      out.push({ do: 'note', what, detail: `${pdu.command} ${pdu.sequence}, status ${pdu.status}`, pdu })
    } else if (entry.kind === 'request') {
      outbox.resolve(entry, pdu, out)
      proceed(now, out)
    } else {
      outbox.remove(entry)
      if (entry.kind === 'enquire') enquiry = undefined
      else if (entry.kind === 'unbind') close(out, 'unbound')
      else receiveBindAnswer(pdu, now, out)
    }
  }

  function receiveBindAnswer(pdu: ResponsePdu, now: number, out: Action[]): void {
    binding = false
    if (pdu.status !== 0 || pdu.command === 'generic_nack') {
      out.push({ do: 'refused', pdu })
      close(out, 'bind_refused')
      return
    }
    if (state === 'open') {
      state = 'bound'
      out.push({ do: 'bound', pdu })
    }
    proceed(now, out)
  }

  function receiveRequest(pdu: RequestPdu, now: number, out: Action[]): void {
    switch (pdu.command) {
      case 'enquire_link':
        answer(pdu, 0, out)
        break
      case 'unbind':
        outbox.failWaiting(out, 'peer_unbound')
        state = 'unbinding'
        unbinding = { by: 'peer', sequence: pdu.sequence }
        proceed(now, out)
        break
      case 'bind_transceiver':
      case 'bind_transmitter':
      case 'bind_receiver':
        if (role === 'client') answer(pdu, Status.invalidBindStatus, out)
        else if (state !== 'open' || binding) answer(pdu, Status.alreadyBound, out)
        else {
          binding = true
          out.push({ do: 'bind', pdu })
        }
        break
      default:
        take(pdu, now, out)
    }
  }

  function take(pdu: RequestPdu, now: number, out: Action[]): void {
    const sender = role === 'client' ? 'server' : 'client'
    if (bindType === undefined || !may(pdu.command, sender)) {
      answer(pdu, Status.invalidBindStatus, out)
      return
    }
    const verdict = inbox.offer(pdu, now)
    if (verdict === 'handle') out.push({ do: 'handle', pdu })
    if (verdict === 'refuse')
      answer(pdu, role === 'client' ? Status.receiverTemporary : Status.throttled, out)
  }

  /** The handler of a request is done; its answer goes out unless the session has ended meanwhile. */
  function handled(pdu: RequestPdu, reply: PduInput | undefined, now: number, out: Action[]): void {
    if (state === 'closed') return
    if (reply !== undefined) out.push({ do: 'write', pdu: reply, sequence: pdu.sequence })
    const following = inbox.done(now)
    if (following !== undefined) out.push({ do: 'handle', pdu: following })
    proceed(now, out)
  }

  /** Client: asks to be let in. What the SMSC sends before its answer is taken already (facts group 21). */
  function bind(pdu: PduInput, type: BindType, now: number, out: Action[]): void {
    bindType = type
    binding = true
    outbox.own('bind', pdu, options.bindTimeoutMs, now, out)
  }

  /** Server: the verdict on a bind. */
  function bindAnswered(pdu: BindPdu, reply: PduInput, out: Action[]): void {
    if (state !== 'open') return
    binding = false
    out.push({ do: 'write', pdu: reply, sequence: pdu.sequence })
    if ((reply.status ?? 0) !== 0) {
      close(out, 'bind_refused')
      return
    }
    bindType = pdu.command.slice('bind_'.length) as BindType
    state = 'bound'
  }

  /** Begins to leave: no new requests, then unbind when the window is empty and the handlers are done. */
  function unbind(now: number, out: Action[]): void {
    if (state === 'open') close(out, 'destroyed')
    if (state !== 'bound') return
    state = 'unbinding'
    unbinding = { by: 'us', sent: false }
    outbox.failWaiting(out, 'unbinding')
    proceed(now, out)
  }

  function tick(now: number, out: Action[]): void {
    if (state === 'closed') return
    inbox.tick(now)
    if (inbox.paused) {
      // While we do not read, silence says nothing about the peer.
      lastHeard = now
      if (enquiry !== undefined) enquiry.deadline = now + options.responseTimeoutMs
    }
    const late = outbox.expire(now, out)
    if (late !== undefined && late.kind !== 'request') close(out, unanswered[late.kind])
    else if (now >= bindBy()) close(out, 'bind_timeout')
    else {
      proceed(now, out)
      if (now >= enquireAt())
        enquiry = outbox.own('enquire', { command: 'enquire_link' }, options.responseTimeoutMs, now, out)
    }
  }

  const bindBy = (): number =>
    role === 'server' && state === 'open' ? startedAt + options.bindTimeoutMs : never

  // Some SMSCs cut a client that only listens and never asks (facts group 18), hence what we wrote counts too.
  const enquireAt = (): number =>
    state === 'bound' && enquiry === undefined
      ? Math.min(lastHeard, Math.max(outbox.lastWritten, startedAt)) + options.enquireLinkMs
      : never

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
    /** When `tick` is due next. */
    nextAt: (): number =>
      state === 'closed' ? never : Math.min(outbox.nextAt(), bindBy(), enquireAt(), inbox.nextAt()),
    /** What was written so far is with the socket now. */
    flushed: outbox.flushed,
    get state() {
      return state
    },
    get bindType() {
      return bindType
    },
    /** The owner must not read: the handlers have more than they may hold. */
    get paused() {
      return inbox.paused
    },
    get inFlight() {
      return outbox.inFlight
    },
    get waiting() {
      return outbox.waiting
    },
    /** Requests that would go out at once. */
    get freeWindow() {
      return state === 'bound' ? outbox.free : 0
    },
  }
}

const hex = (id: number): string => `0x${id.toString(16).padStart(8, '0')}`
