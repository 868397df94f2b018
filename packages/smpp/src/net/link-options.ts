import type {
  FieldsInput,
  Pdu,
  PduInput,
  PduOf,
  RequestPdu,
  ResponseName,
  ResponsePdu,
} from '../pdu/commands.ts'
import type { Tlv } from '../pdu/tlv.ts'
import type { BindPdu, CloseReason, NoteKind, SessionOptions } from '../session/actions.ts'
import type { Time } from '../time.ts'

/** What a handler answers; everything but `status` (0) and the fields of the response is our affair. */
export interface ResponseFields extends FieldsInput<Exclude<ResponseName, `bind_${string}`>> {
  status?: number
  tlvs?: readonly Tlv[]
}

export type Handler<Context extends unknown[] = []> = (
  ...args: [...Context, pdu: RequestPdu]
) => ResponseFields | undefined | Promise<ResponseFields | undefined>

/** One line for the log. 'unanswered' is a request that a loop has read, or not, and nobody has answered for stallMs. */
export interface Note {
  what: NoteKind | CloseReason | 'handler_failed' | 'connect_failed' | 'unanswered'
  /** Never holds message text, passwords or addresses. */
  detail: string
  pdu?: Pdu
}

export interface LinkHooks {
  /** Refuses a request before its handler sees it. */
  refuse?(pdu: RequestPdu): ResponseFields | undefined
  onRequest(pdu: RequestPdu): ReturnType<Handler>
  /** The handler is done: gives what to answer, from what it gave. */
  onHandled?(fields: ResponseFields | undefined): ResponseFields | undefined
  /** Hears every answer to a request of ours, and how long it took. */
  onAnswer?: ((answer: ResponsePdu, ms: number) => void) | undefined
  onBind?(pdu: BindPdu): Promise<PduInput>
  /** Server: the peer is bound and has its answer. */
  onLetIn?(pdu: BindPdu): void
  /** Client: the SMSC has let us in. */
  onBound?(pdu: ResponsePdu): void
  onRefused?(pdu: ResponsePdu): void
  /** Client: the SMSC that has called us asks us to bind. */
  onOutbind?(pdu: PduOf<'outbind'>): void
  onNote(note: Note): void
  onClose(reason: CloseReason, detail?: string): void
}

export interface LinkOptions extends SessionOptions {
  maxLength: number
  /** How long half a PDU may lie, before the link is cut. */
  readTimeoutMs: number
  /** How long more than a mebibyte may lie unread by the peer, before the link is cut. */
  writeTimeoutMs: number
  time: Time
  /** Asked right before requests of ours go to the socket: no cuts the link. */
  mayWrite?: (() => boolean) | undefined
  /** Stands between the session and the socket; by default it is `socket.write`. */
  write?: ((octets: Buffer) => void) | undefined
}

export interface RequestOptions {
  signal?: AbortSignal | undefined
  /** For the answer, in place of `responseTimeoutMs`. */
  timeoutMs?: number | undefined
}
