import {
  type PduOf,
  type RequestPdu,
  type ResponseFields,
  readTlv,
  type ServerSession,
  Status,
  type Time,
} from '@kurzpost/smpp'
import { type Behaviour, happens } from '../behaviour.ts'
import { purposes } from '../chance.ts'
import { type Concat, type RawSegment, readSegment } from '../handset/read.ts'
import type { Schedule } from '../schedule.ts'
import { sampleFor } from '../settings/times.ts'
import type { Stats } from '../stats.ts'
import type { Trace } from '../trace.ts'
import type { Breaks } from './faults/breaks.ts'
import { type Journal, journaled } from './journal.ts'
import { createLimit, type Limit } from './limit.ts'
import type { Link } from './outbox.ts'
import type { Receipts } from './receipts/receipts.ts'

/** A segment that the SMSC has taken, on its way to a handset. */
export interface Taken extends RawSegment {
  readonly from: string
  readonly to: string
  /** As it stands in the answer. */
  readonly id: string
}

export type Submission = PduOf<'submit_sm'> | PduOf<'data_sm'>
export type Answer = ResponseFields | Promise<ResponseFields>

/** SMPP 3.4, 5.1.3: the code for an address that is none. */
const INVALID_DESTINATION = 0x0b
const INVALID_LIST = 0x34
const MESSAGE_QUEUE_FULL = 0x14
const TOO_MANY_LIMITS = 10_000
/** Answers that are late at a time. Each holds the octets that its request was read in. */
const MAX_LATE = 100_000

interface Options {
  readonly behaviour: Behaviour
  readonly schedule: Schedule
  readonly stats: Stats
  readonly receipts: Receipts
  readonly breaks: Breaks
  readonly trace: Trace
  readonly journal: Journal | undefined
  readonly time: Time
  /** Milliseconds since the epoch. */
  readonly wallClock: () => number
  readonly nextId: (reuse: number) => number
  /** Gives the ids of all parts, in order, if this one made the text whole. */
  readonly onTaken: (segment: Taken) => readonly string[] | undefined
  readonly linkOf: (session: ServerSession) => Link | undefined
}

/** What becomes of a submit_sm, data_sm, submit_multi or broadcast_sm: refused or taken, and answered when and how. */
export function createSubmissions(options: Options) {
  const { behaviour, stats, receipts, breaks, trace, journal, time, onTaken } = options
  const limits = new Map<string, Limit>()

  const limitOf = (session: ServerSession): Limit => {
    const key = behaviour.settings.limitPer === 'bind' ? `bind ${session.id}` : `system ${session.systemId}`
    let limit = limits.get(key)
    if (!limit) {
      // Links come and go: what they leave behind must not grow without end.
      if (limits.size >= TOO_MANY_LIMITS) limits.clear()
      limit = createLimit()
      limits.set(key, limit)
    }
    return limit
  }

  const refusalOf = (to: string, key: number): number => {
    if (to === '') return INVALID_DESTINATION
    return behaviour.plan.refusals?.pick(to, key, purposes.refusal) ?? Status.ok
  }

  const accept = (session: ServerSession, pdu: Submission, id: number, key: number): string => {
    stats.accepted += 1
    const spelled = behaviour.plan.ids.answer(id)
    const content = contentOf(pdu)
    const { systemId: system } = session
    journal?.submitted(journaled({ id, system, at: options.wallClock(), octets: content.octets }, pdu))
    const whole = onTaken({ ...content, from: pdu.source_addr, to: pdu.destination_addr, id: spelled })
    const concat = (): Concat | undefined => readSegment(content).concat
    receipts.promise({ session, pdu, id, key, concat, whole }, options.linkOf(session))
    return spelled
  }

  const refuse = (status: number): ResponseFields => {
    if (status === behaviour.settings.limitStatus) stats.throttled += 1
    else stats.rejected += 1
    return { status }
  }

  /** Milliseconds that the hidden limit makes the answer wait, or a refusal. */
  const pass = (session: ServerSession): { readonly wait: number } | ResponseFields => {
    const { plan, settings } = behaviour
    const { limitStyle } = settings
    if (limitStyle === 'delay') return { wait: limitOf(session).owe(time.now(), plan.limit) }
    if (limitOf(session).take(time.now(), plan.limit) === 0) return FREE
    if (limitStyle === 'disconnect') breaks.cut(session, 'limit')
    stats.throttled += 1
    return { status: settings.limitStatus }
  }

  const judgeAndTake = (session: ServerSession, pdu: Submission): Answer => {
    const { plan } = behaviour
    if (options.schedule.size >= MAX_LATE) return seen(session, pdu, refuse(MESSAGE_QUEUE_FULL), 0)
    const key = plan.draws ? behaviour.chance.message(pdu.destination_addr) : 0
    const broken = plan.breaks ? breaks.at(session, key) : 'no'
    if (broken === 'before-taking') return {}

    const passed = plan.limit.perSecond === 0 ? FREE : pass(session)
    if (!('wait' in passed)) return seen(session, pdu, passed, 0)
    const status = refusalOf(pdu.destination_addr, key)
    const answer =
      status === 0
        ? { message_id: accept(session, pdu, options.nextId(behaviour.settings.idReuse), key) }
        : refuse(status)
    const delay = passed.wait + sampleFor(plan.answerDelay, key, purposes.answerDelay)
    seen(session, pdu, answer, delay)
    if (broken === 'before-answer') return breaks.cut(session, 'before answer')
    if (broken === 'after-answer') return later(answer, delay, () => breaks.cutSoon(session, 'after answer'))
    if (happens(behaviour.settings.answerNever, key, purposes.answerNever)) return new Promise(() => {})
    return delay === 0 ? answer : later(answer, delay)
  }

  const seen = (
    session: ServerSession,
    pdu: Submission,
    answer: ResponseFields,
    delay: number,
  ): ResponseFields => {
    if (trace.on) {
      const { systemId: system } = session
      const { status = 0, message_id: id = '' } = answer
      trace.add('submit', { system, to: pdu.destination_addr, status, id, delay: Math.round(delay) })
    }
    return answer
  }

  const later = (answer: ResponseFields, delay: number, then?: () => void): Promise<ResponseFields> =>
    new Promise((resolve) =>
      options.schedule.after(delay, () => {
        resolve(answer)
        then?.()
      }),
    )

  /** One id for all, and a line for each that is refused. [SMPP 3.4 §4.5] */
  const takeMany = (session: ServerSession, pdu: PduOf<'submit_multi'>): ResponseFields => {
    const id = options.nextId(behaviour.settings.idReuse)
    const unsuccess_smes = pdu.dest_addresses.flatMap((destination) => {
      if ('dl_name' in destination) {
        return [
          {
            dest_addr_ton: 0,
            dest_addr_npi: 0,
            destination_addr: destination.dl_name,
            error_status_code: INVALID_LIST,
          },
        ]
      }
      const to = destination.destination_addr
      const key = behaviour.plan.draws ? behaviour.chance.message(to) : 0
      const error_status_code = refusalOf(to, key)
      if (error_status_code !== 0) return [{ ...destination, error_status_code }]
      const { dest_addresses: _all, ...rest } = pdu
      accept(session, { ...rest, ...destination, command: 'submit_sm' }, id, key)
      return []
    })
    const message_id = behaviour.plan.ids.answer(id)
    trace.add('submit', {
      system: session.systemId,
      to: `${pdu.dest_addresses.length} recipients`,
      id: message_id,
    })
    return { message_id, unsuccess_smes }
  }

  return {
    submit(session: ServerSession, pdu: Submission): Answer {
      stats.submit_sm += 1
      return judgeAndTake(session, pdu)
    },
    submitMulti(session: ServerSession, pdu: PduOf<'submit_multi'>): ResponseFields {
      stats.submit_sm += 1
      return takeMany(session, pdu)
    },
    /** Limits begin again with a full bucket. */
    clear: () => limits.clear(),
    /** Accepted and shown nowhere: no handset has a cell. */
    broadcast(session: ServerSession, pdu: RequestPdu): ResponseFields {
      const message_id = behaviour.plan.ids.answer(options.nextId(behaviour.settings.idReuse))
      trace.add('operation', { system: session.systemId, command: pdu.command, id: message_id })
      return { message_id }
    },
  }
}

const FREE = { wait: 0 } as const

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
