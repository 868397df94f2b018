import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { Client } from 'pg'
import { systemClock } from '../clock.ts'
import { uuidv7 } from '../ids.ts'
import { claim } from '../message/claim.store.ts'
import { ask, handClock, offers, silentLog, testAccept, testOwner } from '../message/testing.ts'
import { type Db, openDb } from '../store/db.ts'
import { testDatabase } from '../store/testing.ts'
import { eventually } from '../stories/house.ts'
import type { Crew } from './crew.ts'
import { acquire, release, renew } from './lease.store.ts'
import { takeLease } from './lease.ts'
import { startNode } from './node.ts'

const { db, url } = await testDatabase()
const ttl = 60_000
const room = { messages: 10, segments: 10, whole: true }
const never = new AbortController().signal
/** Takes whatever it finds free. */
const alone: Crew = {
  mayTake: () => true,
  took: () => ({ gone() {} }),
  onChange: () => () => {},
  stop: async () => {},
}

/** A carrier of its own for each test: its slots are free. */
const carrier = async () => (await testOwner(db)).carrierId

interface Living {
  number: number
  /** Loses its session, and with it the lock, and does not come back: what kill -9 leaves in the database. */
  die(): Promise<void>
}

async function living(): Promise<Living> {
  const own: Db = openDb(url, { max: 2, log: silentLog, name: 'node' })
  const sessions: Client[] = []
  // A session that is asked for again after the first is refused: the node is as good as dead.
  const mortal: Db = {
    ...own,
    async connect() {
      if (sessions.length > 0) throw new Error('dead')
      const session = await own.connect()
      sessions.push(session)
      return session
    },
  }
  const node = await startNode({
    db: mortal,
    clock: handClock(),
    log: silentLog,
    version: '0',
    roles: ['carriers'],
  })
  after(async () => {
    await node.stop()
    await own.close()
  })
  return { number: node.number, die: () => sessions[0]!.end() }
}

test('a free slot is taken, and the token rises with each holder', async () => {
  const carrierId = await carrier()
  const node = await living()
  assert.equal(await acquire(db, carrierId, 0, node.number, ttl), 1)
  await release(db, carrierId, 0, 1)
  assert.equal(await acquire(db, carrierId, 0, node.number, ttl), 2)
  assert.equal(await acquire(db, carrierId, 1, node.number, ttl), 1, 'each slot counts by itself')
})

test('the lease of a living node is not taken, that of a dead one at once', async () => {
  const carrierId = await carrier()
  const [holder, heir] = [await living(), await living()]
  assert.equal(await acquire(db, carrierId, 0, holder.number, ttl), 1)
  assert.equal(await acquire(db, carrierId, 0, heir.number, ttl), undefined)
  await holder.die()
  assert.equal(await acquire(db, carrierId, 0, heir.number, ttl, 0), 2)
})

test('after a restart or a fail-over of PostgreSQL a missing lock proves nothing: its holder may not be back yet', async () => {
  const carrierId = await carrier()
  const [holder, heir] = [await living(), await living()]
  assert.equal(await acquire(db, carrierId, 0, holder.number, -1), 1)
  await ask(db, `update nodes set incarnation = 'an earlier life' where number = $1`, [holder.number])
  await ask(db, 'update incarnations set since = now()')
  await holder.die() // as the end of a PostgreSQL does with every lock
  assert.equal(await acquire(db, carrierId, 0, heir.number, ttl, 60_000), undefined)
  assert.equal(
    await renew(db, carrierId, 0, 1, ttl),
    true,
    'it goes on as the holder, though the lease had run out',
  )
  assert.equal(await acquire(db, carrierId, 0, heir.number, ttl, 0), undefined, 'no lock, and yet a lease')
  await renew(db, carrierId, 0, 1, -1)
  assert.equal(await acquire(db, carrierId, 0, heir.number, ttl, 0), 2, 'who does not come back is dead')
})

test('a lease that has run out is taken though its holder lives, and the holder cannot renew it', async () => {
  const carrierId = await carrier()
  const [holder, heir] = [await living(), await living()]
  assert.equal(await acquire(db, carrierId, 0, holder.number, -1), 1)
  assert.equal(await acquire(db, carrierId, 0, heir.number, ttl, 0), 2)
  assert.equal(await renew(db, carrierId, 0, 1, ttl), false)
  assert.equal(await renew(db, carrierId, 0, 2, ttl), true)
})

test('an old holder that gives back late does not free what another holds', async () => {
  const carrierId = await carrier()
  const [holder, heir, third] = [await living(), await living(), await living()]
  await acquire(db, carrierId, 0, holder.number, -1)
  await acquire(db, carrierId, 0, heir.number, ttl, 0)
  await release(db, carrierId, 0, 1)
  assert.equal(await acquire(db, carrierId, 0, third.number, ttl), undefined)
})

test('of many nodes that ask at the same moment one gets the slot', async () => {
  const carrierId = await carrier()
  const nodes = await Promise.all(Array.from({ length: 5 }, living))
  const fences = await Promise.all(nodes.map(({ number }) => acquire(db, carrierId, 0, number, ttl)))
  assert.deepEqual(
    fences.filter((fence) => fence !== undefined),
    [1],
  )
})

test('a stale claimant claims nothing, the present one does', async () => {
  const { accountId, carrierId } = await testOwner(db)
  const [holder, heir] = [await living(), await living()]
  await testAccept({ db, clock: handClock() }).accept(accountId, [{ to: '+4915123456789', text: 'one' }])
  const old = (await acquire(db, carrierId, 0, holder.number, -1))!
  const now = new Date()
  const late = await claim(db, { carrierId, slot: 0, fence: old }, offers, room, now)
  assert.deepEqual([late.messages, late.waiting], [[], false], 'its time is up')
  const young = (await acquire(db, carrierId, 0, heir.number, ttl, 0))!
  const stale = await claim(db, { carrierId, slot: 0, fence: old }, offers, room, now)
  assert.deepEqual(stale.messages, [], 'another holds it')
  const taken = await claim(db, { carrierId, slot: 0, fence: young }, offers, room, now)
  assert.equal(taken.messages.length, 1)
})

test('a process that slept past its lease knows by its own clock, before it asks anybody', async () => {
  const carrierId = await carrier()
  const node = await living()
  const clock = handClock()
  const lease = await takeLease({
    db,
    clock,
    log: silentLog,
    node: () => node.number,
    crew: alone,
    carrierId,
    slot: 0,
    signal: never,
  })
  assert.equal(lease.valid(), true)
  clock.forward(8_999)
  assert.equal(lease.valid(), true)
  clock.forward(1)
  assert.equal(lease.valid(), false)
  await lease.release()
  assert.equal(lease.lost.aborted, true)
  const [row] = await ask<{ node: number | null }>(db, 'select node from binds where carrier_id = $1', [
    carrierId,
  ])
  assert.equal(row!.node, null, 'given back')
})

test('while the database is away a lease ends and its link stays; it holds again when the database is back', async () => {
  const carrierId = await carrier()
  const node = await living()
  let away = false
  const shaky: Db = {
    ...db,
    query: async (statement, values) => {
      if (away) throw new Error('away')
      return db.query(statement, values)
    },
  }
  const lease = await takeLease({
    db: shaky,
    clock: systemClock,
    log: silentLog,
    node: () => node.number,
    crew: alone,
    carrierId,
    slot: 0,
    signal: never,
    ttlMs: 300,
  })
  away = true
  await eventually(async () => !lease.valid())
  assert.equal(lease.lost.aborted, false, 'nothing may be submitted, and yet nobody has taken the slot')
  away = false
  await eventually(async () => lease.valid())
  // Once another has it, the link goes.
  away = true
  await eventually(async () => !lease.valid())
  const heir = await living()
  assert.equal(await acquire(db, carrierId, 0, heir.number, ttl, 0), 2)
  away = false
  await eventually(async () => lease.lost.aborted)
  assert.equal(lease.valid(), false)
})

test('whoever waits for a slot stops waiting when told to', async () => {
  const carrierId = await carrier()
  const [holder, other] = [await living(), await living()]
  await acquire(db, carrierId, 0, holder.number, ttl)
  const stop = new AbortController()
  const waiting = takeLease({
    db,
    clock: handClock(),
    log: silentLog,
    node: () => other.number,
    crew: alone,
    carrierId,
    slot: 0,
    signal: stop.signal,
  })
  stop.abort()
  await assert.rejects(waiting, { name: 'AbortError' })
})

test('a node whose session was cut holds its lock again', async () => {
  const own = openDb(url, { max: 1, log: silentLog, name: 'node' })
  const node = await startNode({ db: own, clock: handClock(), log: silentLog, version: '0', roles: ['jobs'] })
  after(async () => {
    await node.stop()
    await own.close()
  })
  const holds = async () =>
    (
      await ask(
        db,
        `select pid from pg_locks where locktype = 'advisory' and classid = 7678 and objid = $1 and granted
         and database = (select oid from pg_database where datname = current_database())`,
        [node.number],
      )
    )[0] as { pid: number } | undefined
  const before = (await holds())!
  await ask(db, 'select pg_terminate_backend($1, 5000)', [before.pid])
  let again = await holds()
  while (!again) again = await holds()
  assert.notEqual(again.pid, before.pid)
})

test('numbers of carriers are no secret to each other: a slot of one is not the slot of another', async () => {
  const node = await living()
  const [one, two] = [await carrier(), uuidv7(Date.now())]
  await acquire(db, one, 0, node.number, ttl)
  await assert.rejects(acquire(db, two, 0, node.number, ttl), /foreign key/, 'and a carrier must be known')
})
