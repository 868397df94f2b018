/** Numbers that only seem random: the same seed gives the same ones on every machine. */
export interface Random {
  /** Begins the numbers of this pair. */
  seed(a: number, b: number): void
  /** 32 bits. */
  next(): number
  /** From 0 to below `limit`. */
  below(limit: number): number
  /** True once in `n` times. */
  oneIn(n: number): boolean
  pick<T>(list: readonly T[]): T
}

/** Mulberry32: one addition and two multiplications a number. Its state lies in an array, where it stays an integer. */
export function createRandom(a = 0, b = 0): Random {
  const state = new Uint32Array(1)
  const seed = (first: number, second: number): void => {
    state[0] = Math.imul(mix(first) ^ second, 0x9e3779b1) ^ mix(second + 0x7f4a7c15)
  }
  function next(): number {
    state[0]! += 0x6d2b79f5
    let mixed = state[0]!
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return (mixed ^ (mixed >>> 14)) >>> 0
  }
  const below = (limit: number): number => Math.floor((next() / 0x100000000) * limit)
  seed(a, b)
  return {
    seed,
    next,
    below,
    oneIn: (n) => below(n) === 0,
    pick: (list) => list[below(list.length)]!,
  }
}

function mix(value: number): number {
  let mixed = value >>> 0
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return (mixed ^ (mixed >>> 16)) >>> 0
}

/** A number out of the octets of an input (FNV-1a), so that what a check does with them follows from them alone. */
export function hashOf(octets: Uint8Array): number {
  let hash = 0x811c9dc5
  // The ends of a long input are enough.
  const step = octets.length > 512 ? octets.length >> 9 : 1
  for (let at = 0; at < octets.length; at += step) hash = Math.imul(hash ^ octets[at]!, 0x01000193)
  return (hash ^ octets.length) >>> 0
}
