import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { Client } from 'pg'
import { createBell } from '../bell.ts'
import { systemClock as clock } from '../clock.ts'
import { ask, silentLog as log, testOwner } from '../message/testing.ts'
import { type Db, openDb } from '../store/db.ts'
import { bridgeBell } from '../store/notify.ts'
import { testDatabase } from '../store/testing.ts'
import { eventually } from '../stories/house.ts'
import { startCrew } from './crew.ts'
import { takeLease } from './lease.ts'
import { startNode } from './node.ts'

const { db, url } = await testDatabase()
const slots = 6

/** A node that wants every slot of a carrier, as `kurzpost serve` does, and drains at once when it is asked for one. */
async function join(carrierId: string) {
  const own: Db = openDb(url, { max: 3, log, name: 'node' })
  const sessions: Client[] = []
  const stopping = new AbortController()
  // After a kill no session of the node comes back.
  const mortal: Db = {
    ...own,
    async connect() {
      if (stopping.signal.aborted) throw new Error('dead')
      const session = await own.connect()
      sessions.push(session)
      return session
    },
  }
  let killed = false
  const limp: Db = {
    ...own,
    query: async (statement, values) => {
      if (killed) throw new Error('dead')
      return own.query(statement, values)
    },
  }
  const bell = createBell()
  const node = await startNode({ db: mortal, clock, log, version: '0', roles: ['carriers'] })
  const bridge = bridgeBell({ db: mortal, bell, clock, log })
  const crew = startCrew({ db: own, bell, clock, log, node: () => node.number })
  async function want(slot: number): Promise<void> {
    while (!stopping.signal.aborted) {
      const lease = await takeLease({
        db: limp,
        clock,
        log,
        node: () => node.number,
        crew,
        carrierId,
        slot,
        signal: stopping.signal,
      })
      await new Promise((resolve) => {
        for (const signal of [lease.lost, lease.handOver, stopping.signal])
          signal.addEventListener('abort', resolve, { once: true })
      })
      await lease.release()
    }
  }
  const loops = Array.from({ length: slots }, (_, slot) => want(slot).catch(() => {}))
  async function end(): Promise<void> {
    stopping.abort()
    await Promise.all(loops)
    await crew.stop()
  }
  after(async () => {
    await end()
    await bridge.stop().catch(() => {})
    await node.stop()
    await own.close()
  })
  return {
    number: node.number,
    async leave() {
      await node.drain()
      await end()
    },
    /** What kill -9 leaves: rows as they were, and no session. */
    async kill() {
      killed = true
      await end()
      for (const session of sessions) await session.end()
    },
  }
}

async function shares(carrierId: string): Promise<Record<number, number>> {
  const rows = await ask<{ node: number; n: number }>(
    db,
    'select node, count(*)::integer as n from binds where carrier_id = $1 and node is not null and leased_until > now() group by node',
    [carrierId],
  )
  return Object.fromEntries(rows.map(({ node, n }) => [node, n]))
}

test('six slots spread over nodes as they come: six, three each, two each; and over those that stay as they go', async () => {
  const { carrierId } = await testOwner(db)
  const settled = async (expected: Record<number, number>) => {
    await eventually(async () => JSON.stringify(await shares(carrierId)) === JSON.stringify(expected))
    const fences = () =>
      ask(db, 'select slot, fence from binds where carrier_id = $1 order by slot', [carrierId])
    return fences()
  }
  const one = await join(carrierId)
  await settled({ [one.number]: 6 })
  const two = await join(carrierId)
  await settled({ [one.number]: 3, [two.number]: 3 })
  const three = await join(carrierId)
  const rest = await settled({ [one.number]: 2, [two.number]: 2, [three.number]: 2 })
  // Two signs of life of everybody later nothing has moved.
  for (let sign = 0; sign < 2; sign++) {
    const from = new Date()
    const shown = async () =>
      (await ask<{ fresh: boolean }>(db, 'select min(seen_at) > $1 as fresh from nodes', [from]))[0]!.fresh
    await eventually(shown)
  }
  assert.deepEqual(
    await settled({ [one.number]: 2, [two.number]: 2, [three.number]: 2 }),
    rest,
    'no flapping',
  )
  await two.kill()
  await settled({ [one.number]: 3, [three.number]: 3 })
  await three.leave()
  await settled({ [one.number]: 6 })
})
