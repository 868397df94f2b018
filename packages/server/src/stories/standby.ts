import {
  chmodSync,
  chownSync,
  cpSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import pg from 'pg'
import { silentLog } from '../log.ts'
import { freePort } from '../store/cluster.ts'
import { type Embedded, startEmbedded } from '../store/embedded.ts'

/** A primary and a streaming standby of the embedded binaries. */
export interface Pair {
  primary: Embedded
  standby: Embedded
  /** Both, as DATABASE_URL. */
  url: string
  /** Makes the standby the primary. */
  promote(): Promise<void>
}

const parameters = {
  max_connections: '100',
  max_wal_size: '1GB',
  wal_keep_size: '256MB',
}

/**
 * Two PostgreSQL on this machine, the second a cold copy of the first that follows it. A commit is answered once both
 * have it on disk, so that nothing which was answered is lost with the first.
 */
export async function startPair(): Promise<Pair> {
  const home = mkdtempSync(join(tmpdir(), 'kurzpost-test-pair-'))
  chmodSync(home, 0o711) // root's PostgreSQL runs as another user, who passes through
  const started: Embedded[] = []
  after(async () => {
    for (const each of started) await each.stop().catch(() => {})
    rmSync(home, { recursive: true, force: true })
  })
  const [first, second] = [join(home, 'a'), join(home, 'b')]
  const [firstPort, secondPort] = [await freePort(), await freePort()]
  async function start(dataDir: string, port: number, more: Record<string, string>): Promise<Embedded> {
    const embedded = await startEmbedded({
      dataDir,
      log: silentLog,
      transport: 'tcp',
      port,
      parameters: { ...parameters, ...more },
    })
    started.push(embedded)
    return embedded
  }
  // The cluster is made without a standby: it would wait for one with its first commit.
  await (await start(first, firstPort, {})).stop()
  cpSync(first, second, { recursive: true, preserveTimestamps: true })
  own(join(first, 'postgres'), join(second, 'postgres'))
  writeFileSync(join(second, 'postgres', 'standby.signal'), '')
  const primary = await start(first, firstPort, { synchronous_standby_names: 'second' })
  const to = new URL(primary.url)
  const conninfo = `host=127.0.0.1 port=${to.port} user=${to.username} password=${to.password} application_name=second`
  const standby = await start(second, secondPort, { primary_conninfo: conninfo })
  return {
    primary,
    standby,
    url: `${primary.url.replace(/@[^/]+/, (host) => `${host},127.0.0.1:${new URL(standby.url).port}`)}?target_session_attrs=read-write`,
    async promote() {
      const client = new pg.Client({ connectionString: standby.url })
      await client.connect()
      await client.query('select pg_promote(true, 60)')
      await client.end()
    },
  }
}

/** cpSync gives the files to root; PostgreSQL asks that its data folder is its own user's. */
function own(from: string, to: string): void {
  const { uid, gid } = statSync(from)
  chownSync(to, uid, gid)
  for (const name of readdirSync(to, { recursive: true })) chownSync(join(to, String(name)), uid, gid)
}
