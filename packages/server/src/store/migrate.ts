import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import type pg from 'pg'
import { systemClock } from '../clock.ts'
import type { Log } from '../log.ts'
import type { Tx } from './db.ts'
import { ensurePartitions } from './partitions.ts'
import { connectTo } from './servers.ts'

/** One file of `migrations/`: `0007_what_it_does.sql`. Numbers have no gaps; a file never changes once released. */
export interface Migration {
  readonly number: number
  readonly name: string
  readonly sql: string
  readonly checksum: string
}

/** What `kurzpost doctor` says about a database. */
export interface SchemaState {
  /** Highest number applied, 0 for an empty database. */
  readonly current: number
  /** Highest number that this version knows. */
  readonly known: number
  readonly pending: readonly string[]
  /** Why this version must not run on it; undefined if it may. */
  readonly refusal: string | undefined
}

/** The database is not for this version: newer, or made from other files. `message` says what to do. */
export class SchemaRefusedError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'SchemaRefusedError'
  }
}

interface Applied {
  readonly number: number
  readonly name: string
  readonly checksum: string
}

const migrationsFolder = new URL('./migrations/', import.meta.url)
const migrationsLock = 7678_0001

export function readMigrations(folder: URL = migrationsFolder): Migration[] {
  const migrations = readdirSync(folder)
    .filter((file) => file.endsWith('.sql'))
    .sort()
    .map((file): Migration => {
      // A checkout on Windows may have turned the line ends; the migration is still the same.
      const sql = readFileSync(new URL(file, folder), 'utf8').replaceAll('\r\n', '\n')
      const [, number, name] = /^(\d{4})_(\w+)\.sql$/.exec(file) ?? []
      if (!number || !name) throw new Error(`${file} is not named like 0007_what_it_does.sql.`)
      return { number: Number(number), name, sql, checksum: createHash('sha256').update(sql).digest('hex') }
    })
  for (const [index, { number, name }] of migrations.entries()) {
    if (number !== index + 1)
      throw new Error(`Migration ${name} has number ${number}; ${index + 1} comes next.`)
  }
  return migrations
}

function compare(applied: readonly Applied[], migrations: readonly Migration[]): SchemaState {
  const current = applied.at(-1)?.number ?? 0
  const known = migrations.length
  const stranger = applied.find(({ number }) => number > known)
  const changed = applied.find(({ number, checksum }) => migrations[number - 1]?.checksum !== checksum)
  const refusal = stranger
    ? `The database has schema ${current} ("${applied.at(-1)!.name}"), and this version of Kurzpost knows ${known} at most. ` +
      'Run the newer version that made it; there is no way back to an older schema.'
    : changed
      ? `Migration ${changed.number} ("${changed.name}") of the database is not the one that this version of Kurzpost has. ` +
        'Run the version that made the database, or start with an empty one.'
      : undefined
  const done = new Set(applied.map(({ number }) => number))
  const pending = migrations.filter(({ number }) => !done.has(number)).map(({ name }) => name)
  return { current, known, pending, refusal }
}

/**
 * Brings the database to the newest schema that this version knows, one transaction a file. Any number of
 * nodes may call it at once. Throws SchemaRefusedError, having changed nothing, where the database is ahead.
 */
export async function migrate(
  url: string,
  log: Log,
  options: { migrations?: readonly Migration[]; now?: Date } = {},
): Promise<{ from: number; to: number }> {
  const migrations = options.migrations ?? readMigrations()
  return withClient(url, async (client) => {
    await demandVersion(client)
    let from: number | undefined
    for (;;) {
      const done = await inTransaction(client, async () => {
        // Taken anew for each file and freed by its commit, so that it also works through a pooler.
        await client.query('select pg_advisory_xact_lock($1)', [migrationsLock])
        const state = compare(await readApplied(client), migrations)
        if (state.refusal) throw new SchemaRefusedError(state.refusal)
        from ??= state.current
        const next = migrations.find(({ name }) => name === state.pending[0])
        if (!next) {
          await ensurePartitions(asTx(client), options.now ?? systemClock.now())
          return true
        }
        await apply(client, next)
        log.info({ number: next.number, name: next.name }, 'migrated the database')
        return false
      })
      if (done) return { from: from ?? 0, to: migrations.length }
    }
  })
}

/** RETURNING old.* came with PostgreSQL 18; on an older one the first answer of a carrier would fail. */
export const oldestPostgres = 180_000

async function demandVersion(client: pg.Client): Promise<void> {
  const { rows } = await client.query('show server_version_num')
  if (Number(rows[0].server_version_num) >= oldestPostgres) return
  throw new SchemaRefusedError(
    'This PostgreSQL is older than 18. Use 18 or newer, or leave DATABASE_URL unset: Kurzpost brings one along.',
  )
}

/** Looks and changes nothing. */
export function schemaState(url: string, migrations = readMigrations()): Promise<SchemaState> {
  return withClient(url, async (client) => compare(await readApplied(client), migrations))
}

async function readApplied(client: pg.Client): Promise<Applied[]> {
  const { rows } = await client.query(`select to_regclass('schema_migrations') is not null as made`)
  if (!rows[0].made) return []
  return (await client.query('select number, name, checksum from schema_migrations order by number')).rows
}

async function apply(client: pg.Client, { number, name, sql, checksum }: Migration): Promise<void> {
  await client.query(`create table if not exists schema_migrations (
    number integer primary key,
    name text not null,
    checksum text not null,
    applied_at timestamptz not null default now()
  )`)
  try {
    await client.query(sql)
  } catch (cause) {
    throw new Error(`Migration ${number} ("${name}") failed: ${(cause as Error).message}`, { cause })
  }
  await client.query('insert into schema_migrations (number, name, checksum) values ($1, $2, $3)', [
    number,
    name,
    checksum,
  ])
}

const asTx = (client: pg.Client): Tx => ({
  async query<Row>({ text }: { text: string }, values: readonly unknown[] = []) {
    return (await client.query(text, [...values])).rows as Row[]
  },
})

async function inTransaction<T>(client: pg.Client, work: () => Promise<T>): Promise<T> {
  await client.query('begin')
  try {
    const result = await work()
    await client.query('commit')
    return result
  } catch (error) {
    await client.query('rollback').catch(() => {}) // the first error is the one to tell
    throw error
  }
}

async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = await connectTo(url, {
    application_name: 'kurzpost migrate',
    options: '-c timezone=UTC', // months begin in UTC
    connectionTimeoutMillis: 10_000,
  }).catch((cause: Error & { code?: string; server?: string }) => {
    // Without the url: it holds the password. Node's own error for a name with two addresses is empty.
    throw new Error(
      `The database at ${cause.server} does not take the connection: ${cause.message || cause.code}.`,
      { cause },
    )
  })
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}
