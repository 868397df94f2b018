import { mkdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type pg from 'pg'
import { readFlags } from '../flags.ts'
import { type Cost, startMeter } from './cost.ts'
import { type Server, startServer } from './house.ts'
import { call, onStage, type Stage, say, surroundings, watchStore } from './setting.ts'
import { aligned } from './table.ts'

/** People by the million: how long a file takes to come in, a segment to be counted, and an audience to be queued. */

const flags = {
  rows: { fallback: '1000000', help: 'Rows of the file that is imported.' },
  audience: { fallback: '100000', help: 'Of those, how many are sent to; in a topic that needs consent.' },
  profile: { fallback: '', help: 'Folder for CPU profiles of the server. Profiling costs some speed.' },
} as const

const pieceBytes = 4 * 1024 * 1024
/** A machine that is busy with other things should give a figure, too. */
const longestMs = 120_000
const cities = ['Berlin', 'Hamburg', 'München', 'Köln', 'Ulm', 'Bonn', 'Kiel', 'Jena', 'Trier', 'Wismar']

/** Like the file of a shop: a number of its own, phone, e-mail, name, town, points, last visit, tags. */
function line(n: number): string {
  const phone = `+49151${String(10_000_000 + n)}`
  const day = String((n % 28) + 1).padStart(2, '0')
  return `K-${n};${phone};kunde${n}@example.org;Vor${n % 997} Nach${n % 4999};${cities[n % 10]};${n % 1000};2026-${String((n % 12) + 1).padStart(2, '0')}-${day};${n % 10 === 0 ? 'vip,neu' : 'neu'}\n`
}

function* pieces(rows: number): Generator<Buffer> {
  let text = 'Kundennummer;Handy;E-Mail;Name;Stadt;Punkte;Besuch;Tags\n'
  for (let n = 0; n < rows; n++) {
    text += line(n)
    if (text.length < pieceBytes * 0.9) continue
    yield Buffer.from(text)
    text = ''
  }
  if (text !== '') yield Buffer.from(text)
}

interface Import {
  id: string
  state: string
  rows: number
  created: number
  failed: number
  format: { columns: { to: string | null }[] }
  error: { sentence: string } | null
}

/** What was measured, what came of it, and what it should come to at a million people on two cores. */
type Line = [label: string, seen: string, goal: string]

async function importAll(stage: Stage, rows: number): Promise<Line[]> {
  const server = stage.server!
  for (const [key, label, type] of [
    ['stadt', 'Stadt', 'text'],
    ['punkte', 'Punkte', 'number'],
    ['besuch', 'Besuch', 'date'],
  ])
    await call(server, `PUT /v1/contact-attributes/${key}`, { label, type })
  const { id } = await call<Import>(server, 'POST /v1/contact-imports', { file_name: 'people.csv' })
  const path = `/v1/contact-imports/${id}`
  const begun = performance.now()
  let n = 0
  let size = 0
  for (const piece of pieces(rows)) {
    const answer = await fetch(`${server.url}${path}/chunks/${n++}`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${server.key}`, 'content-type': 'text/csv' },
      body: new Uint8Array(piece),
    })
    if (!answer.ok) throw new Error(`A piece was answered with ${answer.status}.`)
    size += piece.length
  }
  const uploaded = performance.now()
  const seen = await call<Import>(server, `POST ${path}/inspect`, {})
  const started = performance.now()
  const meter = meterOf(server)
  await call(server, `POST ${path}/start`, { mapping: seen.format.columns.map(({ to }) => to) })
  let last: Import
  let told = 0
  do {
    await delay(500, undefined, { signal: stage.signal })
    last = await call<Import>(server, `GET ${path}`, undefined, longestMs)
    if (last.rows < told + rows / 10) continue
    told = last.rows
    say(`${told.toLocaleString('en')} rows …`)
  } while (last.state === 'running')
  const took = (performance.now() - started) / 1_000
  if (last.state !== 'finished' || last.created !== rows)
    throw new Error(`The import ended ${last.state} with ${last.created} of ${rows}: ${last.error?.sentence}`)
  return [
    [`upload of ${(size / 1e6).toFixed(0)} MB`, `${((uploaded - begun) / 1_000).toFixed(1)} s`, ''],
    [`import of ${rows.toLocaleString('en')} rows`, `${took.toFixed(1)} s`, '120 s'],
    ['rows a second', Math.round(rows / took).toLocaleString('en'), '8,333'],
    ['CPU µs a row', share(meter.read(rows)), ''],
  ]
}

const segments: Record<string, object> = {
  tag: { tag: 'vip' },
  'town and points': {
    all: [
      { attribute: 'stadt', op: 'is', value: 'Ulm' },
      { attribute: 'punkte', op: 'above', value: 500 },
    ],
  },
  'tag, delivered in the last 30 days, not in a town': {
    all: [
      { tag: 'neu' },
      { delivered_within: 30 },
      { none: [{ attribute: 'stadt', op: 'is', value: 'Ulm' }] },
    ],
  },
  'visited before a day or many points': {
    any: [
      { attribute: 'besuch', op: 'before', value: '2026-03-01' },
      { attribute: 'punkte', op: 'at_least', value: 900 },
    ],
  },
}

async function countAll(stage: Stage, trees: Record<string, object>): Promise<Line[]> {
  const lines: Line[] = []
  for (const [name, definition] of Object.entries(trees)) {
    const times: number[] = []
    let people = 0
    for (let run = 0; run < 3; run++) {
      const begun = performance.now()
      const answer = await call<{ people: number }>(
        stage.server!,
        'POST /v1/segments/preview',
        { definition },
        longestMs,
      )
      times.push(performance.now() - begun)
      people = answer.people
    }
    lines.push([
      `count: ${name} (${people.toLocaleString('en')})`,
      times.map((ms) => `${(ms / 1_000).toFixed(2)} s`).join(', '),
      '1 s',
    ])
  }
  return lines
}

/** On a machine that others use, too, what counts is the CPU: how long it took depends on them. */
const meterOf = ({ pid, postmaster }: Server) =>
  startMeter({ server: pid, ...(postmaster !== undefined && { PostgreSQL: postmaster }) })
const share = ({ cpu }: Cost): string =>
  Object.entries(cpu)
    .map(([part, used]) => `${part} ${Math.round(used)}`)
    .join(', ')

interface Audience {
  id: string
  state: string
  queued: number
  started_at: string
  finished_at: string
  refused: { code: string; count: number }[]
}

/** Whoever is on the list has said yes to the topic, but for one in a hundred who has said no. */
const consented = `
  insert into consent_state (account_id, number_key, topic_id, sender, granted, at, seq, entry_id, how)
  select a.account_id, a.key, $2::uuid, null, c.n % 100 <> 0, now(), c.n, uuidv7(), 'import'
  from (select id, row_number() over (order by id) as n from contacts order by id limit $1) c
  join contact_addresses a on a.contact_id = c.id and a.channel = 'sms'`
const listed = `
  insert into contact_list_members (account_id, list_id, contact_id, added_at)
  select c.account_id, $2::uuid, c.id, now() from (select * from contacts order by id limit $1) c`

async function sendToMany(stage: Stage, store: pg.Client, count: number): Promise<Line[]> {
  const server = stage.server!
  const reason = 'Nobody reads what is sent in a trial.'
  await call(server, 'PUT /v1/consent-rules', {
    hours: [{ country: 'DE', hours: 'daily 00:00-24:00', holidays: 'yes', instead: reason }],
  })
  const topic = await call<{ id: string }>(server, 'POST /v1/topics', {
    key: 'angebote',
    name: 'Angebote',
    kind: 'marketing',
    language: 'de',
  })
  const list = await call<{ id: string }>(server, 'POST /v1/lists', { name: 'Bench' })
  const bare = async (table: string) => (await store.query(`select id from ${table} limit 1`)).rows[0].id
  await store.query(consented, [count, await bare('topics')])
  await store.query(listed, [count, await bare('contact_lists')])
  await store.query('analyze consent_state, contact_list_members')
  const lines = await countAll(stage, {
    'said yes to a topic': { consent: 'granted', topic: topic.id },
    'on a list and said nothing about a topic': {
      all: [{ list: list.id }, { consent: 'none', topic: topic.id }],
    },
  })
  const text =
    'Hallo {{first_name}}, Ihre {{punkte}} Punkte warten in {{stadt}}. Bis Samstag 20 %. Abmelden: STOP'
  const made = await call<Audience>(server, 'POST /v1/audiences', { list: list.id, topic: topic.id, text })
  say('An audience waits for its hold …')
  const meter = meterOf(server)
  let last: Audience
  do {
    await delay(250, undefined, { signal: stage.signal })
    last = await call<Audience>(server, `GET /v1/audiences/${made.id}`, undefined, longestMs)
  } while (last.state === 'held' || last.state === 'running')
  const took = (Date.parse(last.finished_at) - Date.parse(last.started_at)) / 1_000
  const refused = last.refused.map((each) => `${each.count.toLocaleString('en')} ${each.code}`).join(', ')
  lines.push(
    [
      `audience of ${count.toLocaleString('en')} to ${last.queued.toLocaleString('en')} queued messages`,
      `${took.toFixed(1)} s`,
      '10 s for 100,000',
    ],
    ['CPU µs a message', share(meter.read(last.queued)), ''],
    [`refused: ${refused}`, '', ''],
  )
  return lines
}

export async function benchPeople(args: readonly string[]): Promise<void> {
  const given = readFlags('npm run bench -- people', flags, args)
  if (given === undefined) return
  const rows = Number(given.rows)
  await onStage(async (stage) => {
    say('Starting a server …')
    const profileFolder = given.profile === '' ? undefined : resolve(given.profile)
    if (profileFolder !== undefined) mkdirSync(profileFolder, { recursive: true })
    stage.server = await startServer(stage.cleanup, { ...(profileFolder !== undefined && { profileFolder }) })
    const store = await watchStore(stage.cleanup, stage.server)
    const lines = await importAll(stage, rows)
    // As if a third had got a message lately, spread over two months.
    await store.query(
      `update contact_addresses set delivered_at = now() - (hashtext(address) & 63) * interval '1 day'
       where channel = 'sms' and hashtext(contact_id::text) % 3 = 0`,
    )
    await store.query('vacuum analyze contact_addresses')
    lines.push(...(await countAll(stage, segments)))
    lines.push(...(await sendToMany(stage, store, Math.min(rows, Number(given.audience)))))
    process.stdout.write(`${aligned([['', 'seen', 'goal'], ...lines])}\n\n${surroundings(stage.server)}\n`)
  })
}
