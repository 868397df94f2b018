import type { ConnectionOptions } from 'node:tls'
import type { ResponsePdu } from '../pdu/commands.ts'
import type { SmppVersion } from '../pdu/version.ts'
import type { BindType, CloseReason } from '../session/actions.ts'
import type { Time } from '../time.ts'
import type { LimitOptions } from './limits.ts'
import type { Handler, Note, RequestOptions } from './link-options.ts'
import type { SubmitFields, Submitted } from './submit.ts'
import type { Verbs } from './verbs.ts'

export type ClientState = 'idle' | 'connecting' | 'binding' | 'bound' | 'unbinding' | 'waiting' | 'closed'

export interface StateDetail {
  /** Why the last link ended. */
  reason?: CloseReason | 'connect_failed'
  /** The code of the socket or TLS error, or what the peer broke. */
  detail?: string
  /** command_status of a refused bind. */
  status?: number
  /** With 'waiting': when the next attempt comes. */
  retryInMs?: number
  /** With 'waiting': attempts since a bind held; alert after as many as you can bear. */
  attempt?: number
  /** With 'bound': the system_id of the SMSC, which need not be the one you expect. */
  systemId?: string
  /** With 'bound': what both sides speak. */
  version?: SmppVersion
}

export interface ReconnectOptions {
  /** Between the first and the second attempt; then it doubles. Default 500. */
  minMs?: number
  /** Between attempts at most. Default 30,000. */
  maxMs?: number
  /**
   * Longer at least after a bind refused with this status: `{ 5: 30_000 }` where an SMSC holds the old session for half
   * a minute (ESME_RALYBND) or locks out who comes again too soon. Up to a quarter is added, so that not all come at once.
   */
  minMsByStatus?: Readonly<Record<number, number>>
}

/** All of a client but where it connects to. */
export interface BindOptions extends LimitOptions {
  systemId: string
  password: string
  systemType?: string
  addressRange?: string
  /** Default 'transceiver'. */
  bindType?: BindType
  /** The highest version that we speak and say in the bind. Default 0x34 (3.4), or `version`. */
  interfaceVersion?: SmppVersion
  /**
   * Speak this version, whatever the SMSC says in its answer. By default it is the lower of both sides', and an SMSC
   * that says nothing is taken for 3.4. Towards 3.3 TLVs are left out.
   */
  version?: SmppVersion
  /** Cut the bind's strings to what the specification allows (password: 8), for SMSCs that refuse longer ones. Default false. */
  truncate?: boolean
  /** Statuses of a bind answer that count as bound: `[0x05]` for an SMSC that calls a good bind ESME_RALYBND. Default none. */
  boundOn?: readonly number[]
  /**
   * Called for deliver_sm, data_sm and the like. The answer goes out when it resolves: commit first. Without it the requests
   * wait for a `for await` loop over the client.
   */
  onRequest?: Handler
  /** Hears every answer to a request of ours and how long it took, for pacing and statistics. */
  onAnswer?(answer: ResponsePdu, ms: number): void
  onState?(state: ClientState, detail: StateDetail): void
  /**
   * Asked right before octets with requests of ours go to the socket, in the same turn of the event loop. After `false`
   * the link is cut ('fenced') with nothing more written: for a process that was stopped, and may have been replaced
   * meanwhile. What a full socket does not take waits where it can be held back, all but 8 KiB.
   */
  mayWrite?(): boolean
  /** What was tolerated or came late; an answer after its timeout comes as 'unmatched' with its `pdu`. */
  onLog?(note: Note): void
  /** Clock and timers, for tests. */
  time?: Time
}

/** Where an SMSC listens. */
export interface Peer {
  host: string
  port: number
  /**
   * `true`, or options of node:tls (ca, cert, key, servername, …). The certificate of the SMSC is verified unless the options
   * say otherwise; TLS 1.2 is the least.
   */
  tls?: boolean | ConnectionOptions
}

export interface ClientOptions extends BindOptions, Peer {
  /** Tried in their order after `host`, and round again: the next when one cannot be reached, refuses the bind or does not answer it. */
  others?: readonly Peer[]
  /** For the TCP connection and the TLS handshake together. Default 10,000. */
  connectTimeoutMs?: number
  /** For ever, with exponential delays and jitter; `false`: end after the first link. */
  reconnect?: ReconnectOptions | false
  /** Chance, from 0 to 1, for tests. */
  random?: () => number
}

/** What may change while a link stands: those that are given hold from now on. */
export type Adjustments = Pick<
  LimitOptions,
  'window' | 'responseTimeoutMs' | 'enquireLinkMs' | 'bindTimeoutMs'
> & { reconnect?: Pick<ReconnectOptions, 'minMs' | 'maxMs'> }

export interface SmppClient extends Verbs {
  /** Begins to connect, bind and come back; `onState` tells how it goes. For programs that live without the link. */
  start(): void
  /**
   * Begins, and resolves when the client is bound. Rejects with SmppError when the client has ended instead, which with
   * `reconnect` only happens by `close` or `destroy`: `connect_failed`, `bind_refused` (with `status`), `closed`;
   * or `aborted` by the signal, which ends a client that this call has begun.
   */
  connect(options?: { signal?: AbortSignal | undefined }): Promise<void>
  readonly state: ClientState
  /** `host:port` of the link that stands or is tried; undefined where the SMSC calls. */
  readonly peer: string | undefined
  /** What is spoken on this link; undefined unless bound. */
  readonly version: SmppVersion | undefined
  /** Sends a submit_sm: `request` with the answer read. Resolves whatever the status, rejects like `request`. */
  submit(fields: SubmitFields, options?: Pick<RequestOptions, 'signal' | 'timeoutMs'>): Promise<Submitted>
  /**
   * Other limits, without another bind. Requests that are under way keep their deadlines, and places above a smaller window
   * until they are answered. Throws RangeError for limits that are none.
   */
  adjust(limits: Adjustments): void
  /** Waits for the window, unbinds, and stays closed. Requests that still wait for a place are rejected with sent 'no'. */
  close(): Promise<void>
}
