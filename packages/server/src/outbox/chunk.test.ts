import assert from 'node:assert/strict'
import { it } from 'node:test'
import { systemClock as clock } from '../clock.ts'
import { idInChunk, uuidv7, uuidv7Chunk } from '../ids.ts'
import { statement, type Tx } from '../store/db.ts'
import { testDatabase } from '../store/testing.ts'
import { type EventRow, eventsOf, newChunk } from './chunk.ts'
import { eventsAreHeld, insertEvents, readEvents, rebaseEvents } from './store.ts'

const { db } = await testDatabase()
const newId = () => uuidv7(clock.now().getTime())
const event = (account_id: string, text: string): EventRow => ({
  account_id,
  name: 'webhook.test',
  payload: { webhook_id: '', text },
})
const eventOf = statement('test_event_of', 'select account_id, name, payload from event_of($1)')
const viewed = statement(
  'test_events',
  'select id, seq, payload from events where account_id = $1 order by seq',
)
const textOf = ({ payload }: { payload: string }): string => JSON.parse(payload).text

it('finds each event of a chunk by its id, and none by an id that it did not give out', async () => {
  const account = newId()
  const texts = ['one', 'line\nbreak', 'ümläut "quoted" \\ ; tab\t', '']
  const ids = await insertEvents(
    db,
    texts.map((text) => event(account, text)),
    clock.now(),
  )
  for (const [at, id] of ids.entries()) {
    const [row] = await db.query<{ account_id: string; name: string; payload: string }>(eventOf, [id])
    assert.deepEqual([row!.account_id, row!.name, textOf(row!)], [account, 'webhook.test', texts[at]])
  }
  const beside = [idInChunk(ids.at(-1)!, 1), newId(), uuidv7Chunk(clock.now().getTime())]
  for (const id of beside) assert.deepEqual(await db.query(eventOf, [id]), [])
})

it('shows people a row an event, under the ids and numbers that programs see', async () => {
  const [mine, other] = [newId(), newId()]
  await insertEvents(db, [event(mine, 'a'), event(other, 'b'), event(mine, 'c')], clock.now())
  while (await eventsAreHeld(db));
  const { rows } = await readEvents(db, { xid: '0', seq: 0 }, [mine], 10)
  const shown = await db.query<{ id: string; seq: number; payload: { text: string } }>(viewed, [mine])
  assert.deepEqual(
    rows.map((row) => [row.id, row.seq, textOf(row)]),
    shown.map(({ id, seq, payload }) => [id, seq, payload.text]),
  )
  assert.deepEqual(rows.map(textOf), ['a', 'c'])
})

it('goes on within a chunk, after the event whose cursor was seen', async () => {
  const account = newId()
  await insertEvents(
    db,
    Array.from({ length: 7 }, (_, at) => event(account, String(at))),
    clock.now(),
  )
  while (await eventsAreHeld(db));
  const { rows } = await readEvents(db, { xid: '0', seq: 0 }, [account], 100)
  assert.equal(rows.length, 7)
  for (const [at, place] of rows.entries()) {
    const later = await readEvents(db, place, [account], 100)
    assert.deepEqual(later.rows, rows.slice(at + 1))
  }
})

it('holds as many events as it has ids, and many more become several chunks', async () => {
  const account = newId()
  const many = Array.from({ length: 5_000 }, (_, at) => event(account, String(at)))
  assert.throws(() => newChunk(many, clock.now()), /a chunk of 5000 events/)
  const ids = await insertEvents(db, many, clock.now())
  assert.equal(new Set(ids).size, many.length)
  assert.ok(ids.every((id, at) => at === 0 || ids[at - 1]! < id))
  const [last] = await db.query<{ payload: string }>(eventOf, [ids.at(-1)])
  assert.equal(textOf(last!), '4999')
})

it('reads a chunk that begins at any id, as those that were events of their own do', () => {
  const id = '01a0b1c2-d3e4-7f56-8a9b-cdeffedcb7ff'
  const line = (text: string) => `webhook.test ${newId()} {"text":"${text}"}`
  const chunk = { xid: '5', seq: 4096, id, events: [line('a'), line('b')].join('\n'), at: '' }
  const [first, second] = eventsOf(chunk, { xid: '4', seq: 9 }, () => true)
  assert.deepEqual([first!.id, second!.id], [id, '01a0b1c2-d3e4-7f56-8a9b-cdeffedcb800'])
})

it('after a restore every reader goes on where it was, and what one has begun comes to it again', async () => {
  const undo = new Error('undo')
  const setCursor = statement(
    'test_cursor',
    `insert into event_cursors values ($1, $2, $3) on conflict (reader) do update set xid = $2, seq = $3`,
  )
  const cursors = statement(
    'test_cursors',
    'select reader, xid::text, seq from event_cursors order by reader',
  )
  const future = statement(
    'test_future',
    `update event_chunks set xid = ('9' || lpad(xid::text, 15, '0'))::xid8`,
  )
  const account = newId()
  const rest = async (tx: Tx, reader: string): Promise<string[]> => {
    const place = (await tx.query<{ reader: string; xid: string; seq: number }>(cursors)).find(
      (row) => row.reader === reader,
    )!
    return (await readEvents(tx, place, [account], 100)).rows.map(textOf)
  }
  await db
    .transaction(async (tx) => {
      for (const texts of ['ab', 'cd', 'ef']) {
        await insertEvents(
          tx,
          [...texts].map((text) => event(account, text)),
          clock.now(),
        )
      }
      await tx.query(future)
      const rows = await tx.query<{ xid: string; seq: number }>(
        statement('test_places', 'select xid::text, seq from events where account_id = $1 order by seq'),
        [account],
      )
      for (const [reader, at] of [
        ['ahead', 3],
        ['webhooks', 2],
        ['esme', 1],
      ] as const) {
        await tx.query(setCursor, [reader, rows[at]!.xid, rows[at]!.seq])
      }
      assert.ok((await rebaseEvents(tx)) >= 6)
      assert.deepEqual(await rest(tx, 'ahead'), ['e', 'f'])
      assert.deepEqual(await rest(tx, 'webhooks'), ['c', 'd', 'e', 'f'])
      assert.deepEqual(await rest(tx, 'esme'), ['c', 'd', 'e', 'f'])
      assert.equal(await rebaseEvents(tx), 0)
      throw undo
    })
    .catch((error) => {
      if (error !== undo) throw error
    })
})
