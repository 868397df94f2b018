/** Every refusal of the HTTP interface: status and sentence by code. */
const problems = {
  invalid_json: [400, 'The request body is not valid JSON.'],
  invalid_address: [400, 'The path is not well-formed.'],
  foreign_host: [
    403,
    'Only requests to a loopback address, and from no web page of another site, are answered.',
  ],
  not_found: [404, 'There is nothing at this address.'],
  method_not_allowed: [405, 'This address exists, but not for this method.'],
  body_too_large: [413, 'The request body is larger than 64 KiB.'],
  unsupported_media_type: [415, 'The request body must be JSON, with `Content-Type: application/json`.'],
  invalid_request: [422, 'A field is missing, unknown, or not what it should be; `details` names each.'],
  outbox_full: [503, 'Too many messages wait for a bind. Bind a receiver, or empty the simulator.'],
  internal_error: [500, 'The simulator failed. Its error output says how.'],
} as const satisfies Record<string, readonly [status: number, sentence: string]>

type ProblemCode = keyof typeof problems

export class HttpProblem extends Error {
  readonly code: ProblemCode
  readonly status: number
  readonly details: unknown

  constructor(code: ProblemCode, details?: unknown) {
    const [status, sentence] = problems[code]
    super(sentence)
    this.code = code
    this.status = status
    this.details = details
  }

  /** The body of the answer. */
  toJSON(): object {
    const { code, message, details } = this
    return { error: details === undefined ? { code, message } : { code, message, details } }
  }
}
