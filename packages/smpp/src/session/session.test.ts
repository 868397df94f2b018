import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SmppError } from '../errors.ts'
import type { PduInput, ResponsePdu } from '../pdu/commands.ts'
import { decodePdu } from '../pdu/decode.ts'
import { encodePdu } from '../pdu/encode.ts'
import { deliverHead, frame } from '../testing/frame.ts'
import type { Action, BindType, SessionOptions } from './actions.ts'
import { makeEntry } from './outbox.ts'
import { createSession } from './session.ts'

const defaults: SessionOptions = {
  role: 'client',
  window: 3,
  maxWaiting: 5,
  responseTimeoutMs: 1_000,
  enquireLinkMs: 10_000,
  bindTimeoutMs: 2_000,
  maxHandling: 2,
  stallMs: 500,
}

/** A session with its actions gathered, and words short enough to read. */
function open(options: Partial<SessionOptions> = {}) {
  const session = createSession({ ...defaults, ...options }, 0)
  let now = 0
  let out: Action[] = []
  const perform = (step: (out: Action[]) => void): Action[] => {
    out = []
    step(out)
    for (const action of out) {
      if (action.do === 'resolve') action.entry.resolve(action.pdu)
      if (action.do === 'reject') action.entry.reject(action.error)
    }
    return out
  }
  const feed = (octets: Buffer) => perform((list) => session.receive(decodePdu(octets), now, list))
  return {
    session,
    at: (time: number) => {
      now = time
      return perform((list) => session.tick(now, list))
    },
    feed,
    pdu: (pdu: PduInput) => feed(encodePdu(pdu)),
    perform,
    now: () => now,
    submit() {
      const outcomes: (ResponsePdu | SmppError)[] = []
      const entry = makeEntry(
        'request',
        { command: 'submit_sm' },
        (answer) => outcomes.push(answer),
        (error) => outcomes.push(error),
      )
      const actions = perform((list) => session.request(entry, now, list))
      return { entry, outcomes, actions }
    },
  }
}

function bound(options: Partial<SessionOptions> = {}, type: BindType = 'transceiver') {
  const it = open(options)
  const [write] = it.perform((out) => it.session.bind({ command: `bind_${type}` }, type, 0, out))
  assert.ok(write?.do === 'write')
  it.pdu({ command: `bind_${type}_resp`, sequence: write.sequence, system_id: 'smsc' })
  assert.equal(it.session.state, 'bound')
  return it
}

function boundServer(options: Partial<SessionOptions> = {}, type: BindType = 'transceiver') {
  const it = open({ role: 'server', ...options })
  const [asked] = it.pdu({ command: `bind_${type}`, sequence: 1 })
  assert.ok(asked?.do === 'bind')
  it.perform((out) => it.session.bindAnswered(asked.pdu, { command: `bind_${type}_resp` }, out))
  assert.equal(it.session.state, 'bound')
  return it
}

const words = (actions: Action[]): string[] =>
  actions.map((action) => {
    if (action.do === 'write') return `write ${action.pdu.command} ${action.pdu.status ?? 0}`
    if (action.do === 'close') return `close ${action.reason}`
    if (action.do === 'note') return `note ${action.what}`
    return action.do
  })
const failure = (outcome: unknown): string => {
  const error = outcome as SmppError
  return `${error.code} ${error.sent}`
}
const answer = (entry: { sequence: number | undefined }, status = 0): PduInput => ({
  command: 'submit_sm_resp',
  sequence: entry.sequence,
  status,
  message_id: 'm',
})

test('the window lets its number out, the rest waits, and freeWindow is exact all the way', () => {
  const it = bound()
  assert.equal(it.session.freeWindow, 3)
  const requests = [1, 2, 3, 4, 5].map(() => it.submit())
  assert.deepEqual(
    requests.map(({ actions }) => actions.length),
    [1, 1, 1, 0, 0],
  )
  assert.deepEqual([it.session.freeWindow, it.session.inFlight, it.session.waiting], [0, 3, 2])
  assert.deepEqual(words(it.pdu(answer(requests[1]!.entry))), ['resolve', 'write submit_sm 0'])
  assert.deepEqual([it.session.freeWindow, it.session.inFlight, it.session.waiting], [0, 3, 1])
  for (const i of [0, 2, 3, 4]) it.pdu(answer(requests[i]!.entry))
  assert.deepEqual([it.session.freeWindow, it.session.inFlight, it.session.waiting], [3, 0, 0])
  assert.ok(requests.every(({ outcomes }) => outcomes.length === 1))
})

test('a request beyond the waiting room is refused at once, unsent', () => {
  const it = bound()
  const requests = Array.from({ length: 9 }, () => it.submit())
  assert.equal(failure(requests[8]!.outcomes[0]), 'window_full no')
})

test('group 16: sequence numbers wrap at 0x7FFFFFFF, and those of the peer are given back as they came', async () => {
  const { createWindow } = await import('./window.ts')
  const window = createWindow(4, 0x7ffffffe)
  const entry = () =>
    makeEntry(
      'request',
      { command: 'submit_sm' },
      () => {},
      () => {},
    )
  assert.deepEqual(
    [window.add(entry()), window.add(entry()), window.add(entry())],
    [0x7ffffffe, 0x7fffffff, 1],
  )
  const it = bound()
  for (const sequence of [0, 0x80000000, 0xa2859f22, 0xffffffff]) {
    const [action] = it.pdu({ command: 'enquire_link', sequence })
    assert.ok(
      action?.do === 'write' && action.sequence === sequence && action.pdu.command === 'enquire_link_resp',
    )
  }
})

test('group 16: a number still in flight is never given twice, however long its answer takes', async () => {
  const { createWindow } = await import('./window.ts')
  const window = createWindow(4)
  const entry = () =>
    makeEntry(
      'request',
      { command: 'submit_sm' },
      () => {},
      () => {},
    )
  const slow = window.add(entry())
  for (let i = 0; i < 1_000; i++) {
    const other = entry()
    assert.notEqual(window.add(other), slow)
    window.remove(other)
  }
  assert.equal(window.peek(slow)?.sequence, slow)
})

test('group 16: both directions may use the same number at the same time', () => {
  const it = bound()
  const { entry, outcomes } = it.submit()
  assert.deepEqual(words(it.pdu({ command: 'deliver_sm', sequence: entry.sequence })), ['handle'])
  assert.deepEqual(words(it.pdu({ command: 'enquire_link', sequence: entry.sequence })), [
    'write enquire_link_resp 0',
  ])
  assert.equal(outcomes.length, 0)
  it.pdu(answer(entry))
  assert.equal(outcomes.length, 1)
})

test('group 17: answers out of order, double, late, of the wrong kind and for nobody', () => {
  const it = bound()
  const first = it.submit()
  const second = it.submit()
  it.pdu(answer(second.entry))
  assert.deepEqual(words(it.pdu(answer(second.entry))), ['note unmatched'])
  assert.deepEqual(words(it.pdu({ command: 'query_sm_resp', sequence: first.entry.sequence })), [
    'note unmatched',
  ])
  assert.deepEqual(words(it.at(1_000)), ['reject'])
  assert.equal(failure(first.outcomes[0]), 'timeout maybe')
  assert.equal((first.outcomes[0] as SmppError).sequence, first.entry.sequence)
  assert.deepEqual(words(it.pdu(answer(first.entry))), ['note unmatched'])
  assert.deepEqual([first.outcomes.length, second.outcomes.length], [1, 1])
  assert.equal(it.session.freeWindow, 3)
})

test('group 17: a generic_nack with our number is the answer, one with number 0 is only noted', () => {
  const it = bound()
  const { entry, outcomes } = it.submit()
  assert.deepEqual(words(it.pdu({ command: 'generic_nack', sequence: 0, status: 3 })), ['note nack'])
  it.pdu({ command: 'generic_nack', sequence: entry.sequence, status: 3 })
  assert.equal((outcomes[0] as ResponsePdu).command, 'generic_nack')
})

test('an answer with an error status is an answer', () => {
  const it = bound()
  const { entry, outcomes } = it.submit()
  it.pdu(answer(entry, 0x58))
  assert.equal((outcomes[0] as ResponsePdu).status, 0x58)
})

test('a request that waits too long for the window is rejected unsent', () => {
  const it = bound({ window: 1 })
  it.submit()
  it.at(600)
  const waiting = it.submit()
  it.at(1_000) // the first one times out and makes room
  assert.equal(waiting.outcomes.length, 0)
  assert.equal(it.session.inFlight, 1)
  const third = it.submit()
  it.at(2_000)
  assert.equal(failure(waiting.outcomes[0]), 'timeout maybe')
  assert.equal(failure(third.outcomes[0]), 'timeout no')
})

test('abort settles at once: unsent while it waits, maybe sent when it is out, and makes room', () => {
  const it = bound({ window: 1 })
  const [out, waiting, next] = [it.submit(), it.submit(), it.submit()]
  it.perform((list) => it.session.abort(waiting.entry, 0, list))
  assert.equal(failure(waiting.outcomes[0]), 'aborted no')
  const actions = it.perform((list) => it.session.abort(out.entry, 0, list))
  assert.equal(failure(out.outcomes[0]), 'aborted maybe')
  assert.deepEqual(words(actions), ['reject', 'write submit_sm 0'])
  it.perform((list) => it.session.abort(out.entry, 0, list))
  assert.equal(out.outcomes.length, 1)
  it.pdu(answer(next.entry))
  assert.equal(it.session.freeWindow, 1)
})

test('closing tells what was flushed (maybe) from what was not (no)', () => {
  const it = bound({ window: 2 })
  const flushed = it.submit()
  it.session.flushed()
  const buffered = it.submit()
  const waiting = it.submit()
  it.perform((out) => it.session.close(out, 'socket_closed'))
  assert.deepEqual(
    [flushed, buffered, waiting].map(({ outcomes }) => failure(outcomes[0])),
    ['closed maybe', 'closed no', 'closed no'],
  )
  assert.equal(failure(it.submit().outcomes[0]), 'closed no')
})

test('group 18: enquire_link is answered before the bind, in a full window and while unbinding', () => {
  const stranger = open({ role: 'server' })
  assert.deepEqual(words(stranger.pdu({ command: 'enquire_link' })), ['write enquire_link_resp 0'])
  const it = bound()
  for (let i = 0; i < 5; i++) it.submit()
  assert.deepEqual(words(it.pdu({ command: 'enquire_link' })), ['write enquire_link_resp 0'])
  it.perform((out) => it.session.unbind(0, out))
  assert.deepEqual(words(it.pdu({ command: 'enquire_link' })), ['write enquire_link_resp 0'])
})

test('group 18: silence is asked after, an answer of any status keeps the link, no answer ends it', () => {
  const it = bound()
  assert.deepEqual(words(it.at(9_999)), [])
  const [enquiry] = it.at(10_000)
  assert.ok(enquiry?.do === 'write' && enquiry.pdu.command === 'enquire_link')
  it.pdu({ command: 'enquire_link_resp', sequence: enquiry.sequence, status: 8 })
  assert.deepEqual(words(it.at(20_000)), ['write enquire_link 0'])
  assert.deepEqual(words(it.at(21_000)), ['close link_dead'])
})

test('group 18: a client that only listens asks too, and its enquiry takes no place in the window', () => {
  const it = bound({ enquireLinkMs: 3_000 })
  for (const time of [1_000, 2_000, 2_900]) {
    it.at(time)
    it.pdu({ command: 'deliver_sm', sequence: time })
  }
  assert.deepEqual(words(it.at(3_000)), ['write enquire_link 0'])
  assert.equal(it.session.freeWindow, 3)
})

test('nextAt names the moment at which something happens, and nothing happens before', () => {
  const it = bound()
  assert.equal(it.session.nextAt(), 10_000)
  it.submit()
  assert.equal(it.session.nextAt(), 1_000)
  assert.deepEqual(words(it.at(999)), [])
  assert.deepEqual(words(it.at(1_000)), ['reject'])
})

test('group 19: an unbind of the peer in the middle of the window waits for our answers and handlers', () => {
  const it = bound()
  const requests = [1, 2, 3, 4].map(() => it.submit())
  const [handle] = it.pdu({ command: 'deliver_sm', sequence: 7 })
  assert.ok(handle?.do === 'handle')
  assert.deepEqual(words(it.pdu({ command: 'unbind', sequence: 8 })), ['reject'])
  assert.equal(failure(requests[3]!.outcomes[0]), 'closed no')
  assert.equal(failure(it.submit().outcomes[0]), 'closed no')
  for (const i of [2, 0, 1]) assert.deepEqual(words(it.pdu(answer(requests[i]!.entry))), ['resolve'])
  const last = it.perform((out) => it.session.handled(handle.pdu, { command: 'deliver_sm_resp' }, 0, out))
  assert.deepEqual(words(last), ['write deliver_sm_resp 0', 'write unbind_resp 0', 'close peer_unbound'])
})

test('group 19: an unbind of the peer does not wait longer than the answers may take', () => {
  const it = bound()
  it.submit()
  it.pdu({ command: 'unbind', sequence: 8 })
  assert.deepEqual(words(it.at(1_000)), ['reject', 'write unbind_resp 0', 'close peer_unbound'])
})

test('our own unbind waits for the window, then asks, then ends; without an answer it ends too', () => {
  const it = bound()
  const { entry } = it.submit()
  assert.deepEqual(words(it.perform((out) => it.session.unbind(0, out))), [])
  assert.equal(it.session.freeWindow, 0)
  const [, unbind] = it.pdu(answer(entry))
  assert.ok(unbind?.do === 'write' && unbind.pdu.command === 'unbind')
  assert.deepEqual(words(it.pdu({ command: 'deliver_sm', sequence: 3 })), ['handle'])
  assert.deepEqual(words(it.pdu({ command: 'unbind_resp', sequence: unbind.sequence })), ['close unbound'])
  const silent = bound()
  silent.perform((out) => silent.session.unbind(0, out))
  assert.deepEqual(words(silent.at(1_000)), ['close unbind_timeout'])
})

test('group 21: a deliver_sm that overtakes the bind answer is taken; a bind without an answer ends', () => {
  const it = open()
  it.perform((out) => it.session.bind({ command: 'bind_receiver' }, 'receiver', 0, out))
  assert.deepEqual(words(it.pdu({ command: 'deliver_sm', sequence: 1 })), ['handle'])
  assert.deepEqual(words(it.at(2_000)), ['close bind_timeout'])
})

test('group 20: a refused bind is told with its status, then the link ends', () => {
  const it = open()
  it.perform((out) => it.session.bind({ command: 'bind_receiver' }, 'receiver', 0, out))
  const actions = it.pdu({ command: 'bind_receiver_resp', sequence: 1, status: 0x0e })
  assert.deepEqual(words(actions), ['refused', 'close bind_refused'])
})

test('group 12: unknown requests get a nack, unknown answers nothing, bad bodies their own answer; the session lives', () => {
  const it = bound()
  assert.deepEqual(words(it.feed(frame(0xabcd))), ['note bad_body', 'write generic_nack 3'])
  assert.deepEqual(words(it.feed(frame(0x8000abcd))), ['note bad_body'])
  assert.deepEqual(words(it.feed(frame(5, deliverHead(9)))), ['note bad_body', 'write deliver_sm_resp 1'])
  assert.equal(it.session.state, 'bound')
  assert.deepEqual(words(it.pdu({ command: 'deliver_sm', sequence: 3 })), ['handle'])
})

test('group 2: broken framing is answered once with a nack, and the session ends', () => {
  const it = bound()
  const { outcomes } = it.submit()
  assert.deepEqual(words(it.feed(frame(5, '', { length: 4 }))), [
    'write generic_nack 2',
    'reject',
    'close broken_framing',
  ])
  assert.equal(outcomes.length, 1)
  assert.deepEqual(it.pdu({ command: 'enquire_link' }), [])
})

test('a server takes nothing before the bind, one bind only, and ends a stranger in time', () => {
  const it = open({ role: 'server' })
  assert.deepEqual(words(it.pdu({ command: 'submit_sm' })), ['write submit_sm_resp 4'])
  assert.deepEqual(words(it.pdu({ command: 'bind_receiver' })), ['bind'])
  assert.deepEqual(words(it.pdu({ command: 'bind_receiver' })), ['write bind_receiver_resp 5'])
  assert.deepEqual(words(it.at(2_000)), ['close bind_timeout'])
})

test('what has no answer, and what the session does itself, is no request', () => {
  for (const command of ['alert_notification', 'submit_sm_resp', 'unbind', 'bind_receiver'] as const) {
    const it = boundServer()
    const errors: SmppError[] = []
    const entry = makeEntry(
      'request',
      { command },
      () => {},
      (error) => errors.push(error),
    )
    it.perform((out) => it.session.request(entry, 0, out))
    assert.deepEqual(errors.map(failure), ['invalid_pdu no'])
  }
})

test('a receiver may not submit and a transmitter is not delivered to, in both directions', () => {
  const receiver = boundServer({}, 'receiver')
  assert.deepEqual(words(receiver.pdu({ command: 'submit_sm' })), ['write submit_sm_resp 4'])
  const transmitter = boundServer({}, 'transmitter')
  const entry = makeEntry(
    'request',
    { command: 'deliver_sm' },
    () => {},
    () => {},
  )
  assert.deepEqual(words(transmitter.perform((out) => transmitter.session.request(entry, 0, out))), [
    'reject',
  ])
  assert.equal(failure(bound({}, 'receiver').submit().outcomes[0]), 'not_bound no')
})

test('group 25: beyond the handlers reading pauses, what one read brought is parked, enquire_link is answered', () => {
  const it = bound({ maxHandling: 2 })
  const actions = [1, 2, 3, 4].flatMap((sequence) => it.pdu({ command: 'deliver_sm', sequence }))
  assert.deepEqual(words(actions), ['handle', 'handle'])
  assert.equal(it.session.paused, true)
  assert.deepEqual(words(it.pdu({ command: 'enquire_link', sequence: 5 })), ['write enquire_link_resp 0'])
  const done = (actions: Action[]) => {
    const handle = actions.find((action) => action.do === 'handle')
    assert.ok(handle?.do === 'handle')
    return it.perform((out) => it.session.handled(handle.pdu, { command: 'deliver_sm_resp' }, 0, out))
  }
  const third = done(actions)
  assert.deepEqual(words(third), ['write deliver_sm_resp 0', 'handle'])
  assert.equal(it.session.paused, true)
  const fourth = done(third)
  assert.deepEqual(words(fourth), ['write deliver_sm_resp 0', 'handle'])
  assert.equal(it.session.paused, false)
})

test('group 57: when the handlers hang, reading goes on and more is refused as a temporary error', () => {
  for (const [it, command, status] of [
    [bound({ maxHandling: 1 }), 'deliver_sm', 0x64],
    [boundServer({ maxHandling: 1 }), 'submit_sm', 0x58],
  ] as const) {
    const [handle] = it.pdu({ command, sequence: 1 })
    it.pdu({ command, sequence: 2 })
    assert.equal(it.session.nextAt(), 500)
    it.at(500)
    assert.equal(it.session.paused, false)
    assert.deepEqual(words(it.pdu({ command, sequence: 3 })), [`write ${command}_resp ${status}`])
    assert.deepEqual(words(it.pdu({ command: 'enquire_link' })), ['write enquire_link_resp 0'])
    assert.ok(handle?.do === 'handle')
    const next = it.perform((out) => it.session.handled(handle.pdu, undefined, 600, out))
    assert.deepEqual(words(next), ['handle'])
    assert.equal(it.session.state, 'bound')
  }
})

test('while reading is paused, silence does not end the link', () => {
  const it = bound({ maxHandling: 1, stallMs: 60_000, enquireLinkMs: 3_000 })
  const enquired = it.at(3_000)
  assert.deepEqual(words(enquired), ['write enquire_link 0'])
  for (const sequence of [1, 2]) it.pdu({ command: 'deliver_sm', sequence })
  assert.deepEqual(words(it.at(4_000)), [])
  assert.deepEqual(words(it.at(4_999)), [])
  assert.equal(it.session.state, 'bound')
})
