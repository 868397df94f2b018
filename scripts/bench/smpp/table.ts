import { aligned, machine } from '../table.ts'
import type { CodecResult } from './codec.ts'
import { npmVersion } from './npm.ts'

export interface Cell {
  readonly perSecond: number
  /** Microseconds of the measured process for one round trip. */
  readonly cpu: number
}

export interface RoundTrips {
  readonly end: 'client' | 'server'
  readonly window: number
  readonly ours: Cell
  readonly npm: Cell
  readonly raw: Cell
}

const whole = (value: number): string => Math.round(value).toLocaleString('en')
const micros = (value: number): string => value.toFixed(1)
const times = (value: number): string => `${value.toFixed(1)}x`

/** How much less ours costs: above 1 is better. */
export const codecTable = (results: readonly CodecResult[]): string =>
  aligned([
    ['ns a PDU', 'ours', 'npm smpp', 'npm/ours'],
    ...results.map(({ name, ours, npm }) => [name, whole(ours), whole(npm), times(npm / ours)]),
  ])

export const roundTripTable = (rows: readonly RoundTrips[]): string =>
  aligned([
    [
      'round trips a second',
      ...['ours', 'npm smpp', 'raw limit', 'ours/npm', 'ours/raw'],
      ...['CPU µs: ours', 'npm smpp', 'raw', 'npm/ours'],
    ],
    ...rows.map(({ end, window, ours, npm, raw }) => [
      `${end}, window ${window}`,
      ...[ours, npm, raw].map((cell) => whole(cell.perSecond)),
      times(ours.perSecond / npm.perSecond),
      `${Math.round((100 * ours.perSecond) / raw.perSecond)} %`,
      ...[ours, npm, raw].map((cell) => micros(cell.cpu)),
      times(npm.cpu / ours.cpu),
    ]),
  ])

/** The machine and the setting, in two lines. */
export function setting({ seconds, runs }: { seconds: number; runs: number }): string {
  return (
    `${machine()}, npm smpp ${npmVersion}.\n` +
    `Round trips: medians of ${runs} runs of ${seconds} s, in turn; each against the same raw peer in a process of its own.`
  )
}
