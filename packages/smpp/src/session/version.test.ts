import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { PduInput } from '../pdu/commands.ts'
import { tlv } from '../pdu/tlv.ts'
import { boundServer, failure, open, words } from '../testing/session.ts'
import type { SessionOptions } from './actions.ts'

function boundTo(theirs: number | undefined, options: Partial<SessionOptions> = {}) {
  const it = open({ interfaceVersion: 0x50, ...options })
  it.perform((out) => it.session.bind({ command: 'bind_transceiver' }, 'transceiver', 0, out))
  const tlvs = theirs === undefined ? [] : [{ tag: 0x0210, value: Buffer.of(theirs) }]
  it.pdu({ command: 'bind_transceiver_resp', sequence: 1, tlvs })
  return it
}

test('group 14: a client speaks the lower of its version and the answer’s; an answer without one is no obstacle', () => {
  const spoken = [0x00, 0x32, 0x33, 0x34, 0x50, 0x51, undefined].map((told) => boundTo(told).session.version)
  assert.deepEqual(spoken, [0x33, 0x33, 0x33, 0x34, 0x50, 0x50, 0x34])
  assert.equal(boundTo(0x50, { interfaceVersion: 0x34 }).session.version, 0x34)
})

test('group 14: a pinned version holds whatever the peer says', () => {
  assert.equal(boundTo(0x00, { version: 0x34 }).session.version, 0x34)
  assert.equal(boundTo(0x50, { version: 0x33 }).session.version, 0x33)
})

test('group 14: towards 3.3 TLVs are left out of requests and of answers', () => {
  const it = boundTo(0x33)
  const tlvs = [tlv('user_message_reference', 7)]
  const [written] = it.submit({ pdu: { command: 'submit_sm', tlvs } }).actions
  assert.ok(written?.do === 'write')
  assert.deepEqual(written.pdu.tlvs, [])
  const [handle] = it.pdu({ command: 'deliver_sm', sequence: 9 })
  assert.ok(handle?.do === 'handle')
  const reply: PduInput = { command: 'deliver_sm_resp', tlvs: [tlv('delivery_failure_reason', 1)] }
  const [answer] = it.perform((out) => it.session.handled(handle.pdu, reply, 0, out))
  assert.ok(answer?.do === 'write')
  assert.deepEqual(answer.pdu.tlvs, [])
})

test('group 14: what the negotiated version does not have is refused before it takes a place', () => {
  const it = boundTo(0x33)
  const { outcomes } = it.submit({ pdu: { command: 'data_sm' } })
  assert.equal(failure(outcomes[0]), 'invalid_pdu no')
  assert.match(String(outcomes[0]), /data_sm is not in SMPP 3\.3/)
  assert.equal(it.session.freeWindow, 3)
  assert.equal(boundTo(0x34).submit({ pdu: { command: 'data_sm' } }).outcomes.length, 0)
})

test('group 14: a server speaks the lower of its version and the bind’s', () => {
  const spoken = [0x00, 0x33, 0x34, 0x50].map((interface_version) => {
    const it = open({ role: 'server', interfaceVersion: 0x50 })
    const [asked] = it.pdu({ command: 'bind_receiver', sequence: 1, interface_version })
    assert.ok(asked?.do === 'bind')
    it.perform((out) => it.session.bindAnswered(asked.pdu, { command: 'bind_receiver_resp' }, out))
    return it.session.version
  })
  assert.deepEqual(spoken, [0x33, 0x33, 0x34, 0x50])
  assert.equal(boundServer({ interfaceVersion: 0x33 }).session.version, 0x33)
})

test('group 15: alert_notification and outbind have no answer, take no place, and only the SMSC sends them', () => {
  const server = boundServer()
  const alert = { command: 'alert_notification' } as const
  assert.deepEqual(words(server.notice(alert).actions), ['write alert_notification 0'])
  assert.equal(server.session.freeWindow, 3)
  assert.equal(failure(boundTo(0x34).notice(alert).outcomes[0]), 'not_bound no')
  assert.equal(failure(boundServer({}, 'transmitter').notice(alert).outcomes[0]), 'not_bound no')
  assert.equal(failure(server.notice({ command: 'submit_sm' }).outcomes[0]), 'invalid_pdu no')
  assert.equal(failure(server.notice({ command: 'outbind' }).outcomes[0]), 'invalid_pdu no')
  assert.equal(failure(server.submit({ pdu: alert }).outcomes[0]), 'invalid_pdu no')
})
