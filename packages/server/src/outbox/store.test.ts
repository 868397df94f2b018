import assert from 'node:assert/strict'
import { it } from 'node:test'
import { systemClock } from '../clock.ts'
import { uuidv7 } from '../ids.ts'
import type { Tx } from '../store/db.ts'
import { testDatabase } from '../store/testing.ts'
import { cursorOf, isAfter, placeOf } from './chunk.ts'
import { endOfEvents, eventsAreHeld, insertEvents, readEvents } from './store.ts'

const { db } = await testDatabase()
const now = systemClock.now()
const newId = () => uuidv7(now.getTime())

const write = (tx: Tx, account: string, ...urls: string[]) =>
  insertEvents(
    tx,
    urls.map((url) => ({
      account_id: account,
      name: 'webhook.disabled' as const,
      payload: { webhook_id: '', url },
    })),
    now,
  )
/** Tests beside this one share the cluster, and their transactions hold events back too. */
const readable = async () => {
  while (await eventsAreHeld(db));
}
const urlsOf = (rows: { payload: string }[]) => rows.map((row) => JSON.parse(row.payload).url)

it('shows events only once no older transaction is under way, so that none is skipped', async () => {
  const account = newId()
  const start = await endOfEvents(db)
  const oldWritten = Promise.withResolvers<void>()
  const oldMayCommit = Promise.withResolvers<void>()
  const old = db.transaction(async (tx) => {
    await write(tx, account, 'old')
    oldWritten.resolve()
    await oldMayCommit.promise
  })
  await oldWritten.promise
  await db.transaction((tx) => write(tx, account, 'young'))

  const early = await readEvents(db, start, [account], 10)
  assert.deepEqual(early.rows, [])
  assert.equal(await eventsAreHeld(db), true)

  oldMayCommit.resolve()
  await old
  await readable()
  const late = await readEvents(db, early.next, [account], 10)
  assert.deepEqual(urlsOf(late.rows), ['old', 'young'])
})

it('pages through the events of an account in the order of writing, each once', async () => {
  const account = newId()
  let place = await endOfEvents(db)
  const urls = Array.from({ length: 25 }, (_, at) => String(at))
  await db.transaction((tx) => write(tx, account, ...urls))
  await db.transaction((tx) => write(tx, newId(), 'of another account'))
  await readable()
  const seen: string[] = []
  for (let full = true; full; ) {
    const page = await readEvents(db, place, [account], 10)
    seen.push(...urlsOf(page.rows))
    place = page.next
    full = page.full
  }
  assert.deepEqual(seen, urls)
  assert.deepEqual((await readEvents(db, place, [account], 10)).rows, [])
})

it('compares and reads cursors as numbers of any length', () => {
  assert.deepEqual(placeOf('99999999999999999-7'), { xid: '99999999999999999', seq: 7 })
  assert.equal(cursorOf({ xid: '12', seq: 3 }), '12-3')
  for (const text of ['', '12', '12-', '-3', '12-3-4', 'a-b', '12-3 ', '1'.repeat(30).concat('-1')]) {
    assert.equal(placeOf(text), undefined, text)
  }
  assert.ok(isAfter({ xid: '10', seq: 0 }, { xid: '9', seq: 5 }))
  assert.ok(isAfter({ xid: '9', seq: 10 }, { xid: '9', seq: 9 }))
  assert.ok(!isAfter({ xid: '9', seq: 9 }, { xid: '9', seq: 9 }))
})
