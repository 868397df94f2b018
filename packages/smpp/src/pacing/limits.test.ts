import assert from 'node:assert/strict'
import { test } from 'node:test'
import { drive, hiddenLimits, punishing, randomOf, type Second } from './carriers.testing.ts'
import { createPacer } from './pacer.ts'

const total = (seconds: Second[], from: number, to: number) => {
  const sum = { accepted: 0, throttled: 0, longestAnswerMs: 0 }
  for (const second of seconds.slice(from, to)) {
    if (second === undefined) continue
    sum.accepted += second.accepted
    sum.throttled += second.throttled
    sum.longestAnswerMs = Math.max(sum.longestAnswerMs, second.longestAnswerMs)
  }
  return sum
}
const percent = (part: number, whole: number): string => `${((100 * part) / whole).toFixed(2)} %`

const limits = [5, 12, 37, 200, 777, 2_000]
const seeds = [1, 2]
const lengthSeconds = 120

for (const [kind, make] of Object.entries(hiddenLimits))
  test(`group 26: a ${kind} is found in 30 s and held at 95 % and more, with less than 1 % refused`, (t) => {
    for (const limit of limits)
      for (const seed of limit > 500 ? seeds.slice(0, 1) : seeds) {
        const random = randomOf(seed * 1_000 + limit)
        const carrier = make({ perSecond: () => limit, answerMs: () => 40 + random() * 20 })
        const fromMs = Math.floor(random() * 1_000)
        const seconds = drive({ pacer: createPacer(), carrier, fromMs, toMs: fromMs + lengthSeconds * 1_000 })
        const after = total(seconds, 30, lengthSeconds)
        const all = total(seconds, 0, lengthSeconds)
        const sent = after.accepted + after.throttled
        const figures = [
          `${limit}/s, seed ${seed}:`,
          `${percent(after.accepted, limit * (lengthSeconds - 30))} of the limit,`,
          `${percent(after.throttled, sent)} refused (${percent(all.throttled, all.accepted + all.throttled)} overall),`,
          `answers in ${after.longestAnswerMs} ms at most`,
        ].join(' ')
        t.diagnostic(figures)
        assert.ok(after.accepted >= 0.95 * limit * (lengthSeconds - 30), figures)
        assert.ok(after.throttled < 0.01 * sent, figures)
        // A queue that stands is no limit found: ten segments at slow rates, a fraction of a second at others.
        assert.ok(after.longestAnswerMs <= Math.max(500, 10_000 / limit), figures)
      }
  })

for (const kind of Object.keys(punishing))
  test(`group 26: a ${kind} is found too, in minutes and not in 30 s`, (t) => {
    for (const limit of [37, 200, 2_000]) {
      const carrier = punishing[kind]!({ perSecond: () => limit, answerMs: () => 50 })
      const seconds = drive({ pacer: createPacer(), carrier, fromMs: 0, toMs: 180_000 })
      const after = total(seconds, 120, 180)
      const figures = [
        `${limit}/s after two minutes: ${percent(after.accepted, limit * 60)} of the limit,`,
        `${percent(after.throttled, after.accepted + after.throttled)} refused`,
      ].join(' ')
      t.diagnostic(figures)
      assert.ok(after.accepted >= 0.9 * limit * 60, figures)
      assert.ok(after.throttled < 0.01 * after.accepted, figures)
    }
  })

test('group 27: answer times that jump between 20 and 300 ms without any limit slow nothing down', () => {
  for (const perSecond of [5, 37, 500, 2_000]) {
    const random = randomOf(perSecond)
    const pacer = createPacer()
    const carrier = (at: number) => ({ status: 0, answeredAt: at + 20 + random() * 280 })
    const demand = () => perSecond / 1_000
    const seconds = drive({ pacer, carrier, fromMs: 0, toMs: 120_000, demand })
    assert.ok(total(seconds, 30, 120).accepted >= 0.999 * perSecond * 90, `${perSecond}/s`)
    assert.ok(pacer.rate >= perSecond)
  }
})

test('group 27: a way that becomes longer for good is not taken for a queue for long', () => {
  const pacer = createPacer()
  const carrier = (at: number) => ({ status: 0, answeredAt: at + (at < 60_000 ? 50 : 250) })
  const seconds = drive({ pacer, carrier, fromMs: 0, toMs: 120_000, demand: () => 0.2 })
  assert.ok(total(seconds, 100, 120).accepted >= 0.999 * 200 * 20)
})

for (const [kind, make] of Object.entries(hiddenLimits)) {
  test(`a ${kind} that falls to a fifth is followed within 10 s`, () => {
    const random = randomOf(5)
    const perSecond = (at: number) => (at < 60_000 ? 1_000 : 200)
    const pacer = createPacer()
    const carrier = make({ perSecond, answerMs: () => 40 + random() * 20 })
    const seconds = drive({ pacer, carrier, fromMs: 0, toMs: 120_000 })
    // Three seconds' worth of refusals is what the change may cost.
    assert.ok(total(seconds, 60, 70).throttled < 3 * 1_000)
    assert.ok(total(seconds, 70, 120).throttled < 0.01 * 200 * 50)
    assert.ok(total(seconds, 85, 120).accepted >= 0.95 * 200 * 35)
  })

  test(`a ${kind} that doubles is found within 60 s`, () => {
    const random = randomOf(6)
    const perSecond = (at: number) => (at < 60_000 ? 100 : 200)
    const pacer = createPacer()
    const carrier = make({ perSecond, answerMs: () => 40 + random() * 20 })
    const seconds = drive({ pacer, carrier, fromMs: 0, toMs: 150_000 })
    assert.ok(total(seconds, 120, 150).accepted >= 0.95 * 200 * 30)
    const searching = total(seconds, 60, 150)
    assert.ok(searching.throttled < 0.02 * searching.accepted, `${searching.throttled} refused`)
  })
}

test('a pause of the application makes no burst, and what was learned holds', () => {
  const random = randomOf(4)
  const pacer = createPacer()
  const carrier = hiddenLimits['token bucket, burst of 100 ms']!({
    perSecond: () => 100,
    answerMs: () => 50 + random() * 10,
  })
  drive({ pacer, carrier, fromMs: 0, toMs: 60_000 })
  const heldBefore = pacer.snapshot(60_100).heldRate
  const after = total(drive({ pacer, carrier, fromMs: 600_000, toMs: 610_000 }), 0, 10)
  assert.ok(Math.abs(pacer.snapshot(610_100).heldRate / heldBefore - 1) < 0.1)
  assert.ok(after.throttled <= 0.01 * after.accepted)
  assert.ok(after.accepted >= 0.95 * 100 * 10)
})

test('who sends less than the rate learns nothing about the limit: the rate does not grow', () => {
  const pacer = createPacer({ startRate: 50 })
  const carrier = (at: number) => ({ status: 0, answeredAt: at + 50 })
  drive({ pacer, carrier, fromMs: 0, toMs: 60_000, demand: () => 0.02 })
  assert.equal(pacer.rate, 50)
})

test('group 26: an SMSC that refuses one in a thousand at random is not slowed down for', () => {
  const random = randomOf(8)
  const pacer = createPacer()
  const limited = hiddenLimits['sliding window']!({ perSecond: () => 500, answerMs: () => 50 })
  const carrier = (at: number) => (random() < 0.001 ? { status: 0x58, answeredAt: at + 50 } : limited(at))
  const after = total(drive({ pacer, carrier, fromMs: 0, toMs: 180_000 }), 60, 180)
  assert.ok(after.accepted >= 0.97 * 500 * 120, `${after.accepted}`)
})

test('a pause in whatever phase is not taken for a lower limit', () => {
  for (let stopMs = 5_000; stopMs < 65_000; stopMs += 500) {
    const pacer = createPacer()
    const kind = hiddenLimits['token bucket, burst of 100 ms']!
    drive({ pacer, carrier: kind({ perSecond: () => 100, answerMs: () => 50 }), fromMs: 0, toMs: stopMs })
    const before = pacer.snapshot(stopMs + 100).heldRate
    const after = pacer.snapshot(stopMs + 60_000).heldRate
    // A second that was busy for 85 % counts as measured; the probes that follow bring the rest back.
    assert.ok(after >= 0.83 * before, `${before} became ${after} after a stop at ${stopMs}`)
  }
})
