import type { Socket } from 'node:net'
import type { Time } from '@kurzpost/smpp'
import type { Spoiled } from './fault.ts'
import { framesOf } from './frames.ts'

/** What stands between a session and its socket, so that the SMSC can be wrong in ways that a session never is. */
export interface Wire {
  readonly id: number
  /** PDUs that the session writes. */
  write(octets: Buffer): void
  /** A PDU of our own, past the session. */
  inject(frame: Buffer): void
  /** From now on nothing goes out, while TCP lives. */
  silence(): void
  /** PDUs so far: with the id, the name of each. */
  readonly count: number
}

/** What may be done to a PDU before it goes out: nothing (undefined), or something else goes instead. */
export interface Tampering {
  /** False as long as nothing is to be done: then no PDU is looked at. */
  readonly active: boolean
  /** True if nothing goes out on any link. */
  readonly silent: boolean
  tamper(frame: Buffer, wire: Wire): Spoiled | undefined
}

interface Options {
  readonly id: number
  readonly socket: Socket
  readonly tampering: Tampering
  readonly time: Time
}

/** How long a PDU, or its end, waits for the next one. */
const HOLD_MS = 50

export function createWire({ id, socket, tampering, time }: Options): Wire {
  /** Pieces that go out one write each; more wait behind them, so that nothing overtakes. */
  const pieces: Uint8Array[] = []
  let isDraining = false
  let held: readonly Uint8Array[] | undefined
  /** The end of a PDU that goes out with the next one. */
  let rest: Uint8Array | undefined
  let isSilent = false
  let count = 0

  const send = (octets: Uint8Array): void => {
    if (!socket.destroyed && socket.writable) socket.write(octets)
  }

  /** One piece a turn of the event loop: two writes of one turn would leave in one segment. */
  const drain = (): void => {
    const piece = pieces.shift()
    isDraining = piece !== undefined
    if (!piece) return
    send(piece)
    setImmediate(drain)
  }
  const put = (writes: readonly Uint8Array[]): void => {
    const [next, ...more] = writes
    if (!next) return
    const first = rest ? Buffer.concat([rest, next]) : next
    rest = undefined
    if (more.length === 0 && !isDraining) {
      send(first)
      return
    }
    pieces.push(first, ...more)
    if (!isDraining) drain()
  }

  const release = (): void => {
    const writes = held
    held = undefined
    if (writes) put(writes)
  }
  /** Nothing came that it could have gone with. */
  const giveRest = (): void => {
    const octets = rest
    rest = undefined
    if (octets) put([octets])
  }

  const wire: Wire = {
    id,
    write(octets) {
      if (isSilent || tampering.silent) return
      if (!tampering.active && !isDraining && !held && !rest) {
        send(octets)
        return
      }
      for (const frame of framesOf(octets)) {
        count += 1
        const spoiled = tampering.active ? tampering.tamper(frame, wire) : undefined
        if (spoiled?.hold && !held) {
          held = spoiled.writes
          time.after(HOLD_MS, release)
          continue
        }
        put(spoiled ? spoiled.writes : [frame])
        release()
        if (!spoiled?.rest) continue
        rest = spoiled.rest
        time.after(HOLD_MS, giveRest)
      }
    },
    inject: (frame) => wire.write(frame),
    silence() {
      isSilent = true
    },
    get count() {
      return count
    },
  }
  return wire
}
