import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { uuidv7 } from '../ids.ts'
import { silentLog } from '../log.ts'
import { openDb, type Tx } from '../store/db.ts'
import { testDatabase } from '../store/testing.ts'
import { lockWaited } from '../store/waiting.testing.ts'
import { type Part, staleParts, storeParts } from './parts.store.ts'

const { db, url } = await testDatabase()
const other = openDb(url, { max: 2, log: silentLog, name: 'other node' })
after(() => other.close())

const login_id = uuidv7(0)
const part = (number: number, total: number, reference: number): Part => ({
  ...{ login_id, source: '5/0/Shop', destination: '1/1/4915123456789', reference, total, part: number },
  ...{ account_id: uuidv7(0), message_id: uuidv7(0), body: JSON.stringify(`part ${number}`) },
  draft: { to: '+4915123456789' },
})
const now = new Date()
const later = new Date(now.getTime() + 1)

test('a part that comes while the others are given up begins anew: half a message is never taken for the whole', async () => {
  await db.transaction((tx) => storeParts(tx, [part(1, 2, 1)], now))
  let stored: ReturnType<typeof storeParts> | undefined
  const given = await db.transaction(async (tx) => {
    const stale = await staleParts(tx, later, 10)
    stored = other.transaction((mine: Tx) => storeParts(mine, [part(2, 2, 1)], now))
    await lockWaited(db)
    return stale
  })
  assert.deepEqual(
    given.map(({ bodies }) => bodies),
    [['"part 1"']],
  )
  const { whole, ids } = await stored!
  assert.deepEqual(whole, [])
  assert.notEqual([...ids.values()][0], given[0]!.message_id)
})

test('parts that become whole while they are given up are the message, and nothing is left to give up', async () => {
  await db.transaction((tx) => storeParts(tx, [part(1, 2, 2)], new Date(0)))
  let stale: ReturnType<typeof staleParts> | undefined
  const { whole } = await db.transaction(async (tx) => {
    const stored = await storeParts(tx, [part(2, 2, 2)], now)
    stale = other.transaction((mine: Tx) => staleParts(mine, new Date(1), 10))
    await lockWaited(db)
    return stored
  })
  assert.deepEqual(
    whole.map(({ bodies }) => bodies),
    [['"part 1"', '"part 2"']],
  )
  assert.deepEqual(await stale, [])
})
