import { connect, createServer, type Socket } from 'node:net'
import { after } from 'node:test'

/** One connection to the SMSC, in the order of their coming. */
export interface Wire {
  /** submit_sm that passed. */
  submits: number
  open: boolean
}

const submitSm = 0x00000004

/** Stands between the nodes and an SMSC and counts what each link submits: the SMSC's own log does not tell links apart. */
export async function listenIn(smppPort: number): Promise<{ port: number; wires: Wire[] }> {
  const wires: Wire[] = []
  const sockets = new Set<Socket>()
  const server = createServer((near) => {
    const far = connect(smppPort, '127.0.0.1')
    const wire: Wire = { submits: 0, open: true }
    wires.push(wire)
    let rest: Buffer = Buffer.alloc(0)
    near.on('data', (chunk: Buffer) => {
      rest = Buffer.concat([rest, chunk])
      while (rest.length >= 16 && rest.length >= rest.readUInt32BE(0)) {
        if (rest.readUInt32BE(4) === submitSm) wire.submits++
        rest = rest.subarray(rest.readUInt32BE(0))
      }
    })
    near.pipe(far).pipe(near)
    for (const socket of [near, far]) {
      sockets.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => {
        wire.open = false
        near.destroy()
        far.destroy()
      })
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  after(() => {
    server.close()
    for (const socket of sockets) socket.destroy()
  })
  return { port: (server.address() as { port: number }).port, wires }
}
