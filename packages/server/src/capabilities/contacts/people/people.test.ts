import assert from 'node:assert/strict'
import { test } from 'node:test'
import { contactsBench } from '../testing.ts'
import { putDefinition } from './attributes.store.ts'
import { createPeople } from './people.ts'
import type { PersonWish } from './read-wish.ts'

const { db, platform, accountId } = await contactsBench()
const people = createPeople(platform)
await putDefinition(db, accountId, { key: 'city', label: 'Stadt', type: 'text', choices: [] }, platform.now())

let next = 0
const number = () => `+49151${String(20_000_000 + next++)}`
const sms = (address: string) => ({ channel: 'sms' as const, address })
const made = async (wish: PersonWish) => {
  const [result] = await people.upsert(accountId, [wish])
  assert.ok(result!.ok, result!.ok ? '' : result!.error.code)
  return result as { id: string; outcome: string }
}
const refused = async (wish: PersonWish) => {
  const [result] = await people.upsert(accountId, [wish])
  assert.ok(!result!.ok)
  return (result as { error: { code: string } }).error.code
}

test('a number is found again however it was typed, and what is new is laid over what was known', async () => {
  const to = number()
  const first = await made({
    name: 'Ada',
    addresses: [sms(to)],
    tags: ['b', 'a'],
    attributes: { city: 'Ulm' },
  })
  const second = await made({
    addresses: [sms(`0${to.slice(3, 6)} ${to.slice(6)}`)],
    language: 'de',
    add_tags: ['c'],
  })
  assert.deepEqual([first.outcome, second.outcome, second.id], ['created', 'updated', first.id])
  const row = await people.get(accountId, first.id)
  assert.equal(row.name, 'Ada')
  assert.equal(row.language, 'de')
  assert.deepEqual(row.tags, ['a', 'b', 'c'])
  assert.deepEqual(row.attributes, { city: 'Ulm' })
  assert.deepEqual(
    row.addresses.map(({ address }) => address),
    [to],
  )
})

test('the same again changes nothing', async () => {
  const wish = { name: 'Eve', addresses: [sms(number())], tags: ['x'], attributes: { city: 'Bonn' } }
  await made(wish)
  assert.equal((await made(wish)).outcome, 'unchanged')
})

test('an external id wins over an address, and gives a person further addresses', async () => {
  const [one, two] = [number(), number()]
  const { id } = await made({ external_id: 'k-1', addresses: [sms(one)] })
  assert.equal((await made({ external_id: 'k-1', addresses: [sms(two)] })).id, id)
  const row = await people.get(accountId, id)
  assert.deepEqual(
    row.addresses.map(({ address }) => address),
    [one, two],
    'the first stays the main one',
  )
})

test('somebody known by number alone takes the external id that comes later', async () => {
  const to = number()
  const { id } = await made({ addresses: [sms(to)] })
  assert.equal((await made({ external_id: 'late', addresses: [sms(to)] })).id, id)
  assert.equal((await people.get(accountId, id)).external_id, 'late')
})

test('an address that is another person’s is refused, and so are addresses of two people', async () => {
  const [one, two] = [number(), number()]
  await made({ external_id: 'k-2', addresses: [sms(one)] })
  await made({ external_id: 'k-3', addresses: [sms(two)] })
  assert.equal(await refused({ external_id: 'k-3', addresses: [sms(one)] }), 'contact_address_taken')
  assert.equal(await refused({ external_id: 'k-new', addresses: [sms(one)] }), 'contact_address_taken')
  assert.equal(await refused({ addresses: [sms(one), sms(two)] }), 'contact_ambiguous')
  assert.equal(await refused({ name: 'Nobody' }), 'contact_without_address')
})

test('entries of one batch that are the same person become one, and a bad one takes none with it', async () => {
  const to = number()
  const results = await people.upsert(accountId, [
    { external_id: 'twin', name: 'Old', addresses: [sms(to)] },
    { addresses: [sms('12')] },
    { addresses: [sms(to)], name: 'New', add_tags: ['t'] },
    { external_id: 'other', addresses: [sms(to)] },
  ])
  const codes = results.map((result) => (result.ok ? result.outcome : result.error.code))
  assert.deepEqual(codes, ['created', 'invalid_request', 'updated', 'contact_address_taken'])
  const row = await people.get(accountId, (results[0] as { id: string }).id)
  assert.deepEqual([row.name, row.tags], ['New', ['t']])
})

test('two who make the same person at once make one', async () => {
  const to = number()
  const results = await Promise.all(
    Array.from({ length: 5 }, () => people.upsert(accountId, [{ addresses: [sms(to)] }])),
  )
  const ids = new Set(results.map(([result]) => (result!.ok ? result!.id : result!.error.code)))
  assert.equal(ids.size, 1)
})

test('a change sets all addresses in their order, and null takes a field away', async () => {
  const [one, two] = [number(), number()]
  const { id } = await made({ name: 'Max', addresses: [sms(one)], attributes: { city: 'Köln' } })
  const row = await people.change(accountId, id, {
    name: null,
    attributes: { city: null },
    addresses: [sms(two), sms(one), { channel: 'email', address: 'Max@Example.org' }],
  })
  assert.equal(row.name, null)
  assert.deepEqual(row.attributes, {})
  assert.deepEqual(
    row.addresses.map(({ address }) => address),
    [two, one, 'max@example.org'],
  )
  const after = await people.change(accountId, id, { addresses: [sms(one)] })
  assert.deepEqual(
    after.addresses.map(({ address }) => address),
    [one],
  )
  assert.equal((await made({ addresses: [sms(two)] })).outcome, 'created', 'what was taken away is free')
})

test('values are held to the types of their attributes', async () => {
  const wish = { addresses: [sms(number())] }
  assert.equal(await refused({ ...wish, attributes: { city: 5 } }), 'invalid_request')
  assert.equal(await refused({ ...wish, attributes: { unknown: 'x' } }), 'invalid_request')
  assert.equal(await refused({ ...wish, time_zone: 'Mars/Olympus' }), 'invalid_request')
})
