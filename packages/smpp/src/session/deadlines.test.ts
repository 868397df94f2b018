import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { answer, bound, failure, words } from '../testing/session.ts'
import { makeEntry } from './outbox.ts'
import { createWindow } from './window.ts'

test('a request with a timeout of its own falls due by it, shorter or longer, in the window and before', () => {
  const it = bound({ window: 2 })
  const short = it.submit({ timeoutMs: 200 })
  const long = it.submit({ timeoutMs: 5_000 })
  const usual = it.submit()
  const hasty = it.submit({ timeoutMs: 100 })
  assert.equal(it.session.nextAt(), 100)
  it.at(100)
  assert.equal(failure(hasty.outcomes[0]), 'timeout no')
  assert.deepEqual(words(it.at(200)), ['reject', 'write submit_sm 0'])
  assert.equal(failure(short.outcomes[0]), 'timeout maybe')
  it.at(1_200)
  assert.equal(failure(usual.outcomes[0]), 'timeout maybe')
  assert.equal(long.outcomes.length, 0)
  it.at(5_000)
  assert.equal(failure(long.outcomes[0]), 'timeout maybe')
  assert.equal(it.session.inFlight, 0)
})

test('an answered or aborted request is due no more', () => {
  const it = bound()
  const [one, two, three] = [it.submit({ timeoutMs: 100 }), it.submit(), it.submit()]
  it.pdu(answer(one.entry))
  assert.equal(it.session.nextAt(), 1_000)
  it.perform((out) => it.session.abort(two.entry, 0, out))
  it.pdu(answer(three.entry))
  assert.equal(it.session.nextAt(), 10_000)
})

test('the next deadline is the earliest of all that are under way, whatever came and went', () => {
  const step = fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({
        do: fc.constant('submit' as const),
        own: fc.option(fc.integer({ min: 1, max: 3_000 })),
      }),
    },
    { weight: 3, arbitrary: fc.record({ do: fc.constant('answer' as const), which: fc.nat() }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('abort' as const), which: fc.nat() }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.nat(400) }) },
  )
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const it = bound({ window: 4, maxWaiting: 8, enquireLinkMs: 1e9 })
      const submitted: ReturnType<typeof it.submit>[] = []
      let now = 0
      for (const one of steps) {
        if (one.do === 'submit') submitted.push(it.submit({ timeoutMs: one.own ?? undefined }))
        else if (one.do === 'wait') {
          now += one.ms
          it.at(now)
        } else {
          const { entry } = submitted[one.which % Math.max(1, submitted.length)] ?? {}
          if (entry === undefined) continue
          if (one.do === 'abort') it.perform((out) => it.session.abort(entry, now, out))
          else if (entry.sequence !== undefined) it.pdu(answer(entry))
        }
        const open = submitted.filter(({ outcomes }) => outcomes.length === 0)
        const earliest = Math.min(1e9, ...open.map(({ entry }) => entry.deadline))
        assert.equal(Math.min(1e9, it.session.nextAt()), earliest)
        assert.ok(earliest > now)
      }
    }),
    { numRuns: 400 },
  )
})

test('a window that runs for ever finds its oldest without a scan, also over the end of the numbers', () => {
  const window = createWindow(100, 0x7fffffff - 500)
  const entry = (deadline: number) => {
    const made = makeEntry(
      'request',
      { command: 'submit_sm' },
      () => {},
      () => {},
    )
    made.deadline = deadline
    return made
  }
  const open = []
  for (let i = 0; i < 2_000; i++) {
    const one = entry(i)
    window.add(one)
    open.push(one)
    if (open.length === 100) window.remove(open.splice((i * 7) % 50, 1)[0]!)
    assert.equal(window.nextDeadline(), open[0]!.deadline)
  }
  assert.deepEqual(window.drain(), open)
})

test('waiting requests that are aborted again and again take no room', () => {
  const it = bound({ window: 1, maxWaiting: 10 })
  const first = it.submit()
  for (let i = 0; i < 5_000; i++) {
    const { entry, outcomes } = it.submit()
    it.perform((out) => it.session.abort(entry, 0, out))
    assert.equal(failure(outcomes[0]), 'aborted no')
  }
  assert.equal(it.session.waiting, 0)
  const last = it.submit()
  assert.deepEqual(words(it.pdu(answer(first.entry))), ['resolve', 'write submit_sm 0'])
  assert.equal(last.entry.waiting, false)
})
