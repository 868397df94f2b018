import type { Client } from 'pg'
import type { Log } from '../log.ts'
import { backoff } from '../pause.ts'
import type { Db } from '../store/db.ts'
import { lockNode, register } from './lease.store.ts'

export interface Node {
  readonly number: number
  stop(): Promise<void>
}

/**
 * Shows that this process lives: a session advisory lock on its node number, which PostgreSQL drops the moment
 * the process dies, so that whoever takes over need not wait for a lease to run out. The session is renewed
 * when the database restarts; leases, not this lock, keep the binds meanwhile.
 */
export async function startNode(db: Db, log: Log): Promise<Node> {
  const stopping = new AbortController()
  const number = await register(db)
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
        await backoff(attempt, { signal: stopping.signal })
        return await live()
      } catch (error) {
        if (!stopping.signal.aborted)
          log.debug({ error: (error as Error).message }, 'the node lock is not back yet')
      }
    }
  }

  await live()
  return {
    number,
    async stop() {
      stopping.abort()
      await session?.end().catch(() => {})
    },
  }
}
