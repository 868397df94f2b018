import pg from 'pg'
import type { Log } from '../log.ts'
import { connectTo, demandPrimary, serversOf } from './servers.ts'

/** SQL with a name: it is parsed and planned once a connection. Names are unique and say what the statement does. */
export interface Statement {
  readonly name: string
  readonly text: string
  /** The name that it is prepared under, where there are several of its name: one for each partition. */
  readonly preparedAs?: string
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

/** The connection broke with something on its way: what it was to commit may stand. */
export function isInDoubt(error: unknown): boolean {
  const { code, message } = error as { code?: unknown; message?: unknown }
  return typeof code === 'string'
    ? /^(08|57P0[12]|ECONNRESET|EPIPE|ETIMEDOUT)/.test(code)
    : /terminated|read timeout/i.test(String(message))
}

// int8 as number: our counters and fences stay far below 2^53. xid8 has no such promise and stays text.
pg.types.setTypeParser(pg.types.builtins.INT8, Number)

const anyTime = pg.types.getTypeParser(pg.types.builtins.TIMESTAMPTZ) as (text: string) => Date

/**
 * `2026-11-22 16:49:18.123456+00`, as sessions in UTC say a time, to the millisecond. The driver's own way, which takes the rest
 * (`infinity`, years of one digit), is a regular expression and takes three times as long.
 */
export function readTime(text: string): Date {
  const digits = (from: number, to: number): number => {
    let value = 0
    for (let at = from; at < to; at++) value = value * 10 + text.charCodeAt(at) - 48
    return value
  }
  const year = digits(0, 4)
  const end = text.length - 3
  if (!(year >= 100 && text[4] === '-' && text[10] === ' ' && text.endsWith('+00'))) return anyTime(text)
  const ms = text[19] === '.' ? digits(20, Math.min(23, end)) * 10 ** Math.max(0, 23 - end) : 0
  return new Date(
    Date.UTC(year, digits(5, 7) - 1, digits(8, 10), digits(11, 13), digits(14, 16), digits(17, 19), ms),
  )
}
pg.types.setTypeParser(pg.types.builtins.TIMESTAMPTZ, readTime)

/**
 * Every statement of the house finds its rows by key, so plans are fixed to index access: a generic plan made
 * while a table was empty would otherwise read the whole of it once it is full. The same goes for order: it comes
 * from an index, or a claim would sort the backlog each time.
 */
const planByKey =
  '-c enable_seqscan=off -c enable_sort=off -c enable_hashjoin=off -c enable_mergejoin=off -c plan_cache_mode=force_generic_plan -c jit=off'

/** How long a statement may take where there is another server to go to. */
const silentMs = 20_000

/** A complaint of PostgreSQL is logged so often at most. */
const complaintMs = 10_000

/** What took how long, in milliseconds: a statement, a whole transaction, or the wait for a connection of the pool. */
export type Timed = (of: 'statement' | 'transaction' | 'connection', ms: number) => void

export function openDb(url: string, options: { max: number; log: Log; name?: string; timed?: Timed }): Db {
  const { timed = () => {} } = options
  const servers = serversOf(url)
  const base: pg.ClientConfig = {
    application_name: options.name ?? 'kurzpost',
    options: `-c timezone=UTC -c synchronous_commit=on ${planByKey}`,
    connectionTimeoutMillis: 5_000,
    keepAlive: true,
    // A primary that vanished from the network leaves its connections hanging: there is another to go to.
    ...(servers.several ? { query_timeout: silentMs } : {}),
  }
  const pool = new pg.Pool({
    ...base,
    max: options.max,
    idleTimeoutMillis: 30_000,
    Client: class extends pg.Client {
      constructor(config: pg.ClientConfig = {}) {
        super({ ...config, connectionString: servers.current() })
      }
    },
    ...(servers.several ? { onConnect: demandPrimary } : {}),
  })
  let closing = false
  const lost = (error: Error) => {
    // What the pool has let go of may hear of the database's own stop before it is gone.
    if (!closing) options.log.warn({ error: error.message }, 'a database connection was lost')
  }
  pool.on('error', lost)
  // A connection that breaks while it is checked out fails its statement; without a listener it would end us too.
  pool.on('connect', (client) => client.on('error', lost))

  let saidAt = Number.NEGATIVE_INFINITY
  /** What PostgreSQL cannot do for want of something (a full disk, memory, connections): callers only hear that it is away. */
  function tell(error: unknown): void {
    const { code, message } = error as { code?: string; message: string }
    if (!/^(53|58)/.test(code ?? '') || performance.now() - saidAt < complaintMs) return
    saidAt = performance.now()
    options.log.error({ code, error: message }, 'PostgreSQL cannot do its work')
  }

  /** A connection of the pool. When the server that it went to fails, the others are tried, each once. */
  async function checkOut(): Promise<pg.PoolClient> {
    const since = performance.now()
    for (let left = servers.urls.length; ; left--) {
      const target = servers.current()
      try {
        const client = await pool.connect()
        timed('connection', performance.now() - since)
        return client
      } catch (error) {
        // A pool without a free connection says nothing about the server.
        if (!/^timeout exceeded/.test((error as Error).message)) servers.leave(target)
        else throw error
        if (left <= 1) {
          tell(error)
          throw error
        }
      }
    }
  }

  /** What is wrong with the connection itself, so that nobody may use it again; undefined for an error of the statement. */
  function broken(error: unknown): Error | undefined {
    const { code } = error as { code?: string }
    // The server has been demoted under us.
    if (code === '25006') return error as Error
    return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) && !/^(08|57P)/.test(code)
      ? undefined
      : (error as Error)
  }

  const run = async <Row>(
    client: pg.ClientBase,
    { name, text, preparedAs = name }: Statement,
    values: readonly unknown[] = [],
  ) => {
    const since = performance.now()
    const result = await client.query({ name: preparedAs, text, values: values as unknown[] })
    timed('statement', performance.now() - since)
    return result.rows as Row[]
  }

  return {
    pool,
    async query(statement, values) {
      const client = await checkOut()
      let bad: Error | undefined
      try {
        return await run(client, statement, values)
      } catch (error) {
        tell(error)
        bad = broken(error)
        throw error
      } finally {
        client.release(bad)
      }
    },
    async transaction(work) {
      const client = await checkOut()
      let bad: Error | undefined
      try {
        const since = performance.now()
        await client.query('begin')
        const result = await work({ query: (statement, values) => run(client, statement, values) })
        await client.query('commit')
        timed('transaction', performance.now() - since)
        return result
      } catch (error) {
        tell(error)
        bad = (error as { code?: string }).code === '25006' ? (error as Error) : undefined
        await client.query('rollback').catch((failure: Error) => {
          bad = failure
        })
        throw error
      } finally {
        client.release(bad)
      }
    },
    async connect() {
      const client = await connectTo(url, base)
      client.on('error', (error) => options.log.warn({ error: error.message }, 'a database session was lost'))
      return client
    },
    close() {
      closing = true
      return pool.end()
    },
  }
}
