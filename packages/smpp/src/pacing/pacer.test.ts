import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Status } from '../pdu/status.ts'
import { drive, hiddenLimits } from './carriers.testing.ts'
import { createPacer } from './pacer.ts'

const message = fc.record({
  afterMs: fc.integer({ min: 0, max: 400 }),
  segments: fc.integer({ min: 1, max: 4 }),
})

test('no second ever holds more than maxPerSecond, whatever is asked and whatever is answered', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 4, max: 50 }),
      fc.array(fc.record({ message, status: fc.constantFrom(0, 0x58, 0x14, 0x0b) }), {
        maxLength: 200,
      }),
      (maxPerSecond, asked) => {
        const pacer = createPacer({ maxPerSecond })
        const taken: { at: number; segments: number }[] = []
        let now = 0
        for (const { message, status } of asked) {
          now += message.afterMs
          const answers = []
          while (pacer.take(message.segments, now)) {
            taken.push({ at: now, segments: message.segments })
            answers.push({ status, sentAt: now, segments: message.segments })
          }
          now += 30
          for (const answer of answers) pacer.answered(answer, now)
        }
        for (const { at } of taken) {
          const second = taken.filter((other) => other.at >= at && other.at < at + 1_000)
          const sum = second.reduce((segments, one) => segments + one.segments, 0)
          assert.ok(sum <= maxPerSecond, `${sum} from ${at}`)
        }
      },
    ),
    { numRuns: 300 },
  )
})

test('a contract that is the limit is used to the full, and nothing is refused', () => {
  for (const limit of [5, 100, 2_000]) {
    const carrier = hiddenLimits['sliding window']!({ perSecond: () => limit, answerMs: () => 50 })
    const seconds = drive({ pacer: createPacer({ maxPerSecond: limit }), carrier, fromMs: 0, toMs: 20_000 })
    const sum = (kind: 'accepted' | 'throttled') => seconds.reduce((total, second) => total + second[kind], 0)
    assert.ok(sum('accepted') >= 0.98 * limit * 20, `${sum('accepted')}`)
    assert.equal(sum('throttled'), 0)
  }
})

test('a refused take changes nothing, waitMs says when it is worth asking, and then it is', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0.5, max: 5_000, noNaN: true }),
      fc.array(message, { minLength: 1, maxLength: 100 }),
      (startRate, asked) => {
        const pacer = createPacer({ startRate })
        let now = 0
        let out = 0
        for (const { afterMs, segments } of asked) {
          now += afterMs
          const wait = pacer.waitMs(segments, now)
          assert.ok(wait >= 0)
          assert.equal(pacer.take(segments, now), wait === 0)
          if (wait > 0) assert.ok(pacer.take(segments, now + wait), `after ${wait} ms`)
          now += wait
          out += segments
          assert.equal(pacer.inFlight, out)
        }
        // Conservation: tokens come from time only. One message and the burst of 20 ms may be ahead.
        assert.ok(
          out <= 1 + 4 + (pacer.rate * (now + 20)) / 1_000 + 1e-3,
          `${out} in ${now} ms at ${startRate}`,
        )
      },
    ),
    { numRuns: 300 },
  )
})

test('every segment taken is under way until it is answered, timed out or forgotten', () => {
  const pacer = createPacer({ startRate: 1_000 })
  for (let now = 0; now < 6; now++) pacer.take(1, now * 10)
  assert.equal(pacer.inFlight, 6)
  pacer.answered({ status: 0, sentAt: 0 }, 60)
  pacer.answered({ status: Status.throttled, sentAt: 10 }, 60)
  pacer.timedOut(1, 60)
  pacer.forgotten(2)
  assert.equal(pacer.inFlight, 1)
})

test('group 28: the parts of a message leave together or not at all, also at less than a segment a second', () => {
  const pacer = createPacer({ startRate: 0.5 })
  assert.equal(pacer.take(4, 0), false)
  const wait = pacer.waitMs(4, 0)
  assert.ok(wait >= 5_900 && wait <= 6_100, `${wait}`)
  assert.equal(pacer.take(4, wait), true)
})

test('a message that no second of the contract can hold is a mistake that is told at once', () => {
  const pacer = createPacer({ maxPerSecond: 3 })
  assert.throws(() => pacer.take(4, 0), {
    name: 'RangeError',
    message: /4 segments never fit in a second of 3/,
  })
  assert.throws(() => pacer.take(0, 0), RangeError)
  assert.throws(() => pacer.waitMs(1.5, 0), RangeError)
  for (const maxPerSecond of [0, 0.5, Number.NaN])
    assert.throws(() => createPacer({ maxPerSecond }), RangeError)
})

test('group 55: while the clock stands still or goes back nothing more gets out, and it goes on afterwards', () => {
  const pacer = createPacer({ startRate: 100, now: 5_000 })
  let out = 0
  for (let i = 0; i < 1_000; i++) if (pacer.take(1, 5_000)) out++
  for (let i = 0; i < 1_000; i++) if (pacer.take(1, 1_000) || pacer.take(1, Number.NaN)) out++
  assert.equal(out, 1)
  assert.equal(pacer.take(1, 5_010), true)
})

test('after an idle hour only what a late timer explains goes out at once', () => {
  const pacer = createPacer({ startRate: 100 })
  let out = 0
  while (pacer.take(1, 3_600_000)) out++
  assert.ok(out <= 3, `${out}`)
})

test('Retry-After and the pause of a status are kept by everybody', () => {
  const pacer = createPacer({ startRate: 100, throttles: { [Status.throttled]: 2_000 } })
  assert.ok(pacer.take(1, 0))
  pacer.answered({ status: 0, sentAt: 0, retryAfterMs: 500 }, 100)
  assert.equal(pacer.take(1, 599), false)
  assert.ok(pacer.take(1, 600))
  pacer.answered({ status: Status.throttled, sentAt: 600 }, 700)
  assert.equal(pacer.waitMs(1, 700), 2_000)
  assert.equal(pacer.take(1, 2_699), false)
  assert.ok(pacer.take(1, 2_700))
})

test('group 26: which statuses throttle is a table of the link', () => {
  const fall = (throttles: Record<number, number> | undefined, status: number): boolean => {
    const pacer = createPacer({ startRate: 100, ...(throttles && { throttles }) })
    for (let now = 0; now < 500; now += 10)
      if (pacer.take(1, now)) pacer.answered({ status, sentAt: now }, now + 5)
    return pacer.rate < 100
  }
  assert.deepEqual([fall(undefined, 0x58), fall(undefined, 0x14)], [true, true])
  assert.deepEqual(
    [fall(undefined, 0x08), fall(undefined, 0x45), fall(undefined, 0x400)],
    [false, false, false],
  )
  for (const status of [0x08, 0x45, 0x64, 0x400, 0x4ff]) assert.ok(fall({ [status]: 0 }, status), `${status}`)
})

test('group 27: answers that do not come in time make rate and window smaller, once a second', () => {
  const pacer = createPacer({ startRate: 1_000 })
  const { window } = pacer
  for (let i = 0; i < 10; i++) pacer.timedOut(1, 30_000)
  assert.equal(pacer.rate, 700)
  assert.ok(pacer.window < window)
  pacer.timedOut(1, 31_000)
  assert.ok(Math.abs(pacer.rate - 490) < 1e-6)
})

test('a restart does not forget: the snapshot of one pacer is where the next begins', () => {
  const carrier = hiddenLimits['strict second counter']!({ perSecond: () => 200, answerMs: () => 50 })
  const first = createPacer()
  drive({ pacer: first, carrier, fromMs: 0, toMs: 60_000 })
  const snapshot = first.snapshot(61_000)
  assert.deepEqual([Math.round(snapshot.baseMs!), Math.round(snapshot.currentMs!)], [50, 50])
  const second = createPacer({ now: 100_000 })
  second.restore(JSON.parse(JSON.stringify(snapshot)), 100_000)
  const seconds = drive({ pacer: second, carrier, fromMs: 100_000, toMs: 110_000 })
  const sum = (kind: 'accepted' | 'throttled') => seconds.reduce((total, one) => total + one[kind], 0)
  assert.ok(sum('accepted') >= 0.95 * 200 * 10, `${sum('accepted')}`)
  assert.ok(sum('throttled') <= 0.01 * 200 * 10, `${sum('throttled')}`)
})

test('a rate that is none is refused instead of letting everything out', () => {
  for (const wrong of [Number.NaN, 0, -1, Number.POSITIVE_INFINITY, undefined as unknown as number]) {
    const pacer = createPacer()
    assert.throws(() => pacer.restore({ heldRate: wrong, limit: undefined }, 0), RangeError)
    if (wrong !== undefined) {
      assert.throws(() => createPacer({ startRate: wrong }), RangeError)
      assert.throws(() => pacer.restore({ heldRate: 10, limit: wrong }, 0), RangeError)
    }
    assert.deepEqual([pacer.rate, pacer.take(1, 0), pacer.take(1, 0)], [10, true, false])
  }
})
