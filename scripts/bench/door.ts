import { readFlags } from '../flags.ts'
import { startMeter } from './cost.ts'
import type { EsmeOrder, EsmeProgress, EsmeResult } from './esme.ts'
import { freePort, startServer, startSimulator } from './house.ts'
import { between, spreadOf } from './percentiles.ts'
import { follow } from './progress.ts'
import { everySecond, type Figures, untilBoth } from './runs.ts'
import { call, hire, onStage, recipients, type Stage, say, surroundings, watchStore } from './setting.ts'
import { readStore, shareOf } from './store.ts'
import { table } from './table.ts'

/** The full cycle from SMPP to SMPP: a gateway between an ESME and an SMSC, without HTTP and webhooks. */

const flags = {
  messages: { fallback: '40000', help: 'Messages of the full cycle.' },
  warmup: { fallback: '10000', help: 'Messages before it that count for nothing.' },
  window: { fallback: '500', help: 'Unanswered PDUs at a time, on each of the two binds.' },
  'receipt-delay-ms': { fallback: '50', help: 'Time from a submit_sm to its receipt.' },
} as const

export async function benchDoor(args: readonly string[]): Promise<void> {
  const given = readFlags('npm run bench -- door', flags, args)
  if (given === undefined) return
  await onStage(async (stage) => {
    const window = Number(given.window)
    const figures = await runDoor(stage, {
      window,
      messages: Number(given.messages),
      warmup: Number(given.warmup),
      receiptDelayMs: Number(given['receipt-delay-ms']),
    })
    process.stdout.write(
      `${table({ 'SMPP to SMPP': figures })}\n\n${surroundings(stage.server!)}\n` +
        `The load is an ESME with a window of ${window}; the last line of times is to its receipt. submit_sm_resp and deliver_sm_resp after the commit.\n`,
    )
  })
}

async function runDoor(
  stage: Stage,
  options: { window: number; messages: number; warmup: number; receiptDelayMs: number },
): Promise<Figures> {
  const { cleanup, signal } = stage
  const { window, messages, warmup, receiptDelayMs } = options
  say('Starting a server with an SMPP door, a simulator and an ESME …')
  const simulator = await startSimulator(cleanup, { receiptDelayMs, window })
  const port = await freePort()
  const server = await startServer(cleanup, {
    simulator,
    window,
    settings: { KURZPOST_SMPP_PORT: String(port) },
  })
  stage.server = server
  const store = await watchStore(cleanup, server)
  const login = await call<{ system_id: string; password: string }>(server, 'POST /v1/smpp-logins', {
    ...{ system_id: 'bench', name: 'Bench', window },
  })
  const esme = hire(cleanup, './esme.ts', 'the ESME')

  async function cycle(count: number, goal: string): Promise<Figures> {
    const range = recipients(count)
    const counted = await readStore(store, server.url)
    const meter = startMeter({
      server: server.pid,
      load: esme.child.pid!,
      simulator: simulator.pid,
      ...(server.postmaster !== undefined && { PostgreSQL: server.postmaster }),
    })
    const { system_id: systemId, password } = login
    const order: EsmeOrder = { ...range, port, systemId, password, window }
    let over = false
    const running = esme.ask<EsmeResult>('run', order).finally(() => {
      over = true
    })
    const { startedAt, answeredAt, receiptedAt, repeated } = await untilBoth(running, (failed) =>
      follow({
        read: async () => ({ ...(await esme.ask<EsmeProgress>('progress')) }),
        done: () => over,
        goal,
        onLook: everySecond(meter.sample),
        signal: AbortSignal.any([signal, failed]),
      }),
    )
    if (repeated > 0) say(`${repeated} receipts came twice.`)
    return {
      messages: count,
      perSecond: count / ((Math.max(...receiptedAt.slice(-1_000)) - startedAt[0]!) / 1_000),
      accept: spreadOf(between(startedAt, answeredAt)),
      toWebhook: spreadOf(between(startedAt, receiptedAt)),
      cost: meter.read(count),
      store: shareOf(counted, await readStore(store, server.url), count),
    }
  }

  if (warmup > 0) await cycle(warmup, 'The warm-up')
  say(`Full cycle: ${messages.toLocaleString('en')} messages …`)
  return cycle(messages, 'The full cycle')
}
