import { readFlags } from '../flags.ts'
import { parts } from './cost.ts'
import { fullCycle } from './runs.ts'
import { onStage, recipients, say, startCycle, surroundings } from './setting.ts'
import { aligned } from './table.ts'
import { memoryNow, memoryOfTree } from './usage.ts'

/** A steady rate for long, and what each process holds, by the minute. */

const flags = {
  minutes: { fallback: '20', help: 'How long.' },
  'per-second': { fallback: '1000', help: 'Messages a second; take half of what the full cycle does.' },
  connections: { fallback: '64', help: 'Connections of the load.' },
  window: { fallback: '500', help: 'Unanswered PDUs at a time, each way.' },
  'receipt-delay-ms': { fallback: '2000', help: 'Time from a submit_sm to its receipt.' },
} as const

export async function benchSoak(args: readonly string[]): Promise<void> {
  const given = readFlags('npm run bench -- soak', flags, args)
  if (given === undefined) return
  const perSecond = Number(given['per-second'])
  await onStage(async (stage) => {
    const cycle = await startCycle(stage, {
      connections: Number(given.connections),
      window: Number(given.window),
      receiptDelayMs: Number(given['receipt-delay-ms']),
    })
    const { server, simulator, sink, load } = cycle
    const pids = [server.pid, server.postmaster, simulator.pid, sink.child.pid, load.child.pid]
    const held = parts.map((part, at) => {
      const pid = pids[at]
      return (): string => {
        if (pid === undefined) return '-'
        return `${Math.round((part === 'PostgreSQL' ? memoryOfTree(pid) : memoryNow(pid)) / 1e6)}`
      }
    })
    const lines = [
      [
        'minute',
        ...parts.map((part) => `${part} MB`),
        'accept p99 ms',
        'to wire p99 ms',
        'CPU µs a message',
        'twice',
      ],
    ]
    for (let minute = 1; minute <= Number(given.minutes); minute++) {
      const { accept, toWire, cost, sentTwice, webhooks } = await fullCycle(cycle, {
        ...recipients(perSecond * 60),
        perSecond,
        goal: `Minute ${minute}`,
      })
      const cpu = Object.values(cost.cpu).reduce((sum, value) => sum + value, 0)
      lines.push([
        String(minute),
        ...held.map((read) => read()),
        accept?.p99.toFixed(0) ?? '-',
        toWire?.p99.toFixed(0) ?? '-',
        cpu.toFixed(0),
        String((sentTwice ?? 0) + (webhooks?.repeated ?? 0)),
      ])
      say(lines.at(-1)!.join('  '))
    }
    process.stdout.write(
      `${aligned(lines)}\n\n${perSecond.toLocaleString('en')} messages a second in full cycle. ${surroundings(server)}\n`,
    )
  })
}
