import pg from 'pg'

/** The servers that DATABASE_URL names: one, or a primary and its standbys in any order. */
export interface Servers {
  /** Whether connections must be asked if they can write. */
  readonly several: boolean
  /** Address of the one that is believed to be the primary, as `pg` takes it. */
  current(): string
  /** The server at `url` does not answer or does not write: the next one is tried, unless somebody has moved on already. */
  leave(url: string): void
  /** Every address. */
  readonly urls: readonly string[]
}

/** How libpq calls what we want; nothing else is any use to us. */
const wanted = ['read-write', 'primary']

/** A URL's way to the hosts, the hosts, and the rest: `new URL` takes one host only. */
const shape = /^(postgres(?:ql)?:\/\/(?:[^@/?#]*@)?)([^@/?#]+)([/?#].*)?$/

/**
 * Addresses of `postgres://user:password@a:5432,b:5432/database?target_session_attrs=read-write`, as libpq reads it
 * [PostgreSQL 18 §32.1.1.2]. Throws a sentence for a `target_session_attrs` that would give a server which cannot write.
 */
export function readServers(url: string): { urls: string[]; several: boolean } {
  const found = shape.exec(url)
  if (!found) return { urls: [url], several: false }
  const [, head = '', hosts = '', tail = ''] = found
  const attribute = /([?&])target_session_attrs=([^&]*)(&|$)/.exec(tail)
  if (attribute && !wanted.includes(attribute[2]!))
    throw new Error(
      `target_session_attrs of DATABASE_URL takes ${wanted.join(' or ')}, not "${attribute[2]}".`,
    )
  const rest = attribute ? tail.replace(attribute[0], attribute[3] === '&' ? attribute[1]! : '') : tail
  const urls = hosts.split(',').map((host) => `${head}${host}${rest}`)
  return { urls, several: urls.length > 1 || attribute !== null }
}

/** By DATABASE_URL, so that all connections of a process go where the first one has found the primary. */
const known = new Map<string, Servers>()

export function serversOf(url: string): Servers {
  const already = known.get(url)
  if (already) return already
  const { urls, several } = readServers(url)
  let at = 0
  const servers: Servers = {
    urls,
    several,
    current: () => urls[at]!,
    leave(left) {
      if (urls[at] === left) at = (at + 1) % urls.length
    },
  }
  known.set(url, servers)
  return servers
}

/** A server that answers and does not write: a standby, or a primary that was demoted. Counts as transient. */
class ReadOnlyServerError extends Error {
  readonly code = '25006' // read_only_sql_transaction
  constructor() {
    super('the database server is a standby and does not write')
    this.name = 'ReadOnlyServerError'
  }
}

/** Throws ReadOnlyServerError when the server of this connection takes no writes. */
export async function demandPrimary(client: pg.ClientBase): Promise<void> {
  const { rows } = await client.query('select pg_is_in_recovery() as standby')
  if (rows[0].standby) throw new ReadOnlyServerError()
}

/**
 * One connection to the server that writes: each is tried once, beginning with the one that did last. Rejects with what
 * the last one said.
 */
export async function connectTo(url: string, config: pg.ClientConfig): Promise<pg.Client> {
  const servers = serversOf(url)
  for (let left = servers.urls.length; ; left--) {
    const target = servers.current()
    const client = new pg.Client({ ...config, connectionString: target })
    client.on('error', () => {}) // whoever uses it hears of it by its query
    try {
      await client.connect()
      if (servers.several) await demandPrimary(client)
      return client
    } catch (error) {
      client.end().catch(() => {})
      servers.leave(target)
      if (left <= 1) throw Object.assign(error as Error, { server: `${client.host}:${client.port}` })
    }
  }
}
