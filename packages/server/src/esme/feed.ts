import type { Bell } from '../bell.ts'
import type { Clock } from '../clock.ts'
import type { EventName } from '../events.ts'
import { parseId } from '../ids.ts'
import type { Log } from '../log.ts'
import type { OutboxRow } from '../outbox/chunk.ts'
import { lockCursor, moveCursor } from '../outbox/cursor.store.ts'
import { endOfEvents, eventsAreHeld, readEvents } from '../outbox/store.ts'
import { startPulse } from '../pulse.ts'
import type { Db, Tx } from '../store/db.ts'
import { receivesNumber } from './address.ts'
import { type Delivery, insertDeliveries, type NewDelivery, type ReceiptContent } from './delivery.store.ts'
import type { Directory } from './directory.ts'
import { loginsBeyond } from './login.store.ts'
import { submittedBySmpp } from './message.store.ts'
import { isWanted, receiptContent } from './receipt.ts'
import { claimMs, type Sender } from './sender.ts'

const reader = 'esme'
/** Events taken by one transaction. */
const page = 1_000
/** Under load reads lie this far apart, so that one has many rows. */
const spacingMs = 40

/** Without any login the cursor is moved on so often. */
const skipMs = 60_000

/** The events that an ESME hears of. */
const ends: Partial<Record<EventName, ReceiptContent['state']>> = {
  'message.delivered': 'delivered',
  'message.undelivered': 'undelivered',
  'message.expired': 'expired',
  'message.rejected': 'rejected',
  'message.cancelled': 'cancelled',
}
const inbound: EventName = 'message.received'
const types = [...(Object.keys(ends) as EventName[]), inbound]

/**
 * Turns events into deliveries: the fate of what came by SMPP, and inbound messages for the logins that receive them.
 * Every node does this, one at a time: whoever holds the cursor. Place and deliveries are one commit, so each event
 * becomes one delivery; those for a login that is bound here are on its link as soon as they are written.
 */
export function startFeed(options: {
  db: Db
  clock: Clock
  bell: Bell
  log: Log
  node: number
  directory: Directory
  sender: Sender
  /** How long a delivery waits for a bind. */
  keepMs: number
}): { stop(): Promise<void> } {
  const { db, clock, bell, log, node, directory, sender, keepMs } = options
  const reserved = new Map<string, number>()
  let skippedAt = Number.NEGATIVE_INFINITY

  async function read(): Promise<number | undefined> {
    let made: Delivery[] = []
    let left = false
    let full = false
    let behind = false
    const claimedAt = clock.monotonic()
    reserved.clear()
    try {
      await db.transaction(async (tx) => {
        made = []
        const place = await lockCursor(tx, reader)
        if (!place) return
        const { logins } = directory
        const accounts = [...new Set(logins.map((login) => login.account_id))]
        // Now and then is enough, so that the first login does not hear of a month; a house without logins pays nothing.
        if (accounts.length === 0 && clock.monotonic() - skippedAt < skipMs) return
        const end = accounts.length === 0 ? await endOfEvents(tx) : undefined
        const found = end
          ? { rows: [], next: end, full: false }
          : await readEvents(tx, place, accounts, page, types)
        // A login that another node has just made may have had its fate already: what was read is not passed over
        // before it is known here.
        behind = await loginsBeyond(
          tx,
          logins.map((login) => login.id),
        )
        if (behind) return
        if (end) skippedAt = clock.monotonic()
        full = found.full
        const now = clock.now()
        const lapses = new Date(now.getTime() + claimMs)
        const rows = (await deliveriesOf(tx, found.rows)).map(
          (delivery): NewDelivery =>
            take(delivery.login_id)
              ? { ...delivery, attempt: 1, node, due_at: lapses }
              : { ...delivery, node: null, due_at: now },
        )
        made = rows.filter((row) => row.node !== null)
        left = made.length < rows.length
        await insertDeliveries(tx, rows, new Date(now.getTime() + keepMs))
        await moveCursor(tx, reader, found.next)
      })
    } catch (error) {
      for (const [loginId, count] of reserved) sender.unreserve(loginId, count)
      throw error
    }
    if (behind) {
      await directory.lookAgain()
      return 0
    }
    sender.push(made, claimedAt)
    if (left) bell.ring('esme')
    return full ? 0 : undefined
  }

  function take(loginId: string): boolean {
    if (sender.reserve(loginId, 1) === 0) return false
    reserved.set(loginId, (reserved.get(loginId) ?? 0) + 1)
    return true
  }

  async function deliveriesOf(tx: Tx, rows: readonly OutboxRow[]): Promise<Delivery[]> {
    const read = rows.map((row) => ({ row, payload: JSON.parse(row.payload) as Payload }))
    const told = read.flatMap(({ row, payload }) => {
      const state = ends[row.name]
      const id = state && parseId('message', payload.message_id)
      return state && id ? [{ row, payload, state, id }] : []
    })
    const keys = told.map(({ row, id }) => ({ account_id: row.account_id, id }))
    const submitted = new Map((await submittedBySmpp(tx, keys)).map((message) => [message.id, message]))
    const receipts = new Map(told.map(({ row, ...rest }) => [row, rest]))
    return read.flatMap(({ row, payload }): Delivery[] => {
      if (row.name === inbound) return inboundOf(row, payload)
      const about = receipts.get(row)
      const message = about && submitted.get(about.id)
      if (!message || !isWanted(message.origin, about.state)) return []
      const login = directory.byId(message.origin.login)
      if (!login) return []
      const error = payload.error?.carrier_code ?? null
      const content = receiptContent(message, { state: about.state, error, at: row.at })
      return [{ ...common(row, login.id, message.id), kind: 'receipt', content }]
    })
  }

  function inboundOf(row: OutboxRow, { message_id, from, to, text }: Payload): Delivery[] {
    const id = parseId('message', message_id)
    if (!id) return []
    return directory.logins
      .filter((login) => login.account_id === row.account_id && receivesNumber(login.receives, to))
      .map((login) => ({ ...common(row, login.id, id), kind: 'inbound', content: { from, to, text } }))
  }

  const pulse = startPulse({
    name: 'the receipts for SMPP logins',
    async work() {
      const again = await read()
      if (again !== undefined || directory.logins.length === 0) return again
      // An older transaction holds events back: mostly for milliseconds.
      return (await eventsAreHeld(db)) ? spacingMs : undefined
    },
    everyMs: 1_000,
    spacingMs,
    clock,
    log,
  })
  // While there is no login the events need no haste: the poll moves the cursor.
  const deaf = bell.on('outbox', () => directory.logins.length > 0 && pulse.ring())
  return {
    async stop() {
      deaf()
      await pulse.stop()
    },
  }
}

interface Payload {
  message_id: string
  from: string
  to: string
  text: string
  error?: { carrier_code: string | null }
}

/** The event names its delivery: one of each for a login. */
const common = (row: OutboxRow, loginId: string, messageId: string) => ({
  account_id: row.account_id,
  login_id: loginId,
  id: row.id,
  message_id: messageId,
  attempt: 0,
})
