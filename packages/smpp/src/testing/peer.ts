import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'
import type { Pdu, PduInput } from '../pdu/commands.ts'
import { createDecoder } from '../pdu/decoder.ts'
import { encodePdu } from '../pdu/encode.ts'

/** The far end of a link, by hand: octets and PDUs, with no session behind them. */
export interface Peer {
  readonly socket: Socket
  /** The next PDU that comes. */
  next(): Promise<Pdu>
  /** The PDUs that came and were not asked for. */
  readonly received: Pdu[]
  /** Reads that brought something. */
  readonly reads: number
  send(...what: (PduInput | Buffer)[]): void
  /** Answers the bind that comes next. */
  letIn(status?: number): Promise<Pdu>
  /** Resolves when the connection is over. */
  readonly closed: Promise<void>
}

export function peerOf(socket: Socket): Peer {
  const decoder = createDecoder()
  const received: Pdu[] = []
  const takers: ((pdu: Pdu) => void)[] = []
  let reads = 0
  socket.on('data', (chunk: Buffer) => {
    reads++
    for (const decoded of decoder.push(chunk)) {
      if (!decoded.ok) throw new Error(decoded.reason)
      const taker = takers.shift()
      if (taker) taker(decoded.pdu)
      else received.push(decoded.pdu)
    }
  })
  socket.on('error', () => {})
  const next = (): Promise<Pdu> => {
    const waiting = received.shift()
    return waiting ? Promise.resolve(waiting) : new Promise((resolve) => takers.push(resolve))
  }
  return {
    socket,
    next,
    received,
    get reads() {
      return reads
    },
    send(...what) {
      socket.write(Buffer.concat(what.map((one) => (Buffer.isBuffer(one) ? one : encodePdu(one)))))
    },
    async letIn(status = 0) {
      const bind = await next()
      this.send({
        command: `${bind.command}_resp`,
        sequence: bind.sequence,
        status,
        system_id: 'smsc',
      } as PduInput)
      return bind
    },
    closed: new Promise((resolve) => socket.once('close', () => resolve())),
  }
}

export async function connectPeer(port: number): Promise<Peer> {
  const socket = connect({ port, host: '127.0.0.1' })
  await once(socket, 'connect')
  return peerOf(socket)
}

/** An SMSC by hand: `next()` is the next connection. */
export async function listenPeer(): Promise<{ port: number; next(): Promise<Peer>; close(): void }> {
  const arrived: Peer[] = []
  const takers: ((peer: Peer) => void)[] = []
  const server: Server = createServer((socket) => {
    const peer = peerOf(socket)
    const taker = takers.shift()
    if (taker) taker(peer)
    else arrived.push(peer)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return {
    port: address.port,
    next() {
      const waiting = arrived.shift()
      return waiting ? Promise.resolve(waiting) : new Promise((resolve) => takers.push(resolve))
    },
    close: () => void server.close(),
  }
}

/** Gathers what a callback is told, and lets a test wait for the next of it that fits. */
export function journal<T>() {
  const entries: T[] = []
  let waiting: { fits: (entry: T) => boolean; resolve: (entry: T) => void }[] = []
  return {
    entries,
    add(entry: T) {
      entries.push(entry)
      const found = waiting.filter(({ fits }) => fits(entry))
      waiting = waiting.filter((one) => !found.includes(one))
      for (const { resolve } of found) resolve(entry)
    },
    /** The next entry, from now on, that fits. */
    next: (fits: (entry: T) => boolean) => new Promise<T>((resolve) => waiting.push({ fits, resolve })),
  }
}
