import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { createBell } from './bell.ts'
import { createGuard } from './egress.ts'
import { parseId } from './ids.ts'
import { createInbound } from './inbound/receive.ts'
import { startJobs } from './jobs/start.ts'
import { silentLog } from './log.ts'
import { ask, handClock, testAccept, testOwner } from './message/testing.ts'
import { createEmit } from './outbox/emit.ts'
import {
  type Capability,
  type CapabilityFactory,
  createPlatform,
  cronsOf,
  followersOf,
  listenersOf,
  tasksOf,
} from './platform.ts'
import { keyring } from './store/installation.store.ts'
import { testDatabase } from './store/testing.ts'

const { db } = await testDatabase()
const { accountId, carrierId } = await testOwner(db)
const clock = handClock()
const bell = createBell()
const to = '+4915123456789'
const tomorrow = () => new Date(clock.now().getTime() + 86_400_000)
const ran = Promise.withResolvers<unknown>()
const heard: string[] = []

/** A capability that uses everything that the house gives, and gives everything that the house asks for. */
const echo: CapabilityFactory = (platform) => ({
  name: 'echo',
  gate: {
    concerns: ({ text }) => text.includes('forbidden') || text.includes('tomorrow'),
    judge: async (asked) =>
      asked.map(({ draft }) =>
        draft.text.includes('forbidden')
          ? { verdict: 'refuse', code: 'echo_forbidden', message: 'That word is not sent.' }
          : {
              verdict: 'amend',
              draft: {
                ...draft,
                sendAt: tomorrow(),
                hold: { code: 'echo_quiet', sentence: 'Not today.' },
              },
            },
      ),
  },
  claims: {
    async keyword(incoming, tx) {
      const answers = []
      for (const { accountId, from, text } of incoming) {
        if (!text.startsWith('echo ')) {
          answers.push(undefined)
          continue
        }
        await platform.send(accountId, [{ to: from, text: text.slice(5) }], tx)
        await platform.later('remember', { text }, platform.now(), tx)
        if (text === 'echo break') throw new Error('a bug in a capability')
        answers.push({ taken: true as const, code: 'echo_said', sentence: 'It was said back.' })
      }
      return answers
    },
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
const platform = createPlatform('echo', {
  numbers: { country: 'DE', lenient: true },
  ...{ db, clock, bell, log: silentLog, accept, emit },
  keyed: await keyring(db),
  outbound: createGuard({ sandbox: true }),
  baseUrl: () => 'https://sms.example.org',
})
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
})

const receive = (text: string) =>
  inbound.receive({ carrierId }, { from: to, to: '12345', text, encoding: 'gsm7', concat: null })
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

test('what a gate puts off is scheduled, and its first moment says why', async () => {
  const [answer] = await accept.accept(accountId, [{ to, text: 'tomorrow' }])
  assert.equal(answer!.ok && answer!.state, 'scheduled')
  const [row] = await ask<{ send_at: Date; timeline: object[] }>(
    db,
    `select send_at, json_list(timeline) as timeline from messages where body = 'tomorrow'`,
  )
  assert.deepEqual(row!.send_at, tomorrow())
  assert.deepEqual(row!.timeline, [
    {
      state: 'scheduled',
      at: clock.now().toISOString(),
      hold: { code: 'echo_quiet', sentence: 'Not today.' },
    },
  ])
})

test('a message that would expire before a gate lets it go is refused', async () => {
  const expiresAt = new Date(clock.now().getTime() + 3_600_000)
  const [answer] = await accept.accept(accountId, [{ to, text: 'tomorrow, too late', expiresAt }])
  assert.equal(answer!.ok ? 'accepted' : answer!.code, 'expires_before_send')
})

const placed = async (text: string) => {
  const [row] = await ask<{ state: string; error_code: string | null; status: string | null; last: object }>(
    db,
    `select m.state, m.error_code, q.status, json_list(m.timeline) -> -1 as last
     from messages m left join queue q on q.message_id = m.id where m.body = $1`,
    [text],
  )
  return row!
}

test('withdrawing cancels what waits for these people by sender, topic and lane, and nothing else', async () => {
  const topic = platform.id()
  const other = '+4915111111111'
  const wanted = { to, from: 'Shop', lane: 'marketing' as const, topic }
  const drafts = [
    { ...wanted, text: 'gone' },
    { ...wanted, text: 'gone later', sendAt: tomorrow() },
    { ...wanted, text: 'of another person', to: other },
    { ...wanted, text: 'of another sender', from: 'Bakery' },
    { ...wanted, text: 'of another topic', topic: platform.id() },
    { ...wanted, text: 'of another lane', lane: 'code' as const },
  ]
  await accept.accept(accountId, drafts)
  const reason = { code: 'echo_stopped', sentence: 'They said stop.' }
  const filter = { recipients: [to], sender: 'Shop', topic, lanes: ['marketing' as const] }
  const count = await platform.transaction((tx) => platform.withdraw(accountId, filter, reason, tx))
  assert.equal(count, 2)
  for (const { text } of drafts) {
    const { state, error_code, status } = await placed(text)
    if (text.startsWith('gone'))
      assert.deepEqual([state, error_code, status], ['cancelled', 'echo_stopped', null])
    else assert.deepEqual([state, error_code, status], ['queued', null, 'ready'], text)
  }
  assert.equal(await platform.transaction((tx) => platform.withdraw(accountId, filter, reason, tx)), 0)
  assert.equal(
    await platform.transaction((tx) => platform.withdraw(platform.id(), { recipients: [other] }, reason, tx)),
    0,
    'of another account',
  )
})

test('holding makes ready messages wait, and their timeline says why', async () => {
  const [one] = await accept.accept(accountId, [{ to, text: 'held' }])
  assert.ok(one?.ok)
  const id = parseId('message', one.id)!
  const reason = { code: 'echo_night', sentence: 'It is night.' }
  const hold = () => platform.transaction((tx) => platform.hold(accountId, [id], tomorrow(), reason, tx))
  assert.equal(await hold(), 1)
  const { state, status, last } = await placed('held')
  assert.deepEqual([state, status], ['queued', 'scheduled'])
  assert.deepEqual(last, { state: 'queued', at: clock.now().toISOString(), hold: reason })
  assert.equal(await hold(), 0, 'it waits already')
})

test('keys for different purposes differ, and stay the same', async () => {
  const again = await keyring(db)
  assert.deepEqual(again('echo.links'), platform.keyed('links'))
  assert.notDeepEqual(platform.keyed('links'), platform.keyed('numbers'))
  assert.notDeepEqual((await keyring(db, 'x'.repeat(32)))('echo.links'), platform.keyed('links'))
})

test('jobs, crons and followers of capabilities carry their names', async () => {
  const run = async () => {}
  const one: Capability = {
    name: 'one',
    crons: [{ name: 'nightly', match: '0 3 * * *', run }],
    jobs: { go: run },
  }
  const two: Capability = { name: 'two', follow: { 'message.delivered': run } }
  assert.deepEqual(
    cronsOf([one, two]).map(({ name }) => name),
    ['one.nightly'],
  )
  assert.deepEqual(Object.keys(tasksOf([one, two])), ['one.go'])
  assert.deepEqual(
    followersOf([one, two]).map(({ name }) => name),
    ['two'],
  )
})
