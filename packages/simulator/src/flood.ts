import type { Time } from '@kurzpost/smpp'
import { textFields, textParcel } from './handset/send.ts'
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

interface Options {
  readonly schedule: Schedule
  readonly outbox: Outbox
  readonly time: Time
}

/** The texts pass the outbox alone: no handset keeps them. What the outbox has no room for is dropped there, and counted. */
export function createFlood({ schedule, outbox, time }: Options): Flood {
  let running: { readonly order: FloodOrder; readonly startedAt: number; sent: number } | undefined

  const portion = (flood: NonNullable<typeof running>): void => {
    // Another one has begun meanwhile, or none is wanted any more.
    if (flood !== running) return
    const { perSecond, count, to } = flood.order
    // By the clock and not by portions: timers are late, and the rate is what was promised.
    const due = Math.min(count, Math.floor((perSecond * (time.now() - flood.startedAt)) / 1000))
    while (flood.sent < due) {
      flood.sent += 1
      const from = `+49151${String(10_000_000 + (flood.sent % HANDSETS))}`
      const [part] = writeText(`Flood ${flood.sent}`, 0, 'udh').parts
      outbox.add(textParcel(textFields(from, to, part!)))
    }
    if (flood.sent < count) schedule.after(PORTION_MS, () => portion(flood))
    else running = undefined
  }

  return {
    start(order) {
      const flood = { order, startedAt: time.now(), sent: 0 }
      running = flood
      schedule.after(PORTION_MS, () => portion(flood))
    },
    stop() {
      running = undefined
    },
    get left() {
      return running ? running.order.count - running.sent : 0
    },
  }
}
