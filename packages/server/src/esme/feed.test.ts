import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createBell } from '../bell.ts'
import { systemClock as clock } from '../clock.ts'
import { parseId } from '../ids.ts'
import { createLog } from '../log.ts'
import { ask, testAccept, testOwner } from '../message/testing.ts'
import { insertEvents } from '../outbox/store.ts'
import { testDatabase } from '../store/testing.ts'
import { eventually } from '../stories/house.ts'
import type { Directory } from './directory.ts'
import { startFeed } from './feed.ts'
import { allLogins, type Login } from './login.store.ts'
import { createLogins } from './logins.ts'
import type { Sender } from './sender.ts'

const { db } = await testDatabase()
const log = createLog('error')
const { accountId } = await testOwner(db)
const bell = createBell()
const logins = createLogins({ db, clock, bell })
const accept = testAccept({ db, clock })
const nobodyBound: Sender = {
  ...{ join() {}, leave() {}, reserve: () => 0, unreserve() {}, push() {}, look() {} },
  stop: async () => {},
}

/** A message of a login that has come to its end. */
async function fateOf(loginId: string): Promise<string> {
  const origin = { login: loginId, source: [5, 0, 'Shop'], dest: [1, 1, '4915123456789'], receipt: 'always' }
  const [answer] = await accept.accept(accountId, [
    { to: '+4915123456789', from: 'Shop', text: 'Hello', origin },
  ])
  assert.ok(answer?.ok)
  await insertEvents(
    db,
    [{ account_id: accountId, name: 'message.delivered', payload: { message_id: answer.id } }],
    clock.now(),
  )
  return parseId('message', answer.id)!
}
const waiting = async () =>
  (await ask<{ message_id: string }>(db, 'select message_id from smpp_deliveries')).map(
    (row) => row.message_id,
  )

for (const already of ['no login at all', 'another account’s login', 'another login of the account'])
  test(`the receipt of a login that this node has not heard of yet is not passed over, where it knows ${already}`, async () => {
    await ask(db, 'delete from smpp_deliveries')
    await ask(db, 'delete from smpp_logins')
    if (already === 'another login of the account') await logins.add(accountId, { system_id: 'old' })
    if (already === 'another account’s login')
      await logins.add((await testOwner(db)).accountId, { system_id: 'foreign' })
    let known: Login[] = await allLogins(db)
    const { login } = await logins.add(accountId, { system_id: 'fresh' })
    const messageId = await fateOf(parseId('login', login.id)!)
    const directory = {
      get logins() {
        return known
      },
      byId: (id: string) => known.find((each) => each.id === id),
      async lookAgain() {
        known = await allLogins(db)
      },
    } as Partial<Directory> as Directory
    const feed = startFeed({
      ...{ db, clock, bell, log, node: 1, directory, keepMs: 3_600_000 },
      sender: nobodyBound,
    })
    await eventually(async () => (await waiting()).includes(messageId))
    await feed.stop()
  })
