import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deliverHead, frame } from '../testing/frame.ts'
import type { Pdu } from './commands.ts'
import { type Decoded, decodePdu } from './decode.ts'
import { encodePdu } from './encode.ts'
import { readTlv } from './tlv.ts'

function taken<C extends Pdu['command']>(octets: Buffer, command: C, problems: RegExp[] = []) {
  const decoded = decodePdu(octets)
  assert.ok(decoded.ok, JSON.stringify(decoded))
  assert.equal(decoded.pdu.command, command)
  assert.equal(decoded.problems.length, problems.length, decoded.problems.join('; '))
  for (const [i, problem] of problems.entries()) assert.match(decoded.problems[i]!, problem)
  return decoded.pdu as Extract<Pdu, { command: C }>
}

function refused(octets: Buffer, status: number): Extract<Decoded, { ok: false; fatal: false }> {
  const decoded = decodePdu(octets)
  assert.ok(!decoded.ok && !decoded.fatal, JSON.stringify(decoded))
  assert.equal(decoded.status, status)
  return decoded
}

test('group 5: an sm_length beyond the body is refused as RINVMSGLEN, with the header to answer it', () => {
  const decoded = refused(frame(5, `${deliverHead(30)} 6869`, { sequence: 77 }), 0x01)
  assert.equal(decoded.header.sequence, 77)
  assert.equal(decoded.header.command, 'deliver_sm')
})

test('group 5: an sm_length that leaves a trailing NUL is taken', () => {
  const pdu = taken(frame(5, `${deliverHead(2)} 6869 00`), 'deliver_sm', [/1 octets are left/])
  assert.deepEqual(Buffer.from(pdu.short_message), Buffer.from('hi'))
})

test('group 6: a TLV longer than the body is dropped, what stands before it is kept', () => {
  const body = `${deliverHead(2, 4)} 6869 0427 0001 02 001e 0041 3132333435`
  const pdu = taken(frame(5, body), 'deliver_sm', [/0x001e has length 65, but 5/])
  assert.equal(readTlv(pdu, 'message_state'), 2)
  assert.equal(readTlv(pdu, 'receipted_message_id'), undefined)
})

test('group 7: double, empty and unordered TLVs are kept as they came', () => {
  const body = `${deliverHead(0)} 1400 0000 0427 0001 02 0427 0001 05 001e 0003 616200 0005 0001 01`
  const pdu = taken(frame(5, body), 'deliver_sm')
  assert.deepEqual(
    pdu.tlvs.map(({ tag, value }) => [tag, value.length]),
    [
      [0x1400, 0],
      [0x0427, 1],
      [0x0427, 1],
      [0x001e, 3],
      [0x0005, 1],
    ],
  )
  assert.equal(readTlv(pdu, 'message_state'), 2)
  assert.equal(readTlv(pdu, 'receipted_message_id'), 'ab')
})

test('group 7: a receipted_message_id reads the same with its NUL and without', () => {
  for (const value of ['0002 6162', '0003 616200', '0004 61620000'])
    assert.equal(
      readTlv(taken(frame(5, `${deliverHead(0)} 001e ${value}`), 'deliver_sm'), 'receipted_message_id'),
      'ab',
    )
})

test('group 8: a string without its NUL is taken up to the end of the PDU', () => {
  const pdu = taken(frame(0x80000004, Buffer.from('abc123')), 'submit_sm_resp', [/no NUL/])
  assert.equal(pdu.message_id, 'abc123')
})

test('group 8: strings longer than specified are taken whole and reported', () => {
  const long = 'a'.repeat(100)
  const pdu = taken(frame(0x80000004, Buffer.from(`${long}\0`)), 'submit_sm_resp', [/longer than 64/])
  assert.equal(pdu.message_id, long)
  const bind = taken(frame(9, Buffer.from('name\0a-long-password\0\0\x34\0\0\0')), 'bind_transceiver', [
    /password is longer/,
  ])
  assert.equal(bind.password, 'a-long-password')
})

test('group 8: what is wrong with strings in lists is reported too, each kind of it once', () => {
  const long = Buffer.from('4'.repeat(21)).toString('hex')
  const { dest_addresses } = taken(
    frame(0x21, `00 0000 00 03 02${long}00 01 0101${long}00 01 0101${long}00 ${'00'.repeat(10)}`),
    'submit_multi',
    [/^dl_name is longer than 20/, /^destination_addr is longer than 20/],
  )
  assert.equal(dest_addresses.length, 3)
  taken(frame(0x80000021, `6d00 01 0101${long}00 0000000b`), 'submit_multi_resp', [
    /destination_addr is longer/,
  ])
  const ids = taken(frame(0x80000023, `01 ${'31'.repeat(65)}`), 'query_last_msgs_resp', [
    /longer than 64/,
    /no NUL/,
  ])
  assert.equal(ids.message_ids[0]!.length, 65)
})

test('group 9: a submit_sm_resp without a body, with an empty id, and with an id without NUL', () => {
  assert.equal(taken(frame(0x80000004), 'submit_sm_resp', [/message_id is missing/]).message_id, '')
  assert.equal(taken(frame(0x80000004, '00'), 'submit_sm_resp').message_id, '')
  assert.equal(taken(frame(0x80000004, '39'), 'submit_sm_resp', [/no NUL/]).message_id, '9')
})

test('group 10: an error answer with and without a body, and with TLVs', () => {
  const status = 0x45
  assert.equal(taken(frame(0x80000004, '', { status }), 'submit_sm_resp').status, status)
  assert.equal(taken(frame(0x80000004, '00', { status }), 'submit_sm_resp').message_id, '')
  const withTlvs = taken(frame(0x80000004, '00 0425 0001 02 001d 0003 6e6f00', { status }), 'submit_sm_resp')
  assert.equal(readTlv(withTlvs, 'delivery_failure_reason'), 2)
  assert.equal(readTlv(withTlvs, 'additional_status_info_text'), 'no')
})

test('group 10: an error answer whose sender left out message_id but not the TLVs', () => {
  for (const body of ['0425 0001 02', '001d 0003 6e6f00 0425 0001 02']) {
    const pdu = taken(frame(0x80000103, body, { status: 0xfe }), 'data_sm_resp')
    assert.equal(pdu.message_id, '')
    assert.equal(readTlv(pdu, 'delivery_failure_reason'), 2)
  }
})

test('group 11: a deliver_sm_resp with a message_id, with an empty one, and without any body', () => {
  assert.equal(taken(frame(0x80000005, '616200'), 'deliver_sm_resp').message_id, 'ab')
  assert.equal(taken(frame(0x80000005, '00'), 'deliver_sm_resp').message_id, '')
  assert.equal(taken(frame(0x80000005), 'deliver_sm_resp').message_id, '')
})

test('group 12: an unknown command_id is refused as RINVCMDID with its sequence number', () => {
  const decoded = refused(frame(0x0000abcd, '0102', { sequence: 5 }), 0x03)
  assert.deepEqual(
    [decoded.header.command, decoded.header.command_id, decoded.header.sequence],
    [undefined, 0xabcd, 5],
  )
})

test('group 13: vendor TLVs and TLVs that do not belong there pass through octet for octet', () => {
  const octets = frame(
    5,
    `${deliverHead(1)} 41 1400 0013 31323334353637383930313233343536373839 0426 0001 01 3fff 0000`,
  )
  assert.deepEqual(encodePdu(taken(octets, 'deliver_sm')), octets)
})

test('group 14: a bind answer without sc_interface_version and one with an odd version', () => {
  assert.equal(
    readTlv(taken(frame(0x80000009, '6100'), 'bind_transceiver_resp'), 'sc_interface_version'),
    undefined,
  )
  for (const version of ['33', '50', '00']) {
    const pdu = taken(frame(0x80000009, `6100 0210 0001 ${version}`), 'bind_transceiver_resp')
    assert.equal(readTlv(pdu, 'sc_interface_version'), Number.parseInt(version, 16))
  }
})

test('group 15: data_sm, alert_notification, outbind and submit_multi with partial failures are understood', () => {
  const data = taken(frame(0x103, '00 01 01 3100 01 01 3200 04 00 00 001e 0002 6100'), 'data_sm')
  assert.equal(readTlv(data, 'receipted_message_id'), 'a')
  assert.equal(taken(frame(0x102, '01 01 3439 00 01 01 3500'), 'alert_notification').esme_addr, '5')
  assert.equal(taken(frame(0x0b, '6100 6200'), 'outbind').password, 'b')
  const failed = taken(
    frame(0x80000021, '6d3100 02 01013100 00000045 01013200 0000000b'),
    'submit_multi_resp',
  )
  assert.deepEqual(
    failed.unsuccess_smes.map((one) => [one.destination_addr, one.error_status_code]),
    [
      ['1', 0x45],
      ['2', 0x0b],
    ],
  )
})

test('group 15: a submit_multi whose list ends early is refused, a response whose list ends early is taken', () => {
  refused(frame(0x21, '00 00 00 00 05 01 01 01 3100'), 0x33)
  taken(frame(0x80000021, '6d00 09 01013100 00000045'), 'submit_multi_resp', [/8 of the unsuccess_smes/])
})

test('a request that ends in the middle of its fields is refused, at every place', () => {
  const whole = frame(5, `${deliverHead(0)}`)
  for (let length = 16; length < whole.length; length++) {
    const cut = Buffer.from(whole.subarray(0, length))
    cut.writeUInt32BE(length, 0)
    const decoded = decodePdu(cut)
    assert.ok(!decoded.ok && !decoded.fatal && decoded.status === 0x02, `cut at ${length}`)
  }
})

test('decodePdu says when the octets are not one PDU', () => {
  for (const octets of [Buffer.alloc(3), Buffer.concat([frame(0x15), Buffer.alloc(1)])]) {
    const decoded = decodePdu(octets)
    assert.ok(!decoded.ok && decoded.fatal)
  }
})
