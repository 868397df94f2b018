import { randomUUID } from 'node:crypto'
import { createServer } from '@kurzpost/smpp'

const server = await createServer({
  port: Number(process.env.SMPP_PORT ?? 2775),
  accounts: [{ systemId: 'post', password: 'secret' }],
  onRequest: (_session, pdu) =>
    pdu.command === 'submit_sm' ? { message_id: randomUUID() } : { status: 0x03 }, // ESME_RINVCMDID
})
console.log(`listening on ${server.port}`)
