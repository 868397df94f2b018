import assert from 'node:assert/strict'
import { it } from 'node:test'
import { type BellName, createBell } from '../bell.ts'
import { systemClock as clock } from '../clock.ts'
import { silentLog as log } from '../log.ts'
import { bridgeBell } from './notify.ts'
import { testDatabase } from './testing.ts'

const { db } = await testDatabase()

function node() {
  const bell = createBell()
  const bridge = bridgeBell({ db, bell, clock, log })
  const next = (name: BellName) =>
    new Promise<string>((resolve) => {
      const stop = bell.on(name, (origin) => {
        stop()
        resolve(origin)
      })
    })
  return { bell, bridge, next }
}

it('rings on the other nodes what rings here, also after the connection was cut', async () => {
  const here = node()
  const there = node()
  // The first ring is that of the new connection, which stands for all that was missed.
  await Promise.all([there.bridge.ready, here.bridge.ready, there.next('queue')])
  for (const round of [1, 2]) {
    const heard = there.next('outbox')
    here.bell.ring('outbox')
    assert.equal(await heard, 'elsewhere')
    if (round === 2) break
    const back = there.next('queue')
    await db.pool.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where query ilike '%pg_notify%' and pid <> pg_backend_pid()
         and datname = current_database()`,
    )
    await back
  }
  await Promise.all([here.bridge.stop(), there.bridge.stop()])
})
