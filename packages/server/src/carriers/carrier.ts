/**
 * The port behind which every network connection stands. Adapters classify what happened; the core decides
 * what follows. `conformance.ts` is the suite that each adapter must pass.
 */
export interface Carrier {
  /** Segments that may be submitted now without waiting for an answer; 0 while the link is down. */
  readonly freeWindow: number
  /** Resolves when the carrier has taken the segment; throws CarrierError. Bytes leave in the order of the calls. */
  submit(segment: OutboundSegment, signal?: AbortSignal): Promise<Submitted>
  /** Opens the link and keeps it open; `sink` is told what comes in. */
  open(sink: CarrierSink): Promise<CloseCarrier>
}

/** Waits for the answers of what is under way, says goodbye and closes. */
export type CloseCarrier = () => Promise<void>

export interface OutboundSegment {
  /** E.164 with +, a short code, a name, or null: the carrier's own default. */
  from: string | null
  to: string
  encoding: 'gsm7' | 'ucs2'
  /** User data header with its length octet; empty for a message of one segment. */
  header: Uint8Array
  /** Unpacked septets, one an octet, or UTF-16BE. */
  body: Uint8Array
  /** How long the network shall try, in seconds. */
  validitySeconds: number
}

export interface Submitted {
  /** The carrier's id as it wrote it. */
  remoteId: string
  /** The fold of that id under which receipts look for it. */
  remoteKey: string
  /** The request as it went out, for the trace. */
  request: Uint8Array
}

export interface CarrierReceipt {
  remoteId: string
  /** Candidates for `remoteKey`, most likely first (smpp-interop groups 31 and 32). */
  keys: string[]
  /** null: not final, or not understood. */
  state: 'delivered' | 'undelivered' | 'expired' | 'rejected' | null
  error: string | null
  text: string | null
}

export interface IncomingPart {
  from: string
  to: string
  text: string
  encoding: 'gsm7' | 'ucs2'
  /** Present when this is one part of a long message. 16-bit references are another space than 8-bit ones. */
  concat: { reference: number; bits: 8 | 16; total: number; part: number } | null
}

/** Each promise resolves after the commit; the adapter acknowledges to the network then, and not when it rejects. */
export interface CarrierSink {
  receipt(receipt: CarrierReceipt): Promise<void>
  incoming(part: IncomingPart): Promise<void>
  /**
   * The carrier has taken a segment after `submit` gave up on its answer; `segment` is the very object that was
   * submitted. Nobody waits for it: the answer is lost if it cannot be kept.
   */
  late(segment: OutboundSegment, submitted: Submitted): void
  /** The link came up, went down, or has room again. */
  changed(): void
}

export class CarrierError extends Error {
  /** What the carrier or the link said: `ESME_RTHROTTLED`, `closed`, `timeout`. */
  readonly code: string
  readonly retry: 'never' | 'later' | 'elsewhere'
  /** `maybe`: bytes were written and no answer came. */
  readonly sent: 'no' | 'maybe'
  readonly afterMs: number | undefined
  constructor(
    code: string,
    options: {
      retry: 'never' | 'later' | 'elsewhere'
      sent: 'no' | 'maybe'
      afterMs?: number
      cause?: unknown
    },
  ) {
    super(code, { cause: options.cause })
    this.name = 'CarrierError'
    this.code = code
    this.retry = options.retry
    this.sent = options.sent
    this.afterMs = options.afterMs
  }
}
