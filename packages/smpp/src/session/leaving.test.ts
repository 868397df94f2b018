import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bound, failure, open, words } from '../testing/session.ts'

test('group 19: a peer that asks to unbind again and again does not put it off', () => {
  const it = bound()
  it.pdu({ command: 'deliver_sm', sequence: 3 })
  it.pdu({ command: 'unbind', sequence: 4 })
  it.at(600)
  it.pdu({ command: 'unbind', sequence: 5 })
  assert.equal(it.session.nextAt(), 1_000)
  assert.deepEqual(words(it.at(1_000)), ['write unbind_resp 0', 'close peer_unbound'])
})

test('group 19: an unbind of the peer does not put off our own, which waits for handlers', () => {
  const it = bound()
  it.pdu({ command: 'deliver_sm', sequence: 3 })
  it.perform((out) => it.session.unbind(0, out))
  it.at(600)
  it.pdu({ command: 'unbind', sequence: 4 })
  assert.equal(it.session.nextAt(), 1_000)
})

test('group 19: whoever unbinds, what waits for a place is rejected unsent at once', () => {
  for (const by of ['us', 'peer']) {
    const it = bound({ window: 1 })
    const sent = it.submit()
    const waiting = it.submit()
    if (by === 'us') it.perform((out) => it.session.unbind(0, out))
    else it.pdu({ command: 'unbind', sequence: 4 })
    assert.deepEqual([sent.outcomes.length, failure(waiting.outcomes[0])], [0, 'closed no'], by)
  }
})

test('to leave before the bind is answered ends the session at once', () => {
  const it = open()
  it.perform((out) => it.session.bind({ command: 'bind_transceiver' }, 'transceiver', 0, out))
  assert.deepEqual(words(it.perform((out) => it.session.unbind(0, out))), ['close destroyed'])
})

test('group 20: an SMSC that asks an ESME to bind is told that this is not for it', () => {
  for (const command of ['bind_transceiver', 'bind_transmitter', 'bind_receiver'] as const) {
    assert.deepEqual(words(bound().pdu({ command, sequence: 3 })), [`write ${command}_resp 4`])
    assert.deepEqual(words(open().pdu({ command, sequence: 3 })), [`write ${command}_resp 4`])
  }
})

test('a pause in which we did not read is no silence of the peer', () => {
  const it = bound({ maxHandling: 1, stallMs: 60_000, enquireLinkMs: 3_000 })
  const [first] = [1, 2].map((sequence) => it.pdu({ command: 'deliver_sm', sequence }))
  it.at(2_900)
  assert.ok(first![0]?.do === 'handle')
  const { pdu } = first![0]
  it.perform((out) => it.session.handled(pdu, { command: 'deliver_sm_resp' }, 2_900, out))
  it.submit()
  assert.deepEqual(words(it.at(3_000)), [])
})
