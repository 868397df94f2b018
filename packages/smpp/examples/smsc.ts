import { randomUUID } from 'node:crypto'
import { createServer, type PduOf, type ServerSession, Status } from '@kurzpost/smpp'

const server = await createServer({
  port: Number(process.env.SMPP_PORT ?? 2775),
  accounts: [{ systemId: 'post', password: 'secret' }],
  onSession: (session) => serve(session).catch(console.error),
})
console.log(`listening on ${server.port}`)

async function serve(session: ServerSession) {
  for await (const pdu of session) {
    if (pdu.command !== 'submit_sm') {
      session.respond(pdu, { status: Status.invalidCommandId })
      continue
    }
    const id = randomUUID()
    // Store the message here: what is answered must not be lost.
    session.respond(pdu, { message_id: id })
    deliverReceipt(session, id, pdu).catch(console.error)
  }
}

async function deliverReceipt(session: ServerSession, id: string, submit: PduOf<'submit_sm'>) {
  const { status } = await session.request({
    command: 'deliver_sm',
    esm_class: 0x04,
    source_addr: submit.destination_addr,
    destination_addr: submit.source_addr,
    short_message: Buffer.from(`id:${id} stat:DELIVRD err:000`),
  })
  if (status !== Status.ok) console.error(`the receipt was answered ${status}: send it again later`)
}
