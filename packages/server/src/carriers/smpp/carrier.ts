import { randomInt } from 'node:crypto'
import {
  createClient,
  encodePdu,
  type PduOf,
  type Peer,
  type SmppClient,
  SmppError,
  type SmppVersion,
  Status,
} from '@kurzpost/smpp'
import type { Clock } from '../../clock.ts'
import type { Log } from '../../log.ts'
import {
  type Adjustable,
  CarrierError,
  type CarrierSink,
  type OutboundSegment,
  type Submitted,
} from '../carrier.ts'
import { createReport } from '../report.ts'
import { createCopies } from './copies.ts'
import { answerKey, longestId, referenceKey } from './ids.ts'
import { type Delivery, deliveryReader } from './incoming.ts'
import { questions } from './operations.ts'
import { submissionWriter } from './outgoing.ts'
import type { BindType, SmppSettings } from './settings.ts'
import { refusals } from './status.ts'

export interface SmppCarrierOptions {
  settings: SmppSettings
  password: string
  /** What the one session of this carrier is for: a receiver never submits. */
  type: BindType
  clock: Clock
  log: Log
}

interface Unanswered {
  segment: OutboundSegment
  request: Uint8Array
  reference: number | undefined
}
/** Segments whose late answers are waited for, at most: some windows full. */
const lateLimit = 10_000
/** Between two tries to bind at most; longer only where the settings ask for more. */
const longestPauseMs = 60_000
const versions: Readonly<Record<SmppSettings['interface_version'], SmppVersion>> = {
  '3.3': 0x33,
  '3.4': 0x34,
  '5.0': 0x50,
}
const states = { bound: 'bound', unbinding: 'bound', connecting: 'binding', binding: 'binding' } as const

/**
 * One bind to an SMSC, behind the carrier port. Throws RangeError or SmppError for settings of which no bind can be made:
 * a pattern, zone, status or TLV that is none.
 */
export function createSmppCarrier(options: SmppCarrierOptions): Adjustable<{ settings: SmppSettings }> {
  const { settings: first, password, type, clock, log } = options
  const submits = type !== 'receiver'
  let manners = mannersOf(first, clock)
  const report = createReport({ clock, type, host: null, window: submits ? first.window : 0 })
  const copies = createCopies(clock)
  let sink: CarrierSink | undefined
  /** By sequence_number, which means something on one link only. */
  const unanswered = new Map<number, Unanswered>()
  const peers = first.hosts.map(peerOf)
  const client: SmppClient = createClient({
    ...peers[0]!,
    others: peers.slice(1),
    ...bindOptions(first),
    ...linkOptions(first),
    password,
    bindType: type,
    async onRequest(pdu) {
      if (pdu.command !== 'deliver_sm' && pdu.command !== 'data_sm')
        return { status: Status.invalidCommandId }
      return { status: await deliver(pdu) }
    },
    mayWrite: () => sink?.mayWrite?.() ?? true,
    onAnswer(answer, ms) {
      if (answer.command === 'submit_sm_resp') report.answered(ms)
    },
    onState(state, detail) {
      log.info({ state, ...(detail ? { detail } : {}) }, 'the SMPP link changed')
      if (state === 'binding') unanswered.clear()
      if (state === 'bound') copies.begin()
      if (state === 'waiting' || state === 'closed') copies.end()
      if (state === 'waiting' && detail.reason) report.failed(detail.detail ?? detail.reason)
      report.moved(state in states ? states[state as keyof typeof states] : 'down', client.peer ?? null)
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
      const { read } = manners
      const receipt = read.receipt(pdu)
      if (receipt) await sink.receipt(receipt)
      else await copies.once(pdu, (copy) => sink!.incoming({ ...read.part(pdu), copy }))
      return Status.ok
    } catch (error) {
      log.warn({ error: (error as Error).message }, 'a delivery could not be stored; the SMSC keeps it')
      return Status.systemError
    }
  }

  async function submit(segment: OutboundSegment, signal?: AbortSignal): Promise<Submitted> {
    if (!submits) throw failed(new CarrierError('not_bound', { retry: 'unsent', sent: 'no' }))
    const { write, refusal, byReference } = manners
    const reference = byReference ? nextReference() : undefined
    const fields = write.submit(segment, reference)
    const answer = await client.submit(fields, signal ? { signal } : {}).catch((error: unknown) => {
      if (error instanceof SmppError && error.code === 'timeout' && error.sequence !== undefined)
        expectLate(error.sequence, {
          segment,
          request: encodePdu({ ...fields, command: 'submit_sm', sequence: error.sequence }),
          reference,
        })
      throw failed(classify(error))
    })
    if (answer.status !== Status.ok) throw failed(refusal.of(answer.status))
    return taken(answer.message_id, answer.request, reference)
  }

  function failed(error: CarrierError): CarrierError {
    report.failed(error.code)
    return error
  }

  function expectLate(sequence: number, entry: Unanswered): void {
    if (unanswered.size >= lateLimit) unanswered.delete(unanswered.keys().next().value!)
    unanswered.set(sequence, entry)
  }

  /** From anywhere, so that a restart does not begin with references that are on their way. */
  let reference = randomInt(0x10000)
  const nextReference = (): number => (reference = (reference + 1) & 0xffff)

  /** A late refusal changes nothing: the message waits as one of unknown fate, and the lane knows what to do. */
  function takeLate({ sequence, status, message_id }: PduOf<'submit_sm_resp'>): void {
    const entry = unanswered.get(sequence)
    unanswered.delete(sequence)
    if (entry && status === Status.ok)
      sink?.late(entry.segment, taken(message_id, entry.request, entry.reference))
  }

  return {
    get freeWindow() {
      return submits && client.state === 'bound' ? client.freeWindow : 0
    },
    get long() {
      return manners.settings.long_messages === 'payload' ? ('whole' as const) : ('segments' as const)
    },
    submit,
    get query() {
      const { settings, write } = manners
      return settings.query_sm && submits ? questions(client, write, settings).query : undefined
    },
    get cancel() {
      const { settings, write } = manners
      return settings.cancel_sm && submits ? questions(client, write, settings).cancel : undefined
    },
    report: () => report.read(client.inFlight),
    adjust({ settings }) {
      manners = mannersOf(settings, clock)
      client.adjust(linkOptions(settings))
      report.widened(submits ? settings.window : 0)
      sink?.changed()
    },
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

/** What settings make of submissions, answers and deliveries: no bind knows of it. */
const mannersOf = (settings: SmppSettings, clock: Clock) => ({
  settings,
  byReference: settings.receipts.named_by === 'reference',
  write: submissionWriter(settings, () => clock.now()),
  read: deliveryReader(settings),
  refusal: refusals(settings),
})

const peerOf = ({ host, port, tls, servername }: SmppSettings['hosts'][number]): Peer => ({
  host,
  port,
  ...(tls ? { tls: servername === undefined ? true : { servername } } : {}),
})

/** What a bind is asked for with: another one needs another bind. */
const bindSettings = ['hosts', 'system_id', 'system_type', 'address_range', 'interface_version'] as const

/** Those of the settings that only a new bind brings into force. */
export const bindPart = (settings: SmppSettings) =>
  Object.fromEntries(bindSettings.map((name) => [name, settings[name]]))

function bindOptions(settings: SmppSettings) {
  return {
    systemId: settings.system_id,
    systemType: settings.system_type,
    addressRange: settings.address_range,
    interfaceVersion: versions[settings.interface_version],
    // 3.3 is meant: some SMSCs that are bound with it say nothing and take no TLVs.
    ...(settings.interface_version === '3.3' ? { version: versions['3.3'] } : {}),
  }
}

function linkOptions(settings: SmppSettings) {
  const minMs = settings.bind_pause_seconds * 1_000
  return {
    window: settings.window,
    responseTimeoutMs: settings.response_timeout_seconds * 1_000,
    enquireLinkMs: settings.enquire_link_seconds * 1_000,
    bindTimeoutMs: settings.bind_timeout_seconds * 1_000,
    reconnect: { minMs, maxMs: Math.max(longestPauseMs, minMs) },
  }
}

const taken = (messageId: string, request: Uint8Array, reference: number | undefined): Submitted => ({
  remoteId: messageId.slice(0, longestId),
  remoteKey: reference === undefined ? answerKey(messageId) : referenceKey(reference),
  request,
})

function classify(error: unknown): CarrierError {
  if (error instanceof CarrierError) return error
  if (error instanceof SmppError) {
    const { code, sent } = error
    // No carrier has refused what did not leave for want of a link, but for what cannot be put into a PDU of this one.
    const retry = sent === 'no' && code !== 'invalid_pdu' ? 'unsent' : 'elsewhere'
    return new CarrierError(code, { retry, sent, cause: error })
  }
  throw error
}
