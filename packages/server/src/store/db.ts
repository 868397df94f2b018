import pg from 'pg'
import type { Log } from '../log.ts'

/** SQL with a name: it is parsed and planned once a connection. Names are unique and say what the statement does. */
export interface Statement {
  readonly name: string
  readonly text: string
}

/** Something that runs statements: the pool, or one transaction. */
export interface Tx {
  query<Row>(statement: Statement, values?: readonly unknown[]): Promise<Row[]>
}

export interface Db extends Tx {
  /** Commits when `work` returns, rolls back when it throws. */
  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>
  /** One dedicated connection, for what lives as long as the session does: LISTEN, advisory locks. */
  connect(): Promise<pg.Client>
  /** For libraries that bring their own SQL (graphile-worker). */
  readonly pool: pg.Pool
  close(): Promise<void>
}

export const statement = (name: string, text: string): Statement => ({ name, text })

/**
 * SQLSTATEs after which the same transaction may succeed: connection loss, shutdown, serialisation, and a server
 * that is read-only because another has taken its place.
 */
export function isTransient(error: unknown): boolean {
  const code = (error as { code?: unknown })?.code
  if (typeof code !== 'string')
    return /terminat|timeout|ECONN|closed|not queryable/i.test(String((error as Error)?.message))
  return /^(08|53|57P|40|25006)/.test(code) || /^(ECONN|EPIPE|ENOENT|ETIMEDOUT|EAI_AGAIN)/.test(code)
}

// int8 as number: our counters and fences stay far below 2^53. xid8 has no such promise and stays text.
pg.types.setTypeParser(pg.types.builtins.INT8, Number)

/**
 * Every statement of the house finds its rows by key, so plans are fixed to index access: a generic plan made
 * while a table was empty would otherwise read the whole of it once it is full. The same goes for order: it comes
 * from an index, or a claim would sort the backlog each time.
 */
const planByKey =
  '-c enable_seqscan=off -c enable_sort=off -c enable_hashjoin=off -c enable_mergejoin=off -c plan_cache_mode=force_generic_plan -c jit=off'

export function openDb(url: string, options: { max: number; log: Log; name?: string }): Db {
  const base: pg.ClientConfig = {
    connectionString: url,
    application_name: options.name ?? 'kurzpost',
    options: `-c timezone=UTC -c synchronous_commit=on ${planByKey}`,
    connectionTimeoutMillis: 5_000,
    keepAlive: true,
  }
  const pool = new pg.Pool({ ...base, max: options.max, idleTimeoutMillis: 30_000 })
  let closing = false
  const lost = (error: Error) => {
    // What the pool has let go of may hear of the database's own stop before it is gone.
    if (!closing) options.log.warn({ error: error.message }, 'a database connection was lost')
  }
  pool.on('error', lost)
  // A connection that breaks while it is checked out fails its statement; without a listener it would end us too.
  pool.on('connect', (client) => client.on('error', lost))

  const run = async <Row>(
    client: pg.ClientBase | pg.Pool,
    { name, text }: Statement,
    values: readonly unknown[] = [],
  ) => {
    const result = await client.query({ name, text, values: values as unknown[] })
    return result.rows as Row[]
  }

  return {
    pool,
    query: (statement, values) => run(pool, statement, values),
    async transaction(work) {
      const client = await pool.connect()
      let broken: Error | undefined
      try {
        await client.query('begin')
        const result = await work({ query: (statement, values) => run(client, statement, values) })
        await client.query('commit')
        return result
      } catch (error) {
        await client.query('rollback').catch((failure: Error) => {
          broken = failure
        })
        throw error
      } finally {
        client.release(broken)
      }
    },
    async connect() {
      const client = new pg.Client(base)
      client.on('error', (error) => options.log.warn({ error: error.message }, 'a database session was lost'))
      await client.connect()
      return client
    },
    close() {
      closing = true
      return pool.end()
    },
  }
}
