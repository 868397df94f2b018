import assert from 'node:assert/strict'
import { test } from 'node:test'
import { segmentText } from '@kurzpost/gsm'
import { messageIdKey, messageIdKeys, type PduOf, parseReceipt, type Receipt } from '@kurzpost/smpp'
import { createManualTime } from '@kurzpost/smpp/testing'
import { type Bind, simulate, submission } from '../../testing.ts'
import { type Dialect, dialects } from './dialects.ts'

const PHONE = '+4915112345678'

async function nextReceipt({ delivered }: Bind): Promise<Receipt> {
  const receipt = parseReceipt(await delivered.next(), { anyClass: true })
  assert.ok(receipt)
  return receipt
}
const isFor = (receipt: Receipt, id: string): boolean =>
  receipt.ids.some((one) => messageIdKeys(one).includes(messageIdKey(id)))

/** A text in three parts; gives the ids of their answers. */
async function submitParts({ client }: Bind, order: readonly number[] = [0, 1, 2]): Promise<string[]> {
  const { segments } = segmentText('x'.repeat(400), { reference: 9 })
  const ids: string[] = []
  for (const part of order) {
    const { header, body } = segments[part]!
    const { message_id } = await client.submit(
      submission('', { esm_class: 0x40, short_message: Buffer.concat([header, body]) }),
    )
    ids[part] = message_id
  }
  return ids
}

test('group 31: ids differ in base between answer, text and TLV, also beyond 2^63', async (t) => {
  const { bind } = await simulate(t, {
    idBits: '64',
    idInAnswer: 'hex-mixed',
    idInReceipt: 'decimal',
    idInTlv: 'hex-upper',
  })
  const one = await bind()
  const { message_id } = await one.client.submit(submission('x'))
  const receipt = await nextReceipt(one)
  assert.equal(receipt.ids.length, 2)
  assert.ok(BigInt(`0x${message_id}`) > 2n ** 63n)
  for (const id of receipt.ids) assert.ok(messageIdKeys(id).includes(messageIdKey(message_id)), id)
})

test('group 32: with no id at all, the user_message_reference of the submission comes back', async (t) => {
  const { bind } = await simulate(t, { receiptDialect: 'reference' })
  const { client, delivered } = await bind()
  await client.submit(submission('x', { tlvs: [{ tag: 0x0204, value: Uint8Array.of(0x12, 0x34) }] }))
  const pdu = await delivered.next()
  assert.deepEqual([...pdu.tlvs.find(({ tag }) => tag === 0x0204)!.value], [0x12, 0x34])
})

test('group 22: receipts go over the same bind, another, or one that only receives', async (t) => {
  const { bind, set } = await simulate(t)
  const [submitter, other] = [await bind(), await bind()]
  const cases = [
    ['same', submitter],
    ['other', other],
  ] as const
  for (const [receiptOver, expected] of cases) {
    await set({ receiptOver })
    for (let i = 0; i < 6; i += 1) {
      const { message_id } = await submitter.client.submit(submission('x'))
      assert.ok(isFor(await nextReceipt(expected), message_id))
    }
  }
  await set({ receiptOver: 'receiver' })
  const receiver = await bind({ bindType: 'receiver' })
  for (let i = 0; i < 6; i += 1) {
    const { message_id } = await submitter.client.submit(submission('x'))
    assert.ok(isFor(await nextReceipt(receiver), message_id))
  }
})

test('group 33: a receipt on another bind is there before the answer', async (t) => {
  const { bind } = await simulate(t, { receiptsFirst: true, receiptOver: 'other', answerDelayMs: 20 })
  const [submitter, other] = [await bind(), await bind()]
  const answer = submitter.client.submit(submission('x'))
  const receipt = await nextReceipt(other)
  assert.ok(isFor(receipt, (await answer).message_id))
})

for (const [receiptParts, part] of [
  ['last', 2],
  ['first', 0],
  ['whole', 0],
] as const) {
  test(`group 34: receipts of a text in parts: ${receiptParts}`, async (t) => {
    const { bind } = await simulate(t, { receiptParts })
    const one = await bind()
    const ids = await submitParts(one, [1, 0, 2])
    const { message_id } = await one.client.submit(submission('one part'))
    assert.ok(isFor(await nextReceipt(one), ids[part]!))
    // Receipts are due in order: the next one is of the text behind, so there was no other.
    assert.ok(isFor(await nextReceipt(one), message_id))
  })
}

for (const [receiptSteps, words] of [
  ['enroute', ['enroute', 'delivered']],
  ['accepted', ['accepted', 'delivered']],
  ['enroute-after', ['delivered', 'enroute']],
  ['accepted-after', ['delivered', 'accepted']],
] as const) {
  test(`group 35: an intermediate notification, ${receiptSteps}`, async (t) => {
    const { bind } = await simulate(t, { receiptSteps, window: 1 })
    const one = await bind()
    await one.client.submit(submission('x'))
    assert.deepEqual([(await nextReceipt(one)).state, (await nextReceipt(one)).state], words)
  })
}

test('group 35: expired, and then delivered; unsolicited; twice', async (t) => {
  const { bind, set } = await simulate(t, { revisedReceipts: true, receiptUnsolicited: true, window: 1 })
  const one = await bind()
  await one.client.submit(submission('x', { registered_delivery: 0 }))
  assert.deepEqual([(await nextReceipt(one)).state, (await nextReceipt(one)).state], ['expired', 'delivered'])
  await set({ revisedReceipts: 0, duplicateReceipts: 1 })
  const { message_id } = await one.client.submit(submission('x'))
  assert.deepEqual(
    [isFor(await nextReceipt(one), message_id), isFor(await nextReceipt(one), message_id)],
    [true, true],
  )
})

test('held receipts come behind the next one, or after a second if there is none', async (t) => {
  const time = createManualTime()
  const { bind, health } = await simulate(t, { heldReceipts: true, receiptDelayMs: 10, time })
  const one = await bind()
  const ids: string[] = []
  for (let i = 0; i < 3; i += 1) ids.push((await one.client.submit(submission('x'))).message_id)
  time.advance(10)
  assert.ok(isFor(await nextReceipt(one), ids[1]!))
  assert.ok(isFor(await nextReceipt(one), ids[0]!))
  assert.equal((await health()).stats.receipts_acknowledged! <= 2, true)
  time.advance(1000)
  assert.ok(isFor(await nextReceipt(one), ids[2]!))
})

test('receiptState and receiptDialect go by recipient', async (t) => {
  const { bind } = await simulate(t, {
    receiptState: 'undelivered for 43, delivered',
    receiptDialect: 'tlv-only for 43, text-only',
  })
  const one = await bind()
  await one.client.submit(submission('x', { destination_addr: '436601234567' }))
  const failed = await one.delivered.next()
  assert.equal(parseReceipt(failed)?.state, 'undelivered')
  assert.equal(failed.short_message.length, 0)
  await one.client.submit(submission('x'))
  assert.deepEqual((await one.delivered.next()).tlvs, [])
})

const spellings = [
  ['plus', '+4915112345678', 1],
  ['zeros', '004915112345678', 0],
  ['national', '015112345678', 2],
] as const
for (const [receiptNumbers, address, ton] of spellings) {
  test(`group 39: a receipt writes its recipient ${receiptNumbers}`, async (t) => {
    const { bind } = await simulate(t, { receiptNumbers })
    const { client, delivered } = await bind()
    await client.submit(submission('x'))
    const { source_addr, source_addr_ton } = await delivered.next()
    assert.deepEqual([source_addr, source_addr_ton], [address, ton])
  })
}

test('group 39: a receipt with its addresses as in the submission', async (t) => {
  const { bind } = await simulate(t, { receiptAddresses: 'as-submitted' })
  const { client, delivered } = await bind()
  await client.submit(submission('x'))
  const { source_addr, destination_addr } = await delivered.next()
  assert.deepEqual([source_addr, destination_addr], ['Shop', '4915112345678'])
})

test('group 40: ids come again', async (t) => {
  const { bind } = await simulate(t, { idReuse: 2, receiptNever: true })
  const { client } = await bind()
  const ids: string[] = []
  for (let i = 0; i < 4; i += 1) ids.push((await client.submit(submission('x'))).message_id)
  assert.deepEqual(ids.slice(2), ids.slice(0, 2))
})

test('groups 36 to 41: every dialect comes over the wire and is matched', async (t) => {
  const { simulator, set, bind } = await simulate(t)
  assert.ok(simulator.smppPort > 0)
  const pdus: PduOf<'data_sm'>[] = []
  const one = await bind({ onDataSm: (pdu) => pdus.push(pdu) })
  for (const dialect of Object.keys(dialects) as Dialect[]) {
    if (dialect === 'reference') continue
    await set({ receiptDialect: dialect })
    const { message_id } = await one.client.submit(submission('x'))
    const isDataSm = dialect.startsWith('data-sm')
    if (isDataSm) while (pdus.length === 0) await one.client.request({ command: 'enquire_link' })
    const receipt = isDataSm ? parseReceipt(pdus.shift()!) : await nextReceipt(one)
    assert.ok(receipt && isFor(receipt, message_id), dialect)
    assert.equal(receipt.state, 'delivered', dialect)
  }
})

test('group 50: parts from a handset come out of order, twice, not at all, and over every bind', async (t) => {
  const { bind, write, set } = await simulate(t, { partOrder: 'shuffled', partTwice: 1, seed: 3 })
  const [one, two] = [await bind(), await bind()]
  const parts: number[] = []
  const read = ({ short_message }: PduOf<'deliver_sm'>): void => void parts.push(short_message[5]!)
  await write(PHONE, '12345', 'x'.repeat(600))
  for (let i = 0; i < 4; i += 1) {
    read(await one.delivered.next())
    read(await two.delivered.next())
  }
  assert.deepEqual(parts.toSorted(), [1, 1, 2, 2, 3, 3, 4, 4])
  assert.notDeepEqual(parts, parts.toSorted())
  await set({ partTwice: 0, partMissing: 1 })
  await write(PHONE, '12345', 'x'.repeat(600))
  await set({ partMissing: 0, sharedReference: true, partOrder: 'forward' })
  const references: number[] = []
  for (const from of [PHONE, '+4915199999999']) {
    await write(from, '12345', 'y'.repeat(300))
    for (const bind of [one, two]) references.push((await bind.delivered.next()).short_message[3]!)
  }
  assert.equal(new Set(references).size, 1, 'two senders, one reference')
})

test('group 25: a flood comes at its rate, by the clock that was handed in', async (t) => {
  const time = createManualTime()
  const { bind, call, health } = await simulate(t, { time })
  const { client } = await bind({ bindType: 'transmitter' })
  await call('POST', '/flood', { per_second: 5000, count: 6000 })
  for (let i = 0; i < 100; i += 1) time.advance(10)
  await client.request({ command: 'enquire_link' })
  assert.equal((await health()).stats.deliver_waiting, 5000)
  for (let i = 0; i < 100; i += 1) time.advance(10)
  assert.equal((await health()).stats.deliver_waiting, 6000)
})
