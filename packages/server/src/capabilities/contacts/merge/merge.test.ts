import assert from 'node:assert/strict'
import { test } from 'node:test'
import { publicId } from '../../../ids.ts'
import { ask as sql } from '../../../message/testing.ts'
import { erasureRoutes } from '../erasure/routes.ts'
import { createPeople } from '../people/people.ts'
import { asks, contactsBench } from '../testing.ts'
import { mergeRoutes } from './routes.ts'

const { db, platform, accountId } = await contactsBench()
const people = createPeople(platform)
const routes = mergeRoutes(platform, people)
const api = (request: string, given?: object) => asks(routes, accountId, request, given)
const list = platform.id()
await sql(db, `insert into contact_lists values ($1, $2, 'Stamm', null, now(), now())`, [accountId, list])

const rows = async () => ({
  contacts: await sql(db, `select to_jsonb(c) - 'updated_at' as c from contacts c order by id`),
  addresses: await sql(
    db,
    'select contact_id, channel, address, position from contact_addresses order by address',
  ),
  lists: await sql(db, 'select list_id, contact_id from contact_list_members order by 2'),
  notes: await sql(db, 'select id, contact_id from contact_notes order by id'),
})

test('two who are one are found, made one with all that each had, and parted again as they were', async () => {
  const [one, two] = await people.upsert(accountId, [
    { name: 'Ada Lovelace', tags: ['vip'], addresses: [{ channel: 'sms', address: '+4915123456711' }] },
    {
      external_id: 'K-007',
      name: 'ada lovelace',
      language: 'en',
      tags: ['neu'],
      addresses: [
        { channel: 'sms', address: '+4915123456712' },
        { channel: 'email', address: 'ada@example.org' },
      ],
    },
  ])
  assert.ok(one?.ok && two?.ok)
  await sql(db, 'insert into contact_list_members values ($1, $2, $3, now())', [accountId, list, two.id])
  await sql(db, `insert into contact_notes values ($1, $2, $3, 'Note', null, now())`, [
    accountId,
    platform.id(),
    two.id,
  ])
  const before = await rows()

  const { data } = await api('GET /v1/contact-duplicates')
  const same = data.find(({ by }: { by: string }) => by === 'name')
  assert.deepEqual(
    [same.value, same.contacts.map(({ id }: { id: string }) => id)],
    ['ada lovelace', [publicId('contact', one.id), publicId('contact', two.id)]],
  )
  const merged = await api('POST /v1/contacts/:id/merge', {
    id: publicId('contact', one.id),
    body: { others: [publicId('contact', two.id)] },
  })
  assert.deepEqual(
    [merged.name, merged.external_id, merged.language, merged.tags],
    ['Ada Lovelace', 'K-007', 'en', ['neu', 'vip']],
  )
  assert.deepEqual(
    merged.addresses.map(({ address }: { address: string }) => address),
    ['+4915123456711', '+4915123456712', 'ada@example.org'],
  )
  await assert.rejects(people.get(accountId, two.id), { code: 'not_found' })
  assert.equal((await rows()).lists.length, 1)

  const merges = await api('GET /v1/contacts/:id/merges', { id: publicId('contact', one.id) })
  await api('POST /v1/contact-merges/:id/undo', { id: merges.data[0].id })
  assert.deepEqual(await rows(), before)
  await assert.rejects(api('POST /v1/contact-merges/:id/undo', { id: merges.data[0].id }), {
    code: 'not_found',
  })
})

test('several taken in are parted from the last to the first', async () => {
  const made = await people.upsert(
    accountId,
    [21, 22, 23].map((n) => ({ addresses: [{ channel: 'sms' as const, address: `+491512345670${n}` }] })),
  )
  const [one, two, three] = made.map((each) => publicId('contact', each.ok ? each.id : ''))
  const before = await rows()
  await api('POST /v1/contacts/:id/merge', { id: one, body: { others: [two, three] } })
  const { data } = await api('GET /v1/contacts/:id/merges', { id: one })
  const of = (id: string) => data.find(({ contact }: { contact: string }) => contact === id).id
  await assert.rejects(api('POST /v1/contact-merges/:id/undo', { id: of(two!) }), { code: 'merge_not_last' })
  await api('POST /v1/contact-merges/:id/undo', { id: of(three!) })
  await api('POST /v1/contact-merges/:id/undo', { id: of(two!) })
  assert.deepEqual(await rows(), before)
  await assert.rejects(api('POST /v1/contacts/:id/merge', { id: one, body: { others: [one] } }), {
    code: 'invalid_request',
  })
})

test('who cannot be parted, for another one has the external id by now, is told so', async () => {
  const [one, two] = await people.upsert(accountId, [
    { addresses: [{ channel: 'sms', address: '+4915123456731' }] },
    { external_id: 'K-31', addresses: [{ channel: 'sms', address: '+4915123456732' }] },
  ])
  assert.ok(one?.ok && two?.ok)
  await people.upsert(accountId, [
    { external_id: 'K-30', addresses: [{ channel: 'sms', address: '+4915123456731' }] },
  ])
  await api('POST /v1/contacts/:id/merge', {
    id: publicId('contact', one.id),
    body: { others: [publicId('contact', two.id)] },
  })
  await people.upsert(accountId, [{ external_id: 'K-31', name: 'Neu' }])
  const { data } = await api('GET /v1/contacts/:id/merges', { id: publicId('contact', one.id) })
  await assert.rejects(api('POST /v1/contact-merges/:id/undo', { id: data[0].id }), {
    code: 'contact_external_id_taken',
  })
})

test('an erasure forgets those who were taken in by one who was taken in', async () => {
  const made = await people.upsert(
    accountId,
    ['Erste', 'Zweite', 'Dritte'].map((name, n) => ({
      ...{ name, addresses: [{ channel: 'sms' as const, address: `+491512345674${n}` }] },
    })),
  )
  const [one, two, three] = made.map((each) => publicId('contact', each.ok ? each.id : ''))
  await api('POST /v1/contacts/:id/merge', { id: two, body: { others: [three] } })
  await api('POST /v1/contacts/:id/merge', { id: one, body: { others: [two] } })
  const kept = () => sql(db, `select 1 from contact_merges where undo::text like '%Dritte%'`)
  assert.ok((await kept()).length > 0)
  await asks(erasureRoutes(platform), accountId, 'POST /v1/contacts/:id/erase', { id: one! })
  assert.deepEqual(await kept(), [])
})
