import { connect as connectTcp, isIP, type Socket } from 'node:net'
import { type ConnectionOptions, connect as connectTls } from 'node:tls'
import { SmppError } from '../errors.ts'
import type { PduInput, ResponsePdu } from '../pdu/commands.ts'
import { statusName } from '../pdu/status.ts'
import type { BindType, CloseReason } from '../session/actions.ts'
import { createBackoff } from '../session/backoff.ts'
import { createLink, type Handler, type Link, type Note, type RequestOptions } from './link.ts'
import { type SubmitFields, type Submitted, submitOver } from './submit.ts'
import { systemTime, type Time } from './time.ts'

export type ClientState = 'idle' | 'connecting' | 'binding' | 'bound' | 'unbinding' | 'waiting' | 'closed'

export interface StateDetail {
  /** Why the last link ended. */
  reason?: CloseReason | 'connect_failed'
  /** The code of the socket error, or what the peer broke. */
  detail?: string
  /** command_status of a refused bind. */
  status?: number
  /** With 'waiting': when the next attempt comes. */
  retryInMs?: number
  /** With 'bound': the system_id of the SMSC. */
  systemId?: string
}

export interface ClientOptions {
  host: string
  port: number
  /** `true`, or options of node:tls. The certificate is verified unless the options say otherwise. */
  tls?: boolean | ConnectionOptions
  systemId: string
  password: string
  systemType?: string
  interfaceVersion?: number
  addressRange?: string
  bindType?: BindType
  /** Requests in flight at most. */
  window?: number
  /** Requests that may wait for a place in the window. */
  maxWaiting?: number
  responseTimeoutMs?: number
  enquireLinkMs?: number
  connectTimeoutMs?: number
  bindTimeoutMs?: number
  readTimeoutMs?: number
  /** `false`: end after the first link. */
  reconnect?: { minMs: number; maxMs: number } | false
  /** Requests of the SMSC with `onRequest` at most, before reading pauses. */
  maxHandling?: number
  /** After this long with no handler done, further requests are refused as temporary errors. */
  stallMs?: number
  maxLength?: number
  /** Called for deliver_sm, data_sm and the like. The answer goes out when it resolves: commit first. */
  onRequest?: Handler
  onState?(state: ClientState, detail: StateDetail): void
  /** What was tolerated or came late; an answer after its timeout comes as 'unmatched' with its `pdu`. */
  onLog?(note: Note): void
  time?: Time
  random?: () => number
}

export interface SmppClient {
  start(): void
  readonly state: ClientState
  /** Requests that would go out at once: exact, 0 unless bound. */
  readonly freeWindow: number
  readonly inFlight: number
  request(pdu: PduInput, options?: { signal?: AbortSignal | undefined }): Promise<ResponsePdu>
  submit(fields: SubmitFields, options?: { signal?: AbortSignal | undefined }): Promise<Submitted>
  /** Waits for the window, unbinds, and stays closed. Requests that still wait for a place are rejected with sent 'no'. */
  close(): Promise<void>
  /** Cuts the link at once. */
  destroy(): void
}

/** An ESME: connects, binds, keeps the link alive and comes back after it is lost. Nothing happens before `start()`. */
export function createClient(options: ClientOptions): SmppClient {
  const time = options.time ?? systemTime
  const bindType = options.bindType ?? 'transceiver'
  const reconnect = options.reconnect ?? { minMs: 500, maxMs: 30_000 }
  const backoff = reconnect && createBackoff(reconnect.minMs, reconnect.maxMs, options.random)
  let state: ClientState = 'idle'
  let link: Link | undefined
  let socket: Socket | undefined
  let cancelTimer: (() => void) | undefined
  let boundAt: number | undefined
  let stopping = false
  let ended: (() => void)[] = []

  function enter(next: ClientState, detail: StateDetail = {}): void {
    state = next
    if (next === 'closed') {
      const callbacks = ended
      ended = []
      for (const callback of callbacks) callback()
    }
    options.onState?.(next, detail)
  }

  function start(): void {
    if (state !== 'idle' && state !== 'closed') return
    stopping = false
    connect()
  }

  function connect(): void {
    cancelTimer = undefined
    enter('connecting')
    const opening = openSocket(options)
    socket = opening
    const cancel = time.after(options.connectTimeoutMs ?? 10_000, () => {
      opening.destroy(Object.assign(new Error('connect timeout'), { code: 'ETIMEDOUT' }))
    })
    const onError = (error: NodeJS.ErrnoException): void => {
      cancel()
      lost({ reason: 'connect_failed', detail: error.code ?? error.message })
    }
    opening.once('error', onError)
    opening.once(options.tls ? 'secureConnect' : 'connect', () => {
      cancel()
      opening.off('error', onError)
      if (stopping) opening.destroy()
      else bind(opening)
    })
  }

  function bind(connected: Socket): void {
    let refusal: number | undefined
    const created = createLink(
      connected,
      {
        role: 'client',
        window: options.window ?? 100,
        maxWaiting: options.maxWaiting ?? 10_000,
        responseTimeoutMs: options.responseTimeoutMs ?? 30_000,
        enquireLinkMs: options.enquireLinkMs ?? 30_000,
        bindTimeoutMs: options.bindTimeoutMs ?? 30_000,
        readTimeoutMs: options.readTimeoutMs ?? 10_000,
        maxHandling: options.maxHandling ?? 1_000,
        stallMs: options.stallMs ?? 5_000,
        maxLength: options.maxLength ?? 70_000,
        time,
      },
      {
        onRequest: options.onRequest ?? (() => undefined),
        onNote: (note) => options.onLog?.(note),
        onBound(answer) {
          boundAt = time.now()
          enter('bound', 'system_id' in answer ? { systemId: answer.system_id } : {})
        },
        onRefused(answer) {
          refusal = answer.status
          options.onLog?.({ what: 'bind_refused', detail: statusName(answer.status) })
        },
        onClose(reason, detail) {
          if (link === created) link = undefined
          lost({
            reason,
            ...(detail !== undefined && { detail }),
            ...(refusal !== undefined && { status: refusal }),
          })
        },
      },
    )
    link = created
    enter('binding')
    created.bind(
      {
        command: `bind_${bindType}`,
        system_id: options.systemId,
        password: options.password,
        system_type: options.systemType,
        interface_version: options.interfaceVersion,
        address_range: options.addressRange,
      },
      bindType,
    )
  }

  function lost(detail: StateDetail): void {
    socket = undefined
    if (boundAt !== undefined && backoff) backoff.held(time.now() - boundAt)
    boundAt = undefined
    if (stopping || !backoff) {
      enter('closed', detail)
      return
    }
    const retryInMs = backoff.next()
    cancelTimer = time.after(retryInMs, connect)
    enter('waiting', { ...detail, retryInMs })
  }

  function request(pdu: PduInput, requestOptions?: RequestOptions): Promise<ResponsePdu> {
    if (link === undefined) return Promise.reject(new SmppError('not_bound', { detail: state }))
    return link.request(pdu, requestOptions)
  }

  function close(): Promise<void> {
    if (state === 'idle' || state === 'closed') {
      if (state === 'idle') enter('closed')
      return Promise.resolve()
    }
    stopping = true
    const over = new Promise<void>((resolve) => ended.push(resolve))
    if (link !== undefined) {
      if (state === 'bound') enter('unbinding')
      link.unbind()
    } else abandon()
    return over
  }

  function abandon(): void {
    cancelTimer?.()
    cancelTimer = undefined
    const opening = socket
    socket = undefined
    if (opening !== undefined) {
      opening.removeAllListeners('error')
      opening.on('error', () => {})
      opening.destroy()
    }
    enter('closed')
  }

  function destroy(): void {
    if (state === 'closed') return
    stopping = true
    if (link !== undefined) link.destroy()
    else abandon()
  }

  return {
    start,
    get state() {
      return state
    },
    get freeWindow() {
      return link?.session.freeWindow ?? 0
    },
    get inFlight() {
      return link?.session.inFlight ?? 0
    },
    request,
    submit: (fields, submitOptions) => submitOver(request, fields, submitOptions),
    close,
    destroy,
  }
}

function openSocket({ host, port, tls }: ClientOptions): Socket {
  if (!tls) return connectTcp({ host, port })
  const given = tls === true ? {} : tls
  // Server name indication takes names only.
  return connectTls({ host, port, ...(isIP(host) === 0 && { servername: host }), ...given })
}
