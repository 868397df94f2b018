import { createServer as createTcpServer, type Socket } from 'node:net'
import { createServer as createTlsServer, type TlsOptions } from 'node:tls'
import { SmppError } from '../errors.ts'
import { systemTime } from '../time.ts'
import { bindPduOf } from './bind-pdu.ts'
import { guarded } from './callback.ts'
import { createClientOver } from './client.ts'
import type { BindOptions, SmppClient } from './client-options.ts'
import { limitsOf } from './limits.ts'

export interface OutbindListenerOptions extends BindOptions {
  /** Default 127.0.0.1. */
  listenHost?: string
  /** 0 takes any free port. */
  listenPort: number
  /** Options of node:tls (key, cert, …): then only TLS is spoken. */
  tls?: TlsOptions
  /** Connections at a time. Default 16: SMSCs are few. */
  maxConnections?: number
  /** Whether to bind to this SMSC. Compare the password in constant time: `passwordMatches`. */
  accept(outbind: { systemId: string; password: string; address: string }): boolean | Promise<boolean>
  /** A client for each connection, before anything has come over it. It ends with its connection. */
  onClient?(client: SmppClient): void
}

export interface OutbindListener {
  readonly port: number
  readonly clients: ReadonlySet<SmppClient>
  /** Stops listening and closes every client. */
  close(): Promise<void>
}

// Of node:tls it is two minutes, in which sixteen silent strangers would keep every SMSC out.
const handshakeMs = 10_000

/**
 * An ESME that waits to be called: an SMSC connects, sends an outbind, and is bound to over the same connection if `accept`
 * says so. [SMPP 3.4 §2.2.1, §4.1.7] Resolves when the port is open; rejects with SmppError `listen_failed`, with RangeError
 * for limits that are none, with `invalid_pdu` for a name or password that no bind can hold.
 */
export async function createOutbindListener(options: OutbindListenerOptions): Promise<OutbindListener> {
  limitsOf(options)
  bindPduOf(options)
  const clients = new Set<SmppClient>()
  /** Every connection, those that never finish a TLS handshake too. */
  const sockets = new Set<Socket>()
  const { time = systemTime } = options
  const tell = guarded((client: SmppClient) => options.onClient?.(client))

  function welcome(socket: Socket): void {
    const address = socket.remoteAddress ?? ''
    const client = createClientOver(
      {
        ...options,
        onState(state, detail) {
          if (state === 'closed') clients.delete(client)
          options.onState?.(state, detail)
        },
      },
      {
        open() {
          // Started once more after its connection has ended: only the SMSC can call again.
          if (socket.destroyed) throw Object.assign(new Error('ended'), { code: 'ECONNRESET' })
          return { socket, opened: undefined }
        },
        reconnect: false,
        time,
        accept: ({ system_id, password }) => options.accept({ systemId: system_id, password, address }),
      },
    )
    clients.add(client)
    tell(client)
    client.start()
  }

  const server = options.tls
    ? createTlsServer({ minVersion: 'TLSv1.2', handshakeTimeout: handshakeMs, ...options.tls }, welcome)
    : createTcpServer(welcome)
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  server.maxConnections = options.maxConnections ?? 16
  server.on('tlsClientError', (error: NodeJS.ErrnoException) =>
    options.onLog?.({ what: 'socket_error', detail: error.code ?? error.name }),
  )
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(new SmppError('listen_failed', { detail: error.code ?? error.message })),
    )
    server.listen(options.listenPort, options.listenHost ?? '127.0.0.1', resolve)
  })
  server.on('error', () => {})
  const address = server.address()

  return {
    port: typeof address === 'object' && address !== null ? address.port : options.listenPort,
    clients,
    async close() {
      const stopped = new Promise<void>((resolve) => server.close(() => resolve()))
      await Promise.all([...clients].map((client) => client.close()))
      for (const socket of sockets) socket.destroy()
      await stopped
    },
  }
}
