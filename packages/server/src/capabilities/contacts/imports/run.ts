import { errors } from '../../../errors.ts'
import { publicId } from '../../../ids.ts'
import type { Platform } from '../../../platform.ts'
import type { Tx } from '../../../store/db.ts'
import { limits } from '../limits.ts'
import { putOnList } from '../lists/store.ts'
import { readDefinitions } from '../people/attributes.store.ts'
import { upsertRows } from '../people/people.ts'
import type { Row } from '../people/upsert.ts'
import { findSuppressed } from '../people/write.store.ts'
import type { ProblemCode } from './problems.ts'
import { type RowProblem, readRow } from './read-row.ts'
import { type FileRow, type Format, readRows, UnreadableFileError } from './reader.ts'
import {
  advanceImport,
  type ErrorRow,
  endImport,
  insertErrors,
  lockImport,
  readFile,
  readImport,
  refreshStatistics,
} from './store.ts'
import { markLength } from './text.ts'

/** Rows of one commit: enough for sets to pay, few enough that nobody waits long for what they lock. */
const batchRows = 2_500
/** After this a job makes room for others and is called again. */
const turnMs = 15_000
/** From so many on, the planner has to learn of them before somebody asks about these people. */
const manyRows = 1_000
/** Somebody looks after an import that has not moved for so long: its node is gone. */
const deadMs = 10_000

export interface ImportJob {
  accountId: string
  id: string
}
export const importKey = (id: string): string => `import-${id}`

interface Batch {
  rows: { cells: string[]; read: ReturnType<typeof readRow> }[]
  end: number
}

/** What became of a batch: nobody in it was known, somebody was, or it was not the right place to go on from. */
type Step = 'all were new' | 'some were known' | 'is not ours'

/**
 * After a batch of strangers the next is taken for one, too, and nobody is looked up, which is a quarter of what the
 * database has to do. Whoever is known after all fails the batch, which is then looked up as all that follow.
 */
interface Belief {
  strangers: boolean
  /** It was wrong once in this turn. */
  wrong: boolean
}

/**
 * Takes rows from where the last commit ended, a batch a transaction: people, errors, counts and the place move together,
 * so a process that dies in the middle repeats nothing and leaves nothing out. Each commit also puts off the job that
 * would go on if this one is heard of no more.
 */
export async function runImport(platform: Platform, payload: unknown): Promise<void> {
  const { accountId, id } = payload as ImportJob
  const { db } = platform
  const current = await readImport(db, accountId, id)
  if (current?.state !== 'running' || !current.format || !current.mapping) return
  const rules = {
    mapping: current.mapping,
    definitions: await readDefinitions(db, accountId),
    numbers: platform.numbers,
    key: platform.addressKey,
    tags: current.options.tags ?? [],
  }
  const until = performance.now() + turnMs
  const rows = await rowsFrom(db, { accountId, id }, current.format, current.position)
  const batches = inBatches(rows, (cells) => readRow(cells, rules))
  const belief: Belief = { strangers: false, wrong: false }
  let place = current.position
  try {
    // While the database works on one batch, the next is read.
    let next = batches.next()
    for (;;) {
      const { value: batch, done } = await next
      if (done || !batch) break
      const over = performance.now() > until
      if (!over) {
        next = batches.next()
        next.catch(() => {})
      }
      const step = await writeBatch(platform, { accountId, id }, { place, batch, over }, belief)
      if (step === 'is not ours' || over) return
      place = batch.end
    }
    await finish(platform, { accountId, id })
  } catch (error) {
    const why = await giveUp(platform, { accountId, id }, error)
    if (!why) throw error
    platform.log.warn({ import: id, code: why }, 'an import ended early')
  } finally {
    await batches.return(undefined as never)
  }
}

/** The rows from a place on. Places of UTF-8 are places in the file, so that nothing before it has to be read again. */
async function rowsFrom(
  db: Tx,
  { accountId, id }: ImportJob,
  format: Format,
  position: number,
): Promise<AsyncGenerator<FileRow>> {
  if (format.encoding !== 'utf-8') return readRows(readFile(db, accountId, id), format, position)
  const { value: start } = await readFile(db, accountId, id).next()
  const mark = start ? markLength(start) : 0
  return readRows(readFile(db, accountId, id, position + mark), format, position, true)
}

/** Ends an import that no repetition would bring further, and says why; undefined when another try may help. */
async function giveUp(platform: Platform, { accountId, id }: ImportJob, error: unknown) {
  const { db } = platform
  const broken = error instanceof UnreadableFileError
  // Errors of the data, not of the moment.
  if (!broken && !/^2[23]/.test(String((error as { code?: string })?.code))) return undefined
  const code = broken ? 'import_unreadable' : 'import_failed'
  const rows = (await readImport(db, accountId, id))?.rows ?? 0
  const sentence = `${errors[code].sentence} ${rows} rows before it were taken.`
  await endImport(
    db,
    accountId,
    id,
    { state: 'failed', error: { code, sentence } },
    ['running'],
    platform.now(),
  )
  return code
}

async function* inBatches(
  rows: AsyncGenerator<FileRow>,
  read: (cells: string[]) => ReturnType<typeof readRow>,
): AsyncGenerator<Batch> {
  let batch: Batch = { rows: [], end: 0 }
  try {
    for await (const { cells, end } of rows) {
      batch.rows.push({ cells, read: read(cells) })
      batch.end = end
      if (batch.rows.length < batchRows) continue
      yield batch
      batch = { rows: [], end: 0 }
    }
  } catch (error) {
    // What could be read before the break is taken.
    if (batch.rows.length > 0) yield batch
    throw error
  }
  if (batch.rows.length > 0) yield batch
}

const clashes = 5

interface Work {
  place: number
  batch: Batch
  over: boolean
}

async function writeBatch(platform: Platform, job: ImportJob, work: Work, belief: Belief): Promise<Step> {
  for (let left = clashes; ; left--) {
    try {
      const step = await platform.transaction((tx) => writeIn(tx, platform, job, work, belief.strangers))
      belief.strangers = step === 'all were new' && !belief.wrong
      return step
    } catch (error) {
      // Somebody has an address or a name already, or took it at the same moment: now it is looked up.
      if (left <= 1 || !/^(23505|40P01)$/.test(String((error as { code?: string }).code))) throw error
      if (belief.strangers) belief.wrong = true
      belief.strangers = false
    }
  }
}

async function writeIn(
  tx: Tx,
  platform: Platform,
  job: ImportJob,
  { place, batch: { rows, end }, over }: Work,
  strangers: boolean,
): Promise<Step> {
  const { accountId, id } = job
  const now = platform.now()
  const current = await lockImport(tx, accountId, id)
  if (current?.state !== 'running' || current.position !== place) return 'is not ours'

  const problems: (RowProblem[] | undefined)[] = rows.map(({ read }) =>
    'problems' in read ? read.problems : undefined,
  )
  const good: { row: Row; at: number }[] = []
  for (const [at, { read }] of rows.entries()) if ('row' in read) good.push({ row: read.row, at })
  const gone = current.some_erased
    ? await findSuppressed(
        tx,
        accountId,
        good.flatMap(({ row }) => row.addresses.map(({ key }) => key)),
      )
    : new Set<string>()
  const bad = (at: number, code: ProblemCode) => {
    problems[at] = [{ column: null, code }]
  }
  const taken = good.filter(({ row, at }) => {
    const erased = gone.size > 0 && row.addresses.some(({ key }) => gone.has(key.toString('hex')))
    if (erased) bad(at, 'erased')
    return !erased
  })
  const { plan, outcomes } = await upsertRows(
    platform,
    accountId,
    taken.map(({ row }) => row),
    tx,
    strangers,
  )
  for (const { at, code } of plan.refused)
    bad(taken[at]!.at, code === 'contact_ambiguous' ? 'ambiguous' : 'address_taken')
  if (current.options.list !== undefined)
    await putOnList(
      tx,
      accountId,
      current.options.list,
      plan.people.map((person) => person.id),
      now,
    )

  const failed: ErrorRow[] = []
  for (const [at, found] of problems.entries())
    if (found) failed.push({ row: current.rows + at + 1, problems: found, cells: rows[at]!.cells })
  await insertErrors(tx, accountId, id, failed.slice(0, Math.max(0, limits.importErrors - current.failed)))
  const count = (outcome: string) => outcomes.filter((each) => each === outcome).length
  await advanceImport(
    tx,
    accountId,
    id,
    {
      position: end,
      rows: rows.length,
      created: count('created'),
      updated: count('updated'),
      unchanged: count('unchanged'),
      failed: failed.length,
    },
    now,
  )
  const next = new Date(now.getTime() + (over ? 0 : deadMs))
  await platform.later('import', job, next, tx, importKey(id))
  return plan.refused.length === 0 && plan.people.every(({ fresh }) => fresh)
    ? 'all were new'
    : 'some were known'
}

async function finish(platform: Platform, { accountId, id }: ImportJob): Promise<void> {
  const { rows } = (await readImport(platform.db, accountId, id)) ?? { rows: 0 }
  if (rows >= manyRows) await refreshStatistics(platform.db)
  await platform.transaction(async (tx) => {
    const current = await lockImport(tx, accountId, id)
    if (!current || !(await endImport(tx, accountId, id, { state: 'finished' }, ['running'], platform.now())))
      return
    const { created, updated, unchanged, failed } = current
    const import_id = publicId('import', id)
    await platform.emit(
      accountId,
      'import.finished',
      [{ import_id, created, updated, unchanged, failed }],
      tx,
    )
  })
}
