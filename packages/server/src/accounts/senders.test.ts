import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { createBell } from '../bell.ts'
import { uuidv7 } from '../ids.ts'
import { handClock, silentLog as log, testOwner, watched } from '../message/testing.ts'
import { testDatabase } from '../store/testing.ts'
import { deleteNumber, insertNumber } from './number.store.ts'
import { createSenders } from './senders.ts'

const { db } = await testDatabase()
const clock = handClock()
const operator = await testOwner(db)
const bakery = await testOwner(db)
const brewery = await testOwner(db)
let statements = 0
const senders = await createSenders({
  db: watched(db, { statement: () => statements++ }),
  ...{ bell: createBell(), clock, log, operator: operator.accountId, open: 'none', defaultSender: undefined },
})
after(() => senders.stop())

async function give(accountId: string, address: string, carrierId: string | null = null): Promise<string> {
  const id = uuidv7(clock.now().getTime())
  const row = { account_id: accountId, id, address, carrier_id: carrierId, created_at: clock.now() }
  assert.ok(await insertNumber(db, row))
  await senders.refresh()
  return id
}
const users = (sender: string) => [
  senders.mayUse(bakery.accountId, sender),
  senders.mayUse(brewery.accountId, sender),
]

/** Whether the operator, the bakery and the brewery may. */
const all = (sender: string) => [senders.mayUse(operator.accountId, sender), ...users(sender)]

test('a number is a sender of the account that it was given to, and the operator’s before and after', async () => {
  assert.deepEqual(all('+4930123456'), [true, false, false])
  const id = await give(bakery.accountId, '+4930123456')
  assert.deepEqual(all('+4930123456'), [false, true, false])
  assert.deepEqual(all('+4930123457'), [true, false, false])
  await deleteNumber(db, id)
  await senders.refresh()
  assert.deepEqual(all('+4930123456'), [true, false, false])
})

test('what was given to nobody is open as far as the operator says, and so is what is sent without a name', async () => {
  await give(brewery.accountId, 'Brauhaus')
  const wishes = ['Bakery', '72009', '+4930123458', 'Brauhaus', 'Default']
  for (const [open, expected] of [
    ['none', [false, false, false, false, true]],
    ['names', [true, false, false, false, true]],
    ['all', [true, true, true, false, true]],
  ] as const) {
    const those = await createSenders({
      ...{ db, bell: createBell(), clock, log, operator: operator.accountId, open, defaultSender: 'Default' },
    })
    assert.deepEqual(
      wishes.map((sender) => those.mayUse(bakery.accountId, sender)),
      expected,
      open,
    )
    await those.stop()
  }
})

test('a short code that two accounts have on two carriers is a sender of both, and of nobody else', async () => {
  await give(bakery.accountId, '72002', bakery.carrierId)
  await give(brewery.accountId, '72002', brewery.carrierId)
  assert.deepEqual(users('72002'), [true, true])
  assert.equal(senders.mayUse(uuidv7(0), '72002'), false)
})

test('what is given on one carrier alone stays the operator’s, to whom it comes in on the others', async () => {
  await give(bakery.accountId, '72003', bakery.carrierId)
  assert.equal(senders.mayUse(operator.accountId, '72003'), true)
  await give(brewery.accountId, '72003')
  assert.equal(senders.mayUse(operator.accountId, '72003'), false)
})

test('a name is the same name in capitals', async () => {
  await give(brewery.accountId, 'Brewery')
  assert.deepEqual(users('BREWERY'), [false, true])
})

test('asking costs no statement, and numbers that stay as they are are not read again', async () => {
  await senders.refresh()
  const before = statements
  for (let n = 0; n < 1_000; n++) senders.mayUse(bakery.accountId, '72002')
  assert.equal(statements, before)
  await senders.refresh()
  assert.equal(statements, before + 1)
})
