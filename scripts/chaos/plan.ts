import { createRandom } from '../random.ts'

/** What can be done to a house. `pauseMs`: how long it lasts, for those that last. */
export const faultKinds = {
  'kill-node': {
    weight: 5,
    lasts: [200, 3_000],
    kill: true,
    what: 'kill -9 of a node, started again after a while',
  },
  'kill-database': {
    weight: 2,
    lasts: [0, 0],
    kill: true,
    what: 'kill -9 of PostgreSQL, which its keeper starts again',
  },
  'kill-smsc': {
    weight: 4,
    lasts: [200, 4_000],
    kill: true,
    what: 'kill -9 of an SMSC, started again with its journal',
  },
  'stop-node': { weight: 2, lasts: [1_000, 14_000], kill: false, what: 'SIGSTOP of a node, and SIGCONT' },
  'leave-node': { weight: 1, lasts: [0, 1_500], kill: false, what: 'SIGTERM of a node, started again' },
  'cut-link': { weight: 4, lasts: [0, 0], kill: false, what: 'every connection to an SMSC is reset' },
  'stall-link': { weight: 3, lasts: [500, 6_000], kill: false, what: 'nothing passes to and from an SMSC' },
  'cut-esme': {
    weight: 2,
    lasts: [0, 0],
    kill: false,
    what: 'every connection of the customer’s system is reset',
  },
  'kill-esme': {
    weight: 2,
    lasts: [200, 4_000],
    kill: false,
    what: 'the customer’s system dies with what is on its wires, and comes back',
  },
  'slow-answers': {
    weight: 2,
    lasts: [2_000, 6_000],
    kill: false,
    what: 'answers come so late that the window fills',
  },
  throttle: {
    weight: 2,
    lasts: [2_000, 6_000],
    kill: false,
    what: 'an SMSC takes few and throttles the rest',
  },
} as const satisfies Record<string, FaultKind>

interface FaultKind {
  readonly weight: number
  /** Shortest and longest, in milliseconds. */
  readonly lasts: readonly [number, number]
  readonly kill: boolean
  readonly what: string
}
export type FaultName = keyof typeof faultKinds
export const faultNames = Object.keys(faultKinds) as FaultName[]

export interface Fault {
  readonly name: FaultName
  /** Milliseconds after the one before. */
  readonly after: number
  readonly lastsMs: number
  /** Which of several nodes or SMSCs: an index, taken modulo how many there are. */
  readonly victim: number
}

/** The faults of a run, the same for the same seed: at least `kills` that kill, among the others. */
export function planFaults(seed: number, kills: number, spacingMs: number): Fault[] {
  const random = createRandom(seed, 0xc4a05)
  const urn = faultNames.flatMap((name) => Array<FaultName>(faultKinds[name].weight).fill(name))
  const faults: Fault[] = []
  for (let killed = 0; killed < kills; ) {
    const name = random.pick(urn)
    const [least, most] = faultKinds[name].lasts
    faults.push({
      name,
      after: Math.round(spacingMs / 2 + random.below(spacingMs)),
      lastsMs: least + random.below(most - least + 1),
      victim: random.below(1_000),
    })
    if (faultKinds[name].kill) killed++
  }
  return faults
}
