import type { Schedule } from '../schedule.ts'
import type { Settings } from '../settings/settings.ts'
import type { Stats } from '../stats.ts'
import { createQueue, type Queue } from './queue.ts'

/** What differs between one deliver_sm and the next; the SMSC's link adds the rest. */
export interface DeliverFields {
  readonly source_addr_ton: number
  readonly source_addr_npi: number
  readonly source_addr: string
  readonly dest_addr_ton: number
  readonly dest_addr_npi: number
  readonly destination_addr: string
  readonly esm_class: number
  readonly data_coding: number
  readonly short_message: Uint8Array
  readonly tlvs: readonly { readonly tag: number; readonly value: Uint8Array }[]
  /** A data_sm instead of a deliver_sm; its text is a message_payload. */
  readonly command?: 'data_sm'
}

/** A bind that takes deliver_sm. */
export interface Link {
  readonly id: number
  readonly systemId: string
  readonly bindType: 'transceiver' | 'receiver' | 'transmitter'
  /** Resolves with the status of the answer, or rejects with a DeliverError. */
  deliver(fields: DeliverFields): Promise<number>
  /** How many more it can take before it is answered. */
  readonly room: number
  /** Unanswered ones; counted by the outbox. */
  unanswered: number
}

/** `timeout`: no answer in time, but the link may be good. `unsendable`: it would never go, over whatever link. */
export class DeliverError extends Error {
  readonly reason: 'timeout' | 'gone' | 'unsendable'

  constructor(reason: DeliverError['reason']) {
    super(reason)
    this.reason = reason
  }
}

/** Something to deliver: a receipt, or a part of a text from a handset. */
export interface Parcel {
  readonly kind: 'receipt' | 'text'
  /** Receipts go to any bind of the system that sent the message; texts (undefined) to any bind at all. */
  readonly systemId: string | undefined
  /** Which of those binds, seen from the link `from`. Where there is none such, any. */
  readonly over?: Preference
  readonly from?: number
  /** Made anew for each try: it is smaller as long as nobody takes it. */
  readonly write: () => DeliverFields
  /** A bind has answered it with ESME_ROK. */
  readonly onTaken?: () => void
}

export type Preference = 'same' | 'other' | 'receiver'

const preferred: Readonly<Record<Preference, (link: Link, from: number | undefined) => boolean>> = {
  same: ({ id }, from) => id === from,
  other: ({ id }, from) => id !== from,
  receiver: ({ bindType }) => bindType === 'receiver',
}

interface Waiting {
  readonly parcel: Parcel
  tries: number
}

/** Half a million waiting receipts take about 240 MB. */
const MAX_WAITING = 500_000
/** At up to 10 s between two tries, a peer has nearly three hours to come to its senses. */
const MAX_TRIES = 1000
const LONGEST_WAIT_MS = 10_000

/**
 * What waits for a receiver-capable bind, in memory, until a bind answers it with ESME_ROK. Refused, unanswered or cut
 * off, it goes out again, so a peer that loses an answer gets it twice: at least once, never at most once.
 */
export interface Outbox {
  /** Sends it at once if a bind is free, over `via` rather than another. False: too many wait, it was not taken. */
  add(parcel: Parcel, via?: Link): boolean
  hasRoomFor(parcels: number): boolean
  open(link: Link): void
  close(link: Link): void
  /** Tries again after something changed that made it wait, such as a greater window. */
  pump(): void
  clear(): void
  /** Not yet acknowledged. */
  readonly size: number
}

interface Dependencies {
  readonly schedule: Schedule
  readonly settings: Settings
  readonly stats: Stats
  readonly maxWaiting?: number
}

export function createOutbox({ schedule, settings, stats, maxWaiting = MAX_WAITING }: Dependencies): Outbox {
  const queues = new Map<string | undefined, Queue<Waiting>>()
  const links: Link[] = []
  let turn = 0
  let size = 0
  // What was in flight or in the schedule when the outbox was emptied must not come back.
  let generation = 0

  const queueOf = (systemId: string | undefined): Queue<Waiting> => {
    const queue = queues.get(systemId) ?? createQueue<Waiting>()
    queues.set(systemId, queue)
    return queue
  }

  const isFree = (link: Link, systemId: string | undefined): boolean =>
    link.unanswered < settings.window &&
    link.room > 0 &&
    (systemId === undefined || link.systemId === systemId)

  /** The links that a parcel would rather take, if there are any. */
  const choiceOf = ({ systemId, over, from }: Parcel): readonly Link[] => {
    if (over === undefined) return links
    const fitting = links.filter((link) => link.systemId === systemId && preferred[over](link, from))
    return fitting.length > 0 ? fitting : links
  }

  const freeLink = (parcel: Parcel): Link | undefined => {
    const candidates = choiceOf(parcel)
    for (let step = 0; step < candidates.length; step += 1) {
      turn = (turn + 1) % candidates.length
      const link = candidates[turn]!
      if (isFree(link, parcel.systemId)) return link
    }
    return undefined
  }

  const pumpQueue = (systemId: string | undefined): void => {
    const queue = queues.get(systemId)
    for (let next = queue?.peek(); next; next = queue?.peek()) {
      const link = freeLink(next.parcel)
      if (!link) return
      queue!.take()
      send(link, next)
    }
  }

  const pump = (): void => {
    for (const systemId of queues.keys()) pumpQueue(systemId)
  }

  /** A place on this link is free: nobody has waited for it but its own system, and the texts that go to any. */
  const pumpFor = ({ systemId }: Link): void => {
    pumpQueue(systemId)
    pumpQueue(undefined)
  }

  const close = (link: Link): void => {
    const at = links.indexOf(link)
    if (at >= 0) links.splice(at, 1)
    // Anybody may come under any number of names.
    if (queues.get(link.systemId)?.size === 0) queues.delete(link.systemId)
  }

  const drop = (): void => {
    size -= 1
    stats.deliver_dropped += 1
  }

  const again = (waiting: Waiting, delayMs: number): void => {
    const { systemId } = waiting.parcel
    if (waiting.tries >= MAX_TRIES) drop()
    else if (delayMs === 0) queueOf(systemId).giveBack(waiting)
    else {
      const born = generation
      schedule.after(delayMs, () => {
        if (born !== generation) return
        queueOf(systemId).giveBack(waiting)
        pumpQueue(systemId)
      })
    }
  }

  const answered = (waiting: Waiting, status: number): void => {
    if (status !== 0) {
      again(waiting, Math.min(LONGEST_WAIT_MS, settings.redeliverMs * 2 ** (waiting.tries - 1)))
      return
    }
    size -= 1
    waiting.parcel.onTaken?.()
    if (waiting.parcel.kind === 'receipt') stats.receipts_acknowledged += 1
    else stats.mo_acknowledged += 1
  }

  const send = (link: Link, waiting: Waiting): void => {
    const born = generation
    waiting.tries += 1
    if (waiting.tries > 1) stats.redelivered += 1
    link.unanswered += 1
    link.deliver(waiting.parcel.write()).then(
      (status) => {
        link.unanswered -= 1
        if (born === generation) answered(waiting, status)
        pumpFor(link)
      },
      (error: DeliverError) => {
        link.unanswered -= 1
        // A link that is gone must not be picked again by the very next line: it would fail at once, without end.
        if (error.reason === 'gone') close(link)
        if (born === generation) {
          if (error.reason === 'unsendable') drop()
          else again(waiting, 0)
        }
        pump()
      },
    )
  }

  return {
    add(parcel, via) {
      if (size >= maxWaiting) {
        stats.deliver_dropped += 1
        return false
      }
      size += 1
      const waiting: Waiting = { parcel, tries: 0 }
      if (via && links.includes(via) && isFree(via, parcel.systemId)) send(via, waiting)
      else {
        queueOf(parcel.systemId).put(waiting)
        pumpQueue(parcel.systemId)
      }
      return true
    },
    hasRoomFor: (parcels) => size + parcels <= maxWaiting,
    open(link) {
      links.push(link)
      pump()
    },
    close,
    pump,
    clear() {
      generation += 1
      queues.clear()
      size = 0
    },
    get size() {
      return size
    },
  }
}
