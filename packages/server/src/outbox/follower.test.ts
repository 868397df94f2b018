import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { createBell } from '../bell.ts'
import { systemClock as clock } from '../clock.ts'
import { silentLog as log } from '../log.ts'
import { ask, testOwner, watched } from '../message/testing.ts'
import { openDb } from '../store/db.ts'
import { testDatabase } from '../store/testing.ts'
import type { EventRow } from './chunk.ts'
import { startFollowers } from './follower.ts'
import { insertEvents } from './store.ts'

const { db, url } = await testDatabase({ connections: 6 })
const other = openDb(url, { max: 4, log, name: 'other node' })
after(() => other.close())
const { accountId } = await testOwner(db)
const bell = createBell()

const tell = async (...texts: string[]): Promise<void> => {
  await insertEvents(
    db,
    texts.map((text) => ({ account_id: accountId, name: 'webhook.test', payload: { text } })),
    clock.now(),
  )
  bell.ring('outbox')
}
const textsOf = (events: readonly EventRow[]) =>
  events.map(({ payload }) => (payload as { text: string }).text)

/** Hears until as many events have come as were asked for. */
function ear(wanted: number) {
  const heard: string[] = []
  const { promise, resolve } = Promise.withResolvers<string[]>()
  return {
    all: promise,
    hear(texts: readonly string[]) {
      heard.push(...texts)
      if (heard.length >= wanted) resolve(heard)
    },
  }
}

test('a follower hears what happens from its start on, in order, and of the names it asked for', async () => {
  const { all, hear } = ear(3)
  const followers = await startFollowers({
    ...{ db, bell, clock, log },
    followers: [{ name: 'plain', hears: { 'webhook.test': [async (events) => hear(textsOf(events))] } }],
  })
  await tell('one', 'two')
  await insertEvents(db, [{ account_id: accountId, name: 'webhook.disabled', payload: {} }], clock.now())
  await tell('three')
  assert.deepEqual(await all, ['one', 'two', 'three'])
  await followers.stop()
})

test('what a follower did before it threw is undone, and the same events come again', async () => {
  await ask(db, 'create table followed (text text)')
  const { all, hear } = ear(2)
  let failures = 1
  const followers = await startFollowers({
    ...{ db, bell, clock, log },
    followers: [
      {
        name: 'fragile',
        hears: {
          'webhook.test': [
            async (events, tx) => {
              for (const text of textsOf(events)) await ask(tx, 'insert into followed values ($1)', [text])
              if (failures-- > 0) throw new Error('a bug in a capability')
              hear(textsOf(events))
            },
          ],
        },
      },
    ],
  })
  await tell('four', 'five')
  assert.deepEqual(await all, ['four', 'five'])
  await followers.stop()
  assert.deepEqual(await ask(db, 'select text from followed order by text'), [
    { text: 'five' },
    { text: 'four' },
  ])
})

test('of two nodes each event is followed once, and after a stop where the first one left off', async () => {
  const { all, hear } = ear(41)
  const follow = (node: typeof db) =>
    startFollowers({
      ...{ db: node, bell, clock, log },
      followers: [{ name: 'pair', hears: { 'webhook.test': [async (events) => hear(textsOf(events))] } }],
    })
  const one = await follow(db)
  const two = await follow(other)
  for (let n = 0; n < 20; n++) await tell(`a ${n}`)
  await one.stop()
  await tell('while one was away')
  for (let n = 0; n < 20; n++) await tell(`b ${n}`)
  const heard = await all
  await two.stop()
  assert.equal(new Set(heard).size, 41)
  assert.equal(heard.length, 41)
})

test('what nobody follows costs one look for all, and no transaction', async () => {
  let looks = 0
  let transactions = 0
  const seen = watched(db, {
    statement: (name) => {
      if (name === 'outbox_names') looks++
    },
    transaction: () => {
      transactions++
    },
  })
  const { all, hear } = ear(2)
  const deaf = (name: string) => ({
    name,
    hears: { 'webhook.disabled': [async () => hear([name])] },
  })
  const followers = await startFollowers({
    ...{ db: seen, bell, clock, log },
    followers: [deaf('one'), deaf('another')],
  })
  while (transactions < 2 || looks < 1) await new Promise(setImmediate)
  const before = looks
  await tell('of no interest')
  while (looks === before) await new Promise(setImmediate)
  // When another has begun, that one has ended.
  bell.ring('outbox')
  while (looks < before + 2) await new Promise(setImmediate)
  await insertEvents(db, [{ account_id: accountId, name: 'webhook.disabled', payload: {} }], clock.now())
  bell.ring('outbox')
  await all
  assert.equal(transactions, 4, 'two at the start, and two that had something to hear')
  await followers.stop()
})
