import type pg from 'pg'
import { type Bell, type BellName, bellNames } from '../bell.ts'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import { startPulse } from '../pulse.ts'
import type { Db } from './db.ts'

const channel = 'kurzpost'
/** Other nodes are told at most this often: a notification is a commit, and they poll anyway. */
const spacingMs = 100
const isBellName = (text: string): text is BellName => (bellNames as readonly string[]).includes(text)

/**
 * Carries the bells of this process to the other nodes and theirs to us, by NOTIFY on one connection of its own.
 * While that is down nobody is told; it comes back by itself, and polling covers the gap.
 */
export function bridgeBell(options: { db: Db; bell: Bell; clock: Clock; log: Log }): {
  /** Resolves when this node hears the others for the first time. */
  ready: Promise<void>
  stop(): Promise<void>
} {
  const { db, bell, clock, log } = options
  const rung = new Set<BellName>()
  let client: pg.Client | undefined
  let heard!: () => void
  const ready = new Promise<void>((resolve) => (heard = resolve))

  async function connect(): Promise<pg.Client> {
    const fresh = await db.connect()
    const lost = (): void => {
      if (client !== fresh) return
      client = undefined
      pulse.ring()
    }
    fresh.on('end', lost)
    fresh.on('error', lost)
    fresh.on('notification', ({ processId, payload = '' }) => {
      if (processId !== (fresh as unknown as { processID: number }).processID && isBellName(payload)) {
        bell.ring(payload, 'elsewhere')
      }
    })
    // A notification that a crash takes with it is one that nobody waits for.
    await fresh.query(`set synchronous_commit = off; listen ${channel}`)
    for (const name of bellNames) bell.ring(name, 'elsewhere')
    heard()
    return fresh
  }

  const pulse = startPulse({
    name: 'the bridge between nodes',
    async work() {
      client ??= await connect()
      const names = [...rung]
      rung.clear()
      try {
        // Without names it only shows that the connection still stands.
        await client.query('select pg_notify($1, name) from unnest($2::text[]) as name', [channel, names])
      } catch (error) {
        const broken = client
        client = undefined
        broken.end().catch(() => {})
        throw error
      }
      return undefined
    },
    everyMs: 5_000,
    spacingMs,
    clock,
    log,
  })
  const deaf = bellNames.map((name) =>
    bell.on(name, (origin) => {
      if (origin === 'elsewhere') return
      rung.add(name)
      pulse.ring()
    }),
  )

  return {
    ready,
    async stop() {
      for (const stop of deaf) stop()
      await pulse.stop()
      const last = client
      client = undefined
      await last?.end()
    },
  }
}
