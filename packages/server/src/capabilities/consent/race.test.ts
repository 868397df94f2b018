import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { silentLog } from '../../log.ts'
import { ask } from '../../message/testing.ts'
import { openDb } from '../../store/db.ts'
import { lockWaited } from '../../store/waiting.testing.ts'
import { createRegister } from './register.ts'
import { consentBench } from './testing.ts'

const bench = await consentBench({ gated: true })
const { db, platform, accountId, accept, url } = bench
const watcher = openDb(url, { max: 1, log: silentLog, name: 'watcher' })
after(() => watcher.close())
const register = createRegister(platform)
const topic = await bench.topic()
const reason = 'Nobody reads what is sent in a test.'
await ask(
  db,
  `insert into consent_rules (account_id, kept_elsewhere, caps, over_cap, hours, updated_at) values ($1, null, '{}', 'refuse', $2, now())`,
  [
    accountId,
    JSON.stringify([{ country: 'DE', hours: 'daily 00:00-24:00', holidays: 'yes', instead: reason }]),
  ],
)
const say = (number: string, act: 'granted' | 'withdrawn') =>
  platform.transaction((tx) =>
    register.record(tx, [{ accountId, number, topic: topic.id, sender: null, act, how: 'api' }]),
  )

test('what is accepted while a STOP is being taken is cancelled by it: it waits for the ones that were let through', async () => {
  const number = '+4915112345678'
  await say(number, 'granted')
  let stopped: Promise<unknown> | undefined
  await db.transaction(async (tx) => {
    const [answer] = await accept.acceptIn(tx, accountId, [{ to: number, text: 'advert', topic: topic.id }])
    assert.ok(answer?.ok, JSON.stringify(answer))
    stopped = say(number, 'withdrawn')
    await lockWaited(watcher)
  })
  await stopped
  assert.deepEqual(await ask(db, 'select state from messages where recipient = $1', [number]), [
    { state: 'cancelled' },
  ])
})

test('what is asked for while a STOP is being taken waits for it, and is refused', async () => {
  const number = '+4915187654321'
  await say(number, 'granted')
  let asked: ReturnType<typeof accept.accept> | undefined
  await db.transaction(async (tx) => {
    await register.record(tx, [
      { accountId, number, topic: topic.id, sender: null, act: 'withdrawn', how: 'api' },
    ])
    asked = accept.accept(accountId, [{ to: number, text: 'advert', topic: topic.id }])
    await lockWaited(watcher)
  })
  const answer = (await asked!)[0]!
  assert.deepEqual([answer.ok, !answer.ok && answer.code], [false, 'consent_opted_out'])
})
