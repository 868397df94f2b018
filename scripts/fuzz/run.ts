import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { createRandom, type Random } from '../random.ts'
import type { Check, Found, Seedling, Target } from './target.ts'

export interface Order {
  readonly seed: number
  /** The first case. */
  readonly from: number
  /** Ends when so many units have been looked at, */
  readonly count: number
  /** or, if it is not 0, after so many seconds. */
  readonly seconds: number
}

export interface Failure {
  readonly check: string
  readonly case: number
  readonly hex: string
  readonly reason: string
}

export interface Outcome {
  readonly cases: number
  readonly units: number
  readonly failure: Failure | undefined
  /** Seconds of CPU, user and system. */
  readonly cpu: number
  readonly seconds: number
  /** Octets of the heap and of buffers after garbage collection, at 10, 50 and 100 % of the run. */
  readonly heap: readonly number[]
}

/** Case after case, each made from the seed and its number, and from inputs that the search has found. */
export function createCases(target: Target, seed: number, found: Found) {
  const random = createRandom()
  // Generating costs more than mutating, so each run of cases shares some fresh inputs.
  const casesAPool = 1_024
  let poolOf = -1
  let pool: Seedling[] = []
  const schedule = target.checks.flatMap((check) => new Array<Check>(check.share).fill(check))
  const joined = Buffer.alloc(512 * 1024)

  function one(random: Random, kept: readonly Seedling[]): Buffer {
    const base = kept.length > 0 && random.oneIn(6) ? random.pick(kept) : random.pick(pool)
    return target.mutate(random, base, random.pick(pool))
  }

  /** The octets are valid until the next call. */
  return (number: number): { check: Check; octets: Buffer } => {
    const block = Math.floor(number / casesAPool)
    if (block !== poolOf) {
      random.seed(seed, block)
      pool = Array.from({ length: 64 }, () => target.fresh(random))
      poolOf = block
    }
    random.seed(seed ^ 0x5bd1e995, number)
    const check = random.pick(schedule)
    if (check.joins === undefined) return { check, octets: one(random, found.single) }
    let length = 0
    for (let left = 1 + random.below(check.joins); left > 0; left--) {
      const octets = one(random, found.joined)
      if (length + octets.length > joined.length) break
      length += octets.copy(joined, length)
    }
    return { check, octets: joined.subarray(0, length) }
  }
}

/** Hears of each case before it is run. */
export type OnCase = (number: number, check: Check, octets: Buffer) => void

/** Runs cases until enough, or until a check does not hold. */
export function runCases(
  target: Target,
  { seed, from, count, seconds }: Order,
  found: Found,
  onCase?: OnCase,
): Outcome {
  const cases = createCases(target, seed, found)
  const before = performance.now()
  const cpuBefore = process.cpuUsage()
  const heap: number[] = []
  // Errors that are meant to be thrown would spend a tenth of the time on their stacks; a failure is run again with it.
  const stackLimit = Error.stackTraceLimit
  Error.stackTraceLimit = 0
  const elapsed = (): number => (performance.now() - before) / 1_000
  let share = 0
  let units = 0
  let failure: Failure | undefined
  let number = from
  for (; share < 1; number++) {
    const { check, octets } = cases(number)
    onCase?.(number, check, octets)
    try {
      units += check.run(octets)
    } catch {
      Error.stackTraceLimit = stackLimit
      const input = Buffer.from(octets)
      failure = {
        check: check.name,
        case: number,
        hex: input.toString('hex'),
        reason: reasonOf(check, input) ?? 'It failed once, and not when it was run again.',
      }
      break
    }
    if (seconds === 0) share = units / count
    else if (number % 1_024 === 0) share = elapsed() / seconds
    if (share >= heapLooks[heap.length]!) heap.push(heldAfterCollection())
  }
  Error.stackTraceLimit = stackLimit
  const { user, system } = process.cpuUsage(cpuBefore)
  return {
    cases: number - from,
    units,
    failure,
    cpu: (user + system) / 1e6,
    seconds: elapsed(),
    heap,
  }
}

const heapLooks = [0.1, 0.5, 1]

let collect: (() => void) | undefined
/** Octets in use when nothing is left to collect. */
function heldAfterCollection(): number {
  if (collect === undefined) {
    setFlagsFromString('--expose-gc')
    collect = runInNewContext('gc') as () => void
  }
  collect()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}

/** The heap must not grow by more than this from 10 % to 100 % of a run. */
export const heapGrowth = 4e6

export const heapGrew = ({ heap }: Outcome): boolean =>
  heap.length === heapLooks.length && heap.at(-1)! - heap[0]! > heapGrowth

/** Why the check does not hold for this input; undefined if it does. */
function reasonOf(check: Check, octets: Buffer): string | undefined {
  try {
    check.run(octets)
    return undefined
  } catch (error) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error)
  }
}

/** Runs one input again, without its seed, through all checks or the one named. */
export function replay(target: Target, checkName: string | undefined, octets: Buffer): Failure | undefined {
  for (const check of target.checks) {
    if (checkName !== undefined && check.name !== checkName) continue
    const reason = reasonOf(check, octets)
    if (reason !== undefined) return { check: check.name, case: -1, hex: octets.toString('hex'), reason }
  }
  return undefined
}
