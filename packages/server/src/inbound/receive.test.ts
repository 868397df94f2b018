import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, beforeEach, test } from 'node:test'
import { createBell } from '../bell.ts'
import type { IncomingPart } from '../carriers/carrier.ts'
import { uuidv7 } from '../ids.ts'
import { silentLog } from '../log.ts'
import { testOwner } from '../message/testing.ts'
import { createEmit } from '../outbox/emit.ts'
import { type Db, openDb } from '../store/db.ts'
import { testDatabase } from '../store/testing.ts'
import { lockWaited } from '../store/waiting.testing.ts'
import type { Claim, Claimed, Claimer, ClaimTrace } from './claim.ts'
import type { Incoming } from './incoming.ts'
import { createInbound } from './receive.ts'
import { storeParts, takeStaleGroup } from './store.ts'

const { db, url } = await testDatabase()
const other = openDb(url, { max: 2, log: silentLog, name: 'other node' })
after(() => other.close())

const { accountId, carrierId } = await testOwner(db)
const origin = { carrierId }
const start = Date.now()
let nowMs = start
const clock = { now: () => new Date(nowMs), monotonic: () => nowMs }
let sender = 0
const from = () => `+49151${String(sender).padStart(8, '0')}`

beforeEach(() => {
  nowMs = start
  sender++
})

/** An inbound side of one node. */
function node(options: { db?: Db; claimers?: Claimer[] } = {}) {
  return createInbound({
    db: options.db ?? db,
    clock,
    bell: createBell(),
    log: silentLog,
    claimers: () => options.claimers ?? [],
    emit: createEmit(() => ({})),
  })
}

/** A claim that looks at each message for itself. */
const each =
  (judge: (incoming: Incoming) => Claimed | undefined): Claim =>
  async (incoming) =>
    incoming.map(judge)
const mine: Claimed = { taken: true, code: 'test', sentence: 'The test took it.' }

type Concat = NonNullable<IncomingPart['concat']>
const part = (text: string, concat?: Partial<Concat>): IncomingPart => ({
  from: from(),
  to: '12345',
  text,
  encoding: 'gsm7',
  concat: concat ? { reference: 7, bits: 8, total: 2, part: 1, ...concat } : null,
})

interface Stored {
  body: string
  segments: number
  trace: ClaimTrace
}
const stored = (): Promise<Stored[]> =>
  db.query<Stored>(
    {
      name: 'test_inbound',
      text: 'select body, segments, trace from messages where sender = $1 order by id',
    },
    [from()],
  )
const bodies = async () => (await stored()).map((row) => row.body)

for (const order of [
  [1, 2, 3],
  [3, 2, 1],
  [2, 3, 1],
]) {
  test(`group 50: parts that come as ${order.join(', ')} make one message in their own order`, async () => {
    const inbound = node()
    for (const n of order) await inbound.receive(origin, part('abc'[n - 1]!, { total: 3, part: n }))
    assert.deepEqual(
      (await stored()).map(({ body, segments }) => ({ body, segments })),
      [{ body: 'abc', segments: 3 }],
    )
  })
}

test('parts that come in one batch make one message', async () => {
  const inbound = node()
  await Promise.all([2, 1].map((n) => inbound.receive(origin, part('ab'[n - 1]!, { part: n }))))
  assert.deepEqual(await bodies(), ['ab'])
})

test('group 50: parts that come on two nodes at once, in two open transactions, make one message', async () => {
  const one = node()
  const two = node({ db: other })
  for (let round = 0; round < 20; round++) {
    sender++
    await Promise.all([one.receive(origin, part('a', {})), two.receive(origin, part('b', { part: 2 }))])
    assert.deepEqual(await bodies(), ['ab'], `round ${round}`)
  }
})

test('group 50: a part that comes twice counts once', async () => {
  const inbound = node()
  await inbound.receive(origin, part('a', {}))
  await inbound.receive(origin, part('a', {}))
  assert.deepEqual(await bodies(), [])
  await inbound.receive(origin, part('b', { part: 2 }))
  assert.deepEqual(await bodies(), ['ab'])
})

test('group 50: a part that is sent again after its message was whole makes no second message', async () => {
  const inbound = node()
  for (const n of [1, 2, 2, 1]) await inbound.receive(origin, part('ab'[n - 1]!, { part: n }))
  assert.deepEqual(await bodies(), ['ab'])
  nowMs += 2 * 86_400_000
  await inbound.sweep(new Date(nowMs - 86_400_000))
  assert.deepEqual(await bodies(), ['ab'])
})

test('the next message of a phone that repeats its reference is not taken for the last one', async () => {
  const inbound = node()
  for (const [n, text] of [
    [1, 'a'],
    [2, 'b'],
    [2, 'd'],
    [1, 'c'],
  ] as const) {
    await inbound.receive(origin, part(text, { part: n }))
    nowMs += 1_000
  }
  assert.deepEqual(await bodies(), ['ab', 'cd'])
})

test('group 50: two messages with the same reference and the same first part both come through', async () => {
  const inbound = node()
  for (const [n, text] of [
    [1, 'same '],
    [2, 'one'],
    [1, 'same '],
    [2, 'two'],
  ] as const) {
    await inbound.receive(origin, part(text, { part: n }))
    nowMs += 1_000
  }
  assert.deepEqual(await bodies(), ['same one', 'same two'])
})

test('two messages with one reference in one batch both come through', async () => {
  const inbound = node()
  await Promise.all(
    (
      [
        [1, 'a'],
        [2, 'b'],
        [1, 'c'],
        [2, 'd'],
      ] as const
    ).map(([n, text]) => inbound.receive(origin, part(text, { part: n }))),
  )
  assert.deepEqual(await bodies(), ['ab', 'cd'])
})

const session = (n: number, beganMs: number) => ({
  session: `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
  began: new Date(beganMs).toISOString(),
})

test('a message that comes again because our answer was lost with the link is stored once', async () => {
  const inbound = node()
  const fingerprint = randomUUID()
  const first = { ...part('Ja'), copy: { fingerprint, ...session(1, nowMs - 60_000) } }
  await inbound.receive(origin, first)
  nowMs += 5_000
  const again = { ...part('Ja'), copy: { fingerprint, ...session(2, nowMs - 100) } }
  await Promise.all([inbound.receive(origin, again), node({ db: other }).receive(origin, again)])
  assert.deepEqual(await bodies(), ['Ja'])
  nowMs += 1_000
  await inbound.receive(origin, { ...again, copy: { fingerprint, ...session(3, nowMs - 10) } })
  assert.deepEqual(await bodies(), ['Ja'], 'nor after the link has broken once more')
})

test('what a provider reports again under its id is stored once: at once, on another node, and a day later', async () => {
  const [inbound, there] = [node(), node({ db: other })]
  const named = { ...part('Ja'), remoteId: `m-${sender}` }
  await Promise.all([inbound, inbound, there].map((one) => one.receive(origin, named)))
  nowMs += 24 * 3_600_000
  await inbound.sweep(new Date(0))
  await there.receive(origin, named)
  assert.deepEqual(await bodies(), ['Ja'])
  await inbound.receive(origin, { ...named, remoteId: `n-${sender}` })
  await inbound.receive({ carrierId: (await testOwner(db)).carrierId }, named)
  assert.deepEqual(
    await bodies(),
    ['Ja', 'Ja', 'Ja'],
    'another id, and that id of another carrier, are others',
  )
  nowMs += 73 * 3_600_000
  await inbound.sweep(new Date(0))
  assert.equal((await db.query({ name: '', text: 'select 1 from inbound_ids' })).length, 0)
})

test('who says the same twice is heard twice: on one session, on two that stood, and later', async () => {
  const inbound = node()
  const fingerprint = randomUUID()
  const one = session(1, nowMs - 60_000)
  const two = session(2, nowMs - 60_000)
  const says = (which: object) =>
    inbound.receive(origin, { ...part('Ja'), copy: { fingerprint, ...(which as typeof one) } })
  await says(one)
  nowMs += 1_000
  await says(one)
  nowMs += 1_000
  await says(two)
  nowMs += 121_000
  await says(session(3, nowMs - 1_000))
  assert.equal((await bodies()).length, 4)
})

/** Holds the first batch in its claim, so that what comes meanwhile waits for the next. */
function held() {
  const { promise: reached, resolve: reach } = Promise.withResolvers<void>()
  const { promise: free, resolve: go } = Promise.withResolvers<void>()
  const claims = {
    async stop(incoming: readonly Incoming[]) {
      reach()
      await free
      return incoming.map(() => undefined)
    },
  }
  return { reached, go, claimers: [{ name: 'slow', claims }] }
}

test('a copy over a new session is known as one while the first is still waiting to be stored, also in one batch', async () => {
  const { reached, go, claimers } = held()
  const inbound = node({ claimers })
  const before = inbound.receive(origin, part('before'))
  await reached
  const fingerprint = randomUUID()
  const says = (n: number, beganMs: number) =>
    inbound.receive(origin, { ...part('Ja'), copy: { fingerprint, ...session(n, beganMs) } })
  const first = says(1, nowMs - 60_000)
  nowMs += 2_000
  const again = says(2, nowMs - 1_000)
  go()
  await Promise.all([before, first, again])
  assert.deepEqual(await bodies(), ['before', 'Ja'])
  nowMs += 1_000
  await says(3, nowMs - 10)
  assert.deepEqual(await bodies(), ['before', 'Ja'], 'nor when the link broke before the batch was through')
})

test('a copy that another node is still storing is waited for', async () => {
  const { reached, go, claimers } = held()
  const fingerprint = randomUUID()
  const copy = { fingerprint, ...session(1, nowMs - 60_000) }
  const first = node({ db: other, claimers }).receive(origin, { ...part('Ja'), copy })
  await reached
  nowMs += 1_000
  const again = node().receive(origin, { ...part('Ja'), copy: { fingerprint, ...session(2, nowMs - 10) } })
  await lockWaited(db)
  go()
  await Promise.all([first, again])
  assert.deepEqual(await bodies(), ['Ja'])
})

test('what comes again over a link that stood already is a copy where the first one broke before it was answered, once', async () => {
  const { reached, go, claimers } = held()
  const inbound = node({ claimers })
  const fingerprint = randomUUID()
  let end: Date | undefined
  const [broken, standing] = [session(1, nowMs - 600_000), session(2, nowMs - 600_000)]
  const first = inbound.receive(origin, { ...part('Ja'), copy: { fingerprint, ...broken, ended: () => end } })
  await reached
  nowMs += 1_000
  end = new Date(nowMs)
  go()
  await first
  nowMs += 1_000
  const says = (ended?: () => Date | undefined) =>
    inbound.receive(origin, { ...part('Ja'), copy: { fingerprint, ...standing, ...(ended && { ended }) } })
  await says(() => undefined)
  assert.deepEqual(await bodies(), ['Ja'])
  await says()
  assert.deepEqual(await bodies(), ['Ja', 'Ja'], 'and then it is said once more')
})

test('what was answered before its link broke is no copy where it is said again over another that stood', async () => {
  const inbound = node()
  const fingerprint = randomUUID()
  let end: Date | undefined
  const says = (n: number) =>
    inbound.receive(origin, {
      ...part('Ja'),
      copy: { fingerprint, ...session(n, nowMs - 600_000), ended: () => end },
    })
  await says(1)
  end = new Date(nowMs)
  nowMs += 1_000
  end = undefined
  await says(2)
  assert.deepEqual(await bodies(), ['Ja', 'Ja'])
})

test('who says it again over the link that has just brought a copy is heard', async () => {
  const inbound = node()
  const fingerprint = randomUUID()
  const says = (n: number, beganMs: number) =>
    inbound.receive(origin, { ...part('Ja'), copy: { fingerprint, ...session(n, beganMs) } })
  await says(1, nowMs - 60_000)
  nowMs += 5_000
  const began = nowMs - 100
  await says(2, began)
  assert.deepEqual(await bodies(), ['Ja'])
  nowMs += 5_000
  await says(2, began)
  assert.deepEqual(await bodies(), ['Ja', 'Ja'])
})

test('the same words over two carriers are two messages', async () => {
  const inbound = node()
  const fingerprint = randomUUID()
  await inbound.receive(origin, { ...part('Ja'), copy: { fingerprint, ...session(1, nowMs - 60_000) } })
  nowMs += 1_000
  const another = { carrierId: (await testOwner(db)).carrierId }
  await inbound.receive(another, { ...part('Ja'), copy: { fingerprint, ...session(2, nowMs - 10) } })
  assert.equal((await bodies()).length, 2)
})

test('a part that says it is the only one is a message, each time', async () => {
  const inbound = node()
  await inbound.receive(origin, part('first', { total: 1 }))
  await inbound.receive(origin, part('second', { total: 1 }))
  assert.deepEqual(await bodies(), ['first', 'second'])
})

test('half a character at the border of two parts becomes whole', async () => {
  const inbound = node()
  const [high, low] = ['\ud83d', '\ude00']
  await inbound.receive(origin, part(`hello ${high}`, {}))
  await inbound.receive(origin, part(`${low}!`, { part: 2 }))
  assert.deepEqual(await bodies(), ['hello 😀!'])
})

test('references of 8 and of 16 bits are different messages', async () => {
  const inbound = node()
  await inbound.receive(origin, part('a', {}))
  await inbound.receive(origin, part('B', { bits: 16, part: 2 }))
  assert.deepEqual(await bodies(), [])
  await inbound.receive(origin, part('b', { part: 2 }))
  await inbound.receive(origin, part('A', { bits: 16 }))
  assert.deepEqual(await bodies(), ['ab', 'AB'])
})

test('what came of a message is handed on when the wait for the rest is over, and says so', async () => {
  const seen: boolean[] = []
  const inbound = node({
    claimers: [
      {
        name: 'witness',
        claims: { inbox: each(({ complete }) => void seen.push(complete)) },
      },
    ],
  })
  await inbound.receive(origin, part('a', { total: 3 }))
  await inbound.receive(origin, part('c', { total: 3, part: 3 }))
  nowMs += 1_000
  assert.equal(await inbound.sweep(new Date(start)), 0, 'not yet')
  assert.equal(await inbound.sweep(new Date(nowMs)), 1)
  assert.equal(await inbound.sweep(new Date(nowMs)), 0, 'once')
  assert.deepEqual(await bodies(), ['a … c'])
  assert.deepEqual(seen, [false])
})

test('an incomplete message that nobody can take does not keep the others', async () => {
  const poison = from()
  await node().receive(origin, part('bad', {}))
  sender++
  nowMs += 1
  await node().receive(origin, part('good', {}))
  const inbound = node({
    claimers: [
      {
        name: 'fragile',
        claims: {
          inbox: each((incoming) => {
            if (incoming.from === poison) throw new Error('a bug in a capability')
            return undefined
          }),
        },
      },
    ],
  })
  nowMs += 1_000
  assert.equal(await inbound.sweep(new Date(nowMs)), 1)
  assert.deepEqual(await bodies(), ['good'])
  assert.equal(await node().sweep(new Date(nowMs)), 1, 'it is still there for a better version')
})

test('a message that cannot be stored is not acknowledged, and its neighbours of the batch are', async () => {
  const inbound = node({
    claimers: [
      {
        name: 'fragile',
        claims: {
          inbox: each(({ text }) => {
            if (text === 'bad') throw new Error('a bug in a capability')
            return undefined
          }),
        },
      },
    ],
  })
  const results = await Promise.allSettled(
    ['one', 'bad', 'two'].map((text) => inbound.receive(origin, part(text))),
  )
  assert.deepEqual(
    results.map((result) => result.status),
    ['fulfilled', 'rejected', 'fulfilled'],
  )
  assert.deepEqual(await bodies(), ['one', 'two'])
})

test('when the transaction is killed before its commit, nothing is acknowledged and nothing stays', async () => {
  const { promise: reached, resolve: reach } = Promise.withResolvers<number>()
  const { promise: killed, resolve: go } = Promise.withResolvers<void>()
  const inbound = node({
    claimers: [
      {
        name: 'slow',
        claims: {
          async inbox(incoming, tx) {
            const [row] = await tx.query<{ pid: number }>({
              name: 'test_pid',
              text: 'select pg_backend_pid() as pid',
            })
            reach(row!.pid)
            await killed
            return incoming.map(() => mine)
          },
        },
      },
    ],
  })
  const receiving = inbound.receive(origin, part('lost?'))
  const acknowledged = receiving.then(
    () => true,
    () => false,
  )
  const pid = await reached
  await other.query({ name: 'test_kill', text: 'select pg_terminate_backend($1, 5000)' }, [pid])
  go()
  assert.equal(await acknowledged, false)
  assert.deepEqual(await bodies(), [])
  await node().receive(origin, part('lost?'))
  assert.deepEqual(await bodies(), ['lost?'], 'the network sends it again')
})

test('capabilities are asked by step and then in their order until one takes it, and the trace tells', async () => {
  const inbound = node({
    claimers: [
      { name: 'deaf' },
      { name: 'late', claims: { inbox: () => assert.fail('nobody further is asked') } },
      { name: 'no', claims: { stop: each(() => undefined), help: each(() => undefined) } },
      { name: 'yes', claims: { help: each(() => mine) } },
      { name: 'never', claims: { help: () => assert.fail('nobody further is asked') } },
    ],
  })
  await inbound.receive(origin, part('hello'))
  assert.deepEqual(
    (await stored()).map((row) => row.trace),
    [
      {
        asked: [
          { step: 'stop', by: 'no' },
          { step: 'help', by: 'no' },
          { step: 'help', by: 'yes' },
        ],
        taken_by: 'yes',
        step: 'help',
        code: 'test',
        sentence: 'The test took it.',
      },
    ],
  )
})

test('what one capability notes of a message, those that are asked later see, and the trace keeps', async () => {
  const seen: (readonly string[])[] = []
  const inbound = node({
    claimers: [
      { name: 'wary', claims: { stop: each(() => ({ taken: false, flag: 'maybe' })) } },
      {
        name: 'last',
        claims: {
          inbox: each(({ flags }) => {
            seen.push(flags)
            return mine
          }),
        },
      },
    ],
  })
  await inbound.receive(origin, part('stop it, please'))
  assert.deepEqual(seen, [['maybe']])
  const [row] = await stored()
  assert.deepEqual(row!.trace.asked, [
    { step: 'stop', by: 'wary', flag: 'maybe' },
    { step: 'inbox', by: 'last' },
  ])
})

test('messages of many people are judged together, and those of one person one after another', async () => {
  const calls: string[][] = []
  const inbound = node({
    claimers: [
      {
        name: 'witness',
        claims: {
          async stop(incoming) {
            calls.push(incoming.map(({ text }) => text))
            return incoming.map(({ text }) => (text === 'first' ? mine : undefined))
          },
          async inbox(incoming) {
            calls.push(incoming.map(({ text }) => text))
            return incoming.map(() => mine)
          },
        },
      },
    ],
  })
  const together = ['first', 'second', 'third'].map((text) => inbound.receive(origin, part(text)))
  const stranger = inbound.receive(origin, {
    ...part('stranger'),
    // Of the same lane, which the last digit decides.
    from: `+4915199${from().slice(-6)}`,
  })
  await Promise.all([...together, stranger])
  assert.deepEqual(calls, [['first', 'stranger'], ['stranger'], ['second'], ['second'], ['third'], ['third']])
})

test('a part that another node stores while the message is handed on incomplete is in it, or in the next', async () => {
  await node().receive(origin, part('one', { total: 3 }))
  const group = { carrier_id: carrierId, sender: from(), recipient: '12345', reference: 7, total: 3 }
  const second = { ...group, part: 2, body: '"two"', encoding: 'gsm7' as const }
  let taken: ReturnType<typeof takeStaleGroup> | undefined
  await db.transaction(async (tx) => {
    await storeParts(tx, [second], clock.now())
    taken = other.transaction((mine) => takeStaleGroup(mine, group, new Date(nowMs + 1)))
    await lockWaited(db)
  })
  assert.deepEqual((await taken)?.bodies, ['"one"', '"two"'])
})

test('a number belongs to the account that has it: on its carrier first, then on any, then to that of the carrier', async () => {
  const [here, anywhere] = [await testOwner(db), await testOwner(db)]
  const give = (owner: string, address: string, carrier: string | null) =>
    db.pool.query('insert into numbers values ($1, $2, $3, $4, now())', [
      owner,
      uuidv7(nowMs),
      address,
      carrier,
    ])
  await give(here.accountId, '+493055501', carrierId)
  await give(anywhere.accountId, '+493055501', null)
  await give(anywhere.accountId, '+493055502', null)
  const heard: string[] = []
  const inbound = node({
    claimers: [
      {
        name: 'listener',
        claims: {
          inbox: each((incoming) => {
            heard.push(`${incoming.to} ${incoming.accountId}`)
            return undefined
          }),
        },
      },
    ],
  })
  const say = (to: string, on = carrierId) =>
    inbound.receive({ carrierId: on }, { from: from(), to, text: 'Hi', encoding: 'gsm7', concat: null })
  await Promise.all([
    say('+493055501'),
    say('+493055502'),
    say('+493055503'),
    say('+493055501', here.carrierId),
  ])
  // In two parts: what waited knows only its carrier.
  const concat = { reference: 9, total: 2, bits: 8 as const }
  for (const part of [1, 2])
    await inbound.receive(origin, {
      ...{ from: '+4915100000009', to: '+493055502', text: String(part), encoding: 'gsm7' },
      concat: { ...concat, part },
    })
  assert.deepEqual(
    heard.sort(),
    [
      `+493055501 ${here.accountId}`,
      `+493055501 ${anywhere.accountId}`,
      `+493055502 ${anywhere.accountId}`,
      `+493055502 ${anywhere.accountId}`,
      `+493055503 ${accountId}`,
    ].sort(),
  )
})

test('two batches that lock each other out are both stored, the one that gave way at its second attempt', async () => {
  const both = Promise.withResolvers<void>()
  let first = 0
  const inbound = node({
    claimers: [
      {
        name: 'crossing',
        claims: {
          inbox: async (incoming, tx) => {
            const [one] = incoming
            const order = one!.text === 'ahead' ? [1, 2] : [2, 1]
            await tx.query({ name: '', text: 'select pg_advisory_xact_lock(4711, $1)' }, [order[0]])
            if (++first === 2) both.resolve()
            await both.promise
            await tx.query({ name: '', text: 'select pg_advisory_xact_lock(4711, $1)' }, [order[1]])
            return incoming.map(() => mine)
          },
        },
      },
    ],
  })
  // By their last digits they are not of one batch.
  const people = ['+491520000000', '+491521000001']
  await Promise.all([
    inbound.receive(origin, { ...part('ahead'), from: people[0]! }),
    inbound.receive(origin, { ...part('astern'), from: people[1]! }),
  ])
  const rows = await db.query<{ body: string }>(
    { name: '', text: 'select body from messages where sender = any($1) order by body' },
    [people],
  )
  assert.deepEqual(
    rows.map(({ body }) => body),
    ['ahead', 'astern'],
  )
})
