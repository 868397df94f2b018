import { GsmError } from '@kurzpost/gsm'
import { type ServerSession, SmppError, Status, statusName } from '@kurzpost/smpp'
import type { Bell } from '../bell.ts'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import { startPulse } from '../pulse.ts'
import type { Db } from '../store/db.ts'
import { claimDeliveries, type Delivery, type End, type Outcome, settleDeliveries } from './delivery.store.ts'
import type { Directory } from './directory.ts'
import { inboundPdus } from './inbound.ts'
import type { Login } from './login.store.ts'
import { receiptPdu } from './receipt.ts'

/**
 * How long a claim holds: no request is waited for so long. A dead node's are freed long before; those of one that only
 * stands still (SIGSTOP) lapse.
 */
export const claimMs = 60_000
/** For an answer to a deliver_sm. */
const answerMs = 30_000
/** After so long a claim is not begun any more: its answer might come when it has lapsed. */
const startMs = claimMs - answerMs - 10_000
/** What one login may have claimed and not answered on a node, whatever its windows. */
const mostOfLogin = 1_000
/** Pauses after "later": of one delivery by its attempts, and of the login by its refusals in a row. */
const pause = (times: number, firstMs: number, mostMs: number): number =>
  Math.min(mostMs, firstMs * 2 ** Math.min(times - 1, 30))
const deliveryPause = (attempt: number): number => pause(attempt, 1_000, 5 * 60_000)
const loginPause = (refusals: number): number => pause(refusals, 250, 30_000)

/** The ESME has it and does not want it: to send it again would be no news. [SMPP 3.4 §5.1.3] */
const final: ReadonlySet<number> = new Set([0x65, 0x66])

interface Line {
  readonly loginId: string
  readonly sessions: Set<ServerSession>
  /** Requests of ours on each session; some end after it. */
  readonly inFlight: WeakMap<ServerSession, number>
  queue: { delivery: Delivery; claimedAt: number }[]
  /** Claimed and without an outcome. */
  held: number
  refusals: number
  pausedUntil: number
  /** The last look found all that there is: what comes now may be claimed as it is written. */
  drained: boolean
}

export interface Sender {
  /** A session that receives. */
  join(loginId: string, session: ServerSession): void
  leave(loginId: string, session: ServerSession): void
  /** How many new deliveries of the login may be claimed for this node as they are written; reserves them. */
  reserve(loginId: string, most: number): number
  /** The transaction that wrote them has failed. */
  unreserve(loginId: string, count: number): void
  /** What was reserved is committed. */
  push(deliveries: readonly Delivery[], claimedAt: number): void
  /** Something is due that nobody has claimed. */
  look(): void
  /** Nothing new goes out; resolves when every outcome is with the database, or `graceMs` is over. */
  stop(graceMs: number): Promise<void>
}

/**
 * Deliveries to the sessions of this node: claims what is due as there is room, sends on any session that receives, and
 * records the outcomes in batches. What is answered OK goes; what is cut before its answer comes again.
 */
export function startSender(options: {
  db: Db
  clock: Clock
  bell: Bell
  log: Log
  node: number
  directory: () => Directory
}): Sender {
  const { db, clock, bell, log, node, directory } = options
  const lines = new Map<string, Line>()
  let outcomes: Outcome[] = []
  let stopping = false
  let settled = (): void => {}

  function lineOf(loginId: string): Line {
    const known = lines.get(loginId)
    if (known) return known
    const line: Line = {
      loginId,
      sessions: new Set(),
      inFlight: new WeakMap(),
      queue: [],
      held: 0,
      refusals: 0,
      pausedUntil: 0,
      drained: false,
    }
    lines.set(loginId, line)
    return line
  }

  /** Places for claims: the windows, and as many again so that none runs dry while the next are fetched. */
  function roomOf(line: Line): number {
    const login = directory().byId(line.loginId)
    if (!login?.enabled || line.sessions.size === 0 || line.pausedUntil > clock.monotonic()) return 0
    return Math.max(0, Math.min(mostOfLogin, 2 * login.window_size * line.sessions.size) - line.held)
  }

  async function claim(): Promise<number | undefined> {
    if (stopping) return undefined
    const open = [...lines.values()]
      .map((line) => ({ line, room: roomOf(line) }))
      .filter(({ room }) => room > 0)
    if (open.length === 0) return undefined
    const now = clock.now()
    const claimedAt = clock.monotonic()
    for (const { line } of open) line.drained = true
    const found = await claimDeliveries(db, {
      logins: open.map(({ line }) => line.loginId),
      rooms: open.map(({ room }) => room),
      node,
      now,
      lapses: new Date(now.getTime() + claimMs),
    })
    const byLogin = Map.groupBy(found, (delivery) => delivery.login_id)
    let more = false
    for (const { line, room } of open) {
      const mine = byLogin.get(line.loginId) ?? []
      if (mine.length === room) {
        line.drained = false
        more = true
      }
      line.held += mine.length
      for (const delivery of mine) line.queue.push({ delivery, claimedAt })
      pump(line)
    }
    return more ? 0 : undefined
  }

  function pump(line: Line): void {
    if (line.queue.length === 0 || stopping) return
    const login = directory().byId(line.loginId)
    if (!login?.enabled || line.sessions.size === 0) {
      release(line)
      return
    }
    if (line.pausedUntil > clock.monotonic()) return
    let sent = 0
    for (const { delivery, claimedAt } of line.queue) {
      const session = freest(line, login.window_size)
      if (!session) break
      sent++
      if (clock.monotonic() - claimedAt > startMs)
        finish(line, delivery, { outcome: 'retry', due_at: clock.now(), done: [] })
      else void send(line, session, login, delivery)
    }
    line.queue = line.queue.slice(sent)
    if (!line.drained && line.held < login.window_size) claiming.ring()
  }

  function freest(line: Line, window: number): ServerSession | undefined {
    let best: ServerSession | undefined
    let room = 0
    for (const session of line.sessions) {
      if (!session.bound) continue
      const free = Math.min(session.freeWindow, window - (line.inFlight.get(session) ?? 0))
      if (free > room) {
        best = session
        room = free
      }
    }
    return best
  }

  /** Nobody is here to take them: others may. */
  function release(line: Line): void {
    const left = line.queue
    line.queue = []
    line.drained = false
    for (const { delivery } of left)
      finish(line, delivery, { outcome: 'retry', due_at: clock.now(), done: [] })
    if (left.length > 0) bell.ring('esme')
  }

  async function send(line: Line, session: ServerSession, login: Login, delivery: Delivery): Promise<void> {
    const done = new Set(delivery.content.done)
    const written = writtenOf(delivery, login)
    if (!written) {
      const reason = 'It is longer than what can be handed over in this way.'
      finish(line, delivery, { outcome: 'given_up', reason })
      return
    }
    const pdus = written.map((pdu, at) => ({ pdu, at }))
    const todo = pdus.filter(({ at }) => !done.has(at))
    line.inFlight.set(session, (line.inFlight.get(session) ?? 0) + todo.length)
    const answers = await Promise.allSettled(
      todo.map(({ pdu }) => session.request(pdu, { timeoutMs: answerMs })),
    )
    line.inFlight.set(session, (line.inFlight.get(session) ?? 0) - todo.length)
    let worst: { status?: number; cut?: boolean } = {}
    for (const [n, answer] of answers.entries()) {
      if (answer.status === 'rejected') worst = refusedOrCut(answer.reason, worst)
      else if (answer.value.status === Status.ok) done.add(todo[n]!.at)
      else if (worst.status === undefined || final.has(answer.value.status))
        worst.status = answer.value.status
    }
    if (done.size === pdus.length) {
      line.refusals = 0
      finish(line, delivery, { outcome: 'delivered' })
    } else if (worst.status !== undefined && final.has(worst.status)) {
      const reason = `The system answered ${statusName(worst.status)}: it does not want it.`
      finish(line, delivery, { outcome: 'given_up', reason })
    } else {
      const now = clock.now().getTime()
      if (worst.status !== undefined) hold(line)
      // Cut once, it goes to the next bind at once; cut again and again, it may be what ends the binds.
      const atOnce = worst.status === undefined && delivery.attempt < 3
      const due_at = new Date(now + (atOnce ? 0 : deliveryPause(delivery.attempt)))
      finish(line, delivery, { outcome: 'retry', due_at, done: [...done] })
    }
    pump(line)
  }

  function refusedOrCut(reason: unknown, worst: { status?: number; cut?: boolean }) {
    if (!(reason instanceof SmppError)) log.error({ error: String(reason) }, 'a delivery could not be sent')
    // It cannot be put into a PDU of this version: another session may speak another, and it must not run in circles.
    const unsendable =
      !(reason instanceof SmppError) || reason.code === 'invalid_pdu' || reason.code === 'timeout'
    return unsendable
      ? { ...worst, status: worst.status ?? Status.receiverTemporary }
      : { ...worst, cut: true }
  }

  function hold(line: Line): void {
    line.refusals++
    const ms = loginPause(line.refusals)
    line.pausedUntil = clock.monotonic() + ms
    setTimeout(() => {
      pump(line)
      claiming.ring()
    }, ms).unref()
  }

  function finish(line: Line, { account_id, login_id, id, kind, message_id }: Delivery, end: End): void {
    line.held--
    outcomes.push({ account_id, login_id, id, kind, message_id, ...end })
    settling.ring()
  }

  /** They stay here until the database has them: an OK that it never hears of would bring the delivery again. */
  async function settle(): Promise<number | undefined> {
    const batch = outcomes.slice(0, 1_000)
    if (batch.length === 0) {
      settled()
      return undefined
    }
    await settleDeliveries(db, batch, node, clock.now())
    outcomes = outcomes.slice(batch.length)
    if (batch.some(({ outcome }) => outcome === 'retry')) claiming.ring()
    if (outcomes.length > 0) return 0
    settled()
    return undefined
  }

  const pace = { everyMs: 1_000, clock, log }
  const claiming = startPulse({ name: 'the claim of SMPP deliveries', work: claim, spacingMs: 20, ...pace })
  const settling = startPulse({
    name: 'the outcomes of SMPP deliveries',
    work: settle,
    spacingMs: 10,
    ...pace,
  })
  const deaf = bell.on('esme', () => {
    for (const line of lines.values()) line.drained = false
    claiming.ring()
  })

  return {
    join(loginId, session) {
      const line = lineOf(loginId)
      line.sessions.add(session)
      line.drained = false
      line.pausedUntil = 0
      line.refusals = 0
      claiming.ring()
    },
    leave(loginId, session) {
      const line = lineOf(loginId)
      line.sessions.delete(session)
      if (line.sessions.size === 0) release(line)
      else pump(line)
    },
    reserve(loginId, most) {
      const line = lines.get(loginId)
      if (!line?.drained || stopping) return 0
      const count = Math.min(most, roomOf(line))
      line.held += count
      if (count < most) line.drained = false
      return count
    },
    unreserve(loginId, count) {
      lineOf(loginId).held -= count
    },
    push(deliveries, claimedAt) {
      for (const [loginId, mine] of Map.groupBy(deliveries, (delivery) => delivery.login_id)) {
        const line = lineOf(loginId)
        for (const delivery of mine) line.queue.push({ delivery, claimedAt })
        pump(line)
      }
    },
    look: () => claiming.ring(),
    async stop(graceMs) {
      stopping = true
      deaf()
      for (const line of lines.values()) release(line)
      await claiming.stop()
      const over = new Promise<void>((resolve) => setTimeout(resolve, graceMs).unref())
      const done = new Promise<void>((resolve) => {
        settled = () => {
          if (outcomes.length === 0 && [...lines.values()].every((line) => line.held === 0)) resolve()
        }
        settled()
      })
      settling.ring()
      await Promise.race([done, over])
      await settling.stop()
    },
  }
}

/** Undefined: no PDUs can be made of it, now or later. */
function writtenOf(delivery: Delivery, login: Login) {
  try {
    return pdusOf(delivery, login)
  } catch (error) {
    if (error instanceof GsmError || error instanceof SmppError) return undefined
    throw error
  }
}

function pdusOf(delivery: Delivery, login: Login) {
  if (delivery.kind === 'receipt') return [receiptPdu(delivery.content)]
  // The same number each time that it is tried: from the random end of its id.
  const reference = Number.parseInt(delivery.message_id.slice(-4), 16)
  return inboundPdus(delivery.content, login, reference)
}
