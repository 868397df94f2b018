import { setTimeout as delay } from 'node:timers/promises'
import type { Esme } from './esme.ts'
import { type ChaosHouse, call } from './house.ts'
import type { Fault, FaultName } from './plan.ts'
import type { Mortal } from './process.ts'

const retryMs = 500
const tries = 20

/** Does faults to a house; each resolves when it is over, and what it broke stands again. */
export function createStrikes(house: ChaosHouse, esme: Esme): (fault: Fault) => Promise<void> {
  const nodeOf = ({ victim }: Fault) => house.nodes[victim % house.nodes.length]!
  const carrierOf = ({ victim }: Fault) => house.carriers[victim % house.carriers.length]!
  /** Down or stopped just now: two faults may meet in one victim, and the second then leaves it alone. */
  const struck = new Set<Mortal>()
  let dying = false

  async function alone(victim: Mortal, work: () => Promise<void>): Promise<void> {
    if (struck.has(victim)) return
    struck.add(victim)
    try {
      await work()
    } finally {
      struck.delete(victim)
    }
  }

  const restart = (victim: Mortal, signal: NodeJS.Signals, afterMs: number): Promise<void> =>
    alone(victim, async () => {
      await victim.kill(signal)
      await delay(afterMs)
      // PostgreSQL may be down at this moment, and a node that finds none ends with a sentence.
      await patiently(() => victim.start())
    })

  /** Changes how an SMSC behaves, for a while. One that is down has forgotten it when it comes back. */
  async function bend(fault: Fault, change: object, back: object): Promise<void> {
    const { url } = carrierOf(fault)
    await call(url, 'PATCH', '/settings', change).catch(() => {})
    await delay(fault.lastsMs)
    await patiently(() => call(url, 'PATCH', '/settings', back))
  }

  const strikes: Readonly<Record<FaultName, (fault: Fault) => Promise<void>>> = {
    'kill-node': (fault) => restart(nodeOf(fault), 'SIGKILL', fault.lastsMs),
    'leave-node': (fault) => restart(nodeOf(fault), 'SIGTERM', fault.lastsMs),
    'kill-smsc': (fault) => restart(carrierOf(fault).smsc, 'SIGKILL', fault.lastsMs),
    'kill-database': async () => house.killDatabase(),
    'stop-node': (fault) =>
      alone(nodeOf(fault), async () => {
        nodeOf(fault).signal('SIGSTOP')
        await delay(fault.lastsMs)
        nodeOf(fault).signal('SIGCONT')
      }),
    async 'cut-link'(fault) {
      carrierOf(fault).link.cut()
    },
    async 'stall-link'(fault) {
      const { link } = carrierOf(fault)
      link.stall()
      await delay(fault.lastsMs)
      link.flow()
    },
    async 'cut-esme'() {
      esme.cut()
    },
    'kill-esme': async ({ lastsMs }) => {
      if (dying) return
      dying = true
      await esme.die(lastsMs)
      dying = false
    },
    'slow-answers': (fault) => bend(fault, { answerDelayMs: 3_000 }, { answerDelayMs: 'exponential 5' }),
    throttle: (fault) => bend(fault, { limitPerSecond: 20 }, { limitPerSecond: 0 }),
  }
  return (fault) => strikes[fault.name](fault)
}

async function patiently<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work()
    } catch (error) {
      if (attempt === tries) throw error
      await delay(retryMs)
    }
  }
}
