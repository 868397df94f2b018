/**
 * The port behind which every network connection stands. Adapters classify what happened; the core decides
 * what follows. `conformance.ts` is the suite that each adapter must pass.
 */
export interface Carrier {
  /** Submissions that may be made now without waiting for an answer; 0 while the link is down, and of a bind that only receives. */
  readonly freeWindow: number
  /**
   * Of a paced carrier: how many segments are worth holding at a time, how long until it lets the next one go, in ms,
   * and whether nothing waits there for its turn, so that a message of more segments than the hand may go. Absent: the
   * window alone decides.
   */
  readonly pace?: { readonly hand: number; readonly nextMs: number; readonly rests: boolean }
  /** How messages of several segments are handed in: one submission each (default), or one for all of them. */
  readonly long?: 'segments' | 'whole' | undefined
  /** Resolves when the carrier has taken the segment; throws CarrierError. Bytes leave in the order of the calls. */
  submit(segment: OutboundSegment, signal?: AbortSignal): Promise<Submitted>
  /** Opens the link and keeps it open; `sink` is told what comes in. */
  open(sink: CarrierSink): Promise<CloseCarrier>
  /** How the link is, for people. */
  report?(): CarrierReport
  /**
   * Asks what has become of a submission whose id is known. Undefined: the carrier does not know it, cannot be asked,
   * or gave no sense. Absent where the carrier has no such question.
   */
  readonly query?:
    | ((sent: SentSegment, signal?: AbortSignal) => Promise<CarrierReceipt | undefined>)
    | undefined
  /** Asks the carrier not to deliver it; true when it says that it will not. */
  readonly cancel?: ((sent: SentSegment, signal?: AbortSignal) => Promise<boolean>) | undefined
}

/** A carrier as its kind makes it. */
export interface Adjustable<Parts> extends Carrier {
  /**
   * Other settings, without another link: they hold from the next submission on. What a link is made with is not among
   * them. Throws RangeError for settings of which none can be made, and keeps those that it has.
   */
  adjust(parts: Parts): void
}

/** Waits for the answers of what is under way, says goodbye and closes. */
export type CloseCarrier = () => Promise<void>

export interface OutboundSegment {
  /** The same on every attempt, and no other submission's: message and number of the segment. */
  id: string
  /** E.164 with +, a short code, a name, or null: the carrier's own default. */
  from: string | null
  to: string
  encoding: 'gsm7' | 'ucs2'
  /** User data header with its length octet; empty for a message of one segment, and for a whole one. */
  header: Uint8Array
  /** Unpacked septets, one an octet, or UTF-16BE. */
  body: Uint8Array
  /** What the header says of the place in a long message. 8-bit reference. */
  concat: { reference: number; total: number; part: number } | null
  /** How many segments it stands for: what is paced and billed. More than 1 only where the carrier takes them whole. */
  segments: number
  /** How long the network shall try, in seconds. */
  validitySeconds: number
}

/** What a carrier has taken: all that it can be asked by. */
export interface SentSegment {
  remoteId: string
  remoteKey: string
  from: string | null
  to: string
}

export interface Submitted {
  /** The carrier's id as it wrote it. */
  remoteId: string
  /** The fold of that id under which receipts look for it. */
  remoteKey: string
  /** The request as it went out, for the trace. */
  request: Uint8Array
}

/**
 * One way to read the id of a receipt as that of an answer: `key` is the `remoteKey` that it leads to. The core counts
 * which readings prove right on a carrier, and once that is certain follows those alone (smpp-interop groups 31, 32).
 */
export interface Reading {
  /** Where the id stood, and how it was read: `text:same`, `tlv:hex_to_decimal`. */
  name: string
  key: string
}

export interface CarrierReceipt {
  remoteId: string
  /** Best guess first; empty when the receipt names no id. */
  readings: readonly Reading[]
  /** null: not final, or not understood. */
  state: 'delivered' | 'undelivered' | 'expired' | 'rejected' | null
  /** `message`: one receipt for all segments of a long message (smpp-interop group 34). */
  covers: 'segment' | 'message'
  /** Both addresses of the receipt, in our spelling where that can be told: one of them is the recipient (group 39). */
  parties: readonly string[]
  error: string | null
  text: string | null
  /** When the network says that it happened, ISO; null when it does not, or in a zone that nobody told us. */
  doneAt: string | null
  /** What else it says that the carrier's settings name: an operator, a reason. */
  details?: Readonly<Record<string, string | number>>
}

/** One link as its holder sees it. Times in milliseconds. */
export interface CarrierReport {
  type: string
  state: 'down' | 'binding' | 'bound'
  /** Since when it is in that state, ISO. */
  since: string
  host: string | null
  window: number
  inFlight: number
  /** Of the last thousand answers; null before the first. */
  answerMs: { p50: number; p99: number } | null
  /** Refusals by code, most frequent first, since the link was made. */
  errors: { code: string; count: number }[]
  lastError: { code: string; at: string } | null
}

export interface IncomingPart {
  from: string
  to: string
  text: string
  encoding: 'gsm7' | 'ucs2'
  /** Present when this is one part of a long message. 16-bit references are another space than 8-bit ones. */
  concat: { reference: number; bits: 8 | 16; total: number; part: number } | null
  /**
   * By what a copy is known that the network sends again because our answer did not reach it: the same fingerprint (a UUID), on
   * a session that `began` (ISO) since, or after the first one's `ended`. Absent where the network says itself which is which.
   */
  copy?: { fingerprint: string; session: string; began: string; ended?: () => Date | undefined }
  /** The network's own id of the message, where it gives one: what comes again under it, days later too, is a copy. */
  remoteId?: string
  /** The provider has taken it for this word, and acted on it and answered itself. */
  answered?: 'stop' | 'start' | 'help'
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
  /**
   * Asked in the turn of the event loop in which a segment's bytes go out; after `false` none may, and what was not written
   * fails with sent 'no'. The process may have been stopped in the meantime, and its bind be another's. Absent: always yes.
   */
  mayWrite?(): boolean
}

/**
 * What may follow an error. `never`: no carrier would take it. `elsewhere`: this one does not, another may. `later`: this
 * one, after a while. `unsent`: it never left (no link, no turn), so nothing has happened to the message.
 */
export type Retry = 'never' | 'later' | 'elsewhere' | 'unsent'

export class CarrierError extends Error {
  /** What the carrier or the link said: `ESME_RTHROTTLED`, `closed`, `timeout`. */
  readonly code: string
  readonly retry: Retry
  /** `maybe`: bytes were written and no answer came. */
  readonly sent: 'no' | 'maybe'
  readonly afterMs: number | undefined
  /** The carrier asks for less: whoever paces it slows down. */
  readonly throttled: boolean
  constructor(
    code: string,
    options: {
      retry: Retry
      sent: 'no' | 'maybe'
      afterMs?: number
      throttled?: boolean
      cause?: unknown
    },
  ) {
    super(code, { cause: options.cause })
    this.name = 'CarrierError'
    this.code = code
    this.retry = options.retry
    this.sent = options.sent
    this.afterMs = options.afterMs
    this.throttled = options.throttled ?? false
  }
}
