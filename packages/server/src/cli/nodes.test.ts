import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { systemClock as clock } from '../clock.ts'
import { startNode } from '../fleet/node.ts'
import { silentLog as log } from '../log.ts'
import { testDatabase } from '../store/testing.ts'

const bin = fileURLToPath(new URL('../../bin/kurzpost.js', import.meta.url))

test('kurzpost nodes shows who shares the database, as a table and as the API says it', async () => {
  const { db, url } = await testDatabase()
  const node = await startNode({ db, clock, log, version: '1.2.3', roles: ['api', 'jobs'] })
  after(node.stop)
  const env = { PATH: process.env.PATH, DATABASE_URL: url }
  const nodes = async (...flags: string[]) =>
    (await promisify(execFile)(process.execPath, [bin, 'nodes', ...flags], { env })).stdout
  const [head, line] = (await nodes()).split('\n')
  assert.match(head!, /^node +state +host +version +roles/)
  assert.match(line!, new RegExp(`^${node.number} +alive +.*\\(${process.pid}\\) +1\\.2\\.3 +api,jobs`))
  const { data } = JSON.parse(await nodes('--json'))
  assert.deepEqual([data.length, data[0].number, data[0].alive, data[0].binds], [1, node.number, true, []])
})
