import type { SmppError } from '../errors.ts'
import type { Pdu, PduInput, PduOf, RequestPdu, ResponsePdu } from '../pdu/commands.ts'
import type { SmppVersion } from '../pdu/version.ts'
import type { Entry } from './window.ts'

export type BindType = 'transceiver' | 'transmitter' | 'receiver'
export type SessionState = 'open' | 'bound' | 'unbinding' | 'closed'
export type BindPdu = PduOf<'bind_transceiver' | 'bind_transmitter' | 'bind_receiver'>

/** What the owner of the socket has to do, in this order. */
export type Action =
  | { do: 'write'; pdu: PduInput; sequence: number; entry?: Entry }
  | { do: 'resolve'; entry: Entry; pdu: ResponsePdu }
  | { do: 'reject'; entry: Entry; error: SmppError }
  | { do: 'handle'; pdu: RequestPdu }
  | { do: 'bind'; pdu: BindPdu }
  | { do: 'outbind'; pdu: PduOf<'outbind'> }
  | { do: 'bound'; pdu: ResponsePdu }
  | { do: 'refused'; pdu: ResponsePdu }
  | { do: 'note'; what: NoteKind; detail: string; pdu?: Pdu }
  | { do: 'close'; reason: CloseReason; detail?: string }

/**
 * Things tolerated: 'unmatched' is an answer that nobody waits for (late, double, or not ours); 'unexpected' a PDU that has no
 * place here and asks for no answer; 'stalled' says that no handler was done for stallMs, so that more is refused now.
 */
export type NoteKind = 'unmatched' | 'bad_body' | 'tolerated' | 'nack' | 'unexpected' | 'stalled'

/** Why a link ended. */
export const closeReasons = {
  unbound: 'We unbound.',
  unbind_timeout: 'We unbound, and the peer did not answer.',
  peer_unbound: 'The peer unbound.',
  broken_framing: 'What the peer sent is not SMPP.',
  link_dead: 'The peer did not answer an enquire_link.',
  bind_timeout: 'The bind was not finished in time.',
  bind_refused: 'The bind was refused.',
  outbind_refused: 'The outbind was not accepted.',
  read_timeout: 'The peer stopped in the middle of a PDU.',
  write_timeout: 'The peer did not read what we wrote.',
  socket_closed: 'The peer closed the connection.',
  socket_error: 'The connection broke.',
  fenced: 'We may not write any more: mayWrite said no.',
  destroyed: 'We cut the connection.',
} as const
export type CloseReason = keyof typeof closeReasons

export interface SessionOptions {
  role: 'client' | 'server'
  /** The highest version that we speak. */
  interfaceVersion: SmppVersion
  /** Speak this one, whatever the peer says. */
  version?: SmppVersion | undefined
  /** Statuses of a bind answer that count as bound (facts group 21). */
  boundOn?: readonly number[] | undefined
  /** Requests in flight at most. */
  window: number
  /** Requests that may wait for a place in the window. */
  maxWaiting: number
  responseTimeoutMs: number
  enquireLinkMs: number
  bindTimeoutMs: number
  /** Requests of the peer with their handlers at most. */
  maxHandling: number
  stallMs: number
}
