import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { startSimulator } from '@kurzpost/simulator'
import { readConfig } from '../config.ts'
import { createLog } from '../log.ts'
import { serve } from '../main.ts'
import { ask } from '../message/testing.ts'
import { testDatabase } from '../store/testing.ts'
import { eventually, storyEnv } from './house.ts'

const { url: databaseUrl, db } = await testDatabase()
const simulator = await startSimulator({ smppPort: 0, httpPort: 0 })
after(() => simulator.close())

/** What the one bind says of itself, once a start of the house holds it. */
async function saidAfterStart(): Promise<{ pace: number | null; limit: number | null }> {
  const config = readConfig(storyEnv({ databaseUrl, smppPort: simulator.smppPort }))
  const server = await serve(config, createLog('error'))
  const bound = async () => (await ask(db, `select 1 from binds where state = 'bound'`)).length === 1
  await eventually(bound)
  await server.stop()
  const [row] = await ask<{ report: { pace: number | null; limit: number | null } }>(
    db,
    'select report from binds',
  )
  return row!.report
}
const found = (since: string) =>
  ask(
    db,
    `update binds set report = report || jsonb_build_object('pace', 37, 'limit', 38, 'said_at', now() - $1::interval)`,
    [since],
  )

test('a house that starts again begins at the rate that it had found, unless that is long ago', async () => {
  assert.equal((await saidAfterStart()).pace, null, 'nothing was refused yet')
  await found('50 minutes')
  const { pace, limit } = await saidAfterStart()
  assert.deepEqual({ pace, limit }, { pace: 37, limit: 38 })
  await found('61 minutes')
  assert.equal((await saidAfterStart()).pace, null)
})
