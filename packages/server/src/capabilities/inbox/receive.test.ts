import assert from 'node:assert/strict'
import { test } from 'node:test'
import { uuidv7 } from '../../ids.ts'
import { ask, watched } from '../../message/testing.ts'
import { ada, inboxBench, ours } from './testing.ts'

const bench = await inboxBench()
const { db, accountId, receive } = bench
const anna = await bench.agent('Anna')

let count = 0
const somebody = () => `+49151${String(10_000_000 + count++)}`

async function conversations(q?: string) {
  const { body } = await anna(
    'GET',
    `/v1/inbox/conversations?limit=100${q ? `&q=${encodeURIComponent(q)}` : ''}`,
  )
  // biome-ignore lint/suspicious/noExplicitAny: an answer of the API
  return body.data as any[]
}
const of = async (address: string) => (await conversations(address)).filter((one) => one.address === address)

async function contact(...addresses: string[]): Promise<string> {
  const id = uuidv7(Date.now())
  await ask(
    db,
    `insert into contacts (account_id, id, name, language, created_at, updated_at) values ($1, $2, 'Ada', 'de', now(), now())`,
    [accountId, id],
  )
  for (const address of addresses) {
    await ask(
      db,
      `insert into contact_addresses (account_id, channel, address, key, contact_id, created_at) values ($1, 'sms', $2, $3, $4, now())`,
      [accountId, address, bench.platform.addressKey(address), id],
    )
  }
  return id
}

test('a message that nobody else takes opens a conversation, and the next one stands in it', async () => {
  await receive('Guten Tag')
  await receive('Sind Sie da?', ada, '+4930901821')
  const [one, ...others] = await of(ada)
  assert.equal(others.length, 0)
  assert.deepEqual(
    [one.state, one.unread, one.sender, one.last.text],
    ['open', 2, '+4930901821', 'Sind Sie da?'],
  )
  const { body } = await anna('GET', `/v1/inbox/conversations/${one.id}`)
  assert.deepEqual(
    body.entries.map((entry: { message: { text: string } }) => entry.message.text),
    ['Guten Tag', 'Sind Sie da?'],
  )
  const [first, second] = await bench.events('inbox.received')
  assert.deepEqual([first!.opened, second!.opened], [true, false])
})

test('the trace of the message says that the inbox has it', async () => {
  const [row] = await ask<{ trace: { taken_by: string; step: string } }>(
    db,
    'select trace from messages where sender = $1 limit 1',
    [ada],
  )
  assert.deepEqual([row!.trace.taken_by, row!.trace.step], ['inbox', 'inbox'])
})

test('messages of one person at once on two nodes make one conversation, and none is lost', async () => {
  const other = await bench.node()
  for (let round = 0; round < 8; round++) {
    const from = somebody()
    await Promise.all([
      ...[1, 2].map((n) => receive(`here ${n}`, from)),
      ...[3, 4].map((n) => other.receive(`there ${n}`, from)),
    ])
    const found = await of(from)
    assert.equal(found.length, 1, `round ${round}`)
    assert.equal(found[0].inbound_count, 4)
  }
})

test('two addresses of a contact are one person, also when both write at once on two nodes', async () => {
  const other = await bench.node()
  for (let round = 0; round < 5; round++) {
    const [one, two] = [somebody(), somebody()]
    const id = await contact(one, two)
    await Promise.all([receive('from one', one), other.receive('from two', two)])
    const rows = await ask(db, 'select inbound_count from inbox_conversations where contact_id = $1', [id])
    assert.deepEqual(rows, [{ inbound_count: 2 }], `round ${round}`)
  }
})

test('two addresses of a contact in one batch are one conversation', async () => {
  const [one, two] = [somebody(), somebody()]
  await contact(one, two)
  await Promise.all([receive('first', one), receive('second', two)])
  const found = (await conversations()).filter(({ address }) => [one, two].includes(address))
  assert.equal(found.length, 1)
  assert.equal(found[0].inbound_count, 2)
})

test('who becomes a contact keeps the conversation, and what two addresses had become one', async () => {
  const [one, two] = [somebody(), somebody()]
  await receive('as one', one)
  await receive('as two', two)
  const [first] = await of(one)
  await contact(one, two)
  await receive('again as one', one)
  await receive('again as two', two)
  const rows = await ask<{ id: string; inbound_count: number }>(
    db,
    'select c.id, inbound_count from inbox_conversations c join inbox_addresses a on a.conversation_id = c.id where a.address = any($1)',
    [[one, two]],
  )
  assert.equal(new Set(rows.map(({ id }) => id)).size, 1)
  assert.equal(rows[0]!.inbound_count, 4)
  const [after] = (await conversations()).filter(({ address }) => address === two)
  assert.equal(after.id, first.id)
  assert.equal(after.person.name, 'Ada')
  const merged = await bench.events('inbox.merged')
  assert.equal(merged.length, 1)
})

test('when two contacts become one, so do their conversations with the next message', async () => {
  const [one, two] = [somebody(), somebody()]
  const stays = await contact(one)
  const gone = await contact(two)
  await receive('as one', one)
  await receive('as two', two)
  await ask(db, 'update contact_addresses set contact_id = $1 where contact_id = $2', [stays, gone])
  await ask(db, 'delete from contacts where id = $1', [gone])
  await receive('as two again', two)
  const rows = await ask(db, 'select inbound_count from inbox_conversations where contact_id = any($1)', [
    [stays, gone],
  ])
  assert.deepEqual(rows, [{ inbound_count: 3 }])
})

test('a batch of two hundred people costs as many statements as one person', async () => {
  const seen: string[][] = [[], []]
  for (const [at, people] of [1, 200].entries()) {
    const messages = Array.from({ length: people }, () => ({
      ...{ accountId, id: uuidv7(Date.now()), carrierId: uuidv7(Date.now()), from: somebody(), to: ours },
      ...{ text: 'Hallo', segments: 1, complete: true, flags: [], at: new Date() },
    }))
    const spied = watched(db, { statement: (name) => seen[at]!.push(name) })
    await spied.transaction((tx) => bench.inbox.claims!.inbox!(messages, tx))
  }
  assert.equal(seen[1]!.length, seen[0]!.length)
  assert.ok(seen[0]!.length < 10, `${seen[0]!.length}`)
})

test('a message that comes after the conversation was closed opens it again, in a new round', async () => {
  const from = somebody()
  await receive('Frage', from)
  const [one] = await of(from)
  await anna('POST', `/v1/inbox/conversations/${one.id}/close`)
  assert.equal((await of(from))[0].state, 'closed')
  await receive('Noch eine', from)
  assert.equal((await of(from))[0].state, 'open')
  const rounds = await ask(
    db,
    'select round, closed_at is null as open from inbox_rounds r join inbox_addresses a on a.conversation_id = r.conversation_id where address = $1 order by round',
    [from],
  )
  assert.deepEqual(rounds, [
    { round: 1, open: false },
    { round: 2, open: true },
  ])
})

test('what others saw in a message stands with the conversation until somebody takes it off', async () => {
  const node = await bench.node([
    {
      name: 'consent',
      claims: { stop: async (those) => those.map(() => ({ taken: false, flag: 'maybe_stop' })) },
    },
  ])
  const from = somebody()
  await node.receive('Please stop this', from)
  const [one] = await of(from)
  assert.deepEqual(one.flags, ['maybe_stop'])
  const flagged = await anna('GET', '/v1/inbox/conversations?flag=maybe_stop')
  assert.equal(flagged.body.data.length, 1)
  const { body } = await anna('DELETE', `/v1/inbox/conversations/${one.id}/flags/maybe_stop`)
  assert.deepEqual(body.flags, [])
  assert.deepEqual(body.entries[0].message.flags, ['maybe_stop'])
})

test('what a campaign sends to somebody whom we talk with stands in the conversation, and nobody else gets one', async () => {
  const [from, stranger] = [somebody(), somebody()]
  await receive('Hallo', from)
  await bench.platform.transaction((tx) =>
    bench.platform.send(
      accountId,
      [from, stranger].map((to) => ({ to, text: 'Sommerschlussverkauf', lane: 'marketing' as const })),
      tx,
    ),
  )
  await bench.follow()
  await bench.follow()
  const [one] = await of(from)
  const { body } = await anna('GET', `/v1/inbox/conversations/${one.id}`)
  assert.deepEqual(
    body.entries.map(({ message }: { message: { direction: string; text: string } }) => [
      message.direction,
      message.text,
    ]),
    [
      ['inbound', 'Hallo'],
      ['outbound', 'Sommerschlussverkauf'],
    ],
  )
  assert.equal(one.state, 'open')
  assert.equal((await of(stranger)).length, 0)
})
