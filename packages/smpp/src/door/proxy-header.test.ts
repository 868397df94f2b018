import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { crc32c } from './crc32c.ts'
import { createProxyHeaderReader, type ProxyResult } from './proxy-header.ts'

const read = (octets: Buffer, maxLength?: number): ProxyResult =>
  createProxyHeaderReader(maxLength === undefined ? {} : { maxLength }).push(octets)
const line = (text: string): ProxyResult => read(Buffer.from(text, 'latin1'))
const reasonOf = (result: ProxyResult): string =>
  result.state === 'bad' ? result.reason : `${result.state}, not bad`

const signature = Buffer.from('0d0a0d0a000d0a515549540a', 'hex')
interface Parts {
  command?: number
  family?: number
  block?: Buffer
  length?: number
}
function binary({ command = 0x21, family = 0x11, block = Buffer.alloc(12), length }: Parts): Buffer {
  const claimed = length ?? block.length
  const head = Buffer.from([command, family, claimed >> 8, claimed & 0xff])
  return Buffer.concat([signature, head, block])
}
const ipv4 = (address: string, port: number): Buffer =>
  Buffer.from([...address.split('.').map(Number), 10, 0, 0, 1, port >> 8, port & 0xff, 0x0a, 0xd7])
const ipv6 = (hex: string, port: number): Buffer =>
  Buffer.concat([Buffer.from(hex, 'hex'), Buffer.alloc(16), Buffer.from([port >> 8, port & 0xff, 0, 0])])
const tlv = (type: number, value: Buffer): Buffer =>
  Buffer.concat([Buffer.from([type, value.length >> 8, value.length & 0xff]), value])
function withChecksum(block: Buffer): Buffer {
  const header = binary({ block: Buffer.concat([block, tlv(3, Buffer.alloc(4))]) })
  header.writeUInt32BE(crc32c(header), header.length - 4)
  return header
}

test('crc32c gives the check value of the Castagnoli polynomial', () => {
  assert.equal(crc32c(Buffer.from('123456789')), 0xe3069283)
})

test('a version 1 line gives the client, and what comes behind it is kept', () => {
  assert.deepEqual(line('PROXY TCP4 192.0.2.7 10.0.0.1 56324 2775\r\nxyz'), {
    state: 'done',
    version: 1,
    local: false,
    source: { address: '192.0.2.7', port: 56324 },
    rest: Buffer.from('xyz'),
  })
  const six = line('PROXY TCP6 2001:0DB8:0::7 ::1 1 65535\r\n')
  assert.ok(six.state === 'done')
  assert.deepEqual(six.source, { address: '2001:db8::7', port: 1 })
})

test('a version 1 line of an UNKNOWN connection says nothing of the client', () => {
  for (const text of ['PROXY UNKNOWN\r\n', 'PROXY UNKNOWN ffff::1 \n whatever\r\n']) {
    const result = line(text)
    assert.ok(result.state === 'done' && result.source === undefined)
  }
})

test('a version 1 line that differs by anything is bad', () => {
  for (const text of [
    'PROXY TCP4 192.0.2.7 10.0.0.1 56324\r\n',
    'PROXY TCP4 192.0.2.7 10.0.0.1 56324 2775 1\r\n',
    'PROXY TCP4 192.0.2.7 10.0.0.1 65536 2775\r\n',
    'PROXY TCP4 192.0.2.7 10.0.0.1 056324 2775\r\n',
    'PROXY TCP4 192.0.02.7 10.0.0.1 1 2\r\n',
    'PROXY TCP4 192.0.2.256 10.0.0.1 1 2\r\n',
    'PROXY TCP4 2001:db8::7 10.0.0.1 1 2\r\n',
    'PROXY TCP6 192.0.2.7 ::1 1 2\r\n',
    'PROXY TCP6 fe80::1%eth0 ::1 1 2\r\n',
    'PROXY  TCP4 192.0.2.7 10.0.0.1 1 2\r\n',
    'PROXY UDP4 192.0.2.7 10.0.0.1 1 2\r\n',
    'PROXY TCP4 192.0.2.7 10.0.0.1 1 2\n\r\n',
    'PROXY UNKNOWNS\r\n',
    'PROXY \r\n',
    'proxy TCP4 192.0.2.7 10.0.0.1 1 2\r\n',
    `PROXY UNKNOWN ${'x'.repeat(92)}\r\n`,
  ])
    assert.equal(line(text).state, 'bad', text)
})

test('a line may have 107 octets with its end, and not one more', () => {
  assert.equal(line(`PROXY UNKNOWN ${'x'.repeat(91)}\r\n`).state, 'done')
  assert.equal(line('PROXY UNKNOWN'.padEnd(106, 'x')).state, 'more')
  assert.equal(line('PROXY UNKNOWN'.padEnd(107, 'x')).state, 'bad')
})

test('version 2 gives IPv4 and IPv6 clients, and says nothing of Unix sockets and datagrams', () => {
  const sources = [
    [0x11, ipv4('192.0.2.7', 56324), { address: '192.0.2.7', port: 56324 }],
    [0x21, ipv6('20010db8000000000000000000000007', 9), { address: '2001:db8::7', port: 9 }],
    [0x21, ipv6('00000000000000000000ffffc0000207', 9), { address: '192.0.2.7', port: 9 }],
    [0x12, ipv4('192.0.2.7', 1), undefined],
    [0x31, Buffer.alloc(216, 'a'), undefined],
    [0x00, Buffer.alloc(0), undefined],
    [0x00, Buffer.from('anything at all'), undefined],
  ] as const
  for (const [family, block, source] of sources) {
    const result = read(binary({ family, block }))
    assert.ok(result.state === 'done' && result.version === 2 && !result.local)
    assert.deepEqual(result.source, source)
  }
})

test('a LOCAL header is skipped by its length, whatever family and addresses it has', () => {
  const result = read(
    Buffer.concat([binary({ command: 0x20, family: 0xff, block: Buffer.alloc(9) }), Buffer.from('x')]),
  )
  assert.ok(result.state === 'done' && result.local && result.source === undefined)
  assert.deepEqual(result.rest, Buffer.from('x'))
})

test('version 2 with an unknown version, command or family, or too short for its addresses, is bad', () => {
  for (const octets of [
    binary({ command: 0x11 }),
    binary({ command: 0x22 }),
    binary({ family: 0x41, block: Buffer.alloc(40) }),
    binary({ family: 0x13 }),
    binary({ family: 0x21 }),
    binary({ block: Buffer.alloc(11) }),
  ])
    assert.equal(read(octets).state, 'bad')
})

test('a version 2 header may claim what is allowed, and is refused by its length alone beyond that', () => {
  const block = Buffer.concat([ipv4('192.0.2.7', 1), tlv(4, Buffer.alloc(85))])
  assert.equal(read(binary({ block }), 100).state, 'done')
  assert.match(
    reasonOf(read(binary({ block: Buffer.alloc(0), length: 101 }), 100)),
    /101 octets; 100 are allowed/,
  )
  assert.equal(read(binary({ block: Buffer.alloc(0), length: 4097 })).state, 'bad')
})

test('TLVs are skipped if they fit the header, and bad if they do not', () => {
  const client = ipv4('192.0.2.7', 1)
  const authority = tlv(2, Buffer.from('smsc.example'))
  const ssl = tlv(0x20, Buffer.concat([Buffer.from([1, 0, 0, 0, 0]), tlv(0x21, Buffer.from('TLSv1.3'))]))
  assert.equal(
    read(binary({ block: Buffer.concat([client, authority, ssl, tlv(0xe0, Buffer.alloc(0))]) })).state,
    'done',
  )
  for (const broken of [Buffer.of(2), Buffer.of(2, 0), Buffer.of(2, 0, 1), Buffer.of(3, 0, 1, 0)])
    assert.match(reasonOf(read(binary({ block: Buffer.concat([client, authority, broken]) }))), /broken TLV/)
})

test('a checksum is believed if it is right, and each wrong bit of the header is noticed', () => {
  const header = withChecksum(ipv4('192.0.2.7', 56324))
  assert.equal(read(header).state, 'done')
  // The addresses, the ports and the checksum itself.
  for (let bit = 16 * 8; bit < header.length * 8; bit++) {
    const wrong = Buffer.from(header)
    wrong[bit >> 3]! ^= 1 << (bit & 7)
    // Bits of the type and length of the TLV make another TLV of it.
    if (bit >> 3 >= 28 && bit >> 3 < 31) continue
    assert.match(reasonOf(read(wrong)), /checksum/)
  }
})

const octet = fc.integer({ min: 0, max: 255 })
const port = fc.integer({ min: 0, max: 65535 })
const headers = fc.oneof(
  fc.tuple(octet, octet, octet, octet, port).map(([a, b, c, d, p]) => ({
    octets: Buffer.from(`PROXY TCP4 ${a}.${b}.${c}.${d} 10.0.0.1 ${p} 2775\r\n`),
    source: { address: `${a}.${b}.${c}.${d}`, port: p },
  })),
  fc
    .tuple(octet, octet, octet, octet, port, fc.uint8Array({ maxLength: 300 }))
    .map(([a, b, c, d, p, value]) => ({
      octets: withChecksum(Buffer.concat([ipv4(`${a}.${b}.${c}.${d}`, p), tlv(2, Buffer.from(value))])),
      source: { address: `${a}.${b}.${c}.${d}`, port: p },
    })),
)

test('whatever header is sent, cut in two anywhere or octet by octet, the same client is read and nothing is lost', () => {
  fc.assert(
    fc.property(headers, fc.uint8Array({ maxLength: 20 }), ({ octets, source }, behind) => {
      const sent = Buffer.concat([octets, behind])
      for (let cut = 0; cut <= octets.length; cut++) {
        const reader = createProxyHeaderReader()
        const first = reader.push(sent.subarray(0, cut))
        assert.equal(first.state, cut < octets.length ? 'more' : 'done', `cut at ${cut}`)
        const last = first.state === 'done' ? first : reader.push(sent.subarray(cut))
        assert.ok(last.state === 'done')
        assert.deepEqual(last.source, source)
        assert.deepEqual(last.rest, Buffer.from(first === last ? sent.subarray(octets.length, cut) : behind))
      }
      const reader = createProxyHeaderReader()
      for (const one of octets.subarray(0, -1)) assert.equal(reader.push(Buffer.of(one)).state, 'more')
      assert.equal(reader.push(octets.subarray(-1)).state, 'done')
    }),
    { numRuns: 40 },
  )
})

test('whatever a stranger sends, the reader does not throw and does not wait for more than it may hold', () => {
  const beginnings = fc.constantFrom(
    Buffer.alloc(0),
    Buffer.from('PROXY '),
    signature,
    binary({}).subarray(0, 14),
  )
  fc.assert(
    fc.property(
      beginnings,
      fc.array(fc.uint8Array({ minLength: 1, maxLength: 200 }), { maxLength: 40 }),
      (start, chunks) => {
        const reader = createProxyHeaderReader()
        let fed = 0
        for (const chunk of [start, ...chunks.map((one) => Buffer.from(one))]) {
          const result = reader.push(chunk)
          if (result.state !== 'more') return
          fed += chunk.length
          assert.ok(fed < 16 + 4096)
        }
      },
    ),
    { numRuns: 500 },
  )
})

test('what is no header is bad at its first wrong octet', () => {
  assert.equal(line('G').state, 'bad')
  assert.equal(line('PROXYT').state, 'bad')
  assert.equal(read(Buffer.from('0d0a0d0a01', 'hex')).state, 'bad')
  assert.equal(read(Buffer.concat([signature, Buffer.of(0x31)])).state, 'bad')
})

test('version 2 is bad at its first wrong octet, not when its header is whole', () => {
  for (const [octets, wrong] of [
    [binary({ command: 0x31 }), 12],
    [binary({ family: 0x41 }), 13],
  ] as const) {
    assert.equal(read(octets.subarray(0, wrong)).state, 'more')
    assert.equal(read(octets.subarray(0, wrong + 1)).state, 'bad')
  }
})
