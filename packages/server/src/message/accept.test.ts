import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import type { EventRow } from '../outbox/chunk.ts'
import type { Tx } from '../store/db.ts'
import { testDatabase } from '../store/testing.ts'
import type { Accepted, Draft } from './draft.ts'
import type { Gate, Verdict } from './gate.ts'
import { ask, handClock, testAccept, testOwner, watched } from './testing.ts'

const { db } = await testDatabase()
const { accountId } = await testOwner(db)
const clock = handClock()
const to = '+4915123456789'
const draft = (text: string, more: Partial<Draft> = {}): Draft => ({ to, text, ...more })
const fingerprint = (text: string) => createHash('sha256').update(text).digest()
/** A gate that is concerned by everything. */
const gateOf = (judge: (drafts: Draft[], tx: Tx) => Promise<Verdict[]>): Gate => ({
  concerns: () => true,
  judge: (asked, tx) =>
    judge(
      asked.map((one) => one.draft),
      tx,
    ),
})
const countOf = async (text: string) =>
  Number((await ask<{ n: string }>(db, 'select count(*) as n from messages where body = $1', [text]))[0]!.n)

test('three hundred concurrent requests share a handful of commits, and each gets its own answer', async () => {
  let commits = 0
  const accept = testAccept({
    db: watched(db, { statement: () => commits++ }),
    clock,
  })
  const answers = await Promise.all(
    Array.from({ length: 300 }, (_, n) => accept.accept(accountId, [draft(`crowd ${n}`)])),
  )
  assert.ok(commits <= 5, `${commits} statements for 300 requests`)
  const ids = new Set(answers.map(([one]) => (one as Accepted).id))
  assert.equal(ids.size, 300)
  const [row] = await ask<{ n: string }>(
    db,
    `select count(*) as n from messages m join queue q on q.message_id = m.id
     join events e on e.payload ->> 'client_ref' is null and e.name = 'message.accepted'
       and e.payload ->> 'to' = m.recipient and e.at = m.created_at
     where m.body = 'crowd 17'`,
  )
  assert.ok(Number(row!.n) >= 1, 'message, queue entry and event stand together')
})

test('a request that the database refuses does not take its neighbours with it', async () => {
  const gate = gateOf(async (drafts, tx) => {
    if (drafts.some(({ text }) => text === 'poison')) await ask(tx, 'select 1 / 0')
    return drafts.map(() => ({ verdict: 'pass' }))
  })
  const accept = testAccept({ db, clock, gates: [gate] })
  const results = await Promise.allSettled(
    ['before', 'poison', 'behind'].map((text) => accept.accept(accountId, [draft(text)])),
  )
  assert.deepEqual(
    results.map((result) => result.status),
    ['fulfilled', 'rejected', 'fulfilled'],
  )
  assert.deepEqual(await Promise.all(['before', 'poison', 'behind'].map(countOf)), [1, 0, 1])
})

test('each draft of a request is accepted or refused by itself, in its place', async () => {
  const accept = testAccept({ db, clock })
  const answer = await accept.accept(accountId, [draft('fine'), draft('', {}), draft('x', { to: 'nobody' })])
  assert.deepEqual(
    answer.map((one) => (one.ok ? one.state : one.code)),
    ['queued', 'text_empty', 'invalid_number'],
  )
})

test('a sender of another account is refused: as it is asked for, as a gate would have it, and in place of another text', async () => {
  const asks: Draft[] = []
  const gate = gateOf(async (drafts) => {
    asks.push(...drafts)
    return drafts.map((one) =>
      one.text === 'by its topic'
        ? { verdict: 'amend', draft: { ...one, from: '+4930555001' } }
        : { verdict: 'pass' },
    )
  })
  const mayUse = (account: string, sender: string) => sender !== '+4930555001' || account !== accountId
  const accept = testAccept({ db, clock, gates: [gate], mayUse })
  const drafts = [
    draft('as its number', { from: '030 555001' }),
    draft('as nobody', {}),
    draft('by its topic', {}),
    draft('as a name', { from: 'Bakery' }),
  ]
  const codes = (answer: Awaited<ReturnType<typeof accept.accept>>) =>
    answer.map((one) => (one.ok ? 'ok' : one.code))
  const expected = ['sender_not_yours', 'ok', 'sender_not_yours', 'ok']
  assert.deepEqual(codes(await accept.accept(accountId, drafts)), expected)
  assert.ok(!asks.some(({ text }) => text === 'as its number'), 'no gate pays for what is refused anyway')
  assert.deepEqual(codes(await db.transaction((tx) => accept.acceptIn(tx, accountId, drafts))), expected)
  const judged = await accept.judge(db, accountId, drafts[0]!)
  assert.equal(judged.ok ? 'ok' : judged.code, 'sender_not_yours')
  const other = await testOwner(db)
  assert.deepEqual(codes(await accept.accept(other.accountId, [drafts[0]!])), ['ok'])
})

test('gates refuse with their code, amend what goes out, and see numbers in their one spelling', async () => {
  const seen: Draft[] = []
  const gate = gateOf(async (drafts) => {
    seen.push(...drafts)
    return drafts.map(({ text }) =>
      text === 'no'
        ? { verdict: 'refuse', code: 'test_no', message: 'Not this.' }
        : { verdict: 'amend', draft: { to, text: `${text}, amended` } },
    )
  })
  const second = gateOf(async (drafts) => {
    assert.deepEqual(
      drafts.map(({ text }) => text),
      ['yes, amended'],
      'the next gate sees what the first one left',
    )
    return drafts.map(() => ({ verdict: 'pass' }))
  })
  const accept = testAccept({ db, clock, gates: [gate, second] })
  const answer = await accept.accept(accountId, [
    draft('no', { to: '0151 2345-6789' }),
    draft('yes', { to: '0151 2345-6789' }),
    draft('bad', { to: 'nobody' }),
  ])
  assert.deepEqual(
    answer.map((one) => (one.ok ? one.to : one.code)),
    ['test_no', to, 'invalid_number'],
  )
  assert.deepEqual(
    seen.map((one) => one.to),
    [to, to],
    'spelled out, and not asked about what cannot go out',
  )
  assert.equal(await countOf('yes, amended'), 1)
})

test('a gate that amends a draft into an impossible one refuses it', async () => {
  const gate = gateOf(async (drafts) => drafts.map(() => ({ verdict: 'amend', draft: { to, text: '' } })))
  const [answer] = await testAccept({ db, clock, gates: [gate] }).accept(accountId, [draft('emptied')])
  assert.equal(answer!.ok ? 'accepted' : answer!.code, 'text_empty')
})

test('listeners hear message.accepted in the transaction, and their throw undoes it', async () => {
  const heard: (readonly EventRow[])[] = []
  const accept = testAccept({
    db,
    clock,
    listeners: {
      'message.accepted': [
        async (events, tx) => {
          heard.push(events)
          const [row] = await ask<{ n: string }>(
            tx,
            `select count(*) as n from messages where body like 'told %'`,
          )
          assert.ok(Number(row!.n) > 0, 'the message stands when its event is heard')
          const [bad] = await ask<{ n: string }>(
            tx,
            `select count(*) as n from messages where body = 'told bad'`,
          )
          if (Number(bad!.n) > 0) throw new Error('a bug in a capability')
        },
      ],
    },
  })
  await accept.accept(accountId, [draft('told good')])
  assert.equal(heard.length, 1)
  await assert.rejects(accept.accept(accountId, [draft('told bad')]), /a bug in a capability/)
  assert.equal(await countOf('told bad'), 0)
})

test('more than may wait is answered at once as overload, and later ones are taken again', async () => {
  const accept = testAccept({ db, clock, maxWaiting: 2 })
  const results = await Promise.allSettled(
    ['1', '2', '3'].map((text) => accept.accept(accountId, [draft(`load ${text}`)])),
  )
  assert.deepEqual(
    results.map((result) => (result.status === 'rejected' ? result.reason.code : 'taken')),
    ['taken', 'taken', 'overloaded'],
  )
  assert.equal((await accept.accept(accountId, [draft('load 4')])).length, 1)
})

test('the same key gives the same answer, alone and in a crowd, and stores one message', async () => {
  const accept = testAccept({ db, clock })
  const send = (text: string) =>
    accept.accept(accountId, [draft(text)], { key: 'k1', fingerprint: fingerprint(text) })
  const crowd = await Promise.all(Array.from({ length: 10 }, () => send('keyed')))
  for (const answer of [...crowd, await send('keyed')]) assert.deepEqual(answer, crowd[0])
  assert.equal(await countOf('keyed'), 1)
  await assert.rejects(send('another'), { code: 'idempotency_conflict' })
  assert.equal(await countOf('another'), 0)
})

test('no number is kept with an answer, and whoever asks again gets it with the answer', async () => {
  const accept = testAccept({ db, clock })
  const send = () =>
    accept.accept(
      accountId,
      [
        draft('to whom', { to: '0151 23456789' }),
        draft('to nobody', { to: '0' }),
        draft('to him', { to: '+4915123456780' }),
      ],
      { key: 'whom', fingerprint: fingerprint('whom') },
    )
  const first = await send()
  assert.deepEqual(
    first.map((one) => (one.ok ? one.to : one.code)),
    ['+4915123456789', 'invalid_number', '+4915123456780'],
  )
  assert.deepEqual(await send(), first)
  const kept = await ask(db, `select answer::text from idempotency_keys where key = 'whom'`)
  assert.doesNotMatch(JSON.stringify(kept), /1512345678/)
})

test('a key is free again after 24 hours', async () => {
  const later = handClock()
  const accept = testAccept({ db, clock: later })
  const send = () =>
    accept.accept(accountId, [draft('daily')], { key: 'k2', fingerprint: fingerprint('daily') })
  const first = await send()
  later.forward(86_400_000 - 1_000)
  assert.deepEqual(await send(), first)
  later.forward(2_000)
  assert.notDeepEqual(await send(), first)
})

test('two nodes that get the same key at the same moment store one message', async () => {
  const nodes = [testAccept({ db, clock }), testAccept({ db, clock })]
  for (let round = 0; round < 10; round++) {
    const text = `race ${round}`
    const [one, two] = await Promise.all(
      nodes.map((accept) =>
        accept.accept(accountId, [draft(text)], { key: text, fingerprint: fingerprint(text) }),
      ),
    )
    assert.deepEqual(one, two)
    assert.equal(await countOf(text), 1)
  }
})

test('a repeat is not judged again, alone or in a crowd: a gate counts each request once', async () => {
  const spent: string[] = []
  const gate = gateOf(async (drafts) => {
    spent.push(...drafts.map(({ text }) => text))
    return drafts.map(() => ({ verdict: 'pass' }))
  })
  const accept = testAccept({ db, clock, gates: [gate] })
  const send = (text: string) =>
    accept.accept(accountId, [draft(text)], { key: 'budget', fingerprint: fingerprint(text) })
  const crowd = await Promise.all([send('spent'), send('spent'), accept.accept(accountId, [draft('plain')])])
  assert.deepEqual(await send('spent'), crowd[0])
  await assert.rejects(send('other'), { code: 'idempotency_conflict' })
  assert.deepEqual(spent, ['spent', 'plain'])
})

test('a request whose storing fails leaves its key free', async () => {
  let broken = true
  const gate = gateOf(async (drafts) => {
    if (broken) throw new Error('a bug in a gate')
    return drafts.map(() => ({ verdict: 'pass' }))
  })
  const accept = testAccept({ db, clock, gates: [gate] })
  const send = () =>
    accept.accept(accountId, [draft('again')], { key: 'free', fingerprint: fingerprint('again') })
  await assert.rejects(send(), /a bug in a gate/)
  broken = false
  assert.equal((await send())[0]!.ok, true)
})
