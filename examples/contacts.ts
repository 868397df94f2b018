/**
 * Three people from a file, a segment of them, and a text with their names, stopped within its hold. Then one of them is
 * erased. In the sandbox nothing leaves this machine.
 *
 *     npx node examples/contacts.ts
 *
 * KURZPOST_URL and KURZPOST_KEY say where and with which key; without them it is the sandbox of this folder.
 */
import { existsSync, readFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'

// What `npm start` leaves for the programs beside it.
const access = '.kurzpost/sandbox.json'
const sandbox = existsSync(access) ? JSON.parse(readFileSync(access, 'utf8')) : {}
const server = process.env.KURZPOST_URL ?? sandbox.url ?? 'http://127.0.0.1:7678'
const authorization = `Bearer ${process.env.KURZPOST_KEY ?? sandbox.key}`

await ask('PUT', '/v1/contact-attributes/points', { label: 'Points', type: 'number' })

const file = `Customer ID;Mobile;Name;Points
E-1;0151 55501001;Ada Lovelace;120
E-2;0151 55501002;Grace Hopper;7
E-3;nobody knows;Alan Turing;99
`
const { id } = await ask('POST', '/v1/contact-imports', { file_name: 'people.csv' })
await fetch(`${server}/v1/contact-imports/${id}/chunks/0`, {
  method: 'PUT',
  headers: { authorization, 'content-type': 'text/csv' },
  body: file,
})
const { format } = await ask('POST', `/v1/contact-imports/${id}/inspect`, {})
const mapping = format.columns.map((column: { to: string | null }) => column.to)
console.log(`columns: ${mapping.join(', ')}`)

await ask('POST', `/v1/contact-imports/${id}/start`, { mapping, tags: ['example'] })
let done = await ask('GET', `/v1/contact-imports/${id}`)
while (done.state === 'running') {
  await wait(100)
  done = await ask('GET', `/v1/contact-imports/${id}`)
}
console.log(`taken in: ${done.created + done.updated + done.unchanged}, not taken: ${done.failed}`)

const definition = { all: [{ tag: 'example' }, { attribute: 'points', op: 'at_least', value: 100 }] }
const { people, words } = await ask('POST', '/v1/segments/preview', { definition })
console.log(`${words} ${people}`)

const name = `Example ${id}`
const segment = await ask('POST', '/v1/segments', { name, definition })
const audience = await ask('POST', '/v1/audiences', {
  segment: segment.id,
  lane: 'transactional',
  text: 'Dear {{first_name}}, {{points}} points are waiting.',
})
const stopped = await ask('POST', `/v1/audiences/${audience.id}/stop`)
console.log(`${audience.state}, then ${stopped.state}: ${stopped.queued} sent`)

const { data } = await ask('GET', '/v1/contacts?external_id=E-1')
const receipt = await ask('POST', `/v1/contacts/${data[0].id}/erase`)
const addresses = receipt.places.find(({ place }: { place: string }) => place === 'addresses')
console.log(`erased: ${addresses.count} address`)
await ask('DELETE', `/v1/segments/${segment.id}`)

async function ask(method: string, path: string, body?: unknown) {
  const response = await fetch(server + path, {
    method,
    headers: { authorization, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  if (!response.ok) throw new Error(`${method} ${path}: ${text}`)
  return text === '' ? undefined : JSON.parse(text)
}
