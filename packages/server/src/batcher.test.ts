import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { createBatcher } from './batcher.ts'

/** A batcher whose batches end when they are told to. */
function held(
  options: {
    maxWeight?: number
    concurrency?: number
    spacingMs?: number
    quiet?: { ms: number; of: (item: string) => unknown }
    weigh?: (item: string) => number
  } = {},
) {
  const batches: {
    items: string[]
    end: (results: (string | Error)[]) => void
    fail: (error: Error) => void
  }[] = []
  const batcher = createBatcher<string, string>({
    maxWeight: 10,
    concurrency: 1,
    ...options,
    flush: (items) =>
      new Promise((end, fail) => {
        batches.push({ items, end, fail })
      }),
  })
  /** The batch of that number, once it is under way. */
  async function batch(n: number) {
    for (let turns = 0; !batches[n] && turns < 10; turns++) await turn()
    const found = batches[n]
    assert.ok(found, `batch ${n} never started`)
    return found
  }
  return { batcher, batches, batch }
}

test('what arrives in one turn goes out together, and what arrives meanwhile goes with the next', async () => {
  const { batcher, batches, batch } = held()
  const first = [batcher.push('a'), batcher.push('b')]
  await turn()
  const second = [batcher.push('c'), batcher.push('d')]
  await turn()
  assert.deepEqual(
    batches.map(({ items }) => items),
    [['a', 'b']],
    'one at a time',
  )
  batches[0]!.end(['A', 'B'])
  assert.deepEqual(await Promise.all(first), ['A', 'B'])
  const next = await batch(1)
  assert.deepEqual(next.items, ['c', 'd'])
  next.end(['C', 'D'])
  assert.deepEqual(await Promise.all(second), ['C', 'D'])
})

test('each item gets its own outcome', async () => {
  const { batcher, batches } = held()
  const outcomes = Promise.allSettled([batcher.push('a'), batcher.push('b')])
  await turn()
  batches[0]!.end(['A', new Error('b is bad')])
  assert.deepEqual(
    (await outcomes).map((outcome) =>
      outcome.status === 'fulfilled' ? outcome.value : outcome.reason.message,
    ),
    ['A', 'b is bad'],
  )
})

test('a batch that throws rejects its own items, and the next one runs', async () => {
  const { batcher, batches, batch } = held()
  const doomed = assert.rejects(batcher.push('a'), /gone/)
  await turn()
  const next = batcher.push('b')
  batches[0]!.fail(new Error('gone'))
  await doomed
  ;(await batch(1)).end(['B'])
  assert.equal(await next, 'B')
})

test('a batch holds at most its weight, and an item that is heavier goes alone', async () => {
  const { batcher, batches, batch } = held({ maxWeight: 3, weigh: (item) => item.length })
  const outcomes = ['aa', 'b', 'c', 'ddddd', 'e'].map((item) => batcher.push(item))
  for (let n = 0; n < 4; n++) {
    const { items, end } = await batch(n)
    end(items)
  }
  assert.deepEqual(await Promise.all(outcomes), ['aa', 'b', 'c', 'ddddd', 'e'])
  assert.deepEqual(
    batches.map(({ items }) => items),
    [['aa', 'b'], ['c'], ['ddddd'], ['e']],
  )
})

test('no more batches than allowed are under way', async () => {
  const { batcher, batches, batch } = held({ maxWeight: 1, concurrency: 2 })
  const outcomes = ['a', 'b', 'c'].map((item) => batcher.push(item))
  await turn()
  assert.equal(batches.length, 2)
  batches[1]!.end(['B'])
  await outcomes[1]
  ;(await batch(2)).end(['C'])
  batches[0]!.end(['A'])
  assert.deepEqual(await Promise.all(outcomes), ['A', 'B', 'C'])
})

test('load counts what waits and what is under way, and idle comes when both are none', async () => {
  const { batcher, batches, batch } = held({ maxWeight: 1 })
  await batcher.idle()
  const outcomes = [batcher.push('a'), batcher.push('b')]
  assert.equal(batcher.load, 2)
  let idle = false
  const resting = batcher.idle().then(() => {
    idle = true
  })
  await turn()
  batches[0]!.end(['A'])
  await outcomes[0]
  await turn()
  assert.equal(batcher.load, 1)
  assert.equal(idle, false)
  ;(await batch(1)).end(['B'])
  await resting
  assert.equal(batcher.load, 0)
  await Promise.all(outcomes)
})

/** Time that goes on when it is told to. */
function handTime(t: TestContext) {
  let now = 1_000
  t.mock.method(performance, 'now', () => now)
  t.mock.timers.enable({ apis: ['setTimeout'] })
  return (ms: number) => {
    now += ms
    t.mock.timers.tick(ms)
  }
}

test('with a spacing a first item never waits, and what comes within it shares the next batch', async (t) => {
  const forward = handTime(t)
  const { batcher, batches, batch } = held({ spacingMs: 25 })
  const first = batcher.push('a')
  ;(await batch(0)).end(['A'])
  assert.equal(await first, 'A')

  const crowd: Promise<string>[] = []
  for (const item of ['b', 'c', 'd']) {
    crowd.push(batcher.push(item))
    await turn()
    forward(8)
  }
  assert.equal(batches.length, 1, '24 ms are not enough')
  forward(1)
  assert.deepEqual((await batch(1)).items, ['b', 'c', 'd'])
  batches[1]!.end(['B', 'C', 'D'])
  assert.deepEqual(await Promise.all(crowd), ['B', 'C', 'D'])

  forward(25)
  const late = batcher.push('e')
  ;(await batch(2)).end(['E'])
  assert.equal(await late, 'E', 'after a rest it goes at once again')
})

test('a batch gathers while items of each kind come, and starts once those of one do not', async (t) => {
  const forward = handTime(t)
  const { batcher, batches, batch } = held({
    spacingMs: 50,
    quiet: { ms: 8, of: (item) => (item === '-' ? undefined : 'kind') },
  })
  const all = [batcher.push('a')]
  ;(await batch(0)).end(['A'])
  await all[0]
  for (const item of ['b', 'c', 'd', 'e']) {
    all.push(batcher.push(item))
    await turn()
    forward(7)
  }
  assert.equal(batches.length, 1, 'they come one after the other')
  forward(1)
  assert.deepEqual((await batch(1)).items, ['b', 'c', 'd', 'e'])
  batches[1]!.end(['B', 'C', 'D', 'E'])
  await Promise.all(all)

  // A stream that never pauses waits for the end of the time, and so does what nobody waits for.
  const stream: Promise<string>[] = []
  for (let at = 0; at < 7; at++) {
    assert.equal(batches.length, 2)
    stream.push(batcher.push(at < 3 ? '-' : String(at)))
    await turn()
    forward(7)
  }
  stream.push(batcher.push('7'))
  await turn()
  forward(1)
  const last = await batch(2)
  assert.equal(last.items.length, 8)
  last.end(last.items)
  await Promise.all(stream)
})

test('a full batch waits for nothing', async (t) => {
  handTime(t)
  const { batcher, batches, batch } = held({ spacingMs: 50, maxWeight: 3 })
  const all = [batcher.push('a')]
  ;(await batch(0)).end(['A'])
  await all[0]
  all.push(batcher.push('b'), batcher.push('c'))
  await turn()
  assert.equal(batches.length, 1)
  all.push(batcher.push('d'), batcher.push('e'))
  assert.deepEqual((await batch(1)).items, ['b', 'c', 'd'])
  batches[1]!.end(['B', 'C', 'D'])
  await Promise.all(all.slice(0, 4))
  assert.equal(batcher.load, 1, 'the rest gathers on')
})

test('who is in a hurry does not wait for a batch to gather, nor for what follows the one under way', async () => {
  const { batcher, batches, batch } = held({ spacingMs: 600_000 })
  batcher.push('a')
  ;(await batch(0)).end(['A'])
  await turn()
  const second = batcher.push('b')
  await turn()
  assert.equal(batches.length, 1, 'it gathers')
  batcher.hurry()
  const under = await batch(1)
  batcher.push('c')
  batcher.hurry()
  under.end(['B'])
  assert.equal(await second, 'B')
  ;(await batch(2)).end(['C'])
  await turn()
  batcher.hurry()
  batcher.push('d')
  ;(await batch(3)).end(['D'])
  const last = batcher.push('e')
  for (let turns = 0; turns < 3; turns++) await turn()
  assert.equal(batches.length, 4, 'a hurry is over with the batch that it was for')
  batcher.hurry()
  ;(await batch(4)).end(['E'])
  assert.equal(await last, 'E')
})
