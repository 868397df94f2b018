import assert from 'node:assert/strict'
import { test } from 'node:test'
import { publicId, uuidv7 } from '../../../ids.ts'
import { ask as sql } from '../../../message/testing.ts'
import type { Tx } from '../../../store/db.ts'
import { noteActivity } from '../people/activity.store.ts'
import { putDefinition } from '../people/attributes.store.ts'
import { createPeople } from '../people/people.ts'
import { keepRetention } from '../retention/retention.ts'
import { asks, contactsBench } from '../testing.ts'
import { eraseMessages } from './erase.ts'
import { erasureRoutes } from './routes.ts'

/** What a listener of the erasure could still read. */
const seen: string[] = []
const { db, platform, accountId } = await contactsBench({
  listeners: {
    'contact.erased': [
      async (_events, tx: Tx) => {
        const rows = await sql<{ address: string }>(tx, 'select address from contact_addresses order by 1')
        seen.push(...rows.map(({ address }) => address))
      },
    ],
  },
})
const people = createPeople(platform)
const routes = erasureRoutes(platform)
const to = '+4915123456701'
const other = '+4915123456702'
await putDefinition(db, accountId, { key: 'city', label: 'Stadt', type: 'text', choices: [] }, platform.now())
const dump = async (): Promise<string> => {
  const tables = await sql<{ name: string }>(
    db,
    `select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = 'public' and c.relkind in ('r', 'p') and not c.relispartition`,
  )
  let text = ''
  for (const { name } of tables) {
    const rows = await sql<{ row: string }>(db, `select t::text as row from ${name} t`)
    text += rows.map(({ row }) => `${name}: ${row}\n`).join('')
  }
  return text
}
/** As if the carrier had delivered it. */
const settle = (text: string) =>
  sql(db, `update messages set state = 'delivered', final_at = now() where body = $1`, [text])

test('who is erased is found nowhere, in no table, and the receipt names nobody', async () => {
  const [made, kept] = await people.upsert(accountId, [
    {
      external_id: 'kunde-4711',
      name: 'Adalbert Geheim',
      attributes: { city: 'Hinterwald' },
      addresses: [
        { channel: 'sms', address: to },
        { channel: 'email', address: 'geheim@example.org' },
      ],
    },
    { name: 'Bleibt', addresses: [{ channel: 'sms', address: other }] },
  ])
  assert.ok(made?.ok && kept?.ok)
  const { id } = made
  await sql(db, `insert into contact_notes values ($1, $2, $3, 'Mag Pralinen', null, now())`, [
    accountId,
    platform.id(),
    id,
  ])
  await sql(
    db,
    `insert into contact_import_errors values ($1, $2, 1, '[]', '{Adalbert Geheim,0151 23456701}'), ($1, $2, 2, '[]', '{Wer anders,0151 9}')`,
    [accountId, platform.id()],
  )
  await platform.transaction((tx) =>
    platform.send(
      accountId,
      [
        { to, text: 'Lieber Adalbert, fertig.' },
        { to, text: 'Lieber Adalbert, wartet noch.' },
        { to, text: 'Lieber Adalbert, unterwegs.' },
        { to: other, text: 'Bleibt stehen.' },
      ],
      tx,
    ),
  )
  await settle('Lieber Adalbert, fertig.')
  // On its way: a carrier has it, and nothing may be taken from it yet.
  await sql(
    db,
    `delete from queue where message_id = (select id from messages where body like '%unterwegs.')`,
  )
  await sql(db, `update messages set state = 'submitted' where body like '%unterwegs.'`)

  const receipt = await asks(routes, accountId, 'POST /v1/contacts/:id/erase', {
    id: publicId('contact', id),
  })
  assert.deepEqual(seen, [to, other, 'geheim@example.org'], 'listeners could find what they keep')
  const count = (place: string, of = receipt) =>
    of.places.find((each: { place: string }) => each.place === place)?.count
  assert.deepEqual(
    ['contact', 'addresses', 'notes', 'import_rows', 'withdrawn'].map((place) => count(place)),
    [1, 2, 1, 1, 1],
  )
  const job = { accountId, id: (await sql<{ id: string }>(db, 'select id from contact_erasures'))[0]!.id }
  await eraseMessages(platform, job)
  const during = await asks(routes, accountId, 'GET /v1/erasures/:id', { id: receipt.id })
  assert.deepEqual([during.state, during.left], ['running', 1], 'what is on its way has to arrive first')
  await settle('Lieber Adalbert, unterwegs.')
  await eraseMessages(platform, job)
  const done = await asks(routes, accountId, 'GET /v1/erasures/:id', { id: receipt.id })
  assert.deepEqual([done.state, done.left, count('messages', done)], ['finished', 0, 3])
  assert.ok(count('events', done) >= 3)

  const left = await dump()
  for (const secret of ['23456701', 'Adalbert', 'Geheim', 'geheim@', 'Hinterwald', 'Pralinen', 'kunde-4711'])
    assert.equal(
      left.includes(secret),
      false,
      `${secret} stands in ${left
        .split('\n')
        .find((line) => line.includes(secret))
        ?.slice(0, 200)}`,
    )
  assert.ok(left.includes('Bleibt stehen.') && left.includes(other), 'nobody else is touched')
})

test('an erased number is refused until the person has come back by themselves', async () => {
  const wish = { name: 'Neu', addresses: [{ channel: 'sms' as const, address: to }] }
  const [refused] = await people.upsert(accountId, [wish])
  assert.equal(!refused!.ok && refused!.error.code, 'contact_erased')
  const [back] = await people.upsert(accountId, [{ ...wish, returned: true }])
  assert.ok(back!.ok)
  const [again] = await people.upsert(accountId, [wish])
  assert.ok(again!.ok)
})

test('behaviour is kept of known numbers only', async () => {
  const at = platform.now()
  const numbers = [other, other, '+4915100000000'].map((number) => ({ accountId, number }))
  await db.transaction((tx) => noteActivity(tx, 'delivered', numbers, at))
  await db.transaction((tx) => noteActivity(tx, 'replied', numbers, at))
  const rows = await sql<{ delivered_at: Date; replied_at: Date; clicked_at: Date | null }>(
    db,
    'select delivered_at, replied_at, clicked_at from contact_addresses where address = $1',
    [other],
  )
  assert.deepEqual(rows, [{ delivered_at: at, replied_at: at, clicked_at: null }])
})

test('texts, numbers and events go after their days, each by itself, and what is under way stays', async () => {
  await platform.transaction((tx) =>
    platform.send(
      accountId,
      [
        { to: other, text: 'Alt und fertig.' },
        { to: other, text: 'Alt und wartet.' },
      ],
      tx,
    ),
  )
  await settle('Alt und fertig.')
  const soon = { ...platform, now: () => new Date(Date.now() + 31 * 86_400_000) }
  const texts = async () =>
    await sql<{ body: string; recipient: string }>(
      db,
      `select body, recipient from messages where client_ref is null and recipient <> 'erased' order by id`,
    )
  await keepRetention(soon, accountId, { bodies_days: 30, numbers_days: null, events_days: 32 })
  const left = await texts()
  assert.ok(left.some(({ body }) => body === 'Alt und wartet.'))
  assert.ok(!left.some(({ body }) => body === 'Alt und fertig.'))
  assert.ok(
    left.every(({ recipient }) => recipient === other),
    'numbers have days of their own',
  )
  const events = async () =>
    (await sql<{ n: number }>(db, 'select count(*)::integer as n from event_chunks'))[0]!.n
  assert.ok((await events()) > 0)
  await keepRetention(soon, accountId, { bodies_days: null, numbers_days: 30, events_days: 30 })
  assert.deepEqual(
    (await texts()).filter(({ body }) => body === ''),
    [],
  )
  assert.equal(await events(), 0)
})

test('a message that ends long after its days were over is asked for again, however far the rounds have come', async () => {
  await platform.transaction((tx) =>
    platform.send(accountId, [{ to: other, text: 'Für nächstes Jahr.' }], tx),
  )
  const round = (days: number) =>
    keepRetention({ ...platform, now: () => new Date(Date.now() + days * 86_400_000) }, accountId, {
      ...{ bodies_days: 30, numbers_days: 30, events_days: null },
    })
  const planned = () => sql<{ id: string }>(db, `select id from messages where body = 'Für nächstes Jahr.'`)
  const { id } = (await planned())[0]!
  await round(31)
  // As if others had been sent since, and looked at.
  await sql(db, `update contact_retention_marks set mark = $1`, [uuidv7(Date.now() + 100 * 86_400_000)])
  await round(200)
  assert.equal((await planned()).length, 1, 'it waits still')
  await settle('Für nächstes Jahr.')
  await round(201)
  assert.deepEqual(await planned(), [])
  const asked = 'select 1 from contact_retention_marks where $1 = any (left_over)'
  assert.deepEqual(await sql(db, asked, [id]), [], 'what has ended is asked for no more')
})
