import { textParcel } from './handset/send.ts'
import { writeText } from './handset/write.ts'
import type { Schedule } from './schedule.ts'
import type { Outbox } from './smsc/outbox.ts'

/** Texts from many handsets at a steady rate, for those who want to see what a flood does to an ESME. Facts group 25. */
export interface Flood {
  start(order: FloodOrder): void
  stop(): void
  /** Texts still to come. */
  readonly left: number
}

export interface FloodOrder {
  readonly perSecond: number
  readonly count: number
  readonly to: string
}

/** A hundred portions a second: an even stream, and no timer for each text. */
const PORTION_MS = 10
const HANDSETS = 1000

/** The texts pass the outbox alone: no handset keeps them. What the outbox has no room for is not sent. */
export function createFlood({ schedule, outbox }: { schedule: Schedule; outbox: Outbox }): Flood {
  let order: FloodOrder | undefined
  let sent = 0
  let owed = 0

  const portion = (): void => {
    if (!order) return
    owed += (order.perSecond * PORTION_MS) / 1000
    for (; owed >= 1 && sent < order.count; owed -= 1) {
      sent += 1
      const from = `+49151${String(10_000_000 + (sent % HANDSETS))}`
      const [part] = writeText(`Flood ${sent}`, 0, 'udh').parts
      if (outbox.hasRoomFor(1)) outbox.add(textParcel(from, order.to, part!))
    }
    if (sent < order.count) schedule.after(PORTION_MS, portion)
    else order = undefined
  }

  return {
    start(next) {
      const isRunning = order !== undefined
      order = next
      sent = 0
      owed = 0
      if (!isRunning) schedule.after(0, portion)
    },
    stop() {
      order = undefined
    },
    get left() {
      return order ? order.count - sent : 0
    },
  }
}
