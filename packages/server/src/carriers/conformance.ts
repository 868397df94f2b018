import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  type Carrier,
  CarrierError,
  type CarrierReceipt,
  type CarrierSink,
  type IncomingPart,
  type OutboundSegment,
} from './carrier.ts'

/** The other side of a carrier, scripted by the tests. */
export interface TestNetwork {
  /** A new carrier towards this network. */
  carrier(options: { window: number }): Carrier
  /** Answers submissions: taken, refused for good, refused for now, or kept without an answer. */
  answer(how: 'take' | 'never' | 'later' | 'silence'): Promise<void>
  /** Takes the next submission and cuts the link in place of an answer. */
  cutAtNext(): Promise<void>
  /** Cuts the link now; it may come back at once. */
  cut(): Promise<void>
  /** A phone writes to us. */
  write(text: string): Promise<void>
  /** How many messages have arrived. */
  arrived(): Promise<number>
}

type Answer = () => Promise<void>

/** A sink that notes what comes in, and lets a test wait for the next of each kind. */
function listen() {
  const receipts: CarrierReceipt[] = []
  const parts: IncomingPart[] = []
  let waiting: (() => void)[] = []
  const tell = () => {
    const woken = waiting
    waiting = []
    for (const wake of woken) wake()
  }
  let answer: Answer = async () => {}
  const sink: CarrierSink = {
    receipt(receipt) {
      receipts.push(receipt)
      tell()
      return Promise.resolve()
    },
    incoming(part) {
      parts.push(part)
      tell()
      return answer()
    },
    late: tell,
    changed: tell,
  }
  return {
    sink,
    receipts,
    parts,
    answerWith(next: Answer) {
      answer = next
    },
    /** Resolves when it has come true; looks again at everything that the carrier tells. */
    async until(true_: () => boolean): Promise<void> {
      while (!true_()) await new Promise<void>((resolve) => waiting.push(resolve))
    },
  }
}

const segment = (text: string): OutboundSegment => ({
  id: text,
  from: 'Kurzpost',
  to: '+4915123456789',
  encoding: 'gsm7',
  header: new Uint8Array(),
  body: new TextEncoder().encode(text), // letters and digits are the same in GSM 03.38
  concat: null,
  segments: 1,
  validitySeconds: 60,
})

const names =
  (remoteKey: string) =>
  ({ readings }: CarrierReceipt): boolean =>
    readings.some(({ key }) => key === remoteKey)

async function failure(submission: Promise<unknown>): Promise<CarrierError> {
  const error = await submission.then(
    () => assert.fail('it was taken'),
    (reason: unknown) => reason,
  )
  assert.ok(error instanceof CarrierError, `a CarrierError, not ${String(error)}`)
  return error
}

/** What the core relies on, whoever the carrier is: each adapter runs this suite against a network of its kind. */
export function carrierConformance(name: string, network: () => TestNetwork): void {
  const window = 4

  async function opened() {
    const carrier = network().carrier({ window })
    const ear = listen()
    const close = await carrier.open(ear.sink)
    await ear.until(() => carrier.freeWindow === window)
    return { carrier, close, ...ear }
  }

  test(`${name}: before it is open nothing goes out and nothing was sent`, async () => {
    const carrier = network().carrier({ window })
    assert.equal(carrier.freeWindow, 0)
    const error = await failure(carrier.submit(segment('early')))
    assert.equal(error.sent, 'no')
    assert.notEqual(error.retry, 'never')
  })

  test(`${name}: what is taken has an id under which its receipt is found`, async () => {
    const { carrier, close, receipts, until } = await opened()
    const { remoteId, remoteKey, request } = await carrier.submit(segment('hello'))
    assert.notEqual(remoteId, '')
    assert.ok(request.length > 0)
    await until(() => receipts.some(names(remoteKey)))
    const receipt = receipts.find(names(remoteKey))
    assert.equal(receipt?.state, 'delivered')
    await close()
  })

  test(`${name}: a refusal says whether it is for good, and that nothing was sent`, async () => {
    const { carrier, close } = await opened()
    await network().answer('never')
    const final = await failure(carrier.submit(segment('no')))
    assert.deepEqual([final.retry, final.sent], ['never', 'no'])
    assert.notEqual(final.code, '')
    await network().answer('later')
    const busy = await failure(carrier.submit(segment('not now')))
    assert.deepEqual([busy.retry, busy.sent], ['later', 'no'])
    assert.ok(busy.afterMs !== undefined && busy.afterMs > 0, 'with a pause')
    await network().answer('take')
    await close()
  })

  test(`${name}: each submission takes a place in the window, and a lost link makes them unknown`, async () => {
    const { carrier, close, until } = await opened()
    await network().answer('silence')
    const open: Promise<CarrierError>[] = []
    for (let n = 1; n <= window; n++) {
      open.push(failure(carrier.submit(segment(`silent ${n}`))))
      assert.equal(carrier.freeWindow, window - n)
    }
    while ((await network().arrived()) < window);
    await network().cut()
    for (const error of await Promise.all(open)) assert.equal(error.sent, 'maybe')
    await network().answer('take')
    await until(() => carrier.freeWindow === window)
    await carrier.submit(segment('again'))
    await close()
  })

  test(`${name}: written and then cut is unknown, and while the link is down there is no room`, async () => {
    const { carrier, close, until } = await opened()
    await network().cutAtNext()
    assert.equal((await failure(carrier.submit(segment('cut')))).sent, 'maybe')
    assert.equal(carrier.freeWindow, 0)
    assert.equal((await failure(carrier.submit(segment('down')))).sent, 'no')
    await until(() => carrier.freeWindow === window)
    await close()
  })

  test(`${name}: what is not stored is not acknowledged, and comes again`, async () => {
    const { close, parts, until, answerWith } = await opened()
    answerWith(() => Promise.reject(new Error('the database is away')))
    await network().write('refused')
    await until(() => parts.length > 0)
    answerWith(async () => {})
    await until(() => parts.length > 1)
    assert.deepEqual(new Set(parts.map(({ text }) => text)), new Set(['refused']))
    await close()
  })

  test(`${name}: nothing is acknowledged while it is being stored`, async () => {
    const { carrier, close, parts, until, answerWith } = await opened()
    const { promise: never, resolve: release } = Promise.withResolvers<void>()
    answerWith(() => never)
    await network().write('in the works')
    await until(() => parts.length === 1)
    await network().cut()
    answerWith(async () => {})
    await until(() => parts.length === 2)
    assert.equal(parts[1]!.text, 'in the works')
    release()
    await until(() => carrier.freeWindow === window)
    await close()
  })

  test(`${name}: closing waits for the answers of what is under way, and then there is no room`, async () => {
    const { carrier, close } = await opened()
    const answers: string[] = []
    const submissions = ['a', 'b', 'c'].map((text) =>
      carrier.submit(segment(text)).then(({ remoteId }) => answers.push(remoteId)),
    )
    await close()
    assert.equal(answers.length, 3)
    await Promise.all(submissions)
    assert.equal(carrier.freeWindow, 0)
    assert.equal((await failure(carrier.submit(segment('late')))).sent, 'no')
  })

  test(`${name}: it can be opened again after it was closed`, async () => {
    const { carrier, close } = await opened()
    await close()
    const ear = listen()
    const closeAgain = await carrier.open(ear.sink)
    await ear.until(() => carrier.freeWindow === window)
    const { remoteKey } = await carrier.submit(segment('second life'))
    await ear.until(() => ear.receipts.some(names(remoteKey)))
    await closeAgain()
  })
}
