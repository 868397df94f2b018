import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { createBell } from './bell.ts'
import { createInbound } from './inbound/receive.ts'
import { startJobs } from './jobs/start.ts'
import { silentLog } from './log.ts'
import { ask, handClock, testAccept, testOwner } from './message/testing.ts'
import { createEmit } from './outbox/emit.ts'
import { type Capability, type CapabilityFactory, createPlatform, listenersOf, tasksOf } from './platform.ts'
import { testDatabase } from './store/testing.ts'

const { db } = await testDatabase()
const { accountId, carrierId } = await testOwner(db)
const clock = handClock()
const bell = createBell()
const to = '+4915123456789'
const ran = Promise.withResolvers<unknown>()
const heard: string[] = []

/** A capability that uses everything that the house gives, and gives everything that the house asks for. */
const echo: CapabilityFactory = (platform) => ({
  name: 'echo',
  async gate(_, drafts) {
    return drafts.map(({ text }) =>
      text.includes('forbidden')
        ? { verdict: 'refuse', code: 'echo_forbidden', message: 'That word is not sent.' }
        : { verdict: 'pass' },
    )
  },
  async claim(incoming, tx) {
    if (!incoming.text.startsWith('echo ')) return false
    await platform.send(incoming.accountId, [{ to: incoming.from, text: incoming.text.slice(5) }], tx)
    await platform.later('remember', { text: incoming.text }, platform.now(), tx)
    if (incoming.text === 'echo break') throw new Error('a bug in a capability')
    return true
  },
  jobs: { remember: async (payload) => ran.resolve(payload) },
  on: {
    async 'webhook.test'(events) {
      heard.push(...events.map(({ payload }) => (payload as { text: string }).text))
      if (heard.includes('break')) throw new Error('a bug in a listener')
    },
  },
})

let capabilities: readonly Capability[] = []
const emit = createEmit(() => listenersOf(capabilities))
const accept = testAccept({ db, clock, emit, gatesOf: () => capabilities.flatMap(({ gate }) => gate ?? []) })
const platform = createPlatform('echo', { db, clock, bell, log: silentLog, accept, emit })
capabilities = [echo(platform)]
const jobs = await startJobs({ db, log: silentLog, tasks: tasksOf(capabilities) })
after(() => jobs.stop())
const inbound = createInbound({
  db,
  clock,
  bell,
  log: silentLog,
  claimers: () => capabilities,
  emit,
  accountOf: () => accountId,
})

const receive = (text: string) =>
  inbound.receive({ accountId, carrierId }, { from: to, to: '12345', text, encoding: 'gsm7', concat: null })
const count = async (text: string) =>
  (await ask<{ n: number }>(db, 'select count(*)::integer as n from messages where body = $1', [text]))[0]!.n

test('what a capability takes, answers and plans commits with the incoming message, and its job runs', async () => {
  await receive('echo hello')
  assert.equal(await count('hello'), 1)
  assert.deepEqual(await ran.promise, { text: 'echo hello' })
})

test('when it fails, neither the message nor what it did stays, and the network sends again', async () => {
  await assert.rejects(receive('echo break'), /a bug in a capability/)
  assert.equal(await count('break'), 0)
  assert.equal(await count('echo break'), 0)
})

test('what nobody takes is stored all the same', async () => {
  await receive('hello there')
  assert.equal(await count('hello there'), 1)
})

test('a gate judges what comes from outside and what a capability sends', async () => {
  const [outside] = await accept.accept(accountId, [{ to, text: 'forbidden fruit' }])
  assert.deepEqual(outside, { ok: false, code: 'echo_forbidden', message: 'That word is not sent.' })
  const [inside] = await platform.transaction((tx) =>
    platform.send(accountId, [{ to, text: 'forbidden' }], tx),
  )
  assert.equal(inside!.ok ? 'sent' : inside!.code, 'echo_forbidden')
})

test('a transaction of a capability wakes the dispatcher and the readers of events once it has committed', async () => {
  const rung: string[] = []
  const deaf = (['queue', 'outbox'] as const).map((name) => bell.on(name, () => rung.push(name)))
  const both = Promise.withResolvers<void>()
  const done = bell.on('outbox', () => both.resolve())
  await platform.transaction((tx) => platform.send(accountId, [{ to, text: 'wake up' }], tx))
  await both.promise
  for (const stop of [...deaf, done]) stop()
  assert.deepEqual(rung.sort(), ['outbox', 'queue'])
  assert.equal(await count('wake up'), 1)
})

test('an event is written and heard in the transaction, and the throw of who hears it undoes both', async () => {
  const say = (text: string) =>
    platform.transaction((tx) =>
      platform.emit(accountId, 'webhook.test', [{ webhook_id: 'whk_x', text }], tx),
    )
  const written = async () =>
    (
      await ask<{ text: string }>(
        db,
        `select payload ->> 'text' as text from events where name = 'webhook.test'`,
      )
    ).map(({ text }) => text)
  await say('fine')
  assert.deepEqual(heard, ['fine'])
  await assert.rejects(say('break'), /a bug in a listener/)
  assert.deepEqual(await written(), ['fine'])
})

test('listeners are called in the order of the capabilities', async () => {
  const order: string[] = []
  const listening = (name: string): Capability => ({
    name,
    on: { 'message.received': async () => void order.push(name) },
  })
  const listeners = listenersOf([listening('first'), { name: 'deaf' }, listening('second')])
  const tell = createEmit(() => listeners)
  await db.transaction((tx) =>
    tell.tell(tx, [{ account_id: accountId, name: 'message.received', payload: {} }]),
  )
  assert.deepEqual(order, ['first', 'second'])
})
