/**
 * Sends one message and waits until the phone has it.
 *
 *     npx node examples/send.ts +4915123456789 "Your parcel is here."
 *
 * KURZPOST_URL and KURZPOST_KEY say where and with which key; without them it is the sandbox of this folder.
 */
import { randomUUID } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'

const [to = '+4915123456789', text = 'Your parcel is here.'] = process.argv.slice(2)

// What `npm start` leaves for the programs beside it.
const access = '.kurzpost/sandbox.json'
const sandbox = existsSync(access) ? JSON.parse(readFileSync(access, 'utf8')) : {}
const server = process.env.KURZPOST_URL ?? sandbox.url ?? 'http://127.0.0.1:7678'
const headers = {
  authorization: `Bearer ${process.env.KURZPOST_KEY ?? sandbox.key}`,
  'content-type': 'application/json',
}

// Listen first, so that nothing happens unheard between the sending and the listening.
const outcomes = ['message.delivered', 'message.undelivered', 'message.expired', 'message.rejected']
const stream = await fetch(`${server}/v1/events?types=${outcomes.join(',')}`, { headers })
if (!stream.ok) throw new Error(await stream.text())

const answer = await fetch(`${server}/v1/messages`, {
  method: 'POST',
  // The key makes it safe to send this request again when its answer was lost: no message goes out twice.
  headers: { ...headers, 'idempotency-key': randomUUID() },
  body: JSON.stringify({ to, text, lane: 'transactional' }),
})
const message = JSON.parse(await answer.text())
if (!answer.ok) throw new Error(`${message.error.message} (${message.error.code})`)
console.log(`${message.id} is stored: ${message.segments} segment(s), ${message.encoding}`)

for await (const { data } of eventsOf(stream)) {
  if (data.message_id !== message.id) continue
  console.log(`${message.id} is ${data.state}`)
  process.exit(data.state === 'delivered' ? 0 : 1)
}

/** The events of a stream (server-sent events) as objects: `{ id, type, at, data }`. */
async function* eventsOf(response: Response) {
  let rest = ''
  for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
    const frames = (rest + chunk).split('\n\n')
    rest = frames.pop()!
    for (const frame of frames) {
      const data = /^data: (.*)$/m.exec(frame)?.[1]
      if (data) yield JSON.parse(data)
    }
  }
}
