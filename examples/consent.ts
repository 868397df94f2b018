/**
 * Asks before it advertises: an advert is refused, somebody agrees, it goes; they write STOP, and what waited is
 * cancelled. Ends with the proof. In the sandbox the phone is a virtual handset, so this program plays both sides.
 *
 *     npx node examples/consent.ts
 *
 * KURZPOST_URL and KURZPOST_KEY say where and with which key; without them it is the sandbox of this folder.
 */
import { existsSync, readFileSync } from 'node:fs'

const customer = '+4915155512345'
const us = '12345'

// What `npm start` leaves for the programs beside it.
const access = '.kurzpost/sandbox.json'
const sandbox = existsSync(access) ? JSON.parse(readFileSync(access, 'utf8')) : {}
const server = process.env.KURZPOST_URL ?? sandbox.url ?? 'http://127.0.0.1:7678'
const headers = {
  authorization: `Bearer ${process.env.KURZPOST_KEY ?? sandbox.key}`,
  'content-type': 'application/json',
}

const offers = await topicOf('Angebote')
// Tomorrow: it waits in the queue, whatever the hour is now.
const advert = { to: customer, topic: offers, text: 'Morgen 20 % auf alles.', send_at: inADay() }

const refused = await ask('POST', '/v1/messages', advert)
console.log(`before: ${refused.error.code}`)

await ask('POST', '/v1/consent', {
  entries: [
    {
      number: customer,
      act: 'grant',
      topic: offers,
      how: 'web_form',
      text_shown: 'Ja, schickt mir Angebote per SMS. Abmelden jederzeit mit STOP.',
      source_address: '203.0.113.7',
    },
  ],
})
const planned = await ask('POST', '/v1/messages', advert)
console.log(`agreed: the advert is ${planned.state}`)

const events = await fetch(`${server}/v1/events?types=consent.withdrawn`, { headers })
await ask('POST', `/v1/sandbox/handsets/${encodeURIComponent(customer)}/messages`, {
  to: us,
  text: 'Stop bitte alle',
})
for await (const chunk of events.body!.pipeThrough(new TextDecoderStream())) {
  if (chunk.includes(customer)) break
}
const { state } = await ask('GET', `/v1/messages/${planned.id}`)
console.log(`STOP: the advert is ${state}`)

const proof = await ask('GET', `/v1/consent/proof?number=${encodeURIComponent(customer)}`)
for (const { act, how, details } of proof.entries) {
  console.log(`${act} (${how}): ${details.text_shown ?? details.text_received}`)
}
process.exit()

/** The topic of that name, made where there is none. */
async function topicOf(name: string): Promise<string> {
  const { data } = await ask('GET', '/v1/topics')
  const known = data.find((topic: { name: string }) => topic.name === name)
  return (known ?? (await ask('POST', '/v1/topics', { name, kind: 'marketing', sender: us, language: 'de' })))
    .id
}

function inADay(): string {
  // At noon, when no country keeps quiet.
  const noon = new Date(Date.now() + 2 * 86_400_000)
  noon.setUTCHours(11, 0, 0, 0)
  // Not on a Sunday.
  if (noon.getUTCDay() === 0) noon.setUTCDate(noon.getUTCDate() + 1)
  return noon.toISOString()
}

async function ask(method: string, path: string, body?: object) {
  const response = await fetch(server + path, {
    method,
    headers,
    ...(body && { body: JSON.stringify(body) }),
  })
  return JSON.parse(await response.text())
}
