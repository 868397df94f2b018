import assert from 'node:assert/strict'
import { it } from 'node:test'
import { publicId, uuidv7 } from '../ids.ts'
import { eventsAreHeld, insertEvents } from '../outbox/store.ts'
import { statement } from '../store/db.ts'
import { claimDue, closeBatches, type First, takeOverBatches } from './delivery.store.ts'
import { relayEvents } from './relay.ts'
import { clock, db, emit, idOf, newAccount, newPath, next, node, ok, origin } from './testing.ts'

const lease = 120_000

/** What a node's relay does, by hand; the batch lapses `lapsesIn` milliseconds from now. */
function take({ limit = 1_000, lapsesIn = lease } = {}) {
  const now = clock.now()
  const lapses = new Date(now.getTime() + lapsesIn)
  return relayEvents(db, { now, lapses, enough: limit, claim: true, busy: [] })
}
/** `take`, once no older transaction holds events back: tests beside this one share the cluster, and its horizon. */
async function takeReadable(options = {}) {
  while (await eventsAreHeld(db));
  return take(options)
}
function claim() {
  const now = clock.now()
  return claimDue(db, {
    now,
    lapses: new Date(now.getTime() + lease),
    limit: 100,
    each: 100,
    busy: [],
  })
}
const logOf = (account: string) =>
  db.query(
    statement(
      'test_log',
      'select event_id, status, attempt from webhook_deliveries where account_id = $1 order by event_id',
    ),
    [account],
  )
const countBatches = statement('test_batches', 'select count(*) from webhook_batches')
const addEndpoint = statement(
  'test_endpoint',
  `insert into webhooks (account_id, id, url, events, secret, created_at)
   values ($1, $2, 'http://127.0.0.1/', $3, '\\x00', $4)`,
)
async function withEndpoint(events: string[] = []): Promise<string> {
  const account = await newAccount()
  await db.query(addEndpoint, [account, uuidv7(Date.now()), events, clock.now()])
  return account
}

it('sends again what a node had taken when it was killed, under the same webhook-id', async () => {
  const account = await newAccount()
  const here = await node()
  const path = newPath(ok)
  const { body: created } = await here.call('POST /v1/webhooks', account, { body: { url: origin + path } })
  await here.stop()
  const [id] = await emit(account)
  // The dead node: its batch was taken, perhaps posted, and never ended.
  const dead = await takeReadable({ lapsesIn: 0 })
  assert.deepEqual(
    dead.claimed.map(({ event_id }) => event_id),
    [id],
  )
  assert.deepEqual(await logOf(account), [])

  const again = next(path)
  const other = await node()
  assert.equal(idOf(await again), publicId('event', id!))
  await other.stop()
  const { body } = await other.call(`GET /v1/webhooks/${created.id}/deliveries`, account)
  assert.deepEqual(
    body.data.map(({ status, attempt }: { status: string; attempt: number }) => [status, attempt]),
    [['delivered', 2]],
  )
  assert.deepEqual(await db.query(countBatches), [{ count: 0 }])
})

it('leaves a batch alone until it lapses', async () => {
  const account = await withEndpoint()
  const [id] = await emit(account)
  await takeReadable()
  await takeOverBatches(db, clock.now())
  assert.deepEqual(await logOf(account), [])
  await takeOverBatches(db, new Date(clock.now().getTime() + lease + 1))
  assert.deepEqual(await logOf(account), [{ event_id: id, status: 'pending', attempt: 1 }])
})

it('forgets a late outcome of a batch that was taken over, whoever comes first', async () => {
  const account = await withEndpoint()
  const [id] = await emit(account)
  const { batch, claimed } = await takeReadable({ lapsesIn: 0 })
  const { account_id, webhook_id, event_id } = claimed[0]!
  const outcome: First = { batch: batch!, account_id, webhook_id, event_id, outcome: 'delivered' }
  const now = clock.now()
  await Promise.all([takeOverBatches(db, now), takeOverBatches(db, now), takeOverBatches(db, now)])
  await closeBatches(db, [batch!], [outcome], now)
  assert.deepEqual(await logOf(account), [{ event_id: id, status: 'pending', attempt: 1 }])
  const [again] = await claim()
  assert.equal(again?.attempt, 2)

  const [second] = await emit(account)
  const late = await takeReadable({ lapsesIn: 0 })
  await closeBatches(db, [late.batch!], [{ ...outcome, batch: late.batch!, event_id: second! }], clock.now())
  await takeOverBatches(db, clock.now())
  assert.deepEqual((await logOf(account))[1], { event_id: second, status: 'delivered', attempt: 1 })
})

it('gives an event to one of several relays that read at the same moment', async () => {
  const account = await withEndpoint()
  const ids: string[] = []
  const got: string[] = []
  for (let round = 0; round < 20; round++) {
    ids.push(...(await emit(account, 5)))
    while (await eventsAreHeld(db));
    const all = await Promise.all([take(), take(), take(), take()])
    for (const { claimed } of all) got.push(...claimed.map(({ event_id }) => event_id))
  }
  got.push(...(await takeReadable()).claimed.map(({ event_id }) => event_id))
  assert.deepEqual(got.sort(), ids.sort())
})

it('waits for an older transaction, and then skips nothing', async () => {
  const account = await withEndpoint()
  let older: string[] = []
  let younger: string[] = []
  await db.transaction(async (tx) => {
    const event = { account_id: account, name: 'message.delivered' as const, payload: {} }
    older = await insertEvents(tx, [event], clock.now())
    younger = await emit(account)
    assert.deepEqual((await take()).claimed, [])
  })
  const got = (await takeReadable()).claimed.map(({ event_id }) => event_id)
  assert.deepEqual(got, [...older, ...younger])
})

it('passes over events that nobody wants, and never parts the deliveries of one event', async () => {
  const account = await withEndpoint(['message.received'])
  await db.query(addEndpoint, [account, uuidv7(Date.now()), ['message.received'], clock.now()])
  await emit(account, 3, 'message.submitted')
  const wanted = await emit(account, 2, 'message.received')
  await emit(account, 3, 'message.submitted')
  const pages: string[][] = []
  while (pages.flat().length < 4) {
    const { claimed, full } = await takeReadable({ limit: 1 })
    if (claimed.length === 0) continue
    assert.equal(full, true)
    pages.push(claimed.map(({ event_id }) => event_id))
  }
  assert.deepEqual(
    pages,
    wanted.map((id) => [id, id]),
  )
  assert.deepEqual((await takeReadable()).claimed, [])
})

it('does not send what it took for an endpoint that has been switched off or deleted since', async () => {
  const off = await withEndpoint()
  const deleted = await withEndpoint()
  await emit(off)
  await emit(deleted)
  await takeReadable({ lapsesIn: 0 })
  await db.pool.query('update webhooks set enabled = false where account_id = $1', [off])
  await db.pool.query('delete from webhooks where account_id = $1', [deleted])
  await takeOverBatches(db, clock.now())
  assert.deepEqual(await claim(), [])
  await db.pool.query('update webhooks set enabled = true where account_id = $1', [off])
  assert.deepEqual(
    (await claim()).map(({ account_id }) => account_id),
    [off],
  )
})

it('shows what a slow endpoint has not answered, and stores its answer', async () => {
  const account = await newAccount()
  const here = await node()
  const path = newPath()
  const { body: created } = await here.call('POST /v1/webhooks', account, { body: { url: origin + path } })
  const first = next(path)
  await emit(account)
  here.bell.ring('outbox')
  const taken = await first
  const list = async () => (await here.call(`GET /v1/webhooks/${created.id}/deliveries`, account)).body.data
  let [entry] = await list()
  while (!entry) [entry] = await list()
  assert.deepEqual([entry.status, entry.attempt, entry.sent_at], ['sending', 1, null])
  assert.deepEqual(await db.query(countBatches), [{ count: 0 }])
  taken.answer(200)
  await here.stop()
  const [done] = await list()
  assert.deepEqual([done.status, done.attempt, done.response_status], ['delivered', 1, 200])
})
