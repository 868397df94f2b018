import { SmppError } from '../errors.ts'
import type { PduInput, PduInputOf, RequestPdu, ResponsePdu } from '../pdu/commands.ts'
import type { Decoded } from '../pdu/decode.ts'
import { layoutOf } from '../pdu/layout.ts'
import { Status } from '../pdu/status.ts'
import { readTlv } from '../pdu/tlv.ts'
import { fitToVersion, negotiateVersion, type SmppVersion } from '../pdu/version.ts'
import type { Action, BindPdu, BindType, CloseReason, SessionOptions, SessionState } from './actions.ts'
import { createInbox } from './inbox.ts'
import { createOutbox, makeEntry } from './outbox.ts'
import { isOwn, maySend } from './permission.ts'
import type { Entry } from './window.ts'

export type Session = ReturnType<typeof createSession>

const never = Number.POSITIVE_INFINITY

/** Which timeout of the session's own PDUs means what. */
const unanswered: Readonly<Record<'enquire' | 'bind' | 'unbind', CloseReason>> = {
  enquire: 'link_dead',
  bind: 'bind_timeout',
  unbind: 'unbind_timeout',
}

/**
 * One SMPP session without a socket: PDUs and time in, actions out. Times are milliseconds of one monotonic clock. Its owner
 * may change window and times in `options`, and calls `adjusted` then.
 */
export function createSession(options: SessionOptions, startedAt: number) {
  const { role } = options
  const peerRole = role === 'client' ? 'server' : 'client'
  const outbox = createOutbox(options)
  const inbox = createInbox(options.maxHandling, options.stallMs)
  let state: SessionState = 'open'
  let bindType: BindType | undefined
  let version: SmppVersion = options.version ?? options.interfaceVersion
  let binding = false
  /** The SMSC has asked us to bind, which it does once. */
  let called = false
  let lastHeard = startedAt
  let enquiry: Entry | undefined
  let unbinding: { by: 'us'; sent: boolean } | { by: 'peer'; sequence: number } | undefined
  /** When an unbind waits for handlers no more: the peer has given up waiting for their answers. */
  let unbindBy = never

  function answer(pdu: RequestPdu, status: number, out: Action[]): void {
    const command = layoutOf(pdu.command)?.answer
    if (command !== undefined)
      out.push({ do: 'write', pdu: { command, status } as PduInput, sequence: pdu.sequence })
  }

  /** Lets the next requests out, and while unbinding says so when the last answer and the last handler are done. */
  function proceed(now: number, out: Action[]): void {
    if (state === 'bound') outbox.promote(now, out)
    if (state !== 'unbinding' || unbinding === undefined) return
    if (now < unbindBy && (outbox.inFlight > 0 || !inbox.idle)) return
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

  /** Sends a request when the window has room. */
  function request(entry: Entry, now: number, out: Action[]): void {
    if (entry.expects === 'generic_nack' || isOwn(entry.pdu.command))
      outbox.fail(entry, out, 'invalid_pdu', 'no', `${entry.pdu.command} is not a request to send here`)
    else if (maySendNow(entry, out)) outbox.request(entry, now, out)
  }

  /** Sends a PDU that has no answer, at once. */
  function notify(entry: Entry, now: number, out: Action[]): void {
    const layout = layoutOf(entry.pdu.command)
    if (layout === undefined || layout.isResponse || layout.answer !== undefined || isOwn(layout.name))
      outbox.fail(entry, out, 'invalid_pdu', 'no', `${entry.pdu.command} is not a PDU without an answer`)
    else if (role === 'client' && layout.needs === 'receive')
      outbox.fail(entry, out, 'not_bound', 'no', 'it is for the SMSC to send')
    else if (maySendNow(entry, out)) outbox.notice(entry, now, out)
  }

  function maySendNow(entry: Entry, out: Action[]): boolean {
    if (state === 'unbinding' || state === 'closed') outbox.fail(entry, out, 'closed', 'no', state)
    else if (state !== 'bound' || bindType === undefined) outbox.fail(entry, out, 'not_bound', 'no', state)
    else if (!maySend(entry.pdu.command, role, bindType))
      outbox.fail(entry, out, 'not_bound', 'no', `bound as ${bindType}`)
    else {
      try {
        entry.pdu = fitToVersion(entry.pdu, version)
        return true
      } catch (error) {
        if (!(error instanceof SmppError)) throw error
        outbox.unencodable(entry, error, out)
      }
    }
    return false
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
    const bound = pdu.status === 0 || options.boundOn?.includes(pdu.status) === true
    if (!bound || pdu.command === 'generic_nack') {
      out.push({ do: 'refused', pdu })
      close(out, 'bind_refused')
      return
    }
    if (state === 'open') {
      state = 'bound'
      agree(readTlv(pdu, 'sc_interface_version'))
      out.push({ do: 'bound', pdu })
    }
    proceed(now, out)
  }

  function agree(theirs: number | undefined): void {
    version = options.version ?? negotiateVersion(theirs, options.interfaceVersion)
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
        unbindBy = Math.min(unbindBy, now + options.responseTimeoutMs)
        proceed(now, out)
        break
      case 'bind_transceiver':
      case 'bind_transmitter':
      case 'bind_receiver':
        if (role === 'client') answer(pdu, Status.invalidBindStatus, out)
        else if (state !== 'open' || binding) answer(pdu, Status.alreadyBound, out)
        else {
          binding = true
          agree(pdu.interface_version)
          out.push({ do: 'bind', pdu })
        }
        break
      case 'outbind':
        if (role === 'client' && state === 'open' && !binding && !called) {
          called = true
          out.push({ do: 'outbind', pdu })
        } else out.push({ do: 'note', what: 'unexpected', detail: `outbind while ${state}` })
        break
      default:
        take(pdu, now, out)
    }
  }

  function take(pdu: RequestPdu, now: number, out: Action[]): void {
    if (bindType === undefined || !maySend(pdu.command, peerRole, bindType)) {
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
    if (reply !== undefined)
      out.push({ do: 'write', pdu: fitToVersion(reply, version), sequence: pdu.sequence })
    const following = inbox.done(now)
    if (following !== undefined) out.push({ do: 'handle', pdu: following })
    proceed(now, out)
  }

  /** Client: asks to be let in. What the SMSC sends before its answer is taken already (facts group 21). */
  function bind(pdu: PduInput, type: BindType, now: number, out: Action[]): void {
    if (state !== 'open') return
    bindType = type
    binding = true
    outbox.own('bind', pdu, options.bindTimeoutMs, now, out)
  }

  /** Server: asks an ESME that was called to bind. [SMPP 3.4 §2.2.1] */
  function outbind(pdu: PduInputOf<'outbind'>, now: number, out: Action[]): void {
    outbox.notice(makeEntry('notice', pdu, ignore, ignore), now, out)
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
    unbindBy = now + options.responseTimeoutMs
    outbox.failWaiting(out, 'unbinding')
    proceed(now, out)
  }

  function tick(now: number, out: Action[]): void {
    if (state === 'closed') return
    if (inbox.tick(now)) {
      const detail = `${inbox.handling} requests of the peer have no answer yet, and more are refused`
      out.push({ do: 'note', what: 'stalled', detail })
    }
    if (inbox.paused) {
      // While we do not read, silence says nothing about the peer.
      lastHeard = now
      if (enquiry !== undefined) enquiry.deadline = now + options.responseTimeoutMs
    }
    const late = outbox.expire(now, out)
    if (late !== undefined) close(out, unanswered[late.kind as keyof typeof unanswered])
    else if (now >= bindBy()) close(out, 'bind_timeout')
    else {
      proceed(now, out)
      if (now >= enquireAt())
        enquiry = outbox.own('enquire', { command: 'enquire_link' }, options.responseTimeoutMs, now, out)
    }
  }

  // Who waits for a bind, or for the outbind that is to come first.
  const bindBy = (): number =>
    state === 'open' && (role === 'server' || !binding) ? startedAt + options.bindTimeoutMs : never

  // Some SMSCs cut a client that only listens and never asks (facts group 18), hence what we wrote counts too.
  const enquireAt = (): number =>
    state === 'bound' && enquiry === undefined
      ? Math.min(lastHeard, Math.max(outbox.lastWritten, startedAt)) + options.enquireLinkMs
      : never

  const leaveAt = (): number =>
    state === 'unbinding' && (unbinding?.by === 'peer' || unbinding?.sent === false) ? unbindBy : never

  return {
    request,
    notify,
    abort,
    unencodable,
    receive,
    handled,
    bind,
    bindAnswered,
    outbind,
    unbind,
    close,
    tick,
    /** When `tick` is due next. */
    nextAt: (): number =>
      state === 'closed'
        ? never
        : Math.min(outbox.nextAt(), bindBy(), enquireAt(), leaveAt(), inbox.nextAt()),
    adjusted(now: number, out: Action[]): void {
      outbox.widened()
      proceed(now, out)
    },
    /** What was written so far is with the socket now. */
    flushed: outbox.flushed,
    get state() {
      return state
    },
    get bindType() {
      return bindType
    },
    /** What is spoken: before the bind ours, then what both sides know. */
    get version() {
      return version
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

const ignore = (): void => {}
const hex = (id: number): string => `0x${id.toString(16).padStart(8, '0')}`
