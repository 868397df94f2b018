import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createSubmitLog } from './submit-log.ts'

const entry = (text: string, ids = ['1']) => ({
  ids,
  to: '+491',
  from: 'Shop',
  text,
  segments: ids.length,
  at: 7,
})

test('an entry comes back as it went in, whatever its text holds', () => {
  const log = createSubmitLog()
  for (const text of ['', 'plain', 'nul \0 inside', 'Grüße 😀', '\n']) log.add(entry(text, ['a1', 'a2']))
  const { next, submits } = log.read(0, 100)
  assert.equal(next, 5)
  assert.deepEqual(
    submits.map(({ text }) => text),
    ['', 'plain', 'nul \0 inside', 'Grüße 😀', '\n'],
  )
  assert.deepEqual(submits[1], {
    n: 1,
    message_id: 'a1',
    message_ids: ['a1', 'a2'],
    to: '+491',
    from: 'Shop',
    text: 'plain',
    segments: 2,
    at: 7,
  })
})

test('reading on from `next` meets every entry once, across slabs and pages', () => {
  const log = createSubmitLog()
  // 20,000 entries overflow a slab by their number, 2,000 characters each by their size.
  for (let i = 0; i < 20_000; i += 1) log.add(entry(i % 10 === 0 ? 'x'.repeat(2000) : String(i)))
  const seen: number[] = []
  let since = 0
  for (;;) {
    const { next, submits } = log.read(since, 777)
    if (submits.length === 0) break
    seen.push(...submits.map(({ n }) => n))
    since = next
  }
  assert.deepEqual(
    seen,
    Array.from({ length: 20_000 }, (_, i) => i),
  )
  assert.equal(since, 20_000)
  assert.equal(log.read(19_999, 10).submits[0]!.text, '19999')
})

test('beyond its limit the log forgets the oldest, and numbers go on', () => {
  const log = createSubmitLog(10_000)
  for (let i = 0; i < 30_000; i += 1) log.add(entry(String(i)))
  const { submits } = log.read(0, 1)
  const first = submits[0]!
  assert.equal(first.text, String(first.n))
  // It forgets by slabs of 8192.
  assert.ok(first.n >= 20_000 && first.n <= 20_000 + 8192, `oldest kept is ${first.n}`)
  assert.ok(log.size <= 10_000)
})

test('the longest text possible fits', () => {
  const log = createSubmitLog()
  log.add(entry('first'))
  log.add(entry('€'.repeat(300_000)))
  log.add(entry('€'.repeat(400_000)))
  const lengths = log.read(0, 10).submits.map(({ text }) => text.length)
  assert.deepEqual(lengths, [5, 300_000, 300_000])
})

test('a cleared log starts again at 0', () => {
  const log = createSubmitLog()
  log.add(entry('a'))
  log.clear()
  assert.deepEqual(log.read(0, 10), { next: 0, submits: [] })
  log.add(entry('b'))
  assert.deepEqual(
    log.read(0, 10).submits.map(({ n, text }) => [n, text]),
    [[0, 'b']],
  )
})

test('long texts are kept up to a number of octets, not of entries', () => {
  const log = createSubmitLog(1000, 3)
  for (let i = 0; i < 20; i += 1) log.add(entry('x'.repeat(300_000)))
  assert.ok(log.size <= 9 && log.size >= 3, `${log.size} kept`)
  assert.equal(log.read(0, 100).next, 20)
})
