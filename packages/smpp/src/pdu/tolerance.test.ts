import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deliverHead, frame } from '../testing/frame.ts'
import { commands, type Pdu } from './commands.ts'
import { type Decoded, decodePdu } from './decode.ts'
import { createDecoder } from './decoder.ts'
import { encodePdu } from './encode.ts'
import { layoutOf } from './layout.ts'
import { parseReceipt } from './receipt.ts'
import { readTlv } from './tlv.ts'
import { truncateBind } from './truncate.ts'

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

test('group 5: an sm_length beyond the body is refused at every place where it can lie', () => {
  for (const id of [0x04, 0x05]) {
    for (let claimed = 3; claimed <= 255; claimed++)
      refused(frame(id, `${deliverHead(claimed)} 686921`.slice(0, -2), { sequence: claimed }), 0x01)
  }
  // replace_sm and submit_multi have a short_message too.
  refused(frame(0x07, '6d00 00 00 00 00 00 00 00 09 6869'), 0x01)
  refused(frame(0x21, '00 00 00 00 01 01 01 01 3100 00 00 00 00 00 00 00 00 00 09 6869'), 0x01)
})

test('group 5: the sequence of PDUs goes on behind one whose sm_length is wrong', () => {
  const bad = frame(5, `${deliverHead(160)} 6869`, { sequence: 1 })
  const good = frame(5, `${deliverHead(2)} 6869`, { sequence: 2 })
  const decoded = createDecoder().push(Buffer.concat([bad, good]))
  assert.deepEqual(
    decoded.map((one) => [one.ok, one.ok ? one.pdu.sequence : !one.fatal && one.header.sequence]),
    [
      [false, 1],
      [true, 2],
    ],
  )
})

test('group 5: text left behind a short_message that is too short is no reason to refuse, and is told', () => {
  taken(frame(5, `${deliverHead(2)} 6869 000000`), 'deliver_sm', [/3 octets are left/])
  taken(frame(5, `${deliverHead(0)} 6869`), 'deliver_sm', [/2 octets are left/])
})

test('group 6: a TLV longer than the body is dropped, what stands before it is kept', () => {
  const body = `${deliverHead(2, 4)} 6869 0427 0001 02 001e 0041 3132333435`
  const pdu = taken(frame(5, body), 'deliver_sm', [/0x001e has length 65, but 5/])
  assert.equal(readTlv(pdu, 'message_state'), 2)
  assert.equal(readTlv(pdu, 'receipted_message_id'), undefined)
})

test('group 6: a receipt whose text is whole survives a TLV that is not', () => {
  const text = Buffer.from('id:12345 sub:001 dlvrd:001 stat:DELIVRD err:000 text:')
  const body = `${deliverHead(text.length, 4)}${text.toString('hex')} 001e 0041 3132333435`
  const pdu = taken(frame(5, body), 'deliver_sm', [/0x001e has length 65, but 5/])
  assert.equal(parseReceipt(pdu)?.id, '12345')
  assert.equal(parseReceipt(pdu)?.state, 'delivered')
})

test('group 6: a TLV that ends within its own head is left out, and what is left is told', () => {
  for (const [rest, left] of [
    ['04', 1],
    ['0427', 2],
    ['042700', 3],
  ] as const)
    taken(frame(5, `${deliverHead(0)} ${rest}`), 'deliver_sm', [new RegExp(`${left} octets are left`)])
})

test('group 7: one octet of garbage behind the TLVs is told, the TLVs are kept', () => {
  const pdu = taken(frame(5, `${deliverHead(0)} 0427 0001 02 ff`), 'deliver_sm', [/1 octets are left/])
  assert.equal(readTlv(pdu, 'message_state'), 2)
  const answer = taken(frame(0x80000004, '616200 ff'), 'submit_sm_resp', [/1 octets are left/])
  assert.equal(answer.message_id, 'ab')
})

test('group 7: garbage behind a PDU without fields is told, the PDU is taken', () => {
  taken(frame(0x15, '00'), 'enquire_link', [/1 octets are left/])
  taken(frame(0x80000006, '0427 0001 02'), 'unbind_resp')
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

test('group 8: addresses and names longer than specified are taken whole, in every kind of PDU', () => {
  const long = Buffer.from('4'.repeat(40)).toString('hex')
  const message = frame(5, `00 01 01 ${long} 00 01 01 ${long} 00 ${'00'.repeat(10)}`)
  const pdu = taken(message, 'deliver_sm', [
    /source_addr is longer than 20/,
    /destination_addr is longer than 20/,
  ])
  assert.equal(pdu.source_addr.length, 40)
  const outbind = taken(frame(0x0b, `${long} 00 ${long} 00`), 'outbind', [
    /system_id is/,
    /password is longer than 8/,
  ])
  assert.equal(outbind.password.length, 40)
})

test('group 8: a long password goes out whole, or cut to what strict peers take', () => {
  const pdu = {
    command: 'bind_transceiver',
    system_id: 'a'.repeat(20),
    password: '123456789',
    address_range: '4',
  } as const
  const sent = (truncate: boolean) => {
    const decoded = decodePdu(encodePdu(pdu, { truncate }))
    assert.ok(decoded.ok && decoded.pdu.command === 'bind_transceiver')
    return [decoded.pdu.system_id.length, decoded.pdu.password, decoded.pdu.address_range]
  }
  assert.deepEqual(sent(false), [20, '123456789', '4'])
  assert.deepEqual(sent(true), [15, '12345678', '4'])
  assert.deepEqual(
    truncateBind({ command: 'submit_sm_resp', message_id: 'a'.repeat(80) }).message_id?.length,
    80,
  )
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

test('group 11: every answer without a body is an answer, a deliver_sm_resp without a word about it', () => {
  for (const [name, entry] of Object.entries(commands)) {
    if (entry.id < 0x80000000) continue
    const decoded = decodePdu(frame(entry.id))
    assert.ok(decoded.ok && decoded.pdu.command === name)
    const silent = name === 'deliver_sm_resp' || layoutOf(name)!.fields.length === 0
    assert.equal(decoded.problems.length === 0, silent, name)
    const failed = decodePdu(frame(entry.id, '', { status: 8 }))
    assert.ok(failed.ok && failed.pdu.status === 8 && failed.problems.length === 0, name)
  }
})

test('group 12: an unknown answer is told apart from an unknown request by its id', () => {
  for (const id of [0x0000000a, 0x00010000, 0x7fffffff, 0x80000010, 0xffffffff])
    assert.equal(refused(frame(id, 'ff', { sequence: 3 }), 0x03).header.command_id, id)
})

test('group 13: vendor TLVs and TLVs that do not belong there pass through octet for octet', () => {
  const octets = frame(
    5,
    `${deliverHead(1)} 41 1400 0013 31323334353637383930313233343536373839 0426 0001 01 3fff 0000`,
  )
  assert.deepEqual(encodePdu(taken(octets, 'deliver_sm')), octets)
})

test('group 13: every tag there can be passes through octet for octet', () => {
  const tlvs = Array.from({ length: 0x10000 }, (_, tag) => tag.toString(16).padStart(4, '0'))
  for (let from = 0; from < tlvs.length; from += 1_000) {
    const some = tlvs.slice(from, from + 1_000).map((tag) => `${tag}0002${tag}`)
    const octets = frame(0x103, `00 01 01 3100 01 01 3200 00 00 00 ${some.join('')}`)
    assert.deepEqual(encodePdu(taken(octets, 'data_sm')), octets)
  }
})

test('group 13: a thousand TLVs are taken, and of more than that a thousand, so that 70,000 octets are not megabytes of objects', () => {
  const body = '00 01 01 3100 01 01 3200 00 00 00 00 00 00 00 00 00 00'
  for (const [command, id, fields] of [
    ['submit_sm', 4, body],
    ['submit_sm_resp', 0x80000004, '3100'],
    ['bind_transceiver', 9, '6100 6200 00 34 00 00 00'],
  ] as const) {
    const taking = (count: number) => decodePdu(frame(id, `${fields} ${'1400 0000'.repeat(count)}`))
    for (const [count, problems] of [
      [1_000, []],
      [1_001, ['more than 1000 TLVs']],
      [17_000, ['more than 1000 TLVs']],
    ] as const) {
      const decoded = taking(count)
      assert.ok(decoded.ok && decoded.pdu.command === command)
      assert.equal(decoded.pdu.tlvs.length, 1_000)
      assert.deepEqual(decoded.problems, problems)
    }
  }
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

test('group 15: a submit_multi may name addresses and lists, and none', () => {
  const tail = '00 00 00 00 00 00 00 00 00 02 6869'
  const pdu = taken(frame(0x21, `00 00 00 00 02 01 01 01 3100 02 616c6c00 ${tail}`), 'submit_multi')
  assert.deepEqual(pdu.dest_addresses, [
    { dest_addr_ton: 1, dest_addr_npi: 1, destination_addr: '1' },
    { dl_name: 'all' },
  ])
  assert.deepEqual(taken(frame(0x21, `00 00 00 00 00 ${tail}`), 'submit_multi').dest_addresses, [])
})

test('group 15: congestion_state is read from any answer', () => {
  for (const id of [0x80000004, 0x80000005, 0x80000103]) {
    const decoded = decodePdu(frame(id, '6100 0428 0001 5a'))
    assert.ok(decoded.ok && readTlv(decoded.pdu, 'congestion_state') === 90)
  }
})

test('group 15: a receipt and a message may come as data_sm', () => {
  const receipt = taken(
    frame(0x103, '00 01 01 3100 01 01 3200 04 00 00 001e 0002 6100 0427 0001 02'),
    'data_sm',
  )
  assert.deepEqual([parseReceipt(receipt)?.id, parseReceipt(receipt)?.state], ['a', 'delivered'])
  const message = taken(frame(0x103, '00 01 01 3100 01 01 3200 00 00 08 0424 0002 0041'), 'data_sm')
  assert.equal(parseReceipt(message), undefined)
  assert.deepEqual(Buffer.from(readTlv(message, 'message_payload')!), Buffer.of(0, 0x41))
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
