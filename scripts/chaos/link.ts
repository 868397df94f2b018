import { connect, createServer, type Socket } from 'node:net'

/** A TCP link between the nodes and one SMSC that can be cut, stalled and healed, and that counts what goes out. */
export interface ChaosLink {
  /** Where nodes connect to. */
  readonly port: number
  /** Each submit_sm that passed, in order. */
  readonly submits: readonly Pass[]
  /** Resets every connection. New ones are taken. */
  cut(): number
  /** Nothing passes any more, in either direction, until `flow`; connections stay open and new ones are taken. */
  stall(): void
  flow(): void
  close(): Promise<void>
}

export interface Pass {
  /** When we saw it, in milliseconds of the monotonic clock. */
  readonly at: number
  /** It may have come before that: the link was stalled, or this process had no turn. */
  readonly late: boolean
}

const submitSm = 0x00000004
const headerLength = 16
const tickMs = 10

/** Cuts octets into PDUs by command_length and tells the command of each. */
function commandsIn(tell: (command: number) => void): (chunk: Buffer) => void {
  let rest: Buffer = Buffer.alloc(0)
  return (chunk) => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    let at = 0
    while (rest.length - at >= headerLength) {
      const length = rest.readUInt32BE(at)
      if (length < headerLength || rest.length - at < length) break
      tell(rest.readUInt32BE(at + 4))
      at += length
    }
    rest = rest.subarray(at)
  }
}

/** Opens a link to the SMSC that listens on `target`; it may be away for a while. */
export async function openLink(target: () => number): Promise<ChaosLink> {
  const submits: Pass[] = []
  const pairs = new Set<readonly [Socket, Socket]>()
  let stalled = false
  let flowsSince = Number.NEGATIVE_INFINITY
  let ticked = performance.now()
  const ticking = setInterval(() => {
    ticked = performance.now()
  }, tickMs)

  const note = (): void => {
    const at = performance.now()
    submits.push({ at, late: at - ticked > tickMs * 3 || at - flowsSince < 500 })
  }

  const server = createServer({ noDelay: true }, (near) => {
    const far = connect({ port: target(), host: '127.0.0.1', noDelay: true })
    const pair = [near, far] as const
    pairs.add(pair)
    const end = (): void => {
      pairs.delete(pair)
      near.destroy()
      far.destroy()
    }
    for (const socket of pair) socket.on('error', end).on('close', end)
    const count = commandsIn((command) => {
      if (command === submitSm) note()
    })
    near.on('data', (chunk: Buffer) => {
      count(chunk)
      if (!far.write(chunk)) near.pause()
    })
    far.on('data', (chunk: Buffer) => {
      if (!near.write(chunk)) far.pause()
    })
    far.on('drain', () => stalled || near.resume())
    near.on('drain', () => stalled || far.resume())
    if (stalled) for (const socket of pair) socket.pause()
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => resolve())
  })

  return {
    port: (server.address() as { port: number }).port,
    submits,
    cut() {
      const cut = pairs.size
      for (const pair of [...pairs]) for (const socket of pair) socket.resetAndDestroy()
      return cut
    },
    stall() {
      stalled = true
      for (const pair of pairs) for (const socket of pair) socket.pause()
    },
    flow() {
      stalled = false
      flowsSince = performance.now()
      for (const pair of pairs) for (const socket of pair) socket.resume()
    },
    async close() {
      clearInterval(ticking)
      for (const pair of [...pairs]) for (const socket of pair) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
