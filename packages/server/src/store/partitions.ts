import { type Statement, statement, type Tx } from './db.ts'

const lock = statement('partitions_lock', 'select pg_advisory_xact_lock($1)')
const ensure = statement('partitions_ensure', 'select ensure_partitions($1::date, $2)')

/** `create table if not exists` of two nodes at once would clash in the catalogue, so they take turns. */
const partitionsLock = 7678_0002

/**
 * Makes the monthly partitions from the month before `now` (messages of a clock that is behind, and of
 * around the turn of the month) to two months after it. At start and once a day, inside a transaction.
 */
export async function ensurePartitions(tx: Tx, now: Date): Promise<void> {
  const from = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 1, 1))
  await tx.query(lock, [partitionsLock])
  await tx.query(ensure, [from.toISOString().slice(0, 10), 4])
}

/** What the name of a month's partition ends with, and where its ids begin and end: the first twelve digits of a UUIDv7. */
interface Month {
  readonly suffix: string
  readonly from: string
  readonly to: string
}
let month: Month = { suffix: '', from: '', to: '' }

/** The time in a UUIDv7, as its text begins. */
const timeIn = (ms: number): string => {
  const digits = ms.toString(16).padStart(12, '0')
  return `${digits.slice(0, 8)}-${digits.slice(8)}`
}

function monthOf(id: string): Month {
  const time = id.slice(0, 13)
  if (time >= month.from && time < month.to) return month
  const at = new Date(Number.parseInt(time.replace('-', ''), 16))
  const [year, number] = [at.getUTCFullYear(), at.getUTCMonth()]
  month = {
    suffix: `_${year}_${String(number + 1).padStart(2, '0')}`,
    from: timeIn(Date.UTC(year, number)),
    to: timeIn(Date.UTC(year, number + 1)),
  }
  return month
}

/**
 * The end of the name of the partition in which all of these rows lie, by their ids in order: `_2026_11`. Empty, which
 * leaves the name of the whole table, when they lie in several.
 */
export function partitionOf(ordered: readonly string[]): string {
  if (ordered.length === 0) return ''
  const { suffix } = monthOf(ordered[0]!)
  return monthOf(ordered.at(-1)!).suffix === suffix ? suffix : ''
}

/**
 * A statement that is told at each call in which partitions its rows lie. By the name of the whole table each call sets up
 * every month there is, which costs as much as several rows for each, and plans find it hard to see that keys come first.
 */
export function partitioned(
  name: string,
  sql: (...suffixes: string[]) => string,
): (...suffixes: string[]) => Statement {
  const made = new Map<string, Statement>()
  return (...suffixes) => {
    const preparedAs = name + suffixes.join('')
    let found = made.get(preparedAs)
    if (!found) {
      found = { ...statement(name, sql(...suffixes)), preparedAs }
      made.set(preparedAs, found)
    }
    return found
  }
}
