import type { BindVerdict } from '../door/bind.ts'
import { Status } from '../pdu/status.ts'
import { tlv } from '../pdu/tlv.ts'
import type { BindPdu, BindType, CloseReason } from '../session/actions.ts'
import type { Time } from '../time.ts'
import { guarded } from './callback.ts'
import type { Guest } from './door.ts'
import type { Limits } from './limits.ts'
import { createLink } from './link.ts'
import type { Note, ResponseFields } from './link-options.ts'
import type { Call } from './outbind.ts'
import { createRequests } from './requests.ts'
import type { ServerNote, ServerOptions, ServerSession } from './server-options.ts'
import type { Place, Systems } from './systems.ts'

/** What a guest's link needs of its server. */
export interface Host {
  options: ServerOptions
  limits: Limits
  time: Time
  systems: Systems
  judge(bind: BindPdu, guest: Guest): Promise<BindVerdict>
  /** A line of log; of a stranger it is counted rather than repeated. */
  log(note: ServerNote): void
  opened(session: ServerSession): void
  closed(session: ServerSession, reason: CloseReason): void
}

// [SMPP 5.0 §4.8.4.18] 90 to 99 is "nearing congestion". Below that a peer has nothing to act upon.
const worthTelling = 90
const silent: ReadonlySet<CloseReason> = new Set(['unbound', 'peer_unbound', 'socket_closed'])

/** Serves one connection that has come through the door, from its bind to its end. */
export function serveGuest(guest: Guest, id: number, host: Host, call?: Call): void {
  const { options, limits, time, systems } = host
  const { maxHandling } = limits
  const { socket, address } = guest
  let session: ServerSession | undefined
  let ended: (() => void)[] = []
  let closed = false
  let handling = 0
  let place: Place | undefined
  let refusal: string | undefined

  const requests = createRequests({
    role: 'server',
    handler: options.onRequest !== undefined,
    stallMs: limits.stallMs,
    time,
    note: (note) => noted(note),
  })
  const link = createLink(
    socket,
    {
      role: 'server',
      interfaceVersion: options.interfaceVersion ?? 0x50,
      version: options.version,
      ...limits,
      time,
      write: options.wire?.(id, socket),
    },
    {
      refuse() {
        const { system } = place!
        return system.handling < system.maxHandling ? undefined : congested({ status: Status.throttled })
      },
      onRequest(pdu) {
        handling++
        place!.begin()
        return options.onRequest ? options.onRequest(session!, pdu) : requests.offer(pdu, link)
      },
      onHandled(fields) {
        const told = congested(fields)
        handling--
        place!.end()
        return told
      },
      onAnswer: options.onAnswer && guarded((answer, ms) => options.onAnswer?.(session!, answer, ms)),
      onNote: noted,
      async onBind(pdu) {
        const status = await welcome(pdu)
        // [SMPP 3.4 §5.3.2.25] A peer below 3.4 knows no TLVs; one of 3.4 may not know what 5.0 is.
        const { version } = link.session
        const tlvs = version >= 0x34 ? [tlv('sc_interface_version', version)] : []
        return {
          command: `${pdu.command}_resp`,
          status,
          system_id: status === 0 ? (options.systemId ?? 'kurzpost') : undefined,
          tlvs: status === 0 ? tlvs : [],
        }
      },
      onLetIn(pdu) {
        guest.bound()
        session = describe(pdu)
        host.opened(session)
        call?.opened(session)
      },
      onClose(reason, detail) {
        closed = true
        requests.dropped(link)
        requests.end()
        place?.leave()
        if (!silent.has(reason))
          host.log({
            what: reason,
            detail: (reason === 'bind_refused' ? refusal : detail) ?? '',
            address,
            ...(session !== undefined && { systemId: session.systemId }),
          })
        if (session !== undefined) host.closed(session, reason)
        call?.closed(reason, detail)
        for (const callback of ended) callback()
        ended = []
      },
    },
  )

  if (call !== undefined) {
    const { systemId, password } = call.target
    link.outbind({ command: 'outbind', system_id: systemId, password })
  }

  function noted(note: Note): void {
    host.log({ ...note, address, ...(session !== undefined && { systemId: session.systemId }) })
  }

  async function welcome(pdu: BindPdu): Promise<number> {
    let verdict: BindVerdict
    try {
      verdict = await host.judge(pdu, guest)
    } catch {
      host.log({ what: 'handler_failed', detail: pdu.command, address })
      refusal = `${quoted(pdu.system_id)}: nobody could tell`
      return Status.bindFailed
    }
    if (verdict.status !== 0) {
      refusal = `${quoted(pdu.system_id)}: ${verdict.why}`
      return verdict.status
    }
    // A socket that was cut says so a turn later.
    if (closed || socket.destroyed) return Status.bindFailed
    place = systems.enter(pdu.system_id, verdict.account)
    if (place !== undefined) return Status.ok
    refusal = `${quoted(pdu.system_id)}: too many binds`
    return Status.bindFailed
  }

  /** Tells a 5.0 peer in an answer how near it is to being held back. */
  function congested(fields: ResponseFields | undefined): ResponseFields | undefined {
    if (place === undefined || link.session.version < 0x50) return fields
    const { system } = place
    const load = Math.floor(100 * Math.max(handling / maxHandling, system.handling / system.maxHandling))
    if (load < worthTelling) return fields
    return { ...fields, tlvs: [...(fields?.tlvs ?? []), tlv('congestion_state', Math.min(load, 100))] }
  }

  function describe(pdu: BindPdu): ServerSession {
    return {
      id,
      systemId: pdu.system_id,
      bindType: pdu.command.slice('bind_'.length) as BindType,
      interfaceVersion: pdu.interface_version,
      address,
      since: new Date(),
      get freeWindow() {
        return link.session.freeWindow
      },
      get inFlight() {
        return link.session.inFlight
      },
      get handling() {
        return handling
      },
      get bound() {
        return link.session.state === 'bound'
      },
      get version() {
        return link.session.version
      },
      request: link.request,
      notify: (fields) => link.notify({ ...fields, command: 'alert_notification' }),
      respond: requests.respond,
      [Symbol.asyncIterator]: requests.iterate,
      close() {
        if (closed) return Promise.resolve()
        requests.leave()
        const over = new Promise<void>((resolve) => ended.push(resolve))
        link.unbind()
        return over
      },
      destroy: link.destroy,
    }
  }
}

/** A stranger's words in a line of log: no line breaks or other control characters, and not many of them. */
const quoted = (text: string): string => JSON.stringify(text.slice(0, 16).replace(/[\x7f-\x9f]/g, '?'))
