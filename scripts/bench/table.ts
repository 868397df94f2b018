import { cpus, totalmem } from 'node:os'
import { parts } from './cost.ts'
import type { Spread } from './percentiles.ts'
import type { Figures } from './runs.ts'
import type { StoreCounts } from './store.ts'

/** The one table that the bench prints. */

const nothing = '-'
const whole = (value: number): string => Math.round(value).toLocaleString('en')
const optional = (value: number | undefined): string => (value === undefined ? nothing : whole(value))
const millis = (value: number): string => (value < 9.95 ? value.toFixed(1) : whole(value))
const spread = (value: Spread | undefined): string =>
  value ? `${millis(value.p50)} / ${millis(value.p99)}` : nothing
const megabytes = (bytes: number | undefined): string =>
  bytes === undefined ? nothing : `${whole(bytes / 1e6)} MB`

const share = (value: number | undefined): string =>
  value === undefined || Number.isNaN(value) ? nothing : value.toFixed(2)
const changes = ['inserted', 'updated', 'deleted'] as const satisfies (keyof StoreCounts)[]

type Row = readonly [label: string, cell: (figures: Figures) => string]

const rows: readonly Row[] = [
  ['messages', ({ messages }) => whole(messages)],
  ['messages a second', ({ perSecond }) => whole(perSecond)],
  ['accept, p50 / p99 ms', ({ accept }) => spread(accept)],
  ['accept to wire, p50 / p99 ms', ({ toWire }) => spread(toWire)],
  ['request to webhook, p50 / p99 ms', ({ toWebhook }) => spread(toWebhook)],
  ...parts.map((part): Row => [`CPU µs a message: ${part}`, ({ cost }) => optional(cost.cpu[part])]),
  [
    'CPU µs a message: all',
    ({ cost }) => {
      const known = Object.values(cost.cpu)
      return known.length === 0 ? nothing : whole(known.reduce((sum, value) => sum + value, 0))
    },
  ],
  [
    'processors idle / taken by the host, %',
    ({ cost: { machine } }) => (machine ? `${whole(machine.idle)} / ${millis(machine.stolen)}` : nothing),
  ],
  ['statements a message', ({ store }) => share(store?.statements)],
  ['commits a message', ({ store }) => share(store?.commits)],
  [
    'rows written, changed, deleted',
    ({ store }) => (store ? changes.map((name) => share(store[name])).join(' / ') : nothing),
  ],
  ['index entries a message', ({ store }) => share(store?.indexEntries)],
  ['WAL bytes a message', ({ store }) => optional(store?.walBytes)],
  ['memory, most: server', ({ cost }) => megabytes(cost.serverMemory)],
  ['memory, most: PostgreSQL', ({ cost }) => megabytes(cost.postgresMemory)],
  ['sent twice', ({ sentTwice }) => optional(sentTwice)],
  ['webhooks twice', ({ webhooks }) => optional(webhooks?.repeated)],
  ['signatures checked, all good', ({ webhooks }) => optional(webhooks?.checked)],
]

/** Columns in the order given, aligned. */
export function table(columns: Readonly<Record<string, Figures>>): string {
  const lines = [
    ['', ...Object.keys(columns)],
    ...rows.map(([label, cell]) => [label, ...Object.values(columns).map(cell)]),
  ]
  return aligned(lines)
}

/** Cells in columns, the first to the left. */
export function aligned(lines: readonly (readonly string[])[]): string {
  const widths = lines[0]!.map((_, at) => Math.max(...lines.map((line) => line[at]!.length)))
  return lines
    .map((line) =>
      line
        .map((cell, at) => (at === 0 ? cell.padEnd(widths[at]!) : cell.padStart(widths[at]! + 3)))
        .join('')
        .trimEnd(),
    )
    .join('\n')
}

/** The machine, in words. */
export function machine(): string {
  const processors = cpus()
  const model = processors[0]?.model.trim() ?? 'unknown processor'
  const memory = `${whole(totalmem() / 2 ** 30)} GiB`
  return `${processors.length} cores (${model}), ${memory}, ${process.platform} ${process.arch}, Node ${process.version}`
}
