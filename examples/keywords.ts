/**
 * Information that people fetch by a word, around the clock: opening hours from a text, a balance from a table, departures
 * and the state of an order from a system of one's own. A virtual phone asks for each, and prints what it gets.
 *
 *     npx node examples/keywords.ts
 *
 * KURZPOST_URL and KURZPOST_KEY say where and with which key; without them it is the sandbox of this folder.
 */
import { existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'

const phone = '+4915198765401'
const us = '12345'

// What `npm start` leaves for the programs beside it.
const access = '.kurzpost/sandbox.json'
const sandbox = existsSync(access) ? JSON.parse(readFileSync(access, 'utf8')) : {}
const server = process.env.KURZPOST_URL ?? sandbox.url ?? 'http://127.0.0.1:7678'
const authorization = `Bearer ${process.env.KURZPOST_KEY ?? sandbox.key}`

/** Our own system: it knows timetables and orders. On the internet it would speak https. */
const system = createServer((request, response) => {
  const [, what, which = ''] = request.url!.split('/').map(decodeURIComponent)
  const known: Record<string, unknown> = {
    'stops Altona': {
      departures: [
        { at: '14:05', line: 'S3', to: { name: 'Pinneberg' } },
        { at: '14:08', line: 'S1', to: { name: 'Wedel' } },
        { at: '14:15', line: 'S3', to: { name: 'Pinneberg' } },
      ],
    },
    'orders A-1017': { order: { state: 'on its way', parcels: 2 } },
  }
  const answer = request.headers['x-key'] === 'secret' ? known[`${what} ${which}`] : undefined
  response.writeHead(answer ? 200 : 404, { 'content-type': 'application/json' })
  response.end(JSON.stringify(answer ?? {}))
})
await new Promise<void>((resolve) => system.listen(0, '127.0.0.1', resolve))
const ours = `http://127.0.0.1:${(system.address() as { port: number }).port}`
const headers = [{ name: 'X-Key', value: 'secret', secret: true }]

const common = { numbers: [us], language: 'en', time_zone: 'Europe/Berlin' }
const services = [
  {
    ...{ ...common, name: 'Example: opening hours', kind: 'template' },
    keywords: [
      { word: 'HOURS', language: 'en' },
      { word: 'ZEITEN', language: 'de' },
    ],
    texts: { answer: { en: 'Monday to Friday, 9 to 18.', de: 'Montag bis Freitag, 9 bis 18 Uhr.' } },
  },
  {
    ...{ ...common, name: 'Example: balance', kind: 'table', keywords: [{ word: 'BALANCE' }] },
    texts: {
      answer: { en: '{{account}}: {{balance}} EUR' },
      not_found: { en: 'We do not know this phone.' },
    },
  },
  {
    ...{ ...common, name: 'Example: departures', kind: 'http', keywords: [{ word: 'DEPARTURES' }] },
    arguments: [{ name: 'stop', rest: true }],
    texts: { answer: { en: '{{stop}}:\n{{list}}' }, not_found: { en: 'We do not know a stop {{stop}}.' } },
    source: {
      ...{ url: `${ours}/stops/{{stop}}`, headers, cache_seconds: 20 },
      list: {
        place: '/departures',
        values: { at: '/at', line: '/line', to: '/to/name' },
        line: { en: '{{at}} {{line}} {{to}}' },
        most: 2,
      },
    },
  },
  {
    ...{ ...common, name: 'Example: order', kind: 'http', keywords: [{ word: 'ORDER' }] },
    arguments: [{ name: 'order' }],
    texts: {
      answer: { en: 'Order {{order}} is {{state}}, in {{parcels}} parcels.' },
      not_found: { en: 'There is no order {{order}}.' },
    },
    source: {
      ...{ url: `${ours}/orders/{{order}}`, headers, cache_seconds: 0 },
      values: { state: '/order/state', parcels: '/order/parcels' },
    },
  },
]

// Left over from a run that was broken off: they would hold the words.
const { data } = await api('GET', '/v1/keyword-services?limit=200')
for (const { id, name } of data) if (name.startsWith('Example: ')) await remove(id)

const ids: string[] = []
for (const service of services) ids.push((await api('POST', '/v1/keyword-services', service)).id)
// The column `phone` is compared with the number that asks, so everybody gets their own rows.
await upload(
  ids[1]!,
  `phone,account,balance\n${phone},Savings,1204.50\n+4915198765402,Savings,17\n`,
  'caller=phone',
)

const stream = await fetch(`${server}/v1/events?types=message.delivered`, { headers: { authorization } })
if (!stream.ok) throw new Error(await stream.text())

const questions = ['zeiten', 'BALANCE', 'Departures Altona', 'DEPARTURES Atlantis', 'ordre A-1017']
await ask(questions[0]!)
let asked = 1
for await (const { data } of eventsOf(stream)) {
  if (data.to !== phone) continue
  const { text } = await api('GET', `/v1/messages/${data.message_id}`)
  console.log(`      ${text.replaceAll('\n', '\n      ')}`)
  if (asked === questions.length) break
  await ask(questions[asked++]!)
}
for (const id of ids) await remove(id)
process.exit()

/** Sandbox only: somebody picks up the phone and types. */
async function ask(text: string): Promise<void> {
  console.log(`they: ${text}`)
  await api('POST', `/v1/sandbox/handsets/${encodeURIComponent(phone)}/messages`, { to: us, text })
}

async function upload(id: string, csv: string, query: string): Promise<void> {
  const answer = await fetch(`${server}/v1/keyword-services/${id}/table?${query}`, {
    ...{ method: 'PUT', headers: { authorization, 'content-type': 'text/csv' }, body: csv },
  })
  if (!answer.ok) throw new Error(await answer.text())
}

async function remove(id: string): Promise<void> {
  await fetch(`${server}/v1/keyword-services/${id}`, { method: 'DELETE', headers: { authorization } })
}

async function api(method: string, path: string, body?: object) {
  const response = await fetch(server + path, {
    method,
    headers: { authorization, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  })
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
