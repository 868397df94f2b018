import {
  type BindRequest,
  createServer,
  type PduOf,
  passwordMatches,
  type RequestPdu,
  type ResponseFields,
  readTlv,
  type ServerSession,
  SmppError,
  Status,
} from '@kurzpost/smpp'
import type { RawSegment } from '../handset/read.ts'
import { createSchedule, type Schedule } from '../schedule.ts'
import type { Settings } from '../settings.ts'
import type { Stats } from '../stats.ts'
import { spellingOf } from './message-id.ts'
import { DeliverError, type Link, type Outbox } from './outbox.ts'
import { receiptFields, wantsReceipt } from './receipt.ts'
import { createThrottle } from './throttle.ts'

/** A segment that the SMSC has taken, on its way to a handset. */
export interface Taken extends RawSegment {
  readonly from: string
  readonly to: string
  /** As it stands in the answer. */
  readonly id: string
}

export interface Smsc {
  readonly port: number
  binds(): { readonly system_id: string; readonly bind_type: string }[]
  /** Cuts every link at once. Returns how many there were. */
  dropBinds(): number
  close(): Promise<void>
}

interface Options {
  readonly host: string
  readonly port: number
  readonly responseTimeoutMs: number
  readonly settings: Settings
  readonly stats: Stats
  readonly schedule: Schedule
  readonly outbox: Outbox
  readonly nextId: () => number
  readonly now: () => number
  readonly onTaken: (segment: Taken) => void
  /** Called for every bind that is asked for. */
  readonly onBind: () => void
}

type Submission = PduOf<'submit_sm'> | PduOf<'data_sm'>
type Answer = ResponseFields | Promise<ResponseFields>

/** SMPP 3.4, 5.1.3: the code for an address that is none. */
const INVALID_DESTINATION = 0x0b
/** A peer of an older version knows no TLVs (SMPP 3.4, 3.2.1.5). */
const FIRST_VERSION_WITH_TLVS = 0x34
/** A peer has no more than its window on the way, and this is beyond any window. */
const MAX_HANDLING = 100_000
const LEAST_WINDOW = 100
/** A polite unbind waits for all answers, ours and the peer's, and some never come; then links are cut. */
const CLOSE_GRACE_MS = 250

/** Opens the SMSC. Rejects with SmppError `listen_failed` if it cannot listen. */
export async function startSmsc(options: Options): Promise<Smsc> {
  const { settings, schedule, stats, outbox, now } = options
  const links = new Map<ServerSession, Link>()
  /** A schedule of its own, since emptying the simulator must not leave a peer without its answer. */
  const answers = createSchedule()
  const passes = createThrottle(() => performance.now())
  let sinceRejected = 0

  const authorize = ({ systemId, password }: BindRequest): number => {
    options.onBind()
    if (settings.bindStatus !== 0) return settings.bindStatus
    if (settings.systemId !== '' && settings.systemId !== systemId) return Status.invalidSystemId
    if (settings.password !== '' && !passwordMatches(password, settings.password))
      return Status.invalidPassword
    return Status.ok
  }

  /** The status to refuse a submission with, or 0. */
  const judge = (pdu: Submission): number => {
    if (!passes(settings.throttlePerSecond)) {
      stats.throttled += 1
      return Status.throttled
    }
    if (pdu.destination_addr === '') return INVALID_DESTINATION
    if (settings.rejectStatus === 0) return Status.ok
    sinceRejected += 1
    if (sinceRejected < settings.rejectEvery) return Status.ok
    sinceRejected = 0
    return settings.rejectStatus
  }

  const take = (session: ServerSession, pdu: Submission): Answer => {
    stats.submit_sm += 1
    const status = judge(pdu)
    if (status !== 0) {
      if (status !== Status.throttled) stats.rejected += 1
      return { status }
    }
    stats.accepted += 1
    const id = options.nextId()
    const answer = { message_id: spellingOf(settings.idBase).answer(id) }
    options.onTaken({
      ...contentOf(pdu),
      from: pdu.source_addr,
      to: pdu.destination_addr,
      id: answer.message_id,
    })
    scheduleReceipt(session, pdu, id)
    return answerOf(session, answer)
  }

  const scheduleReceipt = (session: ServerSession, pdu: Submission, id: number): void => {
    if (settings.noReceipts || !wantsReceipt(pdu.registered_delivery, settings.receiptState)) return
    const submittedAt = now()
    // What waits must not hold the PDU: with it goes the 64 KiB that it was read in.
    const addresses = reverseAddresses(pdu)
    const { systemId } = session
    const send = (via?: Link): void => {
      const state = settings.receiptState
      const spelled = spellingOf(settings.idBase).receipt(id)
      const doneAt = now()
      const parcel = {
        kind: 'receipt' as const,
        systemId,
        write: () => ({ ...addresses, ...receiptFields(spelled, state, submittedAt, doneAt) }),
      }
      const copies = settings.duplicateReceipts ? 2 : 1
      for (let copy = 0; copy < copies; copy += 1) outbox.add(parcel, via)
    }
    if (settings.receiptsFirst) send(links.get(session))
    else schedule.after(settings.receiptDelayMs, send)
  }

  const answerOf = (session: ServerSession, answer: ResponseFields): Answer => {
    if (settings.dropLinkAfter > 0) {
      settings.dropLinkAfter -= 1
      if (settings.dropLinkAfter === 0) {
        session.destroy()
        return answer
      }
    }
    const { answerNever, answerDelayMs } = settings
    if (answerNever) return new Promise(() => {})
    if (answerDelayMs === 0) return answer
    return new Promise((resolve) => answers.after(answerDelayMs, () => resolve(answer)))
  }

  const onRequest = (session: ServerSession, pdu: RequestPdu): Answer =>
    pdu.command === 'submit_sm' || pdu.command === 'data_sm'
      ? take(session, pdu)
      : { status: Status.invalidCommandId }

  const server = await createServer({
    host: options.host,
    port: options.port,
    systemId: 'simulator',
    window: Math.max(LEAST_WINDOW, settings.window),
    maxHandling: MAX_HANDLING,
    responseTimeoutMs: options.responseTimeoutMs,
    onBind: authorize,
    // Who tests a client wants each bind judged alone and at once.
    lockout: false,
    onRequest,
    onSession(session) {
      if (session.bindType === 'transmitter') return
      const link = linkOf(session)
      links.set(session, link)
      outbox.open(link)
    },
    onClose(session) {
      const link = links.get(session)
      if (link) outbox.close(link)
      links.delete(session)
    },
  })

  return {
    port: server.port,
    binds: () =>
      [...server.sessions].map(({ systemId, bindType }) => ({ system_id: systemId, bind_type: bindType })),
    dropBinds() {
      const sessions = [...server.sessions]
      for (const session of sessions) session.destroy()
      return sessions.length
    },
    async close() {
      await server.close({ graceMs: CLOSE_GRACE_MS })
      answers.clear()
    },
  }
}

function linkOf(session: ServerSession): Link {
  const hasTlvs = session.interfaceVersion >= FIRST_VERSION_WITH_TLVS
  return {
    systemId: session.systemId,
    unanswered: 0,
    get room() {
      return session.freeWindow
    },
    async deliver(fields) {
      try {
        const answer = await session.request({
          command: 'deliver_sm',
          ...fields,
          tlvs: hasTlvs ? fields.tlvs : [],
        })
        return answer.command === 'deliver_sm_resp' ? answer.status : answer.status || Status.systemError
      } catch (error) {
        const code = error instanceof SmppError ? error.code : 'closed'
        throw new DeliverError(
          code === 'timeout' ? 'timeout' : code === 'invalid_pdu' ? 'unsendable' : 'gone',
        )
      }
    },
  }
}

/** What a handset sees of it. A message_payload stands in for short_message (SMPP 3.4, 5.3.2.32). */
function contentOf(pdu: Submission): RawSegment {
  const { esm_class: esmClass, data_coding: dataCoding } = pdu
  const short = pdu.command === 'submit_sm' ? pdu.short_message : new Uint8Array(0)
  if (pdu.tlvs.length === 0) return { octets: short, esmClass, dataCoding }
  const octets = short.length > 0 ? short : (readTlv(pdu, 'message_payload') ?? short)
  const [reference, total, part] = [
    readTlv(pdu, 'sar_msg_ref_num'),
    readTlv(pdu, 'sar_total_segments'),
    readTlv(pdu, 'sar_segment_seqnum'),
  ]
  const isPart = reference !== undefined && total !== undefined && part !== undefined
  return { octets, esmClass, dataCoding, sar: isPart ? { reference, total, part } : undefined }
}

/** A receipt comes from where the message went. */
function reverseAddresses(pdu: Submission) {
  return {
    source_addr_ton: pdu.dest_addr_ton,
    source_addr_npi: pdu.dest_addr_npi,
    source_addr: pdu.destination_addr,
    dest_addr_ton: pdu.source_addr_ton,
    dest_addr_npi: pdu.source_addr_npi,
    destination_addr: pdu.source_addr,
  }
}
