import type { Socket } from 'node:net'
import type { ConnectionOptions, SecureContextOptions, TlsOptions } from 'node:tls'
import type { Accounts } from '../door/accounts.ts'
import type { BindRequest } from '../door/bind.ts'
import type { LockoutOptions } from '../door/lockout.ts'
import type { DoorNote } from '../door/notes.ts'
import type { ResponsePdu } from '../pdu/commands.ts'
import type { SmppVersion } from '../pdu/version.ts'
import type { BindType, CloseReason } from '../session/actions.ts'
import type { Time } from '../time.ts'
import type { LimitOptions } from './limits.ts'
import type { Handler, Note } from './link-options.ts'
import type { AlertFields, Verbs } from './verbs.ts'

/** One line for the operator. Never with passwords, message text or phone numbers. */
export interface ServerNote extends Omit<Note, 'what'> {
  what: Note['what'] | DoorNote
  /** IP address of the peer. */
  address: string
  /** Once it is bound. */
  systemId?: string
  /** For strangers: how often, since the line before, this address has brought about the same. */
  count?: number
}

export interface ServerSession extends Verbs {
  readonly id: number
  readonly systemId: string
  readonly bindType: BindType
  /** interface_version as the peer gave it in its bind. */
  readonly interfaceVersion: number
  /** The peer's IP address: the real one, also behind a proxy. */
  readonly address: string
  /** When it was let in, by the clock on the wall. */
  readonly since: Date
  /** The peer's requests that are with `onRequest` or the loop. */
  readonly handling: number
  /** False once it unbinds or is closed. */
  readonly bound: boolean
  /** What is spoken: the lower of our version and the peer's. */
  readonly version: SmppVersion
  /**
   * Sends an alert_notification, which has no answer: resolves when its octets are with the socket. Rejects with SmppError
   * `not_bound`, `closed` or `invalid_pdu` (3.3 does not have it).
   */
  notify(fields: AlertFields): Promise<void>
  /** Waits for the window, unbinds and closes. */
  close(): Promise<void>
}

export interface ServerOptions extends LimitOptions {
  /** Default 127.0.0.1: nobody from outside. '0.0.0.0' or '::' for everybody. */
  host?: string
  /** 0 takes any free port. */
  port: number
  /** The name this SMSC gives in bind answers. Default 'kurzpost'. */
  systemId?: string
  /** The highest version that we speak. A peer is answered with the lower of its and ours. Default 0x50 (5.0). */
  interfaceVersion?: SmppVersion
  /** Speak this version with everybody, whatever a bind says. */
  version?: SmppVersion

  /**
   * Who may bind, as data or as a function that looks an account up. Passwords are compared in constant time, and
   * addresses, certificates and numbers of binds by account are seen to.
   */
  accounts?: Accounts
  /** Gives a command_status: 0 lets the peer in. Asked after `accounts`, or alone without them; one of both must be there. */
  onBind?(bind: BindRequest): number | Promise<number>
  /**
   * Tell an unknown system_id (ESME_RINVSYSID) from a wrong password (ESME_RINVPASWD). Default false: both are
   * ESME_RINVPASWD, so that nobody can try out which customers there are. Holds for `accounts`.
   */
  revealUnknown?: boolean
  /** What happens to who guesses passwords, by address; false for nothing. Default: see LockoutOptions. */
  lockout?: LockoutOptions | false
  /** Sessions of one system_id at a time; one more is refused with ESME_RBINDFAIL. Default: no limit. */
  maxBinds?: number

  /**
   * The answer goes out when it resolves: commit first. Without it the requests of each session wait for a
   * `for await` loop over it.
   */
  onRequest?: Handler<[session: ServerSession]> | undefined
  /** Hears every answer to a request of ours and how long it took. */
  onAnswer?(session: ServerSession, answer: ResponsePdu, ms: number): void
  onSession?(session: ServerSession): void
  onClose?(session: ServerSession, reason: CloseReason): void
  onLog?(note: ServerNote): void

  /** Options of node:tls (key, cert, ca, requestCert, SNICallback, …): then only TLS is spoken, 1.2 at least unless `minVersion` says otherwise. */
  tls?: TlsOptions
  /** A TLS handshake has this long. Default 10,000. */
  handshakeTimeoutMs?: number
  /**
   * 'require': every connection begins with a header of the PROXY protocol, version 1 or 2, before TLS if there is any,
   * and must come from `trustedProxies`. Default false: none is read. There is no guessing between the two, because a
   * stranger could then choose the address that we see.
   */
  proxyProtocol?: 'require' | false
  /** Addresses of the proxies: `['10.0.0.0/8']`. From all others connections are refused while `proxyProtocol` is on. */
  trustedProxies?: readonly string[]

  /** Addresses that may connect: `['192.0.2.0/24', '2001:db8::/32']`. Default: all. */
  allow?: readonly string[]
  /** Connections at a time, bound or not. Default 10,000. */
  maxConnections?: number
  /** Connections that are not bound yet. One more cuts the oldest, so that strangers who say nothing shut nobody out. Default 1,000. */
  maxUnbound?: number
  /** Connections at a time of one IPv4 address or one IPv6 /64. Default 256. */
  maxPerAddress?: number
  /** New connections a minute of one of these. Default 600. */
  maxRatePerAddress?: number
  /** Addresses that the last two do not hold for. Default loopback. */
  exempt?: readonly string[]
  /** How often a stranger's repetitions are logged, as one line with their count. Default 60,000. */
  logIntervalMs?: number

  /** Clock and timers, for tests. */
  time?: Time
  /**
   * For simulators and tests: gives what writes to the socket of the session with this `id`, in place of
   * `socket.write`. It is handed whole PDUs, often several at once, and may change, hold back or add to them.
   */
  wire?(id: number, socket: Socket): (octets: Buffer) => void
}

/** Whom an SMSC calls, and how it introduces itself. */
export interface OutbindTarget {
  host: string
  port: number
  /** `true`, or options of node:tls. The certificate of the ESME is verified. */
  tls?: boolean | ConnectionOptions
  /** The name of this SMSC, for the ESME to recognise. */
  systemId: string
  password: string
}

export interface SmppServer {
  readonly port: number
  /** Bound sessions. */
  readonly sessions: ReadonlySet<ServerSession>
  /** Connections that are not bound yet. */
  readonly unbound: number
  /**
   * New key and certificate for the handshakes from now on; what is not given stays as it was. Throws what node:tls throws
   * for those that cannot be read, and then the old ones stay.
   */
  setSecureContext(options: SecureContextOptions): void
  /**
   * Calls an ESME, which then binds over this connection: its bind is judged like any other. Resolves with its session; rejects
   * with SmppError `connect_failed`, or `closed` when it has not bound within `bindTimeoutMs`, was refused or the server is closed.
   */
  outbind(target: OutbindTarget): Promise<ServerSession>
  /**
   * Stops listening, cuts who is not bound, unbinds every session politely (no new requests, waits for what is under
   * way). What is not through with it after `graceMs` (default 10,000) is cut.
   */
  close(options?: { graceMs?: number }): Promise<void>
}
