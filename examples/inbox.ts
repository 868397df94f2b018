/**
 * A colleague that never sleeps: notes for agents what is known of an order as soon as somebody writes its number, and
 * answers what needs no thought. In the sandbox the customer is a virtual handset.
 *
 *     npx node examples/inbox.ts
 *
 * KURZPOST_URL and KURZPOST_KEY say where and with which key; without them it is the sandbox of this folder.
 */
import { existsSync, readFileSync } from 'node:fs'

const orders: Record<string, string> = { '4711': 'ready', '4712': 'in the oven' }
const customer = '+4915187654321'
const us = '12346'

// What `npm start` leaves for the programs beside it.
const access = '.kurzpost/sandbox.json'
const sandbox = existsSync(access) ? JSON.parse(readFileSync(access, 'utf8')) : {}
const server = process.env.KURZPOST_URL ?? sandbox.url ?? 'http://127.0.0.1:7678'
const headers = {
  authorization: `Bearer ${process.env.KURZPOST_KEY ?? sandbox.key}`,
  'content-type': 'application/json',
}

const stream = await fetch(`${server}/v1/events?types=inbox.received`, { headers })
if (!stream.ok) throw new Error(await stream.text())
await ask(`/v1/sandbox/handsets/${encodeURIComponent(customer)}/messages`, {
  to: us,
  text: 'Is 4711 ready?',
})

for await (const { data } of eventsOf(stream)) {
  // The event says where to look, and not a word of what was said.
  const path = `/v1/inbox/conversations/${data.conversation_id}`
  const talk = await ask(path)
  const said = talk.entries.findLast((entry: Entry) => entry.message?.id === data.message_id)?.message.text
  const number = /\b\d{4}\b/.exec(said)?.[0] ?? ''
  const state = orders[number]
  if (!state) continue
  console.log(`they: ${said}`)
  await ask(`${path}/notes`, { text: `Order ${number} is ${state}.` })
  // The same event twice is one answer.
  const answer = { text: `Your order ${number} is ${state}.`, state: 'closed' }
  const after = await ask(`${path}/messages`, answer, { 'idempotency-key': data.message_id })
  console.log(`we:   ${answer.text}`)
  console.log(`The conversation is ${after.state}; it opens when they write again.`)
  break
}
process.exit()

interface Entry {
  message?: { id: string; text: string }
}

/** GET without a body, POST with one. */
async function ask(path: string, body?: object, more: Record<string, string> = {}) {
  const response = await fetch(server + path, {
    method: body ? 'POST' : 'GET',
    headers: { ...headers, ...more },
    ...(body && { body: JSON.stringify(body) }),
  })
  const answer = JSON.parse((await response.text()) || 'null')
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
