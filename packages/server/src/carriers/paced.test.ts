import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Time } from '@kurzpost/smpp'
import fc from 'fast-check'
import { type Carrier, CarrierError, type OutboundSegment, type Submitted } from './carrier.ts'
import { createPacedCarrier } from './paced.ts'

/** Numbers from 0 to 1, the same each time. */
function createRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff
    return state / 0x7fffffff
  }
}

/** Time that goes on from one timer to the next. */
function handTime(): Time & {
  until(done: () => boolean): Promise<void>
  forward(ms: number): Promise<void>
} {
  let now = 1_000
  let timers: { at: number; run: () => void }[] = []
  async function turn(): Promise<void> {
    for (let n = 0; n < 5; n++) await Promise.resolve()
  }
  async function next(limit: number): Promise<boolean> {
    await turn()
    const first = timers.toSorted((a, b) => a.at - b.at)[0]
    if (!first || first.at > limit) return false
    timers = timers.filter((timer) => timer !== first)
    now = Math.max(now, first.at)
    first.run()
    await turn()
    return true
  }
  return {
    now: () => now,
    after(ms, run) {
      const timer = { at: now + Math.max(ms, 1), run }
      timers.push(timer)
      return () => {
        timers = timers.filter((other) => other !== timer)
      }
    },
    async until(done) {
      await turn()
      while (!done() && (await next(Number.POSITIVE_INFINITY)));
    },
    async forward(ms) {
      const to = now + ms
      while (await next(to));
      now = to
    },
  }
}

const segment = (name: string, segments = 1): OutboundSegment => ({
  id: name,
  from: null,
  to: name,
  encoding: 'gsm7',
  header: new Uint8Array(),
  body: new Uint8Array(),
  concat: null,
  segments,
  validitySeconds: 60,
})
const tooFast = (afterMs?: number) =>
  new CarrierError('ESME_RTHROTTLED', {
    retry: 'later',
    sent: 'no',
    throttled: true,
    ...(afterMs && { afterMs }),
  })

/** A carrier that takes everything, but for what `refuse` says. */
function setup(options: {
  perSecond?: number
  notBefore?: number
  found?: { heldRate: number; limit: number }
  permit?: () => boolean
  refuse?: (name: string, at: number) => CarrierError | undefined
}) {
  const time = handTime()
  const sent: { name: string; at: number; segments: number }[] = []
  const inner: Carrier = {
    freeWindow: 1_000,
    open: () => Promise.reject(new Error('not here')),
    async submit({ to, segments }): Promise<Submitted> {
      const error = options.refuse?.(to, time.now())
      if (error) throw error
      sent.push({ name: to, at: time.now(), segments })
      return { remoteId: to, remoteKey: to, request: new Uint8Array() }
    },
  }
  const { refuse: _, ...rest } = options
  return { time, sent, paced: createPacedCarrier({ carrier: inner, time, ...rest }) }
}

/** A minute under load; the rate at its end. */
async function minuteOf(refuse: (name: string, at: number) => CarrierError | undefined): Promise<number> {
  const { time, paced } = setup({ perSecond: 100, refuse })
  for (let n = 0; n < 7_000; n++) void paced.submit(segment(`${n}`)).catch(() => {})
  await time.forward(60_000)
  return paced.snapshot()!.rate
}

test('refusals at random do not slow a link below the rate of its contract', async () => {
  for (const share of [0.01, 0.05]) {
    const random = createRandom(7)
    const rate = await minuteOf(() => (random() < share ? tooFast() : undefined))
    assert.ok(rate >= 90, `${rate} a second with ${share} refused`)
  }
})

test('a contract that grants more than the carrier takes slows down to what it takes', async () => {
  let taken: number[] = []
  const rate = await minuteOf((_, at) => {
    taken = taken.filter((each) => each > at - 1_000)
    if (taken.length >= 60) return tooFast()
    taken.push(at)
    return undefined
  })
  assert.ok(rate > 50 && rate < 70, `${rate} a second of 60`)
})

test('what an earlier holder has measured holds from the first second on, and is looked beyond', async () => {
  const perSecond = 50
  const taken: number[] = []
  let refused = 0
  const refuse = (_: string, at: number): CarrierError | undefined => {
    if (taken.filter((each) => each > at - 1_000).length >= perSecond) {
      refused++
      return tooFast()
    }
    taken.push(at)
    return undefined
  }
  const { time, sent, paced } = setup({ found: { heldRate: 49, limit: 50 }, refuse })
  assert.equal(paced.snapshot()?.heldRate, 49)
  for (let n = 0; n < 500; n++) void paced.submit(segment(`${n}`))
  await time.forward(2_000)
  assert.equal(refused, 0)
  assert.ok(sent.length >= 95, `${sent.length} in two seconds`)
  const known = setup({ found: { heldRate: 49, limit: 50 }, perSecond: 20 })
  assert.equal(known.paced.snapshot()?.rate, 20, 'the contract says more')
})

test('no second sees more segments than the contract grants, and the link is not idle', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 60 }),
      fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 120 }),
      async (perSecond, messages) => {
        const { time, sent, paced } = setup({ perSecond })
        const began = time.now()
        const names = messages.flatMap((parts, n) =>
          Array.from({ length: parts }, (_, part) => `${n}.${part}`),
        )
        const all = Promise.all(names.map((name) => paced.submit(segment(name))))
        await time.until(() => sent.length === names.length)
        await all
        assert.deepEqual(
          sent.map(({ name }) => name),
          names,
          'in order, so that parts stay together',
        )
        for (const [from, { at }] of sent.entries()) {
          const second = sent.slice(from).filter((each) => each.at < at + 1_000)
          assert.ok(second.length <= perSecond, `${second.length} in a second of ${perSecond}`)
        }
        const seconds = (time.now() - began) / 1_000
        assert.ok(
          seconds <= names.length / perSecond / 0.9 + 2.5,
          `${names.length} at ${perSecond} in ${seconds} s`,
        )
      },
    ),
    { numRuns: 40 },
  )
})

test('a carrier of less than one segment a second is waited for as long as it takes', async () => {
  const { time, sent, paced } = setup({ perSecond: 0.5 })
  const all = ['a', 'b', 'c'].map((name) => paced.submit(segment(name)))
  await time.until(() => sent.length === 3)
  await Promise.all(all)
  assert.deepEqual(
    sent.map(({ at }) => at - 1_000),
    [0, 2_000, 4_000],
  )
})

test('room is offered for what goes out in the next moment, and no more', async () => {
  const { time, paced } = setup({ perSecond: 100 })
  assert.equal(paced.freeWindow, 4)
  for (const name of ['a', 'b', 'c', 'd', 'e']) void paced.submit(segment(name))
  assert.equal(paced.freeWindow, 0)
  await time.forward(1_000)
  assert.equal(paced.freeWindow, 4)
})

test('a new holder of a link waits until the second of the one before it is over', async () => {
  const { time, sent, paced } = setup({ perSecond: 100, notBefore: 2_000 })
  assert.equal(paced.freeWindow, 0)
  void paced.submit(segment('a'))
  await time.forward(999)
  assert.equal(sent.length, 0)
  await time.forward(2)
  assert.equal(sent.length, 1)
})

test('without a contract nothing is held back until the carrier refuses for speed, and then its limit is found', async () => {
  const limit = 50
  const seen: number[] = []
  const { time, sent, paced } = setup({
    refuse(_, at) {
      const lately = seen.filter((each) => each > at - 1_000).length
      if (lately >= limit) return tooFast()
      seen.push(at)
      return undefined
    },
  })
  assert.equal(paced.freeWindow, 1_000)
  const names = Array.from({ length: 600 }, (_, n) => `${n}`)
  let refused = 0
  for (const name of names) paced.submit(segment(name)).catch(() => refused++)
  await time.until(() => sent.length + refused === names.length)
  const { rate } = paced.snapshot()!
  assert.ok(rate > limit * 0.7 && rate < limit * 1.3, `${rate}`)
  assert.ok(sent.length > 100)
})

test('group 26: a carrier that refuses for speed now and then, whatever the speed, is not left to crawl', async () => {
  let asked = 0
  const { time, sent, paced } = setup({ refuse: () => (++asked % 20 === 3 ? tooFast() : undefined) })
  const began = time.now()
  for (let n = 0; n < 20; n++) {
    void paced.submit(segment(`${n}`))
    await time.forward(50)
  }
  await time.until(() => sent.length === 20)
  assert.ok(time.now() - began <= 2_500, `${time.now() - began} ms`)
  const backlog = Array.from({ length: 600 }, (_, n) => paced.submit(segment(`more ${n}`)))
  await time.until(() => sent.length === 620)
  await Promise.all(backlog)
  assert.ok(paced.snapshot()!.rate >= 9, `${paced.snapshot()!.rate}`)
})

test('a carrier that grants one in two seconds is found out all the same', async () => {
  let free = 0
  const { time, sent, paced } = setup({
    refuse(_, at) {
      if (at < free) return tooFast()
      free = at + 2_000
      return undefined
    },
  })
  let back = 0
  for (let n = 0; n < 60; n++) paced.submit(segment(`${n}`)).catch(() => back++)
  await time.until(() => sent.length + back === 60)
  assert.ok(paced.snapshot()!.rate < 2, `${paced.snapshot()!.rate}`)
})

test('what is refused for speed goes out again before what came after it', async () => {
  let once = true
  const { time, sent, paced } = setup({
    perSecond: 5,
    refuse(name) {
      if (name !== 'b' || !once) return undefined
      once = false
      return tooFast()
    },
  })
  const all = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map((name) => paced.submit(segment(name)))
  await time.until(() => sent.length === 8)
  await Promise.all(all)
  const order = sent.map(({ name }) => name)
  assert.ok(order.indexOf('b') < order.indexOf('h'), order.join())
})

test('a long pause gives everything back that waits, unharmed', async () => {
  const { paced } = setup({ perSecond: 1, refuse: () => tooFast(60_000) })
  const results = await Promise.allSettled([paced.submit(segment('a')), paced.submit(segment('b'))])
  const errors = results.map((result) => (result as PromiseRejectedResult).reason as CarrierError)
  assert.deepEqual(
    errors.map(({ retry, sent, throttled }) => [retry, sent, throttled]),
    [
      ['later', 'no', true],
      ['unsent', 'no', false],
    ],
  )
  assert.equal(paced.freeWindow, 0)
})

test('whoever waits for a turn is given back when told to stop, and when the link may be another’s', async () => {
  const stop = new AbortController()
  let mine = true
  const { time, sent, paced } = setup({ perSecond: 1, permit: () => mine })
  const first = paced.submit(segment('a'), stop.signal)
  const second = paced.submit(segment('b'), stop.signal)
  await first
  stop.abort()
  await assert.rejects(second, { code: 'stopping', retry: 'unsent', sent: 'no' })
  const third = paced.submit(segment('c'))
  mine = false
  await Promise.all([assert.rejects(third, { code: 'lease_lost', retry: 'unsent' }), time.forward(2_000)])
  assert.equal(sent.length, 1)
})

test('a message that is handed over whole and longer than a second of the carrier is left to another', async () => {
  const { paced } = setup({ perSecond: 2 })
  await assert.rejects(paced.submit(segment('long', 5)), { retry: 'elsewhere', sent: 'no' })
})
