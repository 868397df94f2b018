import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deliverHead, frame } from '../testing/frame.ts'
import type { Decoded } from './decode.ts'
import { createDecoder } from './decoder.ts'
import { encodePdu } from './encode.ts'
import { tlv } from './tlv.ts'

const pdus = [
  encodePdu({ command: 'enquire_link', sequence: 1 }),
  encodePdu({
    command: 'submit_sm',
    sequence: 2,
    destination_addr: '49170',
    short_message: Buffer.from('hello'),
  }),
  encodePdu({ command: 'submit_sm_resp', sequence: 3, message_id: 'abc' }),
  encodePdu({
    command: 'deliver_sm',
    sequence: 4,
    tlvs: [tlv('message_payload', Buffer.alloc(5_000, 0x61))],
  }),
  encodePdu({ command: 'unbind', sequence: 5 }),
]
const stream = Buffer.concat(pdus)
const small = Buffer.concat([pdus[0]!, pdus[1]!, pdus[2]!, pdus[4]!])

const sequences = (decoded: Decoded[]) => decoded.map((one) => (one.ok ? one.pdu.sequence : -1))
const plain = (decoded: Decoded[]) => JSON.stringify(decoded)

test('group 1: a stream fed one octet at a time gives the same PDUs as fed whole', () => {
  const whole = createDecoder().push(stream)
  const decoder = createDecoder()
  const single = [...stream].flatMap((_octet, i) => decoder.push(Buffer.from(stream.subarray(i, i + 1))))
  assert.deepEqual(sequences(whole), [1, 2, 3, 4, 5])
  assert.equal(plain(single), plain(whole))
  assert.equal(decoder.pending, 0)
})

test('group 1: a stream cut at every place, and at every two places, gives the same PDUs', () => {
  const whole = plain(createDecoder().push(small))
  for (let a = 0; a <= small.length; a++) {
    for (let b = a; b <= small.length; b += 7) {
      const decoder = createDecoder()
      const parts = [small.subarray(0, a), small.subarray(a, b), small.subarray(b)]
      assert.equal(
        plain(parts.flatMap((part) => decoder.push(Buffer.from(part)))),
        whole,
        `cut at ${a} and ${b}`,
      )
    }
  }
})

for (const length of [0, 4, 15, 0x7fffffff, 0x80000000, 0xffffffff]) {
  test(`group 2: command_length ${length} breaks the framing once and holds no memory`, () => {
    const decoder = createDecoder()
    const broken = Buffer.alloc(64, 0x20)
    broken.writeUInt32BE(length, 0)
    const [one, ...more] = decoder.push(broken)
    assert.ok(one !== undefined && !one.ok && one.fatal)
    assert.equal(one.status, 0x02)
    assert.deepEqual(more, [])
    assert.deepEqual(decoder.push(stream), [])
    assert.equal(decoder.pending, 0)
  })
}

test('group 2: command_length 16 is a PDU without a body', () => {
  assert.deepEqual(sequences(createDecoder().push(frame(0x15, '', { sequence: 9 }))), [9])
})

test('group 2: the PDUs in front of broken framing are given', () => {
  const decoded = createDecoder().push(Buffer.concat([pdus[1]!, frame(0x15, '', { length: 3 })]))
  assert.deepEqual(sequences(decoded), [2, -1])
})

const junk: Record<string, Buffer> = {
  'an HTTP request': Buffer.from('GET / HTTP/1.1\r\nHost: example.org\r\n\r\n'),
  'a TLS ClientHello': Buffer.from('16030100c2010000be0303', 'hex'),
  'an AMQP header': Buffer.from('AMQP\0\0\x09\x01', 'latin1'),
  'an RDP TPKT': Buffer.from('0300001300e00000000000', 'hex'),
}
for (const [name, octets] of Object.entries(junk)) {
  test(`group 3: ${name} is broken framing at its fourth octet, whole or octet by octet`, () => {
    const whole = createDecoder().push(octets)
    assert.ok(whole.length === 1 && !whole[0]!.ok && whole[0]!.fatal)
    const decoder = createDecoder()
    const firstThree = [0, 1, 2].flatMap((i) => decoder.push(octets.subarray(i, i + 1)))
    assert.deepEqual(firstThree, [])
    assert.equal(decoder.push(octets.subarray(3, 4)).length, 1)
  })
}

test('group 3: line ends and half a header are held, never more than what came', () => {
  const decoder = createDecoder()
  assert.deepEqual(decoder.push(Buffer.from('\r\n')), [])
  assert.equal(decoder.pending, 2)
})

test('group 4: a message_payload of 64 KiB is taken, whole and in pieces of 1000', () => {
  const large = encodePdu({
    command: 'deliver_sm',
    sequence: 8,
    tlvs: [tlv('message_payload', Buffer.alloc(65_535, 1))],
  })
  assert.deepEqual(sequences(createDecoder().push(large)), [8])
  const decoder = createDecoder()
  const pieces: Decoded[] = []
  for (let at = 0; at < large.length; at += 1_000)
    pieces.push(...decoder.push(large.subarray(at, at + 1_000)))
  assert.ok(pieces.length === 1 && pieces[0]!.ok)
  assert.equal(pieces[0]!.pdu.tlvs[0]!.value.length, 65_535)
})

test('group 4: a claimed length above maxLength is refused at its fourth octet, before anything is held', () => {
  const claim = Buffer.alloc(4)
  claim.writeUInt32BE(70_001)
  const decoder = createDecoder()
  assert.deepEqual(decoder.push(claim.subarray(0, 3)), [])
  const [one] = decoder.push(claim.subarray(3))
  assert.ok(one !== undefined && !one.ok && one.fatal && one.status === 0x02)
  assert.equal(decoder.pending, 0)
})

test('group 4: a whole message_payload of 65,535 octets is encoded and fits into maxLength with every field full', () => {
  const full = encodePdu({
    command: 'submit_sm',
    source_addr: 'a'.repeat(20),
    destination_addr: 'a'.repeat(20),
    short_message: Buffer.alloc(255),
    tlvs: [tlv('message_payload', Buffer.alloc(65_535)), tlv('user_message_reference', 1)],
  })
  assert.deepEqual(sequences(createDecoder().push(full)), [0])
})

test('group 4: a PDU above maxLength is refused, one at it is taken', () => {
  const decode = (length: number) =>
    createDecoder({ maxLength: 100 }).push(frame(0x15, Buffer.alloc(length - 16)))[0]!
  assert.equal(decode(100).ok, true)
  assert.equal(decode(101).ok, false)
})

test('a claimed length allocates no more than what has come, doubled', () => {
  const decoder = createDecoder()
  const head = frame(0x05, deliverHead(0), { length: 69_000 })
  const before = process.memoryUsage().arrayBuffers
  const decoders = Array.from({ length: 500 }, () => createDecoder())
  for (const one of decoders) one.push(head)
  const grown = process.memoryUsage().arrayBuffers - before
  assert.ok(grown < 500 * 8_192, `${grown} octets for 500 claims of 69,000`)
  assert.equal(decoder.pending, 0)
})
