import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { ensureFirstAccount } from '../accounts/keys.ts'
import { createBell } from '../bell.ts'
import { systemClock } from '../clock.ts'
import { createGuard } from '../egress.ts'
import { catchAll, listRoutes } from '../routing/routes.store.ts'
import { testDatabase } from '../store/testing.ts'
import { ensureConfigCarrier } from './config-carrier.ts'
import { changeCarrier, changeRoute, removeCarrier } from './manage.ts'
import { listCarriers } from './store.ts'

const { db } = await testDatabase({ connections: 8 })
const clock = systemClock
const bell = createBell()
const { id: accountId } = await ensureFirstAccount(db, clock)
const house = { db, bell, clock, guard: createGuard({ sandbox: true }), country: 'DE' }

beforeEach(async () => {
  await db.pool.query('truncate carriers, routes, paths cascade')
})

const url = 'smpps://us%40home:p%2Fw@smsc.example.com:3550'
const start = (carrier: { name?: 'main' | 'simulator'; url?: string; window?: number } | null = {}) =>
  ensureConfigCarrier({
    ...{ db, bell, clock, accountId },
    sandbox: carrier?.name === 'simulator',
    carrier: carrier === null ? undefined : { name: 'main', url, window: 100, ...carrier },
  })
const revision = async () => Number((await db.pool.query('select revision from routing')).rows[0].revision)

test('a first start makes the carrier of the URL, with a route for everything', async () => {
  const row = (await start())!
  assert.deepEqual(row.settings, {
    hosts: [{ host: 'smsc.example.com', port: 3550, tls: true }],
    system_id: 'us@home',
    window: 100,
  })
  assert.deepEqual([row.secrets, row.origin, row.mode], [{ password: 'p/w' }, 'config', 'active'])
  const [route] = await listRoutes(db)
  assert.deepEqual(route, catchAll(route!.id, row.id))
})

test('another start changes nothing, and nobody has to look anew', async () => {
  const first = await start()
  const before = await revision()
  assert.deepEqual(await start(), first)
  assert.equal(await revision(), before)
  assert.equal((await listRoutes(db)).length, 1)
})

test('the URL wins over what it says; what else was changed stays', async () => {
  const { id } = (await start())!
  await changeCarrier(house, id, {
    mode: 'paused',
    settings: { window: 7, segments_per_second: 20 },
  })
  const again = (await start({ url: 'smpp://new:secret@127.0.0.1:2775', window: 100 }))!
  assert.equal(again.id, id)
  assert.equal(again.mode, 'paused')
  assert.deepEqual(again.settings, {
    hosts: [{ host: '127.0.0.1', port: 2775, tls: false }],
    system_id: 'new',
    window: 7,
    segments_per_second: 20,
  })
  assert.deepEqual(again.secrets, { password: 'secret' })
})

test('what the URL says cannot be changed otherwise', async () => {
  const { id, settings } = (await start())!
  const kept = [
    [{ settings: { hosts: [{ host: 'elsewhere.example.com' }] } }, ['settings.hosts']],
    [
      { settings: { system_id: 'x' }, secrets: { password: 'x' } },
      ['settings.system_id', 'secrets.password'],
    ],
    [{ name: 'other' }, ['name']],
  ] as const
  for (const [change, fields] of kept) {
    await assert.rejects(changeCarrier(house, id, change), {
      code: 'set_by_environment',
      details: { fields },
    })
  }
  // The same value, as a page sends it back, changes nothing.
  await changeCarrier(house, id, { settings: { ...settings, window: 5 } })
})

test('nodes that start together make one carrier with one route', async () => {
  const rows = await Promise.all(Array.from({ length: 6 }, () => start()))
  assert.equal(new Set(rows.map((row) => row!.id)).size, 1)
  assert.equal((await listRoutes(db)).length, 1)
})

test('the simulator and a real carrier never stand beside each other, and each comes back as it was', async () => {
  const names = async () => (await listCarriers(db)).map(({ name }) => name)
  const main = (await start())!
  const [route] = await listRoutes(db)
  await changeRoute(house, route!.id, { prefix: '+49' })
  await start({ name: 'simulator', url: 'smpp://sandbox:sandbox@127.0.0.1:2776' })
  assert.deepEqual(await names(), ['simulator'])
  const before = await revision()
  assert.equal((await start())!.id, main.id)
  assert.deepEqual(await names(), ['main'])
  assert.ok((await revision()) > before, 'its messages may come back')
  assert.deepEqual(
    (await listRoutes(db)).map(({ prefix }) => prefix),
    ['+49'],
  )
})

test('a start without a URL takes the simulator out, and leaves a real carrier as it is', async () => {
  await start({ name: 'simulator', url: 'smpp://sandbox:sandbox@127.0.0.1:2776' })
  await start(null)
  assert.deepEqual(await listCarriers(db), [])
  await start()
  assert.equal(await start(null), undefined)
  assert.deepEqual(
    (await listCarriers(db)).map(({ name, mode }) => [name, mode]),
    [['main', 'active']],
  )
})

test('one that was deleted is there again after the next start, under its old id', async () => {
  const { id } = (await start())!
  await removeCarrier(house, id, { force: false })
  assert.equal((await start())!.id, id)
  assert.equal((await listRoutes(db)).length, 1)
})
