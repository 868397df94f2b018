import type { Random } from '../random.ts'

/** What a fuzz run is made of: inputs to begin with, ways to change them, and checks that must hold for all of them. */
export interface Target {
  readonly name: string
  /** What the figures count. */
  readonly unit: string
  /** Sources with this in their path are what the search for new inputs looks at. */
  readonly covers: readonly string[]
  readonly checks: readonly Check[]
  /** A well-formed input, or nearly. */
  fresh(random: Random): Seedling
  /** Changes an input; `other` is another one to take from. Gives octets that are valid until the next call. */
  mutate(random: Random, base: Seedling, other: Seedling): Buffer
}

export interface Check {
  readonly name: string
  /** How often it is chosen, beside the other checks. */
  readonly share: number
  /** Inputs joined into one. */
  readonly joins?: number
  /** Throws if something does not hold; gives how many units the input was. What it does follows from the octets alone. */
  run(octets: Buffer): number
}

/** Octets, and the offsets in them of what is worth a lie: lengths, counts, tags, ends of strings. */
export interface Seedling {
  readonly octets: Buffer
  readonly marks: readonly number[]
}

/** Inputs that the search has kept: of checks that take one input, and of those that take several joined. */
export interface Found {
  readonly single: readonly Seedling[]
  readonly joined: readonly Seedling[]
}

/** An oracle's verdict, with the sentence to print. */
export class Broken extends Error {}

export function hold(condition: boolean, sentence: string): asserts condition {
  if (!condition) throw new Broken(sentence)
}
