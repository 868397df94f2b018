import type { TlsOptions } from 'node:tls'
import {
  createServer,
  type PduInputOf,
  type PduOf,
  type RequestPdu,
  type ServerSession,
  SmppError,
  Status,
  type Time,
} from '@kurzpost/smpp'
import type { Behaviour } from '../behaviour.ts'
import { createSchedule, type Schedule } from '../schedule.ts'
import type { Stats } from '../stats.ts'
import type { Trace } from '../trace.ts'
import { createAdmission } from './admission.ts'
import { createBreaks } from './faults/breaks.ts'
import { createFaults } from './faults/faults.ts'
import { frameOf } from './faults/frames.ts'
import type { FaultName } from './faults/groups.ts'
import { createWire, type Wire } from './faults/wire.ts'
import type { Journal, JournaledSubmit } from './journal.ts'
import { createLedger, type Entry } from './ledger.ts'
import { createOperations } from './operations.ts'
import { DeliverError, type Link, type Outbox } from './outbox.ts'
import { createReceipts } from './receipts/receipts.ts'
import { type Answer, createSubmissions, type Taken } from './submissions.ts'

export interface Smsc {
  readonly port: number
  binds(): { readonly system_id: string; readonly bind_type: string }[]
  /** Cuts every link at once. Returns how many there were. */
  dropBinds(): number
  /** Spoils the next PDUs that this group can spoil, and sends one that it may spoil at once on every bind. */
  spoil(group: FaultName, count: number): void
  /** Makes the receipts again that a process before this one owed. */
  resume(submits: readonly JournaledSubmit[]): void
  /** Forgets messages, receipts that are held back and faults that were asked for. */
  clear(): void
  close(): Promise<void>
}

interface Options {
  readonly host: string
  readonly port: number
  readonly tls?: TlsOptions | undefined
  readonly responseTimeoutMs: number
  readonly behaviour: Behaviour
  readonly stats: Stats
  readonly schedule: Schedule
  readonly outbox: Outbox
  readonly trace: Trace
  readonly journal: Journal | undefined
  readonly time: Time
  /** Milliseconds since the epoch. */
  readonly wallClock: () => number
  readonly nextId: (reuse: number) => number
  readonly onTaken: (segment: Taken) => readonly string[] | undefined
  readonly onReplaced: (entry: Entry, pdu: PduOf<'replace_sm'>) => void
  /** Called for every bind that is asked for. */
  readonly onBind: () => void
}

/** As much as the setting can say; what holds is the setting. */
const WINDOW = 10_000
/** A polite unbind waits for all answers, ours and the peer's, and some never come; then links are cut. */
const CLOSE_GRACE_MS = 250
/** The link that brought it went with the process. */
const NO_LINK = 0
const ENQUIRE_LINK = 0x15
const PROBE_SEQUENCE = 0x7100_0000

/** Opens the SMSC. Rejects with SmppError `listen_failed` if it cannot listen. */
export async function startSmsc(options: Options): Promise<Smsc> {
  const { behaviour, outbox, trace, time } = options
  const { settings } = behaviour
  const links = new Map<number, Link>()
  const wires = new Map<number, Wire>()
  /** A schedule of its own, since emptying the simulator must not leave a peer without its answer. What it holds ends with the SMSC. */
  const answers = createSchedule(time)
  const ledger = createLedger()
  const faults = createFaults({ behaviour, trace })
  const breaks = createBreaks({ behaviour, wires, trace })
  const admission = createAdmission({ behaviour, trace, time, schedule: answers })
  const receipts = createReceipts({ ...options, ledger })
  const submissions = createSubmissions({
    ...options,
    schedule: answers,
    receipts,
    breaks,
    linkOf: ({ id }) => links.get(id),
  })
  const operate = createOperations({ ...options, ledger })

  const onRequest = (session: ServerSession, pdu: RequestPdu): Answer => {
    if (pdu.command === 'submit_sm') return submissions.submit(session, pdu)
    if (behaviour.plan.unsupported.has(pdu.command)) return { status: settings.unsupportedStatus }
    if (pdu.command === 'data_sm') return submissions.submit(session, pdu)
    if (pdu.command === 'submit_multi') return submissions.submitMulti(session, pdu)
    if (pdu.command === 'broadcast_sm') return submissions.broadcast(session, pdu)
    return operate(session, pdu)
  }

  const server = await createServer({
    host: options.host,
    port: options.port,
    ...(options.tls && { tls: options.tls }),
    systemId: 'simulator',
    window: WINDOW,
    // What is never answered (answerNever) counts as in hand for ever; answers that are only late have a bound of their own.
    maxHandling: Number.POSITIVE_INFINITY,
    responseTimeoutMs: options.responseTimeoutMs,
    // Whom it refuses, and when, is for its settings to say.
    lockout: false,
    time,
    wire(id, socket) {
      const wire = createWire({ id, socket, tampering: faults, time })
      wires.set(id, wire)
      socket.once('close', () => wires.delete(id))
      return wire.write
    },
    onBind(bind) {
      options.onBind()
      return admission.judge(bind)
    },
    onRequest,
    onSession(session) {
      admission.opened(session.systemId)
      if (session.bindType === 'transmitter') return
      const link = linkOf(session)
      links.set(session.id, link)
      outbox.open(link)
    },
    onClose(session) {
      admission.closed(session.systemId)
      const link = links.get(session.id)
      if (link) outbox.close(link)
      links.delete(session.id)
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
    spoil(group, count) {
      faults.order(group, count)
      for (const { id } of server.sessions) wires.get(id)?.inject(frameOf(ENQUIRE_LINK, 0, PROBE_SEQUENCE))
    },
    resume(submits) {
      for (const { id, system: systemId, ...entry } of submits) {
        const pdu = {
          source_addr_ton: entry.from.ton,
          source_addr_npi: entry.from.npi,
          source_addr: entry.from.address,
          dest_addr_ton: entry.to.ton,
          dest_addr_npi: entry.to.npi,
          destination_addr: entry.to.address,
          registered_delivery: entry.registered,
          tlvs: [],
        }
        const key = behaviour.chance.message(entry.to.address)
        const session = { id: NO_LINK, systemId }
        receipts.promise({ session, pdu, id, key, concat: () => undefined, whole: undefined }, undefined)
      }
    },
    clear() {
      ledger.clear()
      receipts.clear()
      submissions.clear()
      faults.clear()
    },
    async close() {
      const grace = setTimeout(() => {
        for (const session of [...server.sessions]) session.destroy()
      }, CLOSE_GRACE_MS)
      await server.close()
      clearTimeout(grace)
      answers.clear()
    },
  }
}

function linkOf(session: ServerSession): Link {
  const { id, systemId, bindType } = session
  return {
    id,
    systemId,
    bindType,
    unanswered: 0,
    get room() {
      return session.freeWindow
    },
    async deliver(fields) {
      try {
        const answer = await session.request({ command: 'deliver_sm', ...fields } as PduInputOf<'deliver_sm'>)
        return answer.command === 'generic_nack' ? answer.status || Status.systemError : answer.status
      } catch (error) {
        const code = error instanceof SmppError ? error.code : 'closed'
        throw new DeliverError(
          code === 'timeout' ? 'timeout' : code === 'invalid_pdu' ? 'unsendable' : 'gone',
        )
      }
    },
  }
}
