import { createHash, randomUUID, timingSafeEqual } from 'node:crypto'
import { createServer, Status } from '@kurzpost/smpp'

const sha256 = (text: string) => createHash('sha256').update(text).digest()
const secret = sha256('secret')

const server = await createServer({
  port: Number(process.env.SMPP_PORT ?? 2775),
  onBind: ({ password }) => (timingSafeEqual(sha256(password), secret) ? Status.ok : Status.invalidPassword),
  async onRequest(session, pdu) {
    if (pdu.command !== 'submit_sm') return { status: Status.invalidCommandId }
    const id = randomUUID()
    // Store the message here: what is answered must not be lost.
    setImmediate(() => sendReceipt(session, id, pdu).catch(console.error))
    return { message_id: id }
  },
})
console.log(`listening on ${server.port}`)

type Request = Parameters<Parameters<typeof createServer>[0]['onRequest']>
async function sendReceipt(session: Request[0], id: string, submit: Request[1] & { command: 'submit_sm' }) {
  await session.request({
    command: 'deliver_sm',
    esm_class: 0x04,
    source_addr: submit.destination_addr,
    destination_addr: submit.source_addr,
    short_message: Buffer.from(`id:${id} stat:DELIVRD err:000`),
  })
}
