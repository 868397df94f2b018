import { mkdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { readFlags } from '../flags.ts'
import { startMeter } from './cost.ts'
import { type Server, startServer } from './house.ts'
import { between, spreadOf } from './percentiles.ts'
import { follow } from './progress.ts'
import { everySecond, type Figures, untilBoth } from './runs.ts'
import { call, hire, onStage, recipients, type Stage, say, surroundings, watchStore } from './setting.ts'
import type { SmscOrder, SmscProgress, SmscResult } from './smsc.ts'
import { readStore, shareOf } from './store.ts'
import { table } from './table.ts'

/** Phones write: STOP, keywords, and what people read, with everybody asked whose it is, and answered. */

const flags = {
  messages: { fallback: '40000', help: 'Messages that come in.' },
  warmup: { fallback: '10000', help: 'Messages before them that count for nothing.' },
  window: { fallback: '500', help: 'deliver_sm without an answer at a time.' },
  profile: { fallback: '', help: 'Folder for CPU profiles of the server. Profiling costs some speed.' },
} as const

const ours = '12345'
const plain = 'Hello, my parcel has not come yet. Could you have a look where it is? Kind regards, A.'
/** In turns. Every message is from a phone of its own. */
const mix: readonly { text: string; answered: boolean }[] = [
  { text: 'STOP', answered: true },
  { text: plain, answered: false },
  { text: 'HOURS', answered: true },
  { text: plain, answered: false },
  { text: 'DEPARTURES Altona', answered: true },
  { text: plain, answered: false },
  { text: 'hours please', answered: true },
  { text: plain, answered: false },
  { text: 'Huors', answered: true },
  { text: 'Is anybody there?', answered: false },
]
const share = (of: (entry: (typeof mix)[number]) => boolean): string =>
  `${Math.round((mix.filter(of).length / mix.length) * 100)} %`

export async function benchInbound(args: readonly string[]): Promise<void> {
  const given = readFlags('npm run bench -- inbound', flags, args)
  if (given === undefined) return
  const profileFolder = given.profile === '' ? undefined : resolve(given.profile)
  if (profileFolder !== undefined) mkdirSync(profileFolder, { recursive: true })
  await onStage(async (stage) => {
    const window = Number(given.window)
    const figures = await runInbound(stage, {
      window,
      profileFolder,
      messages: Number(given.messages),
      warmup: Number(given.warmup),
    })
    process.stdout.write(
      `${table({ inbound: figures })}\n\n${surroundings(stage.server!)}\n` +
        `Every message from a phone of its own over one bind with a window of ${window}: ` +
        `${share(({ text }) => text === 'STOP')} STOP, ${share(({ text, answered }) => answered && text !== 'STOP')} keywords, the rest for the inbox.\n` +
        'Accept is from deliver_sm to its answer, which comes after the commit; to wire is from there to the submit_sm of what was replied.\n',
    )
  })
}

/** What phones can ask for: a text, and a table. */
async function addServices(server: Server): Promise<void> {
  const common = { quota: { per_hour: 20, per_day: 60 }, language: 'en' }
  await call(server, 'POST /v1/keyword-services', {
    ...{ ...common, name: 'Opening hours', kind: 'template', keywords: [{ word: 'HOURS' }] },
    texts: { answer: { en: 'We are open Monday to Friday from 9 to 18.' } },
  })
  const { id } = await call<{ id: string }>(server, 'POST /v1/keyword-services', {
    ...{ ...common, name: 'Departures', kind: 'table', keywords: [{ word: 'DEPARTURES' }], most_rows: 3 },
    texts: { answer: { en: '{{time}} {{line}} {{to}}' } },
  })
  const rows = ['Altona', 'Barmbek', 'Dammtor', 'Harburg'].flatMap((stop) =>
    Array.from({ length: 100 }, (_, n) => `${stop},${9 + (n % 12)}:${10 + (n % 50)},S${n % 9},Central`),
  )
  const answer = await fetch(`${server.url}/v1/keyword-services/${id}/table?key=stop`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${server.key}`, 'content-type': 'text/csv' },
    body: `stop,time,line,to\n${rows.join('\n')}\n`,
  })
  if (!answer.ok) throw new Error(`the table was answered with ${answer.status}: ${await answer.text()}`)
}

async function runInbound(
  stage: Stage,
  options: { window: number; messages: number; warmup: number; profileFolder: string | undefined },
): Promise<Figures> {
  const { cleanup, signal } = stage
  const { window, messages, warmup, profileFolder } = options
  say('Starting an SMSC and a server …')
  const smsc = hire(cleanup, './smsc.ts', 'the SMSC')
  const port = await smsc.ask<number>('listen')
  const server = await startServer(cleanup, {
    ...(profileFolder !== undefined && { profileFolder }),
    window,
    settings: { KURZPOST_CARRIER_URL: `smpp://bench:bench@127.0.0.1:${port}` },
  })
  stage.server = server
  const store = await watchStore(cleanup, server)
  await addServices(server)

  async function cycle(count: number, goal: string): Promise<Figures> {
    const range = recipients(count)
    const wanted = Array.from({ length: count }, (_, at) => mix[at % mix.length]!).filter(
      ({ answered }) => answered,
    ).length
    const counted = await readStore(store, server.url)
    const meter = startMeter({
      server: server.pid,
      load: smsc.child.pid!,
      ...(server.postmaster !== undefined && { PostgreSQL: server.postmaster }),
    })
    const order: SmscOrder = { ...range, window, to: ours, texts: mix.map(({ text }) => text) }
    const { sentAt, acknowledgedAt, answeredAt, refused } = await untilBoth(
      smsc.ask<SmscResult>('run', order),
      (failed) =>
        follow({
          read: async () => ({ ...(await smsc.ask<SmscProgress>('progress')) }),
          done: ({ acknowledged, answers }) => acknowledged === count && answers >= wanted,
          goal,
          onLook: everySecond(meter.sample),
          signal: AbortSignal.any([signal, failed]),
        }),
    )
    if (refused > 0) throw new Error(`${refused} deliver_sm were refused.`)
    const ended = acknowledgedAt.reduce((last, at) => Math.max(last, at))
    return {
      messages: count,
      perSecond: count / ((ended - sentAt[0]!) / 1_000),
      accept: spreadOf(between(sentAt, acknowledgedAt)),
      toWire: spreadOf(between(acknowledgedAt, answeredAt)),
      cost: meter.read(count),
      store: shareOf(counted, await readStore(store, server.url), count),
    }
  }

  if (warmup > 0) await cycle(warmup, 'The warm-up')
  say(`Inbound: ${messages.toLocaleString('en')} messages …`)
  return cycle(messages, 'The run')
}
