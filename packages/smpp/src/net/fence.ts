import type { Socket } from 'node:net'

// What a full socket does not take lies in Node's own queue, and leaves it without asking anybody. So it gets no more at
// a time, and the rest waits here.
const sliceLength = 8 * 1024

export interface Fence {
  /** Octets for the socket, now or when it has taken what is before them. */
  write(octets: Buffer): void
  /** Octets that wait here. */
  readonly held: number
}

/**
 * Keeps what waits for a slow socket where it can still be held back: before each further slice `mayWrite` is asked, in
 * the same turn of the event loop, and after a no the octets are dropped and `refused` is called, once.
 */
export function createFence(socket: Socket, mayWrite: () => boolean, refused: () => void): Fence {
  let slices: Buffer[] = []
  let held = 0

  function write(octets: Buffer): void {
    // Whoever hands them over has just asked.
    const asked = slices.length === 0 && socket.writableLength === 0
    for (let from = 0; from < octets.length; from += sliceLength)
      slices.push(octets.subarray(from, from + sliceLength))
    held += octets.length
    pass(asked)
  }

  function pass(asked: boolean): void {
    let may = asked
    while (slices.length > 0 && socket.writableLength === 0 && !socket.destroyed) {
      if (!(may || mayWrite())) {
        slices = []
        held = 0
        refused()
        return
      }
      may = false
      const slice = slices.shift()!
      held -= slice.length
      socket.write(slice, taken)
    }
  }

  const taken = (): void => pass(false)

  return {
    write,
    get held() {
      return held
    },
  }
}
