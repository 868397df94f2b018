import { createClient, parseReceipt, SmppError, statusName } from '@kurzpost/smpp'

const client = createClient({
  host: '127.0.0.1',
  port: Number(process.env.SMPP_PORT ?? 2775),
  systemId: 'post',
  password: 'secret',
  onState: (state) => state === 'bound' && send(),
  async onRequest(pdu) {
    const receipt = parseReceipt(pdu)
    // Commit it here: the SMSC is told "taken" only after this function is done.
    if (receipt) console.log(`receipt: ${receipt.state}`)
    if (receipt) setImmediate(() => client.close())
    return { status: 0 }
  },
})
client.start() // and it comes back for as long as it takes, whenever the link is lost

async function send() {
  try {
    const { status, message_id } = await client.submit(
      {
        source_addr_ton: 5,
        source_addr: 'Post',
        dest_addr_ton: 1,
        dest_addr_npi: 1,
        destination_addr: '491701234567',
        registered_delivery: 1,
        short_message: Buffer.from('Hello'),
      },
      { signal: AbortSignal.timeout(10_000) },
    )
    console.log(status === 0 ? `submitted: ${message_id.length} characters of id` : statusName(status))
  } catch (error) {
    // 'no': it never left, send it again. 'maybe': only a receipt, or nobody, can tell.
    if (error instanceof SmppError) console.error(error.code, error.sent)
    else throw error
  }
}
