import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { createRandom } from '../random.ts'
import { createCases, type Failure, heapGrew, heapGrowth, replay, runCases } from './run.ts'
import { hold, type Target } from './target.ts'
import { inThread } from './thread.ts'

const main = fileURLToPath(new URL('./main.ts', import.meta.url))

function fuzz(...args: string[]): Promise<{ code: number; said: string }> {
  return new Promise((resolve) =>
    execFile(process.execPath, [main, ...args], (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code ?? -1), said: stdout + stderr }),
    ),
  )
}

// Always the same inputs, so that a change that breaks one is seen with the change; npm run fuzz takes new ones.
test('a million mutated PDUs break neither decoder, stream, session nor receipts', async () => {
  const { code, said } = await fuzz('smpp', '--seed', '3', '--count', '1000000')
  assert.equal(code, 0, said)
  assert.match(said, /1,000,0\d\d PDUs in/)
})

test('mutated user data and texts of any characters break nothing of gsm', async () => {
  const { code, said } = await fuzz('gsm', '--seed', '3', '--count', '100000', '--search', '1000')
  assert.equal(code, 0, said)
})

test('what people may write is read as STOP where it is one, and never throws', async () => {
  const { code, said } = await fuzz('words', '--seed', '3', '--count', '20000', '--search', '200')
  assert.equal(code, 0, said)
})

/** Holds for all inputs but those with an octet 0x2a behind an octet 0x2a. */
const fragile: Target = {
  name: 'fragile',
  unit: 'inputs',
  covers: [],
  checks: [
    {
      name: 'stars',
      share: 1,
      run(octets) {
        hold(!octets.includes('**'), 'Two stars.')
        return 1
      },
    },
  ],
  fresh: (random) => ({ octets: Buffer.from([random.below(64), 0x2a]), marks: [0] }),
  mutate(random, base, other) {
    return Buffer.concat([base.octets, random.oneIn(50) ? other.octets.subarray(1) : Buffer.of(0)])
  },
}
const nothing = { single: [], joined: [] }
const order = { seed: 5, from: 0, count: 100_000, seconds: 0 }

test('a failure comes with its case and its octets, and both lead to it again', () => {
  const { failure, units } = runCases(fragile, order, nothing)
  assert.ok(failure, 'nothing was found')
  assert.equal(failure.case, units)
  assert.match(failure.reason, /Two stars[\s\S]*fuzz\.test\.ts/)
  const octets = Buffer.from(failure.hex, 'hex')
  assert.match(replay(fragile, 'stars', octets)!.reason, /Two stars/)
  assert.equal(replay(fragile, 'stars', octets.subarray(0, 1)), undefined)
  const again = runCases(fragile, { ...order, from: failure.case, count: 1 }, nothing)
  assert.equal(again.failure?.hex, failure.hex)
})

test('a case is the same whatever was run before it', () => {
  const inOrder = createCases(fragile, 1, nothing)
  const forward = Array.from({ length: 3_000 }, (_, number) => inOrder(number).octets.toString('hex'))
  const backwards = createCases(fragile, 1, nothing)
  for (let number = 2_999; number >= 0; number -= 7)
    assert.equal(backwards(number).octets.toString('hex'), forward[number])
  assert.notDeepEqual(createCases(fragile, 2, nothing)(0).octets, createCases(fragile, 1, nothing)(1).octets)
})

test('a case that does not come back is told with its octets, and its thread is ended', async () => {
  const file = new URL(
    `data:text/javascript,${encodeURIComponent(`
      import { workerData } from 'node:worker_threads'
      workerData.watch.octets.set([1, 2, 3])
      workerData.watch.head.set([7, 0, 3])
      for (;;);
    `)}`,
  )
  const told: Failure[] = []
  const hung = inThread('x', { target: fragile, file, hangMs: 50, onHang: (failure) => told.push(failure) })
  await assert.rejects(hung, /not come back/)
  assert.partialDeepStrictEqual(told, [{ case: 7, check: 'stars', hex: '010203' }])
})

test('the heap is looked at three times, and growth of it is seen', () => {
  const leaked: Buffer[] = []
  const leaky: Target = {
    ...fragile,
    checks: [{ name: 'leak', share: 1, run: () => leaked.push(Buffer.alloc(1_000)) && 1 }],
  }
  const outcome = runCases(leaky, { ...order, count: 10_000 }, nothing)
  assert.equal(outcome.heap.length, 3)
  assert.ok(heapGrew(outcome), `${outcome.heap} and a limit of ${heapGrowth}`)
  const steady = runCases({ ...leaky, checks: [{ name: 'none', share: 1, run: () => 1 }] }, order, nothing)
  assert.ok(!heapGrew(steady), String(steady.heap))
})

test('numbers that seem random are spread, and begin anew with their seed', () => {
  const random = createRandom(1, 2)
  const counts = new Array<number>(8).fill(0)
  for (let i = 0; i < 8_000; i++) counts[random.below(8)]!++
  assert.ok(
    counts.every((count) => count > 900 && count < 1_100),
    String(counts),
  )
  random.seed(1, 2)
  const first = random.next()
  random.seed(1, 3)
  assert.notEqual(random.next(), first)
  assert.equal(createRandom(1, 2).next(), first)
})

test('flags that say nothing are told so', async () => {
  assert.equal((await fuzz('nonsense')).code, 1)
  assert.equal((await fuzz('smpp', '--count', 'many')).code, 1)
  assert.match((await fuzz('smpp', '--replay', '00000010')).said, /All checks hold/)
  assert.match((await fuzz('smpp', '--replay', '0x10')).said, /in hex/)
  assert.match((await fuzz('smpp', '--replay', '00000010', '--check', 'codecs')).said, /one of codec, stream/)
})
