import assert from 'node:assert/strict'
import { getEventListeners } from 'node:events'
import { test } from 'node:test'
import { SmppError } from '../errors.ts'
import { createPacer } from '../pacing/pacer.ts'
import { Status } from '../pdu/status.ts'
import { createManualTime } from '../testing/manual-time.ts'
import type { SmppClient } from './client-options.ts'
import { createPacedSubmitter, type Submitter } from './paced.ts'
import type { SubmitFields, Submitted } from './submit.ts'

const answerOf = (status: number): Submitted => ({ status, message_id: 'a' }) as Submitted
const settle = async (): Promise<void> => {
  for (let i = 0; i < 20; i++) await Promise.resolve()
}

/** A client whose answers are given by hand. */
function byHand(maxPerSecond = 10, maxWaiting?: number) {
  const time = createManualTime()
  const sent: { fields: SubmitFields; at: number; answer(status: number): void; fail(error: Error): void }[] =
    []
  const client = {
    submit: (fields: SubmitFields) =>
      new Promise<Submitted>((resolve, reject) => {
        const answer = (status: number): void => resolve(answerOf(status))
        sent.push({ fields, at: time.now(), answer, fail: reject })
      }),
  }
  const pacer = createPacer({ maxPerSecond, now: time.now() })
  const options = { time, maxResends: 2, ...(maxWaiting !== undefined && { maxWaiting }) }
  return { time, sent, pacer, paced: createPacedSubmitter(client, pacer, options) }
}
const to = (destination_addr: string): SubmitFields => ({ destination_addr })

test('submits wait for their tokens and go out in their order, evenly', async () => {
  const { time, sent, paced } = byHand()
  for (const name of ['1', '2', '3']) void paced.submit(to(name))
  await settle()
  assert.deepEqual([sent.length, paced.waiting], [1, 2])
  for (let ms = 0; ms < 300; ms++) {
    time.advance(1)
    await settle()
  }
  assert.deepEqual(
    sent.map(({ fields }) => fields.destination_addr),
    ['1', '2', '3'],
  )
  assert.ok(sent[2]!.at - sent[0]!.at >= 180, `${sent[2]!.at - sent[0]!.at} ms`)
})

test('group 26: what was refused as throttled goes out again before what waits, a bounded number of times', async () => {
  const { time, sent, paced } = byHand(1)
  const first = paced.submit(to('1'))
  const second = paced.submit(to('2'))
  for (let turn = 0; turn < 4; turn++) {
    await settle()
    for (let ms = 0; sent.length <= turn && ms < 60_000; ms += 50) {
      time.advance(50)
      await settle()
    }
    sent[turn]!.answer(turn < 3 ? Status.throttled : Status.ok)
  }
  assert.deepEqual(
    sent.map(({ fields }) => fields.destination_addr),
    ['1', '1', '1', '2'],
  )
  assert.deepEqual([(await first).status, (await second).status], [Status.throttled, Status.ok])
})

test('another error status is an answer: it is not sent again', async () => {
  const { sent, paced } = byHand()
  const one = paced.submit(to('1'))
  await settle()
  sent[0]!.answer(0x0b)
  assert.equal((await one).status, 0x0b)
  assert.equal(sent.length, 1)
})

test('group 27: an answer that does not come in time slows down, and is not sent again', async () => {
  const { sent, paced, pacer } = byHand()
  const one = paced.submit(to('1'))
  await settle()
  sent[0]!.fail(new SmppError('timeout', { sent: 'maybe' }))
  await assert.rejects(one, { code: 'timeout', sent: 'maybe' })
  assert.ok(pacer.rate < 10)
  assert.deepEqual([sent.length, pacer.inFlight], [1, 0])
})

test('an abort takes a waiting submit out, and the one behind it moves up', async () => {
  const { time, sent, paced } = byHand()
  void paced.submit(to('1'))
  const controller = new AbortController()
  const second = paced.submit(to('2'), { signal: controller.signal })
  void paced.submit(to('3'))
  await settle()
  controller.abort()
  await assert.rejects(second, { code: 'aborted', sent: 'no' })
  time.advance(200)
  await settle()
  assert.deepEqual(
    sent.map(({ fields }) => fields.destination_addr),
    ['1', '3'],
  )
  await assert.rejects(paced.submit(to('4'), { signal: AbortSignal.abort() }), { code: 'aborted' })
  assert.equal(time.armed, 0)
})

test('a lost link gives the place in the window back and says nothing about the rate', async () => {
  const { sent, paced, pacer } = byHand()
  const one = paced.submit(to('1'))
  await settle()
  sent[0]!.fail(new SmppError('closed', { sent: 'maybe' }))
  await assert.rejects(one, { code: 'closed' })
  assert.deepEqual([pacer.inFlight, pacer.rate], [0, 10])
})

test('group 28: a part that is refused goes out again, unchanged, before later messages, and each part is a token', async () => {
  const { time, sent, paced, pacer } = byHand(4)
  const parts = ['a1', 'a2', 'a3', 'a4'].map((name) => paced.submit(to(name)))
  void paced.submit(to('b1'))
  for (let ms = 0; sent.length < 4 && ms < 60_000; ms += 50) {
    time.advance(50)
    await settle()
  }
  assert.equal(pacer.inFlight, 4)
  const refused = sent[1]!.fields
  sent[0]!.answer(Status.ok)
  sent[1]!.answer(Status.throttled)
  sent[2]!.answer(Status.ok)
  sent[3]!.answer(Status.ok)
  for (let ms = 0; sent.length < 6 && ms < 60_000; ms += 50) {
    await settle()
    time.advance(50)
    await settle()
  }
  assert.equal(sent[4]!.fields, refused)
  assert.equal(sent[5]!.fields.destination_addr, 'b1')
  sent[4]!.answer(Status.ok)
  for (const { status } of await Promise.all(parts)) assert.equal(status, Status.ok)
})

test("a message that no second of the contract can hold is refused at once and stands in nobody's way", async () => {
  const { sent, paced } = byHand(3)
  await assert.rejects(paced.submit(to('1'), { segments: 4 }), RangeError)
  void paced.submit(to('2'))
  await settle()
  assert.deepEqual([sent.length, paced.waiting], [1, 0])
})

test('a client is a submitter', () => {
  const submitter = (client: SmppClient): Submitter => client
  assert.equal(submitter.length, 1)
})

test('so many may wait and no more; what goes out again does not count as one more', async () => {
  const { sent, paced, time } = byHand(10, 2)
  const first = paced.submit(to('1'))
  void paced.submit(to('2'))
  void paced.submit(to('3'))
  await assert.rejects(paced.submit(to('4')), { code: 'window_full', sent: 'no' })
  await settle()
  sent[0]!.answer(Status.throttled)
  await settle()
  assert.equal(paced.waiting, 3)
  for (let ms = 0; sent.length < 2 && ms < 60_000; ms += 50) {
    time.advance(50)
    await settle()
  }
  sent[1]!.answer(Status.ok)
  assert.equal((await first).status, Status.ok)
})

test('a signal that aborts after the turn takes no other message out, and is not held on to', async () => {
  const { sent, paced } = byHand()
  const controller = new AbortController()
  void paced.submit(to('1'), { signal: controller.signal })
  void paced.submit(to('2'))
  await settle()
  assert.equal(sent.length, 1)
  assert.equal(getEventListeners(controller.signal, 'abort').length, 0)
  controller.abort()
  assert.equal(paced.waiting, 1)
})

test('a full window is opened by an answer and not by time, and there is one timer at most', async () => {
  const { time, sent, paced, pacer } = byHand(1_000)
  const { window } = pacer
  for (let i = 0; i < 2 * window; i++) void paced.submit(to(`${i}`))
  for (let ms = 0; ms < 10_000; ms += 10) {
    time.advance(10)
    await settle()
    assert.ok(time.armed <= 1)
  }
  assert.equal(sent.length, window)
  for (const { answer } of sent.slice(0, 10)) answer(Status.ok)
  await settle()
  assert.ok(sent.length > window)
  assert.ok(pacer.inFlight <= Math.max(window, pacer.window))
})

test('one signal for a whole queue has one listener, and takes all of it out at once', async () => {
  const { sent, paced } = byHand()
  const controller = new AbortController()
  const { signal } = controller
  const all = Array.from({ length: 50 }, (_, n) => paced.submit(to(String(n)), { signal }))
  const other = paced.submit(to('other'))
  await settle()
  assert.equal(getEventListeners(signal, 'abort').length, 1)
  controller.abort()
  const outcomes = await Promise.allSettled(all.slice(1))
  assert.ok(outcomes.every((one) => one.status === 'rejected' && one.reason.code === 'aborted'))
  assert.deepEqual([sent.length, paced.waiting, getEventListeners(signal, 'abort').length], [1, 1, 0])
  void other
})
