import { hostname } from 'node:os'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { Client } from 'pg'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import { backoff } from '../pause.ts'
import { startPulse } from '../pulse.ts'
import type { Role } from '../roles.ts'
import type { Db } from '../store/db.ts'
import { lockNode } from './lease.store.ts'
import { beat, type NodeFacts, register, remove, removeOthers } from './nodes.store.ts'

/** How often a node shows itself. Others take it for dead after four times that (view `living_nodes`). */
const beatMs = 2_000

export interface Node {
  readonly number: number
  /** Tells the others where this node's HTTP interface is. */
  at(url: string): void
  /** Tells the others that this node stops: it is given nothing more. */
  drain(): Promise<void>
  stop(): Promise<void>
}

/**
 * Shows that this process lives: a session advisory lock on its node number, which PostgreSQL drops the moment
 * the process dies, so that whoever takes over need not wait for a lease to run out, and a row that says every two
 * seconds how it is. The session is renewed when the database restarts; leases, not this lock, keep the binds meanwhile.
 */
export async function startNode(options: {
  db: Db
  clock: Clock
  log: Log
  version: string
  roles: readonly Role[]
  /** The database is this process's own, so that no other node lives: what they hold is free at once. */
  alone?: boolean
  /** Told what time it is by the database, and how many milliseconds the question took. */
  heard?: (databaseMs: number, tookMs: number) => void
}): Promise<Node> {
  const { db, clock, log, version, roles, alone = false, heard = () => {} } = options
  const stopping = new AbortController()
  const load = createLoad(clock)
  const facts: NodeFacts = {
    host: hostname(),
    pid: process.pid,
    version,
    roles,
    url: '',
    draining: false,
    report: {},
  }
  const asked = clock.monotonic()
  const { number, database_ms } = await register(db, facts)
  heard(database_ms, clock.monotonic() - asked)
  if (alone) await removeOthers(db, number)
  let session: Client | undefined

  async function live(): Promise<void> {
    session = await db.connect()
    session.once('end', () => {
      if (!stopping.signal.aborted) revive()
    })
    await lockNode(session, number)
  }

  async function revive(): Promise<void> {
    for (let attempt = 0; !stopping.signal.aborted; attempt++) {
      try {
        await backoff(attempt, { capMs: 1_000, signal: stopping.signal })
        return await live()
      } catch (error) {
        if (!stopping.signal.aborted)
          log.debug({ error: (error as Error).message }, 'the node lock is not back yet')
      }
    }
  }

  await live()
  const show = async (): Promise<undefined> => {
    const sent = clock.monotonic()
    heard(await beat(db, number, { ...facts, report: load() }), clock.monotonic() - sent)
  }
  const pulse = startPulse({ name: 'the sign of life', work: show, everyMs: beatMs, clock, log })
  return {
    number,
    at(url) {
      facts.url = url
      pulse.ring()
    },
    async drain() {
      facts.draining = true
      await show().catch(() => {})
    },
    async stop() {
      stopping.abort()
      await pulse.stop()
      await remove(db, number).catch(() => {})
      await session?.end().catch(() => {})
    },
  }
}

/** How busy this process was since it was last asked. */
function createLoad(clock: Clock): () => object {
  const delay = monitorEventLoopDelay({ resolution: 20 })
  delay.enable()
  let used = process.cpuUsage()
  let at = clock.monotonic()
  return () => {
    const spent = process.cpuUsage(used)
    const now = clock.monotonic()
    const report = {
      /** Of one core, 1 being all of it. */
      cpu: round((spent.user + spent.system) / 1000 / Math.max(1, now - at)),
      memory: process.memoryUsage.rss(),
      loop_delay_ms: round((delay.percentile(99) || 0) / 1e6),
    }
    used = process.cpuUsage()
    at = now
    delay.reset()
    return report
  }
}

const round = (value: number): number => Math.round(value * 100) / 100
