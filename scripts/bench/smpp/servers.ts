import { once } from 'node:events'
import { createServer } from '@kurzpost/smpp'
import { messageId } from './message.ts'
import { npmSmpp } from './npm.ts'
import { listenRaw } from './raw.ts'

/** Listens on any port, lets everybody in, and answers each submit_sm with an id; calls `onAnswer` for each. */
export type Server = (onAnswer: () => void) => Promise<number>

export const servers: Readonly<Record<'ours' | 'npm' | 'raw', Server>> = {
  async ours(onAnswer) {
    const { port } = await createServer({
      port: 0,
      onBind: () => 0,
      async onRequest() {
        onAnswer()
        return { message_id: messageId }
      },
    })
    return port
  },

  async npm(onAnswer) {
    const server = npmSmpp.createServer((session) => {
      session.on('bind_transceiver', (pdu) => void session.send(pdu.response()))
      session.on('submit_sm', async (pdu) => {
        onAnswer()
        session.send(pdu.response({ message_id: messageId }))
      })
      session.on('unbind', (pdu) => {
        session.send(pdu.response())
        session.close()
      })
      session.on('error', () => {})
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return (server.address() as { port: number }).port
  },

  raw: listenRaw,
}
