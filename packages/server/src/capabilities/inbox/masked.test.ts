import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createBell } from '../../bell.ts'
import { createGuard } from '../../egress.ts'
import { accessApi } from '../../http/access.testing.ts'
import { silentLog } from '../../log.ts'
import { handClock, testAccept } from '../../message/testing.ts'
import { createEmit } from '../../outbox/emit.ts'
import { createPlatform } from '../../platform.ts'
import type { Db } from '../../store/db.ts'
import { createInbox } from './inbox.ts'
import { ada } from './testing.ts'

const clock = handClock()
const platformOn = (db: Db) =>
  createPlatform('inbox', {
    ...{ db, clock, bell: createBell(), log: silentLog, emit: createEmit(() => ({})) },
    accept: testAccept({ db, clock }),
    keyed: () => Buffer.alloc(32, 1),
    numbers: { country: 'DE', lenient: true },
    outbound: createGuard({ sandbox: true }),
    baseUrl: () => 'https://sms.example.org',
  })
const access = await accessApi({ routes: ({ db }) => [...(createInbox(platformOn(db)).routes ?? [])] })
const begun = await access.api.ask('POST', '/v1/inbox/conversations', {
  ...{ to: ada, handed_over_by: 'orders', note: `Call ${ada}` },
})

async function as(role: 'agent' | 'auditor' | 'owner') {
  await access.user(role, `${role}@example.org`)
  return access.enter(`${role}@example.org`)
}
const path = `/v1/inbox/conversations/${begun.body.id}`

test('an agent answers without seeing the number, and does not find the person by it', async () => {
  const agent = await as('agent')
  const { body } = await agent.ask('GET', path)
  assert.equal(body.address, '+49 151 •••• 789')
  assert.ok(!JSON.stringify({ ...body, entries: [] }).includes(ada), 'nowhere but in what people wrote')
  const find = (q: string) => agent.ask('GET', `/v1/inbox/conversations?q=${encodeURIComponent(q)}`)
  assert.equal((await find(ada)).status, 403)
  assert.equal((await find('+4915')).body.data.length, 1, 'what every number here begins with tells nothing')
  const answered = await agent.ask('POST', `${path}/messages`, { text: 'Good morning' })
  assert.deepEqual([answered.status, answered.body.state], [200, 'waiting'])
})

test('an owner sees it in full', async () => {
  const owner = await as('owner')
  assert.equal((await owner.ask('GET', path)).body.address, ada)
})

test('an auditor reads, and can neither answer nor leave a trace of having looked', async () => {
  const auditor = await as('auditor')
  assert.equal((await auditor.ask('GET', path)).body.address, '+49 151 •••• 789')
  for (const [rest, given] of [
    ['/messages', { text: 'x' }],
    ['/notes', { text: 'x' }],
    ['/close', undefined],
    ['/read', { count: 1 }],
    ['/presence', { doing: 'viewing' }],
  ] as const)
    assert.equal((await auditor.ask('POST', path + rest, given)).status, 403, rest)
})
