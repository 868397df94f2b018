import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import type { TestContext } from 'node:test'
import { createServer } from '../net/server.ts'
import type { ServerNote, ServerOptions, ServerSession } from '../net/server-options.ts'
import { createManualTime } from './manual-time.ts'
import { journal, type Peer, peerOf } from './peer.ts'

/** A server on a clock of the test's own, with everything it tells gathered. */
export async function openDoor(t: TestContext, options: Partial<ServerOptions> = {}) {
  const time = createManualTime()
  const notes = journal<ServerNote>()
  const opened = journal<ServerSession>()
  const server = await createServer({
    port: 0,
    time,
    accounts: [{ systemId: 'post', password: 'secret' }],
    onRequest: () => ({ message_id: 'm-1' }),
    onLog: notes.add,
    onSession: opened.add,
    ...options,
  })
  t.after(() => {
    // Peers by hand do not answer an unbind, and time stands still here.
    for (const session of server.sessions) session.destroy()
    return server.close()
  })
  return { server, time, notes, opened }
}

/** Binds by hand, whatever is below; gives the status of the answer. */
export async function bindAs(
  peer: Peer,
  { system_id = 'post', password = 'secret', interface_version = 0x34 } = {},
): Promise<number> {
  peer.send({ command: 'bind_transceiver', sequence: 1, system_id, password, interface_version })
  return (await peer.next()).status
}

/** Writes `first` as soon as the connection is there, in one segment with what comes at once behind it. */
export async function connectWith(port: number, first: Buffer, localAddress = '127.0.0.1'): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', localAddress })
  await once(socket, 'connect')
  socket.write(first)
  return socket
}

/** A peer whose connection comes from this address of loopback. */
export async function peerFrom(port: number, localAddress: string): Promise<Peer> {
  return peerOf(await connectWith(port, Buffer.alloc(0), localAddress))
}
