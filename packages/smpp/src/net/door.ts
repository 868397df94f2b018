import { AsyncLocalStorage } from 'node:async_hooks'
import type { Socket } from 'node:net'
import { createServer as createTlsServer, type SecureContextOptions, type TLSSocket } from 'node:tls'
import { createAddressList, plainAddress } from '../door/address.ts'
import { type ClientCertificate, verifiedCertificate } from '../door/certificate.ts'
import { createConnections } from '../door/connections.ts'
import type { DoorNote } from '../door/notes.ts'
import { createProxyHeaderReader } from '../door/proxy-header.ts'
import type { Time } from '../time.ts'
import type { ServerOptions } from './server-options.ts'

/** A connection that has come through the door, and is not bound yet. */
export interface Guest {
  socket: Socket
  address: string
  certificate: ClientCertificate | undefined
  /** It is bound: from now on it does not count as a stranger. */
  bound(): void
}

interface Handshake {
  secured(socket: TLSSocket): void
  failed(detail: string): void
}

export type Door = ReturnType<typeof createDoor>

const loopback = ['127.0.0.0/8', '::1/128']
// As many as may come in a burst from different addresses before the oldest are forgotten; about 100 octets each.
const remembered = 10_000

/**
 * What stands between a TCP connection and a session: limits, the header of a proxy, limits of the address behind it,
 * TLS. Nothing of a session is allocated before all of these are passed.
 */
export function createDoor(
  options: ServerOptions,
  time: Time,
  log: (what: DoorNote | 'read_timeout', detail: string, address: string) => void,
  ready: (guest: Guest) => void,
) {
  const exempt = createAddressList(options.exempt ?? loopback)
  const trusted = createAddressList(options.trustedProxies ?? [])
  const allowed = options.allow && createAddressList(options.allow)
  const maxUnbound = options.maxUnbound ?? 1_000
  const connections = createConnections({
    maxPerAddress: options.maxPerAddress ?? 256,
    maxRatePerAddress: options.maxRatePerAddress ?? 600,
    maxRemembered: remembered,
    exempt,
  })
  // In the order of their coming.
  const unbound = new Map<Socket, string>()
  // node:tls tells of sockets that it has made itself, and one that has ended no longer knows its peer. The context, which
  // each carries from its making, says whose handshake it is.
  const handshake = new AsyncLocalStorage<Handshake>()
  // Ended, and node:tls has not yet said why, which it does outside that context where it has cut them itself.
  const ended = new Set<Handshake>()
  const tls = options.tls && secureServer(options)

  function secureServer({ tls: given = {} }: ServerOptions) {
    let context: SecureContextOptions = { minVersion: 'TLSv1.2', ...given }
    // It listens to nothing: the connections that it secures are handed to it.
    const server = createTlsServer({ minVersion: 'TLSv1.2', ...given }, (socket) => {
      const its = handshake.getStore()
      if (its === undefined) socket.destroy()
      else its.secured(socket)
    })
    server.on('tlsClientError', (error: NodeJS.ErrnoException, { authorizationError }) => {
      const its = handshake.getStore() ?? (ended.size === 1 ? [...ended][0] : undefined)
      its?.failed(String(authorizationError ?? error.code ?? error.name))
    })
    return {
      secure: (socket: Socket) => server.emit('connection', socket),
      setSecureContext(more: SecureContextOptions) {
        server.setSecureContext({ ...context, ...more })
        context = { ...context, ...more }
      },
    }
  }

  function accept(socket: Socket): void {
    // Until a link takes over; the end of a stranger is told by 'close'.
    socket.on('error', () => {})
    const address = plainAddress(socket.remoteAddress ?? '')
    if (address === '') {
      socket.destroy()
      return
    }
    if (options.proxyProtocol !== 'require') admit(socket, address, address)
    else if (trusted(address)) {
      remember(socket, address)
      readHeader(socket, address)
    } else refuse(socket, 'not a trusted proxy', address)
  }

  function refuse(socket: Socket, why: string, address: string): void {
    socket.destroy()
    log('connection_refused', why, address)
  }

  function remember(socket: Socket, address: string): void {
    unbound.set(socket, address)
    socket.once('close', () => unbound.delete(socket))
    if (unbound.size <= maxUnbound) return
    const [oldest] = unbound
    if (oldest === undefined) return
    unbound.delete(oldest[0])
    refuse(oldest[0], 'too many connections that are not bound', oldest[1])
  }

  function readHeader(socket: Socket, proxy: string): void {
    const reader = createProxyHeaderReader()
    const finish = (): void => {
      cancel()
      socket.off('data', onData)
      socket.off('close', finish)
    }
    const cancel = time.after(options.readTimeoutMs ?? 10_000, () => {
      finish()
      socket.destroy()
      log('read_timeout', 'no whole PROXY header', proxy)
    })
    const onData = (chunk: Buffer): void => {
      const result = reader.push(chunk)
      if (result.state === 'more') return
      finish()
      if (result.state === 'bad') {
        socket.destroy()
        log('proxy_failed', result.reason, proxy)
        return
      }
      socket.pause()
      if (result.rest.length > 0) socket.unshift(result.rest)
      admit(socket, result.source?.address ?? proxy, proxy)
      // TLS reads from below the socket, and it must not read for itself then.
      if (tls === undefined) socket.resume()
    }
    socket.on('data', onData)
    socket.once('close', finish)
  }

  /** `from` is the end of the connection: the proxy if there is one, whose own address is not limited. */
  function admit(socket: Socket, address: string, from: string): void {
    if (allowed !== undefined && !allowed(address)) {
      refuse(socket, 'address not allowed', address)
      return
    }
    if (options.proxyProtocol !== 'require' || address !== from) {
      const verdict = connections.enter(address, time.now())
      if (verdict !== 'admitted') {
        refuse(socket, sentences[verdict], address)
        return
      }
      socket.once('close', () => connections.left(address))
    }
    // Known already where a proxy's header had to be read first.
    if (unbound.has(socket)) unbound.set(socket, address)
    else remember(socket, address)
    if (tls === undefined) open(socket, socket, address, undefined)
    else secure(socket, address)
  }

  function secure(raw: Socket, address: string): void {
    let pending = true
    const settle = (): boolean => {
      const first = pending
      pending = false
      cancel()
      raw.off('close', closed)
      ended.delete(its)
      return first
    }
    const failed = (detail: string): void => {
      if (!settle()) return
      raw.destroy()
      log('tls_failed', detail, address)
    }
    const closed = (): void => {
      ended.add(its)
      setImmediate(failed, 'closed during the handshake')
    }
    const cancel = time.after(options.handshakeTimeoutMs ?? 10_000, () => failed('handshake timed out'))
    raw.once('close', closed)
    const its: Handshake = {
      failed,
      secured(socket) {
        if (settle()) open(raw, socket, address, verifiedCertificate(socket))
        else socket.destroy()
      },
    }
    handshake.run(its, () => tls!.secure(raw))
  }

  function open(
    raw: Socket,
    socket: Socket,
    address: string,
    certificate: ClientCertificate | undefined,
  ): void {
    ready({ socket, address, certificate, bound: () => void unbound.delete(raw) })
  }

  return {
    accept,
    setSecureContext(context: SecureContextOptions): void {
      if (tls === undefined) throw new TypeError('the server does not speak TLS')
      tls.setSecureContext(context)
    },
    /** Cuts everybody who is not bound. */
    cut(): void {
      for (const socket of [...unbound.keys()]) socket.destroy()
    },
    get unbound() {
      return unbound.size
    },
    /** Entries of the books that are kept on addresses. */
    get remembered() {
      return connections.size
    },
  }
}

const sentences = {
  too_many_connections: 'too many connections of this address',
  too_fast: 'too many new connections of this address',
} as const
