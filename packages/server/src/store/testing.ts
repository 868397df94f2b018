import { AsyncResource } from 'node:async_hooks'
import { createHash, randomBytes } from 'node:crypto'
import { after } from 'node:test'
import pg from 'pg'
import { silentLog } from '../log.ts'
import { type Db, openDb } from './db.ts'
import type { Embedded, EmbeddedOptions } from './embedded.ts'
import { migrate, readMigrations } from './migrate.ts'
import { clusterVariable, databaseUrl, type RunningCluster, startTestCluster } from './test-cluster.ts'

/** A migrated database of its own for whoever asked, empty, and gone afterwards. */
export interface TestDatabase {
  readonly url: string
  readonly db: Db
}

/** A whole PostgreSQL of one's own, for tests that restart or kill it. */
export interface TestCluster extends TestDatabase {
  readonly cluster: Embedded
}

let own: Promise<RunningCluster> | undefined
let users = 0

/** The run's cluster, or one for this process, which ends with its last user. */
async function shareCluster(): Promise<{ url: string; leave(): Promise<void> }> {
  const shared = process.env[clusterVariable]
  if (shared) return { url: shared, leave: async () => {} }
  users++
  own ??= startTestCluster()
  const { cluster, end } = await own
  return {
    url: databaseUrl(cluster.url, 'postgres'),
    async leave() {
      if (--users > 0) return
      own = undefined
      await end()
    },
  }
}

/** Of the file's top level. In a hook, `after` would mean the end of that hook. */
const fileScope = new AsyncResource('kurzpost.testing')

/**
 * Steps that run, last one first, once all tests of the file are done. Hooks run in the order of their
 * making, so the first pass only queues up behind what the file itself wants to close.
 */
function cleanUpAtEnd(): (() => Promise<void>)[] {
  const steps: (() => Promise<void>)[] = []
  const atEnd = (hook: () => void | Promise<void>) => fileScope.runInAsyncScope(() => after(hook))
  atEnd(() =>
    atEnd(async () => {
      for (const step of steps.reverse()) await step()
    }),
  )
  return steps
}

/**
 * A database for this test file: `const { db } = await testDatabase()` at its top level, in a hook or in a
 * test. It is dropped when all tests of the file are done. `empty`: not migrated either.
 */
export async function testDatabase(
  options: { connections?: number; empty?: boolean } = {},
): Promise<TestDatabase> {
  const cleanUp = cleanUpAtEnd()
  const { url: clusterUrl, leave } = await shareCluster()
  cleanUp.push(leave)
  const name = `test_${process.pid}_${randomBytes(4).toString('hex')}`
  await onCluster(clusterUrl, async (client) => {
    const template = options.empty ? 'template1' : await templateDatabase(client, clusterUrl)
    await client.query(`create database ${name} template ${template}`)
  })
  cleanUp.push(() =>
    onCluster(clusterUrl, async (client) => {
      await client.query(`drop database ${name} with (force)`)
    }),
  )
  const url = databaseUrl(clusterUrl, name)
  const db = openDb(url, { max: options.connections ?? 5, log: silentLog, name: 'test' })
  cleanUp.push(() => db.close())
  return { url, db }
}

/** Like testDatabase, but on a PostgreSQL that nobody else uses, so that it can be restarted and killed. */
export async function testCluster(
  options: Partial<EmbeddedOptions> & { connections?: number } = {},
): Promise<TestCluster> {
  const cleanUp = cleanUpAtEnd()
  const { cluster, end } = await startTestCluster(options)
  cleanUp.push(end)
  await migrate(cluster.url, silentLog)
  const db = openDb(cluster.url, { max: options.connections ?? 5, log: silentLog, name: 'test' })
  cleanUp.push(() => db.close())
  return { cluster, url: cluster.url, db }
}

/** The migrated database that the others are copies of; whoever comes first makes it. */
async function templateDatabase(client: pg.Client, clusterUrl: string): Promise<string> {
  const sums = readMigrations().map(({ checksum }) => checksum)
  const name = `template_${createHash('sha256').update(sums.join()).digest('hex').slice(0, 16)}`
  await client.query('select pg_advisory_lock(1)')
  try {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [name])
    if (rowCount) return name
    await client.query(`drop database if exists ${name}_half with (force)`)
    await client.query(`create database ${name}_half`)
    await migrate(databaseUrl(clusterUrl, `${name}_half`), silentLog)
    await client.query(`alter database ${name}_half rename to ${name}`)
    return name
  } finally {
    await client.query('select pg_advisory_unlock(1)')
  }
}

async function onCluster(url: string, work: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: url, application_name: 'test harness' })
  await client.connect()
  try {
    await work(client)
  } finally {
    await client.end()
  }
}
