/**
 * Every way in which this package fails, with the sentence it says.
 * `SmppError.code` is one of these keys; a key is never reused for another meaning.
 */
export const smppErrors = {
  timeout: 'The peer did not answer in time.',
  closed: 'The session ended first.',
  aborted: 'The caller aborted the request.',
  not_bound: 'The session is not bound for this kind of request.',
  window_full: 'Too many requests are waiting for a place in the window.',
  invalid_pdu: 'The PDU cannot be encoded.',
  already_answered: 'The request was answered already.',
  requests_taken: 'The requests of this session go to onRequest or to another loop.',
  connect_failed: 'The connection could not be made.',
  bind_refused: 'The peer refused the bind.',
  listen_failed: 'The server cannot listen on that address.',
} as const

export type SmppErrorCode = keyof typeof smppErrors

/**
 * The one error type of this package.
 *
 * `sent` answers the only question that matters after a failed request: `no` means that its bytes were never
 * handed to the socket, so that it is safe to send again; `maybe` means that nobody can know.
 */
export class SmppError extends Error {
  readonly code: SmppErrorCode
  readonly sent: 'no' | 'maybe'
  /** command_status of the answer that refused a bind. */
  readonly status: number | undefined
  /** sequence_number of the request, where it had one: a late answer carries the same. */
  readonly sequence: number | undefined

  constructor(
    code: SmppErrorCode,
    options: { sent?: 'no' | 'maybe'; detail?: string; sequence?: number; status?: number } = {},
  ) {
    super(options.detail === undefined ? smppErrors[code] : `${smppErrors[code]} (${options.detail})`)
    this.name = 'SmppError'
    this.code = code
    this.sent = options.sent ?? 'no'
    this.sequence = options.sequence
    this.status = options.status
  }
}
