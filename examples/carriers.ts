/**
 * Adds a second carrier beside the first, gives it the numbers of one country, and asks which way a message would take.
 * Then takes it out again. In the sandbox the second one leads to the same simulator.
 *
 *     npx node examples/carriers.ts smpp.example.com 2775
 *
 * KURZPOST_URL and KURZPOST_KEY say where and with which key; without them it is the sandbox of this folder.
 */
import { existsSync, readFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'

// What `npm start` leaves for the programs beside it.
const access = '.kurzpost/sandbox.json'
const sandbox = existsSync(access) ? JSON.parse(readFileSync(access, 'utf8')) : {}
const server = process.env.KURZPOST_URL ?? sandbox.url ?? 'http://127.0.0.1:7678'
const key = process.env.KURZPOST_KEY ?? sandbox.key

const { data: carriers } = await ask('GET', '/v1/carriers')
const [first] = carriers
const [host, port] = process.argv.slice(2)
const hosts = host === undefined ? first.settings.hosts : [{ host, port: Number(port ?? 2775) }]

const second = await ask('POST', '/v1/carriers', {
  name: 'nordic',
  kind: 'smpp',
  settings: { hosts, system_id: 'sandbox', segments_per_second: 50 },
  secrets: { password: 'sandbox' },
  routes: [{ prefix: '+46', cost: 0.031 }],
})
console.log(`${second.name} is there`)

// It connects by itself; nothing of the first carrier is touched.
let health = second.health
while (health.state !== 'up') {
  await wait(100)
  health = (await ask('GET', `/v1/carriers/${second.id}`)).health
}
console.log(health.sentence)

await explain('+46701234567')
await explain('+4915123456789')

await ask('PATCH', `/v1/carriers/${second.id}`, { mode: 'paused' })
await explain('+46701234567')

await ask('DELETE', `/v1/carriers/${second.id}`)
console.log(`${second.name} is gone`)

async function explain(to: string): Promise<void> {
  const { sentence } = await ask('POST', '/v1/routes/explain', { to, lane: 'code' })
  console.log(`${to}: ${sentence}`)
}

async function ask(method: string, path: string, body?: object) {
  const response = await fetch(server + path, {
    method,
    headers: { authorization: `Bearer ${key}`, ...(body ? { 'content-type': 'application/json' } : {}) },
    ...(body ? { body: JSON.stringify(body) } : {}),
  })
  const text = await response.text()
  const answer = text === '' ? {} : JSON.parse(text)
  if (!response.ok) throw new Error(`${answer.error.message} (${answer.error.code})`)
  return answer
}
