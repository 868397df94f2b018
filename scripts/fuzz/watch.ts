import type { Target } from './target.ts'

/** The case that a thread is at, in memory that another thread can read when this one hangs. */
export interface Watch {
  /** Number of the case, or -1; place of its check; length of its octets. */
  readonly head: Float64Array
  readonly octets: Uint8Array
}

const most = 512 * 1024

export function createWatch(): Watch {
  const head = new Float64Array(new SharedArrayBuffer(3 * 8))
  head[0] = -1
  return { head, octets: new Uint8Array(new SharedArrayBuffer(most)) }
}

export function note({ head, octets }: Watch, number: number, check: number, input: Uint8Array): void {
  octets.set(input)
  head[0] = number
  head[1] = check
  head[2] = input.length
}

export function read({ head, octets }: Watch, { checks }: Target) {
  return {
    case: head[0]!,
    check: checks[head[1]!]!.name,
    hex: Buffer.from(octets.subarray(0, head[2])).toString('hex'),
  }
}
