import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decodePdu, encodePdu, type Pdu, tlv } from '@kurzpost/smpp'
import { rawBind, simulate, submission } from '../../testing.ts'
import { dialects } from '../receipts/dialects.ts'
import { receiptFields } from '../receipts/receipt.ts'
import type { Fault } from './fault.ts'
import { anatomyOf, framesOf, HEADER, sequenceOf, statusOfFrame } from './frames.ts'
import { type FaultGroup, faultGroups, faultsFor, faultsOf } from './groups.ts'

const receipt = encodePdu({
  command: 'deliver_sm',
  sequence: 9,
  source_addr: '4915112345678',
  destination_addr: '12345',
  ...receiptFields({ id: '7', tlvId: '7', state: 'delivered', submittedAt: 0, doneAt: 0 }, 'classic'),
} as Parameters<typeof encodePdu>[0])
const answer = encodePdu({ command: 'submit_sm_resp', sequence: 9, message_id: '4711' })
const bound = encodePdu({
  command: 'bind_transceiver_resp',
  sequence: 9,
  system_id: 'simulator',
  tlvs: [tlv('sc_interface_version', 0x34)],
})
const frames = [
  receipt,
  answer,
  bound,
  encodePdu({ command: 'enquire_link_resp', sequence: 9 }),
  encodePdu({ command: 'unbind_resp', sequence: 9 }),
]
const all = faultGroups.flatMap((group) =>
  faultsOf(group).map((fault): [FaultGroup, Fault] => [group, fault]),
)
const frameFor = (group: FaultGroup, fault: Fault): Buffer | undefined =>
  frames.find((frame) => faultsFor(group, frame).includes(fault))
const spoiled = ([group, fault]: [FaultGroup, Fault]): Buffer => {
  const { writes, rest = Buffer.alloc(0) } = fault.spoil(frameFor(group, fault)!)
  return Buffer.concat([...writes, rest])
}

test('the faults know what lies where in a deliver_sm', () => {
  const at = anatomyOf(receipt)!
  assert.equal(receipt.toString('latin1', at.source, at.sourceEnd), '4915112345678')
  assert.equal(receipt[at.smLength], at.tlvs - at.smLength - 1)
  assert.equal(receipt.readUInt16BE(at.tlvs), 0x001e)
  assert.equal(anatomyOf(answer), undefined)
})

test('groups 1 to 10 and 12 to 19 have faults, and each fault changes what goes out', () => {
  assert.deepEqual(faultGroups.map(Number), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 13, 14, 15, 16, 17, 18, 19])
  for (const [group, fault] of all) {
    const frame = frameFor(group, fault)
    assert.ok(frame, `${group}: ${fault.what} fits no PDU`)
    const { writes, hold } = fault.spoil(frame)
    const changed = writes.length !== 1 || hold || !Buffer.from(writes[0]!).equals(frame)
    assert.ok(changed, `${group}: ${fault.what}`)
  }
})

for (const [group, fault] of all.filter(([, { fatal }]) => !fatal)) {
  test(`group ${group}: ${fault.what} leaves command_lengths that are true`, () => {
    const octets = spoiled([group, fault])
    const lengths = framesOf(octets).map((frame) => frame.readUInt32BE(0))
    assert.equal(
      lengths.reduce((sum, length) => sum + length, 0),
      octets.length,
    )
  })
}

/** Of a fault that a peer survives: what decoding says of its PDUs, one by one. */
const readings = (one: [FaultGroup, Fault]) =>
  framesOf(spoiled(one)).map((frame) => {
    const decoded = decodePdu(frame)
    return decoded.ok
      ? decoded.problems.length > 0
        ? 'tolerated'
        : 'fine'
      : decoded.fatal
        ? 'fatal'
        : 'refused'
  })

test('what leaves the framing whole is never fatal to our own decoder', () => {
  for (const [group, fault] of all.filter(([, { fatal }]) => !fatal)) {
    for (const reading of readings([group, fault]))
      assert.notEqual(reading, 'fatal', `${group}: ${fault.what}`)
  }
})

const ask = { command: 'submit_sm', ...submission('x') } as const
const SUBMIT_SM_RESP = 0x8000_0004
const DELIVER_SM = 0x05
const ENQUIRE_LINK_RESP = 0x8000_0015

test('group 1: a PDU that comes octet by octet comes in many reads, and whole', async (t) => {
  const { simulator, call } = await simulate(t, { receiptNever: true, seed: 2 })
  const { send, next, reads } = await rawBind(t, simulator.smppPort)
  await next(0x8000_0009)
  await call('POST', '/faults', { group: 1, count: 10 })
  for (let i = 0; i < 8; i += 1) send(ask)
  for (let i = 0; i < 8; i += 1) {
    const decoded = decodePdu(await next(SUBMIT_SM_RESP))
    assert.ok(decoded.ok && decoded.problems.length === 0)
  }
  assert.ok(reads.waiting > 8 + 4, `${reads.waiting} reads`)
})

for (const group of ['1.3', '1.4'] as const) {
  test(`group 1: PDUs that are cut at every boundary come whole (fault ${group})`, async (t) => {
    const { simulator, set } = await simulate(t, { receiptNever: true })
    const { send, next, reads } = await rawBind(t, simulator.smppPort)
    await next(0x8000_0009)
    await reads.next()
    await set({ malformed: group })
    // As many as an answer has octets, so that each boundary has its turn.
    for (let i = 0; i < 40; i += 1) send(ask)
    for (let i = 0; i < 40; i += 1) {
      const decoded = decodePdu(await next(SUBMIT_SM_RESP))
      assert.ok(decoded.ok && decoded.problems.length === 0)
    }
    const starts: boolean[] = []
    while (reads.waiting > 0) starts.push((await reads.next()).indexOf('00000021', 0, 'hex') === 0)
    assert.ok(starts.includes(false), 'some read begins inside a PDU, which has 33 octets')
  })
}

test('group 6: every second receipt is spoiled, although an answer lies before each', async (t) => {
  const { bind, set, get } = await simulate(t, { malformed: '6 every 2', trace: true, redeliverMs: 1 })
  const { client, delivered } = await bind()
  for (let i = 0; i < 10; i += 1) {
    await client.submit(submission('x'))
    await delivered.next()
  }
  await set({ malformed: '' })
  const { trace } = await get<{ trace: { what: string }[] }>('/trace')
  assert.equal(trace.filter(({ what }) => what === 'fault').length, 5)
})

for (const group of [2, 3] as const) {
  test(`group ${group}: what comes is no SMPP any more`, async (t) => {
    const { simulator, call } = await simulate(t, { receiptNever: true })
    const { next, reads } = await rawBind(t, simulator.smppPort)
    await next(0x8000_0009)
    await reads.next()
    await call('POST', '/faults', { group })
    const octets = await reads.next()
    const length = octets.readUInt32BE(0)
    assert.ok(length < 16 || length > octets.length, `command_length ${length}`)
  })
}

for (const group of [5, 6, 7, 8, 13] as const) {
  test(`group ${group}: a receipt that is spoiled comes again until it is acknowledged, and links live`, async (t) => {
    const { bind, call, health } = await simulate(t, { redeliverMs: 1 })
    const { client } = await bind()
    await call('POST', '/faults', { group, count: 5 })
    for (let i = 0; i < 5; i += 1) assert.equal((await client.submit(submission('x'))).status, 0)
    while ((await health()).stats.receipts_acknowledged! < 5);
    assert.equal(client.state, 'bound')
  })
}

test('group 4: nearly 64 KiB come in one PDU', async (t) => {
  const { simulator, call } = await simulate(t, { seed: 4 })
  const { send, next } = await rawBind(t, simulator.smppPort)
  await next(0x8000_0009)
  await call('POST', '/faults', { group: 4 })
  send(ask)
  assert.ok((await next(DELIVER_SM)).length > 65_000)
})

test('group 9: answers without a body, an id, or a NUL, and all of them with status 0', async (t) => {
  const { simulator, call } = await simulate(t, { receiptNever: true })
  const { send, next } = await rawBind(t, simulator.smppPort)
  await next(0x8000_0009)
  await call('POST', '/faults', { group: 9, count: 30 })
  const bodies = new Set<string>()
  for (let i = 0; i < 30; i += 1) {
    send(ask)
    const frame = await next(SUBMIT_SM_RESP)
    assert.equal(statusOfFrame(frame), 0)
    const body = frame.subarray(HEADER)
    bodies.add(
      body.length === 0 ? 'none' : body.length === 1 ? 'empty' : body.at(-1) === 0 ? 'right' : 'no NUL',
    )
  }
  assert.deepEqual(bodies, new Set(['none', 'empty', 'no NUL']))
})

test('group 10: refusals with and without a body and TLVs', async (t) => {
  const { simulator, call } = await simulate(t, { receiptNever: true })
  const { send, next } = await rawBind(t, simulator.smppPort)
  await next(0x8000_0009)
  await call('POST', '/faults', { group: 10, count: 30 })
  const lengths = new Set<number>()
  for (let i = 0; i < 30; i += 1) {
    send(ask)
    const frame = await next(SUBMIT_SM_RESP)
    assert.notEqual(statusOfFrame(frame), 0)
    lengths.add(frame.length)
  }
  assert.equal(lengths.size, 4)
})

test('group 11: it takes a deliver_sm_resp with an id, and one without any body', async (t) => {
  const { simulator, health } = await simulate(t, { receiptDelayMs: 0 })
  const { send, next, socket } = await rawBind(t, simulator.smppPort)
  await next(0x8000_0009)
  const bodies = [Buffer.from('4711\0'), Buffer.alloc(0), Buffer.from('\0')]
  for (const body of bodies) {
    send(ask)
    const frame = await next(DELIVER_SM)
    const head = Buffer.alloc(HEADER)
    head.writeUInt32BE(HEADER + body.length, 0)
    head.writeUInt32BE(0x8000_0005, 4)
    head.writeUInt32BE(sequenceOf(frame), 12)
    socket.write(Buffer.concat([head, body]))
  }
  while ((await health()).stats.receipts_acknowledged! < 3);
})

for (const group of [12, 15, 16, 17, 18] as const) {
  test(`group ${group}: strays in between change nothing for who keeps count`, async (t) => {
    const { bind, call } = await simulate(t, { redeliverMs: 1 })
    const { client } = await bind()
    await call('POST', '/faults', { group, count: 40 })
    for (let i = 0; i < 40; i += 1) {
      const { status, message_id } = await client.submit(submission('x'))
      assert.equal(status, 0)
      assert.notEqual(message_id, '')
    }
    assert.equal(client.state, 'bound')
  })
}

test('group 14: whatever version the bind is answered with, the client binds', async (t) => {
  const { bind, call } = await simulate(t)
  for (let i = 0; i < 20; i += 1) {
    await call('POST', '/faults', { group: 14 })
    const { client } = await bind()
    assert.equal((await client.submit(submission('x'))).status, 0)
    await client.close()
  }
})

test('group 19: a link that ends without unbind_resp ends all the same', async (t) => {
  const { bind, call } = await simulate(t)
  for (let i = 0; i < 4; i += 1) {
    const { client } = await bind({ reconnect: false })
    await call('POST', '/faults', { group: 19 })
    await client.close()
    assert.equal(client.state, 'closed')
  }
})

test('group 19: a deliver_sm comes behind unbind_resp, if the fault is named', async (t) => {
  const { simulator, call } = await simulate(t)
  const { send, frames } = await rawBind(t, simulator.smppPort)
  await frames.next()
  assert.equal((await call('POST', '/faults', { group: '19.4' })).status, 422)
  await call('POST', '/faults', { group: '19.3' })
  assert.equal((await frames.next()).readUInt32BE(4), 0x15, 'the poke that POST /faults sends')
  send({ command: 'unbind' })
  assert.equal((await frames.next()).readUInt32BE(4), 0x8000_0006)
  const late = decodePdu(await frames.next())
  assert.ok(late.ok && late.pdu.command === 'deliver_sm')
  assert.equal(Buffer.from(late.pdu.short_message).toString(), 'late')
})

test('faults that were asked for wait for a PDU that they fit, and DELETE /state forgets them', async (t) => {
  const { simulator, call } = await simulate(t, { receiptNever: true })
  const { send, next } = await rawBind(t, simulator.smppPort)
  await next(0x8000_0009)
  await call('POST', '/faults', { group: 9 })
  send({ command: 'enquire_link' })
  assert.equal((await next(ENQUIRE_LINK_RESP)).length, HEADER)
  await call('DELETE', '/state')
  send(ask)
  const decoded = decodePdu(await next(SUBMIT_SM_RESP)) as { pdu: Pdu & { message_id: string } }
  assert.notEqual(decoded.pdu.message_id, '')
})

test('every dialect has a sentence', () => {
  for (const { what } of Object.values(dialects)) assert.match(what, /\w/)
})
