import { setTimeout as delay } from 'node:timers/promises'
import { publicId } from '../../packages/server/src/ids.ts'
import { silentLog } from '../../packages/server/src/log.ts'
import { readEvents } from '../../packages/server/src/outbox/store.ts'
import { openDb } from '../../packages/server/src/store/db.ts'
import { type Cleanup, createCleanup } from '../children.ts'
import { copiesOf, judge, type Verdict } from './check.ts'
import { esmeWindow, startEsme } from './esme.ts'
import { gather, unfinished } from './evidence.ts'
import { type ChaosHouse, call, openHouse } from './house.ts'
import { startLoad } from './load.ts'
import { type FaultName, faultKinds, planFaults } from './plan.ts'
import { createStrikes } from './strike.ts'

export interface ChaosOptions {
  readonly seed: number
  readonly kills: number
  /** Milliseconds between two faults, on average. */
  readonly spacingMs: number
  readonly nodes: number
  readonly carriers: readonly (number | undefined)[]
  readonly window: number
  readonly perSecond: number
  readonly say: (line: string) => void
}

export interface ChaosReport {
  readonly verdicts: readonly Verdict[]
  /** What became of a recipient's message: the database's words, and the SMSCs'. */
  lifeOf(recipient: string): string
  readonly faults: Readonly<Partial<Record<FaultName, number>>>
  readonly figures: {
    readonly seconds: number
    readonly messages: number
    readonly texts: number
    /** Messages of the customer's system, and receipts that came to it again. */
    readonly orders: number
    readonly receiptsAgain: number
    readonly kills: number
    readonly twice: number
    readonly flagged: number
    readonly unknown: number
    /** Marketing that waited for longer than it was worth. */
    readonly unsent: number
    readonly textsTwice: number
  }
}

/** When nothing has ended for so long, what is open stays open: longer than marketing may take. */
const patienceMs = 75_000
/** A receipt for a customer's system is on its way for so long at most, once all have their end. */
const receiptPatienceMs = 30_000
/** Marketing of unknown fate ends with its validity. */
const marketingMs = 45_000

/** Runs a house under load through the faults of a seed, lets it heal, and judges it. */
export async function runChaos(options: ChaosOptions): Promise<ChaosReport> {
  const cleanup = createCleanup()
  const interrupted = (): void => void cleanup.run().then(() => process.exit(130))
  process.once('SIGINT', interrupted)
  try {
    return await runIn(options, cleanup)
  } finally {
    process.off('SIGINT', interrupted)
    await cleanup.run()
  }
}

async function runIn(options: ChaosOptions, cleanup: Cleanup): Promise<ChaosReport> {
  const { seed, kills, spacingMs, nodes, carriers, window, perSecond, say } = options
  const house = await openHouse({ nodes, carriers, window, cleanup })
  // Consent is not what dies here: adverts may go to anybody at any hour.
  const reason = 'Nobody reads what is sent in a trial.'
  await call(house.nodes[0]!.url, 'PUT', '/v1/consent-rules', {
    kept_elsewhere: reason,
    hours: [{ country: 'DE', hours: 'daily 00:00-24:00', holidays: 'yes', instead: reason }],
  })
  const faults = planFaults(seed, kills, spacingMs)
  const startedAt = performance.now()
  const esme = await startEsme({
    node: house.nodes[0]!,
    links: house.nodes.map(({ door }) => door),
    perSecond: perSecond / 5,
  })
  cleanup.add(() => esme.close())
  const strike = createStrikes(house, esme)
  const load = startLoad({
    nodes: house.nodes,
    carriers: house.carriers,
    seed,
    perSecond,
    marketingMs,
  })

  const lasting = new Set<Promise<void>>()
  for (const fault of faults) {
    await delay(fault.after)
    say(
      `${((performance.now() - startedAt) / 1000).toFixed(1).padStart(7)} s  ${fault.name}  ${load.sent.length} sent`,
    )
    const work = strike(fault).catch((error: Error) => say(`${fault.name}: ${error.message}`))
    lasting.add(work)
    void work.finally(() => lasting.delete(work))
  }
  await Promise.all([...lasting])
  await Promise.all([load.stop(), esme.settle()])
  await settled(house, say)
  await esme.heard(receiptPatienceMs)

  const evidence = await gather(house.databaseUrl, house.carriers)
  const verdicts = judge({
    ...load,
    orders: esme.orders,
    receipts: esme.receipts,
    complaints: [...load.complaints, ...esme.complaints],
    evidence,
    told: await toldEnds(house.databaseUrl),
    publicId: (uuid) => publicId('message', uuid),
    // Each fault may leave every bind's window unanswered, and a long message has three segments.
    mostDuplicates: faults.length * window * carriers.length * 2,
    mostReceiptsAgain: faults.length * 2 * esmeWindow,
    rates: house.carriers.flatMap(({ name, perSecond: rate, link }) =>
      rate === undefined ? [] : [{ carrier: name, perSecond: rate, passes: link.submits }],
    ),
  })
  const counted: Partial<Record<FaultName, number>> = {}
  for (const { name } of faults) counted[name] = (counted[name] ?? 0) + 1
  return {
    verdicts,
    lifeOf: (recipient) =>
      [
        ...evidence.messages.filter((each) => each.recipient === recipient).map(({ life }) => life),
        ...evidence.taken
          .filter(({ to }) => to === recipient)
          .map(({ carrier, id, receipted }) => {
            const orphan = evidence.orphans.has(`${carrier}/${id}`) ? ', an orphan' : ''
            return `${carrier} took ${id}: ${receipted ? 'receipted' : 'receipt still owed'}${orphan}`
          }),
      ].join('\n            '),
    faults: counted,
    figures: {
      seconds: Math.round((performance.now() - startedAt) / 1000),
      messages: load.sent.length,
      texts: load.texts.length,
      orders: esme.orders.length,
      receiptsAgain: [...esme.receipts.values()].reduce((sum, { length }) => sum + length - 1, 0),
      kills: faults.filter(({ name }) => faultKinds[name].kill).length,
      twice: copiesOf(evidence.taken).size,
      flagged: evidence.messages.filter(({ possible_duplicate }) => possible_duplicate).length,
      unsent: evidence.messages.filter(({ error_code }) => error_code === 'validity_expired').length,
      unknown: evidence.messages.filter(({ error_code }) => error_code === 'outcome_unknown').length,
      textsTwice: [...evidence.inbound.values()].filter((count) => count > 1).length,
    },
  }
}

/** Waits until every message has its end, as long as some still come to theirs. */
async function settled({ databaseUrl }: ChaosHouse, say: (line: string) => void): Promise<void> {
  let least = Number.POSITIVE_INFINITY
  let since = performance.now()
  for (;;) {
    const open = await unfinished(databaseUrl)
    if (open === 0) return
    if (open !== undefined && open < least) {
      least = open
      since = performance.now()
      say(`           ${open} without an end`)
    }
    if (performance.now() - since > patienceMs) return
    await delay(500)
  }
}

const ends = new Set([
  'message.delivered',
  'message.undelivered',
  'message.expired',
  'message.rejected',
  'message.cancelled',
])

/** How often the end of each message was told, by the outbox from its very beginning. */
async function toldEnds(databaseUrl: string): Promise<Map<string, number>> {
  const db = openDb(databaseUrl, { max: 1, log: silentLog })
  try {
    const told = new Map<string, number>()
    const accounts = await db.pool.query<{ id: string }>('select id from accounts')
    let after = { xid: '0', seq: 0 }
    for (;;) {
      const { rows, next, full } = await readEvents(
        db,
        after,
        accounts.rows.map(({ id }) => id),
        1_000,
      )
      for (const { name, payload } of rows) {
        if (!ends.has(name)) continue
        const id = (JSON.parse(payload) as { message_id: string }).message_id
        told.set(id, (told.get(id) ?? 0) + 1)
      }
      if (!full) return told
      after = next
    }
  } finally {
    await db.close()
  }
}
