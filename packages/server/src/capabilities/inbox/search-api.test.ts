import assert from 'node:assert/strict'
import { test } from 'node:test'
import { publicId, uuidv7 } from '../../ids.ts'
import { ask } from '../../message/testing.ts'
import { inboxBench } from './testing.ts'

const bench = await inboxBench()
const { db, accountId, receive } = bench
const anna = await bench.agent('Anna')
const one = '+4915111111111'
const two = '+4915222222222'

await receive('Die Rechnungen sind noch offen, bitte prüfen Sie das.', one)
await receive('Running late, will the shops be open?', two)
await bench.follow()
const found = async (q: string) => {
  const { body } = await anna('GET', `/v1/inbox/conversations?q=${encodeURIComponent(q)}`)
  return body.data.map(({ address }: { address: string }) => address).sort()
}

for (const [q, expected] of [
  ['Rechnung', [one]],
  ['prüfe', [one]],
  ['RECHNUNGEN offen', [one]],
  ['run shop', [two]],
  ['Rechn', [one]],
  ['Zug', []],
  ['Rechnung shop', []],
  ['+49 151 111', [one]],
  ['0152 222', [two]],
  ['+4915', [one, two]],
  [`' | !x & (:*`, []],
] as const) {
  test(`"${q}" finds ${expected.length}`, async () => assert.deepEqual(await found(q), expected))
}

test('notes are found too, and names of contacts by their beginning', async () => {
  const { body } = await anna('GET', '/v1/inbox/conversations')
  await anna('POST', `/v1/inbox/conversations/${body.data[0].id}/notes`, { text: 'Kulanz vereinbart' })
  assert.deepEqual(await found('Kulanz'), [body.data[0].address])
  const id = uuidv7(Date.now())
  await ask(
    db,
    `insert into contacts (account_id, id, name, created_at, updated_at) values ($1, $2, 'Grete Müller', now(), now())`,
    [accountId, id],
  )
  await ask(
    db,
    `insert into contact_addresses (account_id, channel, address, key, contact_id, created_at) values ($1, 'sms', $2, $3, $4, now())`,
    [accountId, two, bench.platform.addressKey(two), id],
  )
  await receive('Danke', two)
  assert.deepEqual(await found('Gre Mül'), [two])
  assert.equal(
    (await anna('GET', `/v1/inbox/conversations?q=Grete`)).body.data[0].person.contact_id,
    publicId('contact', id),
  )
})

test('closed ones are found as well, and pages of a list hold each once', async () => {
  for (let n = 0; n < 7; n++) await receive('Seite', `+49151333333${n}0`)
  const seen: string[] = []
  let next: string | undefined
  do {
    const { body } = await anna('GET', `/v1/inbox/conversations?limit=2${next ? `&before=${next}` : ''}`)
    seen.push(...body.data.map(({ id }: { id: string }) => id))
    next = body.next
  } while (next)
  assert.equal(seen.length, 9)
  assert.equal(new Set(seen).size, 9)
  await anna('POST', `/v1/inbox/conversations/${seen[0]}/close`)
  const open = await anna('GET', '/v1/inbox/conversations?state=open&state=waiting')
  assert.equal(open.body.data.length, 8)
  await bench.follow()
  assert.equal((await found('Seite')).length, 7)
})

test('words of another account are not found, though they stand in the same index', async () => {
  const other = uuidv7(Date.now())
  await ask(
    db,
    `insert into inbox_words (account_id, entry_id, conversation_id, words) values ($1, $1, $1, inbox_words_of($1, 'Rechnung geheim'))`,
    [other],
  )
  assert.deepEqual(await found('geheim'), [])
  assert.deepEqual(await found('Rechnung'), [one])
})

test('a page that nobody gave out is refused', async () => {
  const { body } = await anna('GET', '/v1/inbox/conversations?before=abc')
  assert.equal(body.error.code, 'invalid_cursor')
})
