import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SmppError } from '../errors.ts'
import { deliverHead, frame } from '../testing/frame.ts'
import { answer, bound, boundServer, failure, open, words } from '../testing/session.ts'
import type { Action } from './actions.ts'
import { makeEntry } from './outbox.ts'

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
  const it = bound({ enquireLinkMs: 3_000, maxHandling: 9 })
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

test('group 18: a peer that never asks is asked, one that says nothing at all is left in interval and timeout', () => {
  const it = bound({ enquireLinkMs: 4_000, responseTimeoutMs: 1_500 })
  assert.deepEqual(words(it.at(4_000)), ['write enquire_link 0'])
  assert.deepEqual(words(it.at(5_499)), [])
  assert.deepEqual(words(it.at(5_500)), ['close link_dead'])
})

test('group 19: the connection closed in place of an unbind_resp ends the session as any close', () => {
  const it = bound()
  const { outcomes } = it.submit()
  it.perform((out) => it.session.unbind(0, out))
  assert.deepEqual(words(it.perform((out) => it.session.close(out, 'socket_closed'))), [
    'reject',
    'close socket_closed',
  ])
  assert.equal(outcomes.length, 1)
})

test('group 19: after its unbind_resp a deliver_sm is not taken: it is never acknowledged, so it comes again', () => {
  const it = bound()
  const [unbind] = it.perform((out) => it.session.unbind(0, out))
  assert.ok(unbind?.do === 'write')
  it.pdu({ command: 'unbind_resp', sequence: unbind.sequence })
  assert.deepEqual(it.pdu({ command: 'deliver_sm', sequence: 9 }), [])
})

test('group 19: both sides unbind at the same time, and both get their answer', () => {
  const it = bound()
  assert.deepEqual(words(it.perform((out) => it.session.unbind(0, out))), ['write unbind 0'])
  assert.deepEqual(words(it.pdu({ command: 'unbind', sequence: 4 })), [
    'write unbind_resp 0',
    'close peer_unbound',
  ])
})

test('group 19: an unbind waits for handlers, but not for ever', () => {
  const ours = bound()
  ours.pdu({ command: 'deliver_sm', sequence: 3 })
  assert.deepEqual(words(ours.perform((out) => ours.session.unbind(0, out))), [])
  assert.equal(ours.session.nextAt(), 1_000)
  assert.deepEqual(words(ours.at(1_000)), ['write unbind 0'])
  const theirs = bound()
  theirs.pdu({ command: 'deliver_sm', sequence: 3 })
  assert.deepEqual(words(theirs.pdu({ command: 'unbind', sequence: 4 })), [])
  assert.deepEqual(words(theirs.at(1_000)), ['write unbind_resp 0', 'close peer_unbound'])
})

test('group 21: a status may count as bound where the SMSC means it so, and others do not', () => {
  const asked = (status: number) => {
    const it = open({ boundOn: [0x05, 0x04] })
    it.perform((out) => it.session.bind({ command: 'bind_transceiver' }, 'transceiver', 0, out))
    return words(it.pdu({ command: 'bind_transceiver_resp', sequence: 1, status }))
  }
  assert.deepEqual(asked(0x05), ['bound'])
  assert.deepEqual(asked(0x04), ['bound'])
  assert.deepEqual(asked(0x0d), ['refused', 'close bind_refused'])
})

test('group 21: a bind answer after other PDUs is the bind answer; a nack of the bind refuses it', () => {
  const it = open()
  it.perform((out) => it.session.bind({ command: 'bind_transceiver' }, 'transceiver', 0, out))
  it.pdu({ command: 'enquire_link', sequence: 1 })
  it.pdu({ command: 'deliver_sm', sequence: 1 })
  assert.deepEqual(words(it.pdu({ command: 'bind_transceiver_resp', sequence: 1 })), ['bound'])
  const nacked = open({ boundOn: [5] })
  nacked.perform((out) => nacked.session.bind({ command: 'bind_transceiver' }, 'transceiver', 0, out))
  assert.deepEqual(words(nacked.pdu({ command: 'generic_nack', sequence: 1, status: 5 })), [
    'refused',
    'close bind_refused',
  ])
})

test('group 30: query, cancel and replace give the status of whoever does not know them; silence is a timeout', () => {
  for (const command of ['query_sm', 'cancel_sm', 'replace_sm'] as const) {
    const it = bound()
    const [unknown, failing, silent] = [1, 2, 3].map(() => it.submit({ pdu: { command } }))
    it.pdu({ command: 'generic_nack', sequence: unknown!.entry.sequence, status: 0x03 })
    it.pdu({ command: `${command}_resp`, sequence: failing!.entry.sequence, status: 0x08 })
    it.at(1_000)
    const [nack, error, late] = [unknown, failing, silent].map((one) => one!.outcomes)
    assert.deepEqual(
      nack?.map((one) => 'status' in one && one.status),
      [0x03],
    )
    assert.deepEqual(
      error?.map((one) => 'status' in one && one.status),
      [0x08],
    )
    assert.deepEqual(late?.map(failure), ['timeout maybe'])
  }
})

test('group 57: that the handlers hang is told, once', () => {
  const it = bound({ maxHandling: 1 })
  for (const sequence of [1, 2]) it.pdu({ command: 'deliver_sm', sequence })
  assert.deepEqual(words(it.at(500)), ['note stalled'])
  assert.deepEqual(words(it.at(900)), [])
})
