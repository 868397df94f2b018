import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SmppError } from '../errors.ts'
import { type CommandName, commands, type PduInput } from './commands.ts'
import { decodePdu } from './decode.ts'
import { encodePdu } from './encode.ts'
import { tlv } from './tlv.ts'
import { fitToVersion, negotiateVersion } from './version.ts'

const text = (length: number) => Buffer.alloc(length, 0x61)
const refused = (pdu: PduInput, version: 0x33 | 0x34 | 0x50, why: RegExp) =>
  assert.throws(
    () => encodePdu(pdu, { version }),
    (error: unknown) => error instanceof SmppError && error.code === 'invalid_pdu' && why.test(error.message),
  )
const sent = (pdu: PduInput, version: 0x33 | 0x34 | 0x50) => {
  const decoded = decodePdu(encodePdu(pdu, { version }))
  assert.ok(decoded.ok)
  return decoded.pdu
}

test('group 14: whatever a peer calls its version, it is 3.3, 3.4 or 5.0, and an absent one is 3.4', () => {
  const told: [number | undefined, number][] = [
    [0x00, 0x33],
    [0x03, 0x33],
    [0x32, 0x33],
    [0x33, 0x33],
    [0x34, 0x34],
    [0x35, 0x34],
    [0x4f, 0x34],
    [0x50, 0x50],
    [0xff, 0x50],
    [undefined, 0x34],
  ]
  for (const [theirs, version] of told) assert.equal(negotiateVersion(theirs), version, String(theirs))
  assert.equal(negotiateVersion(0x50, 0x34), 0x34)
  assert.equal(negotiateVersion(0x33, 0x34), 0x33)
  assert.equal(negotiateVersion(undefined, 0x33), 0x33)
})

test('group 14: towards a 3.3 peer TLVs are left out, towards later ones they stay', () => {
  const pdu: PduInput = {
    command: 'submit_sm',
    short_message: text(3),
    tlvs: [tlv('user_message_reference', 7), { tag: 0x1400, value: text(2) }],
  }
  assert.equal(sent(pdu, 0x33).tlvs.length, 0)
  assert.equal(sent(pdu, 0x34).tlvs.length, 2)
  assert.equal(sent(pdu, 0x50).tlvs.length, 2)
  assert.equal(pdu.tlvs!.length, 2)
  assert.equal(fitToVersion(pdu, 0x34), pdu)
})

test('group 14: a message_payload becomes the short_message of a 3.3 peer, or the PDU is refused', () => {
  const carrying = (length: number, short = 0): PduInput => ({
    command: 'submit_sm',
    short_message: text(short),
    tlvs: [tlv('message_payload', text(length))],
  })
  const pdu = sent(carrying(254), 0x33)
  assert.ok(pdu.command === 'submit_sm')
  assert.equal(pdu.short_message.length, 254)
  assert.equal(pdu.tlvs.length, 0)
  refused(carrying(255), 0x33, /message_payload/)
  refused(carrying(1, 1), 0x33, /message_payload/)
})

test('group 14: TLVs that make the message what it is are not left out quietly', () => {
  const essential = [
    tlv('sar_msg_ref_num', 1),
    tlv('destination_port', 2948),
    tlv('ussd_service_op', 2),
    tlv('receipted_message_id', 'a'),
  ]
  for (const one of essential) refused({ command: 'deliver_sm', tlvs: [one] }, 0x33, /3\.3/)
  const receipt: PduInput = {
    command: 'deliver_sm',
    esm_class: 4,
    short_message: text(9),
    tlvs: [tlv('receipted_message_id', 'a')],
  }
  assert.equal(sent(receipt, 0x33).tlvs.length, 0)
})

test('group 14: a request that the version does not have is refused before the wire', () => {
  refused({ command: 'data_sm' }, 0x33, /data_sm is not in SMPP 3\.3/)
  refused({ command: 'alert_notification' }, 0x33, /3\.3/)
  assert.equal(sent({ command: 'data_sm' }, 0x34).command, 'data_sm')
  for (const command of ['broadcast_sm', 'query_broadcast_sm', 'cancel_broadcast_sm'] as const) {
    refused({ command }, 0x33, /3\.3/)
    refused({ command }, 0x34, /is not in SMPP 3\.4/)
    assert.equal(sent({ command }, 0x50).command, command)
  }
  for (const command of ['query_last_msgs', 'query_msg_details', 'param_retrieve'] as const) {
    assert.equal(sent({ command }, 0x33).command, command)
    refused({ command }, 0x34, /is not in SMPP 3\.4/)
    refused({ command }, 0x50, /is not in SMPP 5\.0/)
  }
})

test('group 14: answers and binds are never refused for the version', () => {
  for (const [name, entry] of Object.entries(commands)) {
    const command = name as CommandName
    if (entry.id < 0x80000000) continue
    for (const version of [0x33, 0x34, 0x50] as const)
      assert.equal(sent({ command } as PduInput, version).command, command)
  }
  assert.equal(sent({ command: 'bind_transceiver' }, 0x33).command, 'bind_transceiver')
  const answer: PduInput = { command: 'submit_sm_resp', message_id: 'a', tlvs: [tlv('congestion_state', 90)] }
  assert.equal(sent(answer, 0x33).tlvs.length, 0)
})
