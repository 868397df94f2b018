import { dataCodingFor, joinUserData } from '@kurzpost/gsm'
import {
  createClient,
  messageIdKey,
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
  log: Log
}

/** `smpp://system_id:password@host:port`, or `smpps:` for TLS; 2775 is the registered port, 3550 the one for TLS. */
export function parseSmppUrl(text: string): Omit<SmppCarrierOptions, 'window' | 'log'> {
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
const receiptWanted = 1 // registered_delivery: final outcome, good or bad [SMPP 3.4 §5.2.17]

/** One transceiver bind to an SMSC, behind the carrier port. */
export function createSmppCarrier(options: SmppCarrierOptions): Carrier {
  const { log, window, tls, ...peer } = options
  let sink: CarrierSink | undefined
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
      sink?.changed()
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
    const answer = await client
      .submitSm(submitFields(segment), signal ? { signal } : {})
      .catch((error: unknown) => {
        throw classify(error)
      })
    if (answer.status !== Status.ok) throw refusal(answer.status)
    return {
      remoteId: answer.message_id,
      remoteKey: messageIdKey(answer.message_id),
      request: answer.request,
    }
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
    data_coding: dataCodingFor(encoding),
    short_message: joinUserData({ header: udh, body }),
  }
}

function classify(error: unknown): CarrierError {
  if (error instanceof SmppError)
    return new CarrierError(error.code, { retry: 'elsewhere', sent: error.sent, afterMs: 500, cause: error })
  throw error
}
