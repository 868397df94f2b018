import type { Tx } from '../../store/db.ts'
import { bareNumber } from './book.ts'
import type { Asking, Rows } from './compose.ts'
import type { Column, Service } from './service.ts'
import { lookUpRows, nearRows } from './table.store.ts'
import { fold, oneSlipApart } from './words.ts'

/** Between the columns of a key; no text of a person has it. */
const between = '\u001f'
/** Of one column; an index entry has to fit on a page. */
const longestPart = 100
/** Suggestions in an answer. */
const mostClose = 3
/** So much of a key has to be right to be suggested something. */
const startOfKey = 2

const mostRows = ({ settings }: Service): number => settings.table?.most_rows ?? 5

const foldNumber = (text: string): string => bareNumber(text.replace(/[^\d+]/g, ''))

const part = (text: string, key: Column['key']): string =>
  (key === 'caller' ? foldNumber(text) : fold(text)).slice(0, longestPart)

/** Key columns in the order in which they are compared: who calls comes first, for that is always known. */
const keyColumns = (columns: readonly Column[]): { at: number; key: 'argument' | 'caller' }[] => {
  const keyed = columns.flatMap(({ key }, at) => (key === null ? [] : [{ at, key }]))
  return [...keyed.filter(({ key }) => key === 'caller'), ...keyed.filter(({ key }) => key === 'argument')]
}

/** By what a row is found. */
export const keyOfRow = (columns: readonly Column[], cells: readonly string[]): string =>
  keyColumns(columns)
    .map(({ at, key }) => part(cells[at] ?? '', key))
    .join(between)

/** The key that somebody asks for; `open` where they have named fewer columns than there are. */
export function keyOfAsking({ entry, given, from }: Pick<Asking, 'entry' | 'given' | 'from'>): {
  key: string
  open: boolean
} {
  const keys = keyColumns(entry.columns)
  const callers = keys.filter(({ key }) => key === 'caller').map(() => part(from, 'caller'))
  const wanted = given.map((word) => part(word, 'argument'))
  const parts = [...callers, ...wanted]
  return parts.length < keys.length
    ? { key: parts.map((each) => each + between).join(''), open: true }
    : { key: parts.join(between), open: keys.length === 0 }
}

/** Finds the rows of each who asks, in their order: a statement for all, and one more for those who found nothing. */
export async function findRows(tx: Tx, asking: readonly Asking[]): Promise<Rows[]> {
  const keys = asking.map(keyOfAsking)
  const found = await lookUpRows(
    tx,
    asking.map(({ entry: { service } }, at) => ({
      accountId: service.accountId,
      serviceId: service.id,
      ...keys[at]!,
      // One more than is shown tells that there are more.
      most: mostRows(service) + 1,
    })),
  )
  const close = await findClose(tx, asking, keys, found)
  return asking.map(({ entry }, at) => {
    const rows = found[at]!
    const most = mostRows(entry.service)
    return { rows: rows.slice(0, most), more: rows.length > most, close: close.get(at) ?? [] }
  })
}

/** Suggestions where people look up what they have typed. By the caller's number nobody is told of anybody else. */
async function findClose(
  tx: Tx,
  asking: readonly Asking[],
  keys: readonly { key: string }[],
  found: readonly string[][][],
): Promise<Map<number, string[]>> {
  const lost = asking.flatMap(({ entry, given }, at) => {
    const typed = fold(given.at(-1) ?? '')
    const byCaller = entry.columns.some(({ key }) => key === 'caller')
    if (found[at]!.length > 0 || byCaller || typed.length < startOfKey) return []
    const before = keys[at]!.key.slice(0, keys[at]!.key.lastIndexOf(between) + 1)
    return [{ at, typed, before, start: before + typed.slice(0, startOfKey), service: entry.service }]
  })
  const near = await nearRows(
    tx,
    lost.map(({ service, start }) => ({ accountId: service.accountId, serviceId: service.id, start })),
  )
  return new Map(
    lost.map(({ at, typed, before }, n) => {
      const { entry, given } = asking[at]!
      const column = keyColumns(entry.columns)[given.length - 1]?.at ?? 0
      const like = near[n]!.map(({ key, cells }) => ({
        key: key.slice(before.length).split(between)[0]!,
        cell: cells[column] ?? '',
      })).filter(({ key }) => key.startsWith(typed) || typed.startsWith(key) || oneSlipApart(typed, key))
      return [at, [...new Set(like.map(({ cell }) => cell))].slice(0, mostClose)]
    }),
  )
}
