/**
 * Asks a question, reads the reply, and answers it. In the sandbox the phone is a virtual handset, so this
 * program plays both sides; on a real network leave out the part that picks up the phone.
 *
 *     npx node examples/two-way.ts
 *
 * KURZPOST_URL and KURZPOST_KEY say where and with which key; without them it is the sandbox of this folder.
 */
import { existsSync, readFileSync } from 'node:fs'

const customer = '+4915198765432'
const us = '12345'

// What `npm start` leaves for the programs beside it.
const access = '.kurzpost/sandbox.json'
const sandbox = existsSync(access) ? JSON.parse(readFileSync(access, 'utf8')) : {}
const server = process.env.KURZPOST_URL ?? sandbox.url ?? 'http://127.0.0.1:7678'
const headers = {
  authorization: `Bearer ${process.env.KURZPOST_KEY ?? sandbox.key}`,
  'content-type': 'application/json',
}

const stream = await fetch(`${server}/v1/events?types=message.delivered,message.received`, { headers })
if (!stream.ok) throw new Error(await stream.text())

const question = await say('Your table is free at 7 or at 9. Which one?')
let thanks: string | undefined

for await (const { type, data } of eventsOf(stream)) {
  if (type === 'message.delivered' && data.message_id === question) await answerFromHandset('At 9, please')
  if (type === 'message.received' && data.from === customer) {
    console.log(`they: ${data.text}`)
    thanks = await say(`Booked: ${data.text.includes('9') ? '9' : '7'} o'clock. See you then!`)
  }
  if (type === 'message.delivered' && data.message_id === thanks) break
}
console.log('Both sides have everything.')
process.exit()

/** Sends to the customer, from the number that they can reply to. */
async function say(text: string): Promise<string> {
  console.log(`we:   ${text}`)
  const message = await post('/v1/messages', { from: us, to: customer, text, lane: 'conversation' })
  return message.id
}

/** Sandbox only: the customer picks up the phone and types. */
async function answerFromHandset(text: string): Promise<void> {
  await post(`/v1/sandbox/handsets/${encodeURIComponent(customer)}/messages`, { to: us, text })
}

async function post(path: string, body: object) {
  const response = await fetch(server + path, { method: 'POST', headers, body: JSON.stringify(body) })
  const answer = JSON.parse(await response.text())
  if (!response.ok) throw new Error(`${answer.error.message} (${answer.error.code})`)
  return answer
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
