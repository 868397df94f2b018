import type { commands, FieldsInput, PduInputOf, PduOf, RequestName, RequestPdu } from '../pdu/commands.ts'
import type { Tlv } from '../pdu/tlv.ts'
import type { RequestOptions, ResponseFields } from './link-options.ts'

/** Requests that a program may send; binds and unbind are the session's own. */
export type Sendable = Exclude<RequestName, `${string}bind${string}`>
/** The answer to a request: its own response, or a generic_nack from a peer that cannot read it. */
export type AnswerTo<C extends Sendable> = PduOf<(typeof commands)[C]['answer']> | PduOf<'generic_nack'>

export type AlertFields = FieldsInput<'alert_notification'> & { tlvs?: readonly Tlv[] }

/** What a client and a session of a server have in common. */
export interface Verbs extends AsyncIterable<RequestPdu, undefined> {
  /** Requests that would go out at once: exact, 0 unless bound. */
  readonly freeWindow: number
  /** Our requests that wait for the peer's answers. */
  readonly inFlight: number
  /**
   * Sends a request and resolves with its answer, whatever the status. Rejects with SmppError: `not_bound`, `closed`,
   * `window_full`, `invalid_pdu` (also for what the negotiated version does not have), `timeout`, `aborted`.
   * `timeoutMs` holds for this request in place of `responseTimeoutMs`.
   */
  request<C extends Sendable>(
    pdu: PduInputOf<C>,
    options?: Pick<RequestOptions, 'signal' | 'timeoutMs'>,
  ): Promise<AnswerTo<C>>
  /**
   * Answers a request that the loop over the session has given, once. Throws SmppError: `closed` when the link that
   * brought the request is gone (the peer sends it again), `already_answered`. Fields that cannot be encoded are told
   * to the peer as a system error and to `onLog` as 'handler_failed'.
   */
  respond(pdu: RequestPdu, fields?: ResponseFields): void
  /**
   * The peer's requests, in place of `onRequest`, each to be answered by `respond`. One loop at a time, else SmppError
   * `requests_taken`. It ends when the session is closed for good, that of a client not before. Leaving it early leaves
   * unread requests where they are, for the next loop; a session that is being closed answers them as a temporary error.
   */
  [Symbol.asyncIterator](): AsyncIterableIterator<RequestPdu, undefined>
  /** Cuts the link at once. */
  destroy(): void
}
