import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { createBell } from '../bell.ts'
import { type Carrier, CarrierError, type OutboundSegment, type Submitted } from '../carriers/carrier.ts'
import { acquire } from '../fleet/lease.store.ts'
import { createEmit, type Listeners } from '../outbox/emit.ts'
import type { Db } from '../store/db.ts'
import { testDatabase } from '../store/testing.ts'
import type { Ways } from './deliver.ts'
import { startDispatch } from './dispatch.ts'
import type { Draft } from './draft.ts'
import type { Lease } from './lease.ts'
import { createLedger } from './ledger.ts'
import { ask, handClock, noOther, offers, silentLog, testAccept, testOwner, watched } from './testing.ts'

const { db } = await testDatabase()
const clock = handClock()
const to = '+4915123456789'

interface Written {
  segment: OutboundSegment
  text: string
  header: string
  answer(): void
  fail(error: CarrierError): void
}

/** A carrier that keeps every answer until the test gives it. */
function scripted() {
  const written: Written[] = []
  const waiting: (() => void)[] = []
  let ids = 0
  const carrier: Carrier = {
    freeWindow: Number.POSITIVE_INFINITY,
    open: () => Promise.reject(new Error('not here')),
    submit(segment: OutboundSegment) {
      const { body, header } = segment
      const { promise, resolve, reject } = Promise.withResolvers<Submitted>()
      const remoteId = `scripted-${process.pid}-${++ids}`
      written.push({
        segment,
        text: Buffer.from(body).toString('latin1'),
        header: Buffer.from(header).toString('hex'),
        answer: () => resolve({ remoteId, remoteKey: remoteId, request: new Uint8Array([1]) }),
        fail: reject,
      })
      for (const wake of waiting.splice(0)) wake()
      return promise
    },
  }
  return {
    carrier,
    written,
    async until(count: number) {
      while (written.length < count) await new Promise<void>((resolve) => waiting.push(resolve))
    },
  }
}

/** Ends the binds that were started before: one of them would take what the next test puts into the queue. */
const stops: (() => Promise<unknown>)[] = []
const stopBefore = async (): Promise<void> => {
  for (const stop of stops.splice(0)) await stop()
}
after(stopBefore)

/** A bind of its own, whose messages wait in the queue before it starts. */
async function bind(options: {
  window: number
  drafts: Draft[]
  listeners?: Listeners
  ledgerDb?: Db
  claimsDb?: Db
  ways?: Ways
  pace?: { freeWindow: number; pace: NonNullable<Carrier['pace']> }
}) {
  await stopBefore()
  await ask(db, 'truncate queue, claims')
  const { accountId, carrierId } = await testOwner(db)
  await testAccept({ db, clock }).accept(accountId, options.drafts)
  const fence = (await acquire(db, carrierId, 0, 1, 600_000))!
  const lost = new AbortController()
  let validFor = Number.POSITIVE_INFINITY
  const lease: Lease = {
    carrierId,
    slot: 0,
    fence,
    valid: () => validFor-- > 0,
    lost: lost.signal,
    release: async () => {},
  }
  const ledger = createLedger({
    db: options.ledgerDb ?? db,
    clock,
    bell: createBell(),
    log: silentLog,
    emit: createEmit(() => options.listeners ?? {}),
    uncertain: { graceMs: 60_000 },
  })
  const hurries = { count: 0 }
  const script = scripted()
  const start = () => {
    const dispatcher = startDispatch({
      db: options.claimsDb ?? db,
      clock,
      log: silentLog,
      ledger: {
        ...ledger,
        hurry() {
          hurries.count++
          ledger.hurry()
        },
      },
      lease,
      carrier: { ...script.carrier, ...options.pace },
      carrierName: 'main',
      ways: options.ways ?? { elsewhere: noOther, namesOf: () => ['main'] },
      choose: () => ({ offers }),
      window: () => options.window,
      tracePdus: false,
      pollMs: 600_000,
      ...(options.ledgerDb ? { drainMs: 1 } : {}),
    })
    stops.push(() => {
      for (const { answer } of script.written) answer()
      return dispatcher.stop()
    })
    return dispatcher
  }
  const states = async () =>
    Object.fromEntries(
      (
        await ask<{ body: string; state: string }>(
          db,
          'select body, state from messages where account_id = $1',
          [accountId],
        )
      ).map(({ body, state }) => [body, state]),
    )
  return {
    ...script,
    accountId,
    carrierId,
    start,
    states,
    hurries,
    invalidateAfter: (asked: number) => (validFor = asked),
  }
}

const draft = (text: string, lane: Draft['lane'] = 'marketing'): Draft => ({
  to,
  text,
  ...(lane ? { lane } : {}),
})
const claimedNow = async (accountId: string) =>
  (
    await ask<{ n: number }>(
      db,
      `select count(*)::integer as n from claims c, jsonb_array_elements(c.messages) m where m ->> 'account_id' = $1`,
      [accountId],
    )
  )[0]!.n

test('no more is claimed than the window has places, and each answer makes room for one', async () => {
  const texts = Array.from({ length: 7 }, (_, n) => `m${n}`)
  const { written, until, start, accountId } = await bind({
    window: 3,
    drafts: texts.map((text) => draft(text)),
  })
  start()
  await until(3)
  assert.equal(await claimedNow(accountId), 3)
  for (let n = 3; n < texts.length; n++) {
    written[n - 3]!.answer()
    await until(n + 1)
    assert.equal(written.length, n + 1, 'one for one')
  }
  assert.deepEqual(
    written.map(({ text }) => text),
    texts,
    'in the order in which they were accepted',
  )
})

test('when half of the window waits to be stored, storing gathers no longer', async () => {
  const { written, until, start, hurries } = await bind({
    window: 6,
    drafts: ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((text) => draft(text)),
  })
  start()
  await until(6)
  for (const { answer } of written.slice(0, 2)) answer()
  await until(7)
  assert.equal(hurries.count, 0, 'two of six gather')
  for (const { answer } of written.slice(2, 5)) answer()
  while (hurries.count === 0) await new Promise(setImmediate)
})

test('the parts of a message go together, in order and only where there is room for all', async () => {
  const long = `${'x'.repeat(153)}${'y'.repeat(153)}z`
  const { written, until, start } = await bind({
    window: 4,
    drafts: [draft('a'), draft('b'), draft(long), draft('c')],
  })
  start()
  await until(2)
  written[0]!.answer()
  await until(5)
  assert.deepEqual(
    written.map(({ text }) => text[0]),
    ['a', 'b', 'x', 'y', 'z'],
  )
  assert.deepEqual(
    written.slice(2).map(({ header }) => header.slice(-4)),
    ['0301', '0302', '0303'],
  )
  written[1]!.answer()
  for (const { answer } of written.slice(2)) answer()
  await until(6)
  assert.equal(written[5]!.text, 'c', 'it was not let past')
})

test('a message with more parts than the window has places goes once nothing else is under way', async () => {
  const { written, until, start } = await bind({ window: 2, drafts: [draft('a'), draft('x'.repeat(400))] })
  start()
  await until(1)
  written[0]!.answer()
  await until(4)
  assert.equal(written.length, 4)
})

test('a message with more parts than a slow link holds at a time goes once nothing waits for its turn there', async () => {
  const { written, until, start } = await bind({
    window: 20,
    drafts: [draft('a'), draft('x'.repeat(400))],
    pace: { freeWindow: 1, pace: { hand: 1, nextMs: 0, rests: true } },
  })
  start()
  await until(4)
  assert.equal(written.length, 4, 'the first is not answered yet')
})

test('a long message of a lower lane has its turn on a link that never rests', async () => {
  const codes = Array.from({ length: 30 }, (_, n) => draft(`code ${n}`, 'code'))
  const { written, until, start } = await bind({ window: 2, drafts: [...codes, draft('x'.repeat(400))] })
  start()
  for (let n = 0; !written.some(({ text }) => text.startsWith('x')); n++) {
    await until(n + 2)
    assert.ok(n < 20, 'codes alone went')
    written[n]!.answer()
  }
})

test('a code overtakes a backlog of marketing that was there before it', async () => {
  const backlog = Array.from({ length: 300 }, (_, n) => draft(`ad ${n}`))
  const { written, until, start, accountId } = await bind({ window: 4, drafts: backlog })
  const dispatcher = start()
  await until(4)
  await testAccept({ db, clock }).accept(accountId, [draft('code', 'code')])
  written[0]!.answer()
  dispatcher.wake()
  await until(5)
  assert.equal(written[4]!.text, 'code')
})

test('a code finds the places that are kept for it while the answers of a backlog wait to be stored', async () => {
  const gone: Db = { ...db, transaction: () => new Promise(() => {}) }
  const { written, until, start, accountId } = await bind({
    window: 16,
    drafts: Array.from({ length: 30 }, (_, n) => draft(`m${n}`)),
    ledgerDb: gone,
  })
  const dispatcher = start()
  await until(14)
  for (const { answer } of written) answer()
  await testAccept({ db, clock }).accept(accountId, [draft('code', 'code')])
  dispatcher.press()
  await until(15)
  assert.deepEqual(
    written.slice(14).map(({ text }) => text),
    ['code'],
  )
})

test('once the lease is over nothing is written, and what was claimed goes back as if untouched', async () => {
  let claimed = 0
  const { written, start, states, invalidateAfter, accountId } = await bind({
    window: 4,
    drafts: [draft('late', 'code')],
    claimsDb: watched(db, {
      statement(name) {
        if (name === 'claim_messages') claimed++
      },
    }),
  })
  invalidateAfter(1) // it holds when the claim is made
  const dispatcher = start()
  const waits = () => ask(db, 'select from queue where account_id = $1', [accountId])
  while ((await waits()).length === 0 || claimed === 0);
  await dispatcher.stop()
  assert.equal(written.length, 0)
  assert.deepEqual(await states(), { late: 'queued' })
  const [row] = await ask(db, 'select possible_duplicate from messages where account_id = $1', [accountId])
  assert.deepEqual(row, { possible_duplicate: false })
  const [queued] = await ask(db, 'select status, attempt from queue where account_id = $1', [accountId])
  assert.deepEqual(queued, { status: 'ready', attempt: 0 })
})

test('a message that was ended while it waited to be sent again is dropped in place of sent', async () => {
  const { written, until, start, states, accountId } = await bind({
    window: 4,
    drafts: [draft('ended'), draft('open')],
  })
  await ask(
    db,
    `update messages set state = 'delivered', final_at = now() where account_id = $1 and body = 'ended'`,
    [accountId],
  )
  start()
  await until(1)
  assert.equal(written[0]!.text, 'open')
  assert.equal((await states()).ended, 'delivered')
  assert.deepEqual(await ask(db, 'select from queue where account_id = $1', [accountId]), [])
})

test('stopping waits for the answers of what is under way, and settles them', async () => {
  const { written, until, start, states, accountId } = await bind({
    window: 4,
    drafts: [draft('a'), draft('b')],
  })
  const dispatcher = start()
  await until(2)
  const stopped = dispatcher.stop()
  written[0]!.answer()
  written[1]!.fail(new CarrierError('closed', { retry: 'elsewhere', sent: 'maybe' }))
  await stopped
  assert.deepEqual(await states(), { a: 'submitted', b: 'uncertain' })
  assert.equal(await claimedNow(accountId), 0)
})

test('a message that cannot be built is rejected with a code, and nothing of it is written', async () => {
  const { written, until, start, states, accountId } = await bind({
    window: 4,
    drafts: [draft('broken'), draft('good')],
  })
  // Stored as GSM although the alphabet has no such letter: only a defect of ours can do that.
  await ask(
    db,
    `update messages set body = 'broken Ж', encoding = 'gsm7' where body = 'broken' and account_id = $1`,
    [accountId],
  )
  const dispatcher = start()
  await until(1)
  assert.equal(written[0]!.text, 'good')
  written[0]!.answer()
  await dispatcher.stop()
  assert.deepEqual(await states(), { 'broken Ж': 'rejected', good: 'submitted' })
  const [row] = await ask(
    db,
    `select error_code from messages where account_id = $1 and state = 'rejected'`,
    [accountId],
  )
  assert.deepEqual(row, { error_code: 'not_sendable' })
  assert.equal(await claimedNow(accountId), 0)
})

test('an answer that cannot be stored leaves its message uncertain, not on the wire, and out once', async () => {
  const { written, until, start, states, accountId } = await bind({
    window: 4,
    drafts: [draft('a', 'code')],
    listeners: {
      'message.submitted': [() => Promise.reject(new Error('a bug in a capability'))],
    },
  })
  const dispatcher = start()
  await until(1)
  written[0]!.answer()
  await dispatcher.stop()
  assert.deepEqual(await states(), { a: 'uncertain' })
  assert.equal(written.length, 1)
  assert.equal(await claimedNow(accountId), 0)
  const segments = await ask(db, 'select remote_id from segments where account_id = $1', [accountId])
  assert.equal(segments.length, 1, 'the answer is kept, for its receipt')
})

const timeout = () => new CarrierError('timeout', { retry: 'elsewhere', sent: 'maybe' })
const taken = (remoteId: string): Submitted => ({ remoteId, remoteKey: remoteId, request: new Uint8Array() })

test('an answer after the timeout makes an uncertain message submitted, under the id it brought', async () => {
  const { written, until, start, states, accountId } = await bind({
    window: 4,
    drafts: [draft('a', 'transactional')],
  })
  const dispatcher = start()
  await until(1)
  written[0]!.fail(timeout())
  while ((await states()).a !== 'uncertain');
  dispatcher.late(written[0]!.segment, taken('late-1'))
  dispatcher.late(written[0]!.segment, taken('late-1'))
  await dispatcher.stop()
  assert.deepEqual(await states(), { a: 'submitted' })
  assert.deepEqual(await ask(db, 'select remote_id from segments where account_id = $1', [accountId]), [
    { remote_id: 'late-1' },
  ])
  assert.deepEqual(
    await ask(db, 'select from queue where account_id = $1', [accountId]),
    [],
    'not sent again',
  )
  const [row] = await ask<{ timeline: { state: string }[] }>(
    db,
    'select json_list(timeline) as timeline from messages where account_id = $1',
    [accountId],
  )
  assert.deepEqual(
    row!.timeline.map(({ state }) => state),
    ['on_wire', 'uncertain', 'submitted'],
  )
})

test('a long message is submitted when the last of its late answers is there, however early they come', async () => {
  const text = 'x'.repeat(400)
  const { written, until, start, states, accountId } = await bind({
    window: 4,
    drafts: [draft(text, 'transactional')],
  })
  const dispatcher = start()
  await until(3)
  written[0]!.answer()
  written[1]!.fail(timeout())
  await new Promise(setImmediate)
  dispatcher.late(written[1]!.segment, taken('part-2'))
  written[2]!.fail(timeout())
  const stored = async () =>
    (
      await ask<{ index: number }>(db, 'select index from segments where account_id = $1 order by index', [
        accountId,
      ])
    ).map(({ index }) => index)
  while ((await stored()).length < 2);
  assert.deepEqual(await states(), { [text]: 'uncertain' })
  dispatcher.late(written[2]!.segment, taken('part-3'))
  await dispatcher.stop()
  assert.deepEqual(await stored(), [1, 2, 3])
  assert.deepEqual(await states(), { [text]: 'submitted' })
})

test('a late answer to a code stands, whatever becomes of its second copy', async () => {
  const { written, until, start, states, accountId } = await bind({ window: 1, drafts: [draft('a', 'code')] })
  const dispatcher = start()
  await until(1)
  written[0]!.fail(timeout())
  await until(2)
  dispatcher.late(written[0]!.segment, taken('late-code'))
  while ((await states()).a !== 'submitted');
  written[1]!.fail(timeout())
  await dispatcher.stop()
  assert.deepEqual(await states(), { a: 'submitted' })
  assert.deepEqual(await ask(db, 'select from queue where account_id = $1', [accountId]), [])
  assert.equal(written.length, 2)
})

test('a stop while the database is away leaves the message on the wire, where it is taken over', async () => {
  const gone: Db = { ...db, transaction: () => new Promise(() => {}) }
  const { written, until, start, accountId } = await bind({ window: 4, drafts: [draft('a')], ledgerDb: gone })
  const dispatcher = start()
  await until(1)
  written[0]!.answer()
  await dispatcher.stop()
  assert.equal(await claimedNow(accountId), 1)
})

test('an answer is no reason to look into an empty queue, a bell is', async () => {
  let claims = 0
  let told = () => {}
  const counting: Db = {
    ...db,
    async query(statement, values) {
      const rows = await db.query(statement, values)
      if (statement.name === 'claim_messages') {
        claims++
        told()
      }
      return rows as never
    },
  }
  const claimed = async (count: number) => {
    while (claims < count) await new Promise<void>((resolve) => (told = resolve))
  }
  const { written, until, start, states, accountId } = await bind({
    window: 8,
    drafts: [draft('a'), draft('b')],
    claimsDb: counting,
  })
  const dispatcher = start()
  await until(2)
  await claimed(2)
  for (const { answer } of written) answer()
  while (Object.values(await states()).some((state) => state !== 'submitted'));
  // Time enough for a claim, if there were a wrong one.
  for (let n = 0; n < 20; n++) await ask(db, 'select 1')
  assert.equal(claims, 2, 'one that took both, and one that found nothing')
  await testAccept({ db, clock }).accept(accountId, [draft('c')])
  dispatcher.wake()
  await until(3)
  assert.equal(claims, 3)
})

/** Three carriers in a row: the path's number says which comes first. */
const ways = (names: string[]): Ways => ({
  elsewhere: async (path) => path + 1,
  namesOf: () => names,
})
const rowOf = async (accountId: string) =>
  (
    await ask<{ path: number; status: string; attempt: number }>(
      db,
      'select path, status, attempt from queue where account_id = $1',
      [accountId],
    )
  )[0]
const elsewhere = () => new CarrierError('ESME_RSUBMITFAIL', { retry: 'elsewhere', sent: 'no' })

test('what a carrier leaves to others is on the next path at once, and the timeline says who refused it', async () => {
  const { written, until, start, accountId } = await bind({
    window: 4,
    drafts: [draft('a')],
    ways: ways(['main', 'one', 'two']),
  })
  start()
  await until(1)
  written[0]!.fail(elsewhere())
  while (!(await rowOf(accountId)));
  assert.deepEqual(await rowOf(accountId), { path: 2, status: 'ready', attempt: 1 })
  const [row] = await ask<{ timeline: object[] }>(
    db,
    'select json_list(timeline) as timeline from messages where account_id = $1',
    [accountId],
  )
  assert.deepEqual(
    row!.timeline.map((step) => ({ ...step, at: '' })),
    [
      { state: 'on_wire', at: '', attempt: 1, carrier: 'main' },
      { state: 'queued', at: '', error: 'ESME_RSUBMITFAIL', refused_by: 'main' },
    ],
  )
})

test('after every carrier of its path has refused it, a message is rejected with the last word', async () => {
  const { written, until, start, states, accountId } = await bind({
    window: 4,
    drafts: [draft('a')],
    ways: ways(['main', 'one', 'two']),
  })
  await ask(
    db,
    `update messages set timeline = '{"state": "queued", "at": "", "refused_by": "one"},{"state": "queued", "at": "", "refused_by": "two"},'
     where account_id = $1`,
    [accountId],
  )
  await ask(db, 'update queue set attempt = 2 where account_id = $1', [accountId])
  start()
  await until(1)
  written[0]!.fail(elsewhere())
  while ((await states()).a === 'queued');
  const [row] = await ask(db, 'select state, error_code, carrier_code from messages where account_id = $1', [
    accountId,
  ])
  assert.deepEqual(row, {
    state: 'rejected',
    error_code: 'carrier_rejected',
    carrier_code: 'ESME_RSUBMITFAIL',
  })
})

test('who is left to a carrier that is away is not asked again and again of the one that refused it', async () => {
  const { written, until, start, accountId } = await bind({
    window: 4,
    drafts: [draft('a')],
    ways: ways(['main', 'gone', 'new']),
  })
  await ask(
    db,
    `update messages set timeline = '{"state": "queued", "at": "", "refused_by": "main"},{"state": "queued", "at": "", "refused_by": "deleted"},'
     where account_id = $1`,
    [accountId],
  )
  await ask(db, 'update queue set attempt = 2 where account_id = $1', [accountId])
  start()
  await until(1)
  written[0]!.fail(elsewhere())
  while (!(await rowOf(accountId)));
  assert.deepEqual(await rowOf(accountId), { path: 2, status: 'scheduled', attempt: 3 })
})

test('the copy of a code of unknown fate goes another way at once; news stay on theirs and wait', async () => {
  for (const [lane, row] of [
    ['code', { path: 2, status: 'ready', attempt: 1 }],
    ['transactional', { path: 1, status: 'uncertain', attempt: 1 }],
  ] as const) {
    const { written, until, start, accountId } = await bind({
      window: 4,
      drafts: [draft('a', lane)],
      ways: ways(['main', 'one']),
    })
    start()
    await until(1)
    written[0]!.fail(timeout())
    while (!(await rowOf(accountId)));
    assert.deepEqual(await rowOf(accountId), row)
  }
})

test('what was asked to come later for speed comes back as if it had never left', async () => {
  const { written, until, start, accountId } = await bind({ window: 4, drafts: [draft('a')] })
  start()
  await until(1)
  const slower = { retry: 'later', sent: 'no', throttled: true, afterMs: 60_000 } as const
  written[0]!.fail(new CarrierError('ESME_RTHROTTLED', slower))
  while (!(await rowOf(accountId)));
  assert.deepEqual(await rowOf(accountId), { path: 1, status: 'scheduled', attempt: 0 })
  assert.deepEqual(
    await ask(db, 'select json_list(timeline) as timeline from messages where account_id = $1', [accountId]),
    [{ timeline: [] }],
  )
})
