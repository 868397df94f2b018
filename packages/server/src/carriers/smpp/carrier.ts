import { dataCodingFor, joinUserData } from '@kurzpost/gsm'
import {
  createClient,
  encodePdu,
  messageIdKey,
  type PduOf,
  type SmppClient,
  SmppError,
  Status,
  type SubmitFields,
} from '@kurzpost/smpp'
import type { Log } from '../../log.ts'
import {
  type Carrier,
  CarrierError,
  type CarrierSink,
  type OutboundSegment,
  type Submitted,
} from '../carrier.ts'
import { toSmpp } from './address.ts'
import { type Delivery, readPart, readReceipt } from './incoming.ts'
import { refusal } from './status.ts'
import { validityPeriod } from './validity.ts'

export interface SmppCarrierOptions {
  host: string
  port: number
  tls: boolean
  systemId: string
  password: string
  window: number
  /** How long an answer is waited for; one that comes later still counts. */
  responseTimeoutMs?: number
  log: Log
}

/** `smpp://system_id:password@host:port`, or `smpps:` for TLS; 2775 is the registered port, 3550 the one for TLS. */
export function parseSmppUrl(text: string): Omit<SmppCarrierOptions, 'window' | 'log' | 'responseTimeoutMs'> {
  const url = new URL(text)
  const tls = url.protocol === 'smpps:'
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: Number(url.port || (tls ? 3550 : 2775)),
    tls,
    systemId: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
  }
}

const header = 0x40 // esm_class: user data header present [SMPP 3.4 §5.2.12]
/** Segments whose late answers are waited for, at most: some windows full. */
const lateLimit = 10_000
const receiptWanted = 1 // registered_delivery: final outcome, good or bad [SMPP 3.4 §5.2.17]

/** One transceiver bind to an SMSC, behind the carrier port. */
export function createSmppCarrier(options: SmppCarrierOptions): Carrier {
  const { log, window, tls, ...peer } = options
  let sink: CarrierSink | undefined
  /** By sequence_number, which means something on one link only. */
  const unanswered = new Map<number, { segment: OutboundSegment; request: Uint8Array }>()
  const client: SmppClient = createClient({
    ...peer,
    ...(tls ? { tls: { servername: peer.host } } : {}),
    bindType: 'transceiver',
    window,
    async onRequest(pdu) {
      if (pdu.command !== 'deliver_sm' && pdu.command !== 'data_sm')
        return { status: Status.invalidCommandId }
      return { status: await deliver(pdu) }
    },
    onState(state, detail) {
      log.info({ state, ...(detail ? { detail } : {}) }, 'the SMPP link changed')
      if (state === 'binding') unanswered.clear()
      sink?.changed()
    },
    onLog({ what, detail, pdu }) {
      log.debug({ what, detail }, 'the SMPP peer did something unusual')
      if (what === 'unmatched' && pdu?.command === 'submit_sm_resp') takeLate(pdu)
    },
  })

  /** The status to answer: OK after the commit; anything else makes the SMSC keep it and come again. */
  async function deliver(pdu: Delivery): Promise<number> {
    if (!sink) return Status.receiverTemporary
    try {
      const receipt = readReceipt(pdu)
      if (receipt) await sink.receipt(receipt)
      else await sink.incoming(readPart(pdu))
      return Status.ok
    } catch (error) {
      log.warn({ error: (error as Error).message }, 'a delivery could not be stored; the SMSC keeps it')
      return Status.systemError
    }
  }

  async function submit(segment: OutboundSegment, signal?: AbortSignal): Promise<Submitted> {
    const fields = submitFields(segment)
    const answer = await client.submit(fields, signal ? { signal } : {}).catch((error: unknown) => {
      if (error instanceof SmppError && error.code === 'timeout' && error.sequence !== undefined)
        expectLate(
          error.sequence,
          segment,
          encodePdu({ ...fields, command: 'submit_sm', sequence: error.sequence }),
        )
      throw classify(error)
    })
    if (answer.status !== Status.ok) throw refusal(answer.status)
    return taken(answer.message_id, answer.request)
  }

  function expectLate(sequence: number, segment: OutboundSegment, request: Uint8Array): void {
    if (unanswered.size >= lateLimit) unanswered.delete(unanswered.keys().next().value!)
    unanswered.set(sequence, { segment, request })
  }

  /** A late refusal changes nothing: the message waits as one of unknown fate, and the lane knows what to do. */
  function takeLate({ sequence, status, message_id }: PduOf<'submit_sm_resp'>): void {
    const entry = unanswered.get(sequence)
    unanswered.delete(sequence)
    if (entry && status === Status.ok) sink?.late(entry.segment, taken(message_id, entry.request))
  }

  return {
    get freeWindow() {
      return client.state === 'bound' ? client.freeWindow : 0
    },
    submit,
    async open(opened) {
      sink = opened
      client.start()
      return async () => {
        await client.close()
        sink = undefined
      }
    },
  }
}

const taken = (messageId: string, request: Uint8Array): Submitted => ({
  remoteId: messageId,
  remoteKey: messageIdKey(messageId),
  request,
})

function submitFields({
  from,
  to,
  encoding,
  header: udh,
  body,
  validitySeconds,
}: OutboundSegment): SubmitFields {
  const source = toSmpp(from)
  const destination = toSmpp(to)
  return {
    source_addr_ton: source.ton,
    source_addr_npi: source.npi,
    source_addr: source.address,
    dest_addr_ton: destination.ton,
    dest_addr_npi: destination.npi,
    destination_addr: destination.address,
    esm_class: udh.length > 0 ? header : 0,
    registered_delivery: receiptWanted,
    validity_period: validityPeriod(validitySeconds),
    data_coding: dataCodingFor({ charset: encoding }),
    short_message: joinUserData({ header: udh, body }),
  }
}

function classify(error: unknown): CarrierError {
  if (error instanceof SmppError)
    return new CarrierError(error.code, { retry: 'elsewhere', sent: error.sent, afterMs: 500, cause: error })
  throw error
}
