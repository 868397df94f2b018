import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { SmppError } from '../errors.ts'
import type { RequestPdu } from '../pdu/commands.ts'
import { createManualTime } from '../testing/manual-time.ts'
import type { Note, ResponseFields } from './link-options.ts'
import { createRequests } from './requests.ts'

const delivery = (sequence: number): RequestPdu =>
  ({ command: 'deliver_sm', status: 0, sequence, tlvs: [] }) as unknown as RequestPdu

function setUp({ role = 'client', handler = false }: { role?: 'client' | 'server'; handler?: boolean } = {}) {
  const time = createManualTime()
  const notes: Note[] = []
  const note = (one: Note) => void notes.push(one)
  const requests = createRequests({ role, handler, stallMs: 5_000, time, note })
  const link = {}
  const offer = (sequence: number, over: object = link) => {
    const answers: (ResponseFields | undefined)[] = []
    const pdu = delivery(sequence)
    const settled = requests.offer(pdu, over).then((fields) => void answers.push(fields))
    return { pdu, answers, settled }
  }
  return { time, notes, requests, link, offer }
}

const code = (run: () => void): string => {
  try {
    run()
    return 'none'
  } catch (error) {
    assert.ok(error instanceof SmppError)
    return error.code
  }
}

test('a loop gets the requests in order, those from before it began too, and each answer finds its own', async () => {
  const { requests, offer } = setUp()
  const [one, two] = [offer(1), offer(2)]
  const loop = requests.iterate()
  assert.equal((await loop.next()).value, one.pdu)
  assert.equal((await loop.next()).value, two.pdu)
  const waiting = loop.next()
  const three = offer(3)
  assert.equal((await waiting).value, three.pdu)
  requests.respond(two.pdu, { status: 8 })
  await two.settled
  assert.deepEqual([one.answers, two.answers, three.answers], [[], [{ status: 8 }], []])
})

test('a second answer, and one for a link that is gone, are errors with a code', async () => {
  const { requests, offer, link } = setUp()
  const loop = requests.iterate()
  const [one, two] = [offer(1), offer(2)]
  await loop.next()
  await loop.next()
  requests.respond(one.pdu)
  assert.equal(
    code(() => requests.respond(one.pdu)),
    'already_answered',
  )
  requests.dropped(link)
  assert.equal(
    code(() => requests.respond(two.pdu)),
    'closed',
  )
  assert.equal(
    code(() => requests.respond(one.pdu)),
    'already_answered',
  )
})

test('what nobody has read when its link ends is not read at all: the peer sends it again', async () => {
  const { requests, offer, link } = setUp()
  offer(1)
  requests.dropped(link)
  const next = offer(2, {})
  assert.equal((await requests.iterate().next()).value, next.pdu)
})

test('one loop at a time, and none beside a handler', () => {
  const { requests } = setUp()
  const loop = requests.iterate()
  assert.equal(
    code(() => requests.iterate()),
    'requests_taken',
  )
  void loop.return?.()
  assert.equal(
    code(() => requests.iterate()),
    'none',
  )
  assert.equal(
    code(() => setUp({ handler: true }).requests.iterate()),
    'requests_taken',
  )
})

test('leaving a loop leaves the unread for the next; what was read can still be answered', async () => {
  const { requests, offer } = setUp()
  const [one, two] = [offer(1), offer(2)]
  for await (const pdu of requests.iterate()) {
    assert.equal(pdu, one.pdu)
    break
  }
  requests.respond(one.pdu, { status: 0 })
  const again = requests.iterate()
  assert.equal((await again.next()).value, two.pdu)
  assert.deepEqual(two.answers, [])
})

test('while a session is being closed, what no loop will read is answered as a temporary error', async () => {
  for (const [role, status] of [
    ['client', 0x64],
    ['server', 0x08],
  ] as const) {
    const { requests, offer } = setUp({ role })
    const before = offer(1)
    requests.leave()
    const after = offer(2)
    await Promise.all([before.settled, after.settled])
    assert.deepEqual([before.answers, after.answers], [[{ status }], [{ status }]])
  }
})

test('a loop that runs reads on while the session is being closed, and its end refuses the rest', async () => {
  const { requests, offer } = setUp()
  const loop = requests.iterate()
  requests.leave()
  const [one, two] = [offer(1), offer(2)]
  assert.equal((await loop.next()).value, one.pdu)
  await loop.return?.()
  await two.settled
  assert.deepEqual([one.answers, two.answers], [[], [{ status: 0x64 }]])
})

test('at the end of the session loops are done, and a new session can be looped over', async () => {
  const { requests, offer } = setUp()
  const loop = requests.iterate()
  const waiting = [loop.next(), loop.next()]
  requests.end()
  assert.deepEqual(await Promise.all(waiting), [
    { done: true, value: undefined },
    { done: true, value: undefined },
  ])
  assert.equal((await loop.next()).done, true)
  requests.begin()
  const { pdu } = offer(1)
  assert.equal((await requests.iterate().next()).value, pdu)
})

test('a request without an answer is told once after stallMs, and what was answered is not', async () => {
  const { requests, offer, time, notes } = setUp()
  const loop = requests.iterate()
  const [one] = [offer(1), offer(2)]
  await loop.next()
  requests.respond(one.pdu)
  time.advance(3_000)
  offer(3)
  time.advance(2_000)
  assert.deepEqual(
    notes.map(({ what, detail }) => `${what} ${detail}`),
    ['unanswered deliver_sm 2 waits for respond()'],
  )
  time.advance(60_000)
  assert.equal(notes.length, 2)
  requests.end()
  assert.equal(time.armed, 0)
})

test('what has no answer is done when it is read', async () => {
  const { requests, link } = setUp()
  const pdu = { command: 'alert_notification', status: 0, sequence: 1, tlvs: [] } as unknown as RequestPdu
  const done = requests.offer(pdu, link)
  await requests.iterate().next()
  assert.equal(await done, undefined)
  assert.equal(
    code(() => requests.respond(pdu)),
    'none',
  )
})

test('whatever comes in whatever order, every request settles exactly once or belongs to the program', async () => {
  const step = fc.oneof(
    { weight: 5, arbitrary: fc.record({ do: fc.constant('offer' as const), link: fc.nat(2) }) },
    { weight: 4, arbitrary: fc.constant({ do: 'read' as const }) },
    { weight: 4, arbitrary: fc.record({ do: fc.constant('respond' as const), which: fc.nat() }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('drop' as const), link: fc.nat(2) }) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(...(['leave', 'break', 'wait'] as const)).map((what) => ({ do: what })),
    },
  )
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 50 }), async (steps) => {
      const { requests, offer, time } = setUp()
      const links = [{}, {}, {}]
      const offered: ReturnType<typeof offer>[] = []
      let loop = requests.iterate()
      for (const one of steps) {
        if (one.do === 'offer') offered.push(offer(offered.length, links[one.link]))
        else if (one.do === 'read') void loop.next()
        else if (one.do === 'respond') {
          const held = offered[one.which % Math.max(1, offered.length)]
          if (held !== undefined) code(() => requests.respond(held.pdu))
        } else if (one.do === 'drop') requests.dropped(links[one.link]!)
        else if (one.do === 'leave') requests.leave()
        else if (one.do === 'wait') time.advance(2_000)
        else {
          void loop.return?.()
          loop = requests.iterate()
        }
      }
      for (const link of links) requests.dropped(link)
      requests.end()
      await Promise.all(offered.map(({ settled }) => settled))
      for (const { answers } of offered) assert.equal(answers.length, 1)
      assert.equal(time.armed, 0)
    }),
    { numRuns: 300 },
  )
})

test('a loop of one life of the client takes nothing of the next, and does not end the loop there', async () => {
  const { requests, offer } = setUp()
  const old = requests.iterate()
  requests.end()
  requests.begin()
  const one = offer(1)
  const loop = requests.iterate()
  assert.equal((await old.next()).done, true)
  await old.return!()
  assert.equal((await loop.next()).value, one.pdu)
  assert.equal(
    code(() => requests.iterate()),
    'requests_taken',
  )
})

test('a client that is started again keeps what comes before its loop begins', async () => {
  const { requests, offer } = setUp()
  requests.leave()
  requests.end()
  requests.begin()
  const one = offer(1)
  assert.equal((await requests.iterate().next()).value, one.pdu)
  assert.deepEqual(one.answers, [])
})
