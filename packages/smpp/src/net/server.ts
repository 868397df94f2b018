import { createServer as createTcpServer, type Socket } from 'node:net'
import { createServer as createTlsServer, type TlsOptions } from 'node:tls'
import { SmppError } from '../errors.ts'
import type { PduInput, RequestPdu, ResponsePdu } from '../pdu/commands.ts'
import { Status } from '../pdu/status.ts'
import { tlv } from '../pdu/tlv.ts'
import type { BindPdu, BindType, CloseReason } from '../session/actions.ts'
import { createLink, type Note, type ResponseFields } from './link.ts'
import { systemTime, type Time } from './time.ts'

export interface BindRequest {
  systemId: string
  /** Compare it in constant time (`crypto.timingSafeEqual` over hashes). */
  password: string
  systemType: string
  interfaceVersion: number
  bindType: BindType
  addressRange: string
  /** The peer's IP address. */
  address: string
}

export interface ServerSession {
  readonly id: number
  readonly systemId: string
  readonly bindType: BindType
  readonly interfaceVersion: number
  readonly address: string
  readonly freeWindow: number
  readonly inFlight: number
  /** False once it unbinds or is closed. */
  readonly bound: boolean
  request(pdu: PduInput, options?: { signal?: AbortSignal | undefined }): Promise<ResponsePdu>
  /** Waits for the window, unbinds and closes. */
  close(): Promise<void>
  destroy(): void
}

export interface ServerOptions {
  host?: string
  /** 0 takes any free port. */
  port: number
  /** Options of node:tls (key, cert, …): then only TLS is spoken. */
  tls?: TlsOptions
  /** The name this SMSC gives in bind answers. */
  systemId?: string
  /** Gives a command_status: 0 lets the peer in. */
  onBind(bind: BindRequest): number | Promise<number>
  /** The answer goes out when it resolves: commit first. */
  onRequest(
    session: ServerSession,
    pdu: RequestPdu,
  ): ResponseFields | undefined | Promise<ResponseFields | undefined>
  onSession?(session: ServerSession): void
  onClose?(session: ServerSession, reason: CloseReason): void
  onLog?(note: Note & { address: string }): void
  window?: number
  maxWaiting?: number
  responseTimeoutMs?: number
  enquireLinkMs?: number
  /** A stranger has this long to bind. */
  bindTimeoutMs?: number
  readTimeoutMs?: number
  maxHandling?: number
  stallMs?: number
  maxLength?: number
  maxConnections?: number
  time?: Time
  /**
   * For simulators and tests: gives what writes to the socket of the session with this `id`, in place of
   * `socket.write`. It is handed whole PDUs, often several at once, and may change, hold back or add to them.
   */
  wire?(id: number, socket: Socket): (octets: Buffer) => void
}

export interface SmppServer {
  readonly port: number
  /** Bound sessions. */
  readonly sessions: ReadonlySet<ServerSession>
  /** Stops listening, unbinds every session politely, cuts what is not bound. */
  close(): Promise<void>
}

/** Listens for ESMEs. Resolves when the port is open; rejects with SmppError 'listen_failed'. */
export async function createServer(options: ServerOptions): Promise<SmppServer> {
  const sessions = new Set<ServerSession>()
  const strangers = new Set<() => void>()
  let lastId = 0

  const accept = (socket: Socket): void =>
    serve(socket, options, ++lastId, strangers, {
      opened(session) {
        sessions.add(session)
        options.onSession?.(session)
      },
      closed(session, reason) {
        sessions.delete(session)
        options.onClose?.(session, reason)
      },
    })
  const server = options.tls
    ? createTlsServer({ handshakeTimeout: options.bindTimeoutMs ?? 10_000, ...options.tls }, accept)
    : createTcpServer(accept)
  server.maxConnections = options.maxConnections ?? 1_000
  server.on('tlsClientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    options.onLog?.({
      what: 'socket_error',
      detail: error.code ?? error.name,
      address: socket.remoteAddress ?? '',
    })
  })

  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(new SmppError('listen_failed', { detail: error.code ?? error.message })),
    )
    server.listen(options.port, options.host ?? '127.0.0.1', resolve)
  })
  server.on('error', () => {})
  const address = server.address()

  return {
    port: typeof address === 'object' && address !== null ? address.port : options.port,
    sessions,
    async close() {
      const stopped = new Promise<void>((resolve) => server.close(() => resolve()))
      for (const cut of strangers) cut()
      await Promise.all([...sessions].map((session) => session.close()))
      await stopped
    },
  }
}

interface Register {
  opened(session: ServerSession): void
  closed(session: ServerSession, reason: CloseReason): void
}

function serve(
  socket: Socket,
  options: ServerOptions,
  id: number,
  strangers: Set<() => void>,
  register: Register,
): void {
  const address = socket.remoteAddress ?? ''
  let session: ServerSession | undefined
  let ended: (() => void)[] = []
  let closed = false
  const link = createLink(
    socket,
    {
      role: 'server',
      window: options.window ?? 100,
      maxWaiting: options.maxWaiting ?? 10_000,
      responseTimeoutMs: options.responseTimeoutMs ?? 30_000,
      enquireLinkMs: options.enquireLinkMs ?? 30_000,
      bindTimeoutMs: options.bindTimeoutMs ?? 10_000,
      readTimeoutMs: options.readTimeoutMs ?? 10_000,
      maxHandling: options.maxHandling ?? 1_000,
      stallMs: options.stallMs ?? 5_000,
      maxLength: options.maxLength ?? 70_000,
      time: options.time ?? systemTime,
      write: options.wire?.(id, socket),
    },
    {
      onRequest: (pdu) => options.onRequest(session!, pdu),
      onNote: (note) => options.onLog?.({ ...note, address }),
      onBind: async (pdu) => {
        const status = await verdict(pdu)
        // [SMPP 3.4 §5.3.2.25] a peer below 3.4 knows no TLVs.
        const tlvs = pdu.interface_version >= 0x34 ? [tlv('sc_interface_version', 0x34)] : []
        return {
          command: `${pdu.command}_resp`,
          status,
          system_id: status === 0 ? (options.systemId ?? 'kurzpost') : undefined,
          tlvs: status === 0 ? tlvs : [],
        }
      },
      onLetIn(pdu) {
        session = describe(pdu)
        register.opened(session)
      },
      onClose(reason, detail) {
        closed = true
        strangers.delete(link.destroy)
        if (reason !== 'unbound' && reason !== 'peer_unbound' && reason !== 'socket_closed')
          options.onLog?.({ what: reason, detail: detail ?? '', address })
        if (session !== undefined) register.closed(session, reason)
        for (const callback of ended) callback()
        ended = []
      },
    },
  )
  strangers.add(link.destroy)

  async function verdict(pdu: BindPdu): Promise<number> {
    try {
      return await options.onBind({
        systemId: pdu.system_id,
        password: pdu.password,
        systemType: pdu.system_type,
        interfaceVersion: pdu.interface_version,
        bindType: pdu.command.slice('bind_'.length) as BindType,
        addressRange: pdu.address_range,
        address,
      })
    } catch {
      options.onLog?.({ what: 'handler_failed', detail: pdu.command, address })
      return Status.bindFailed
    }
  }

  function describe(pdu: BindPdu): ServerSession {
    strangers.delete(link.destroy)
    return {
      id,
      systemId: pdu.system_id,
      bindType: pdu.command.slice('bind_'.length) as BindType,
      interfaceVersion: pdu.interface_version,
      address,
      get freeWindow() {
        return link.session.freeWindow
      },
      get inFlight() {
        return link.session.inFlight
      },
      get bound() {
        return link.session.state === 'bound'
      },
      request: link.request,
      close() {
        if (closed) return Promise.resolve()
        const over = new Promise<void>((resolve) => ended.push(resolve))
        link.unbind()
        return over
      },
      destroy: link.destroy,
    }
  }
}
