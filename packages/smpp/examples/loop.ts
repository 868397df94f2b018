import { createClient, parseReceipt, SmppError } from '@kurzpost/smpp'

const client = createClient({
  host: '127.0.0.1',
  port: Number(process.env.SMPP_PORT ?? 2775),
  systemId: 'post',
  password: 'secret',
})
await client.connect({ signal: AbortSignal.timeout(10_000) })

const { message_id } = await client.submit({
  source_addr: 'Post',
  source_addr_ton: 5,
  destination_addr: '491701234567',
  registered_delivery: 1,
  short_message: Buffer.from('Hello'),
})
console.log(`submitted: ${message_id.length} characters of id`)

// Receipts and messages from phones, over all links to come; it ends when the client is closed.
for await (const pdu of client) {
  const receipt = parseReceipt(pdu)
  try {
    // Commit it here, then say that you have it.
    client.respond(pdu)
  } catch (error) {
    // The link is gone: the SMSC sends it again.
    if (!(error instanceof SmppError) || error.code !== 'closed') throw error
  }
  if (receipt) {
    console.log(`receipt: ${receipt.state}`)
    break
  }
}
await client.close()
