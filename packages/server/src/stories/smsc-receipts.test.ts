import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, test } from 'node:test'
import { createServer, tlv } from '@kurzpost/smpp'
import { addNetwork, ends, kindsOf, readings } from './carriers.ts'
import { eventually, openStory } from './house.ts'

const story = await openStory()
const detail = async (id: string) => (await story.api('GET', `/v1/messages/${id}`)).body
const noOrphans = async () => assert.equal((await readings(story.databaseUrl)).orphans, 0)

const habits = await addNetwork(story)

const modes: readonly [group: number, what: string, settings: Record<string, unknown>][] = [
  [31, 'ids in hex, and in receipts in decimal', { idInAnswer: 'hex', idInReceipt: 'decimal' }],
  [31, 'ids in decimal, and in receipts in hex', { idInAnswer: 'decimal', idInReceipt: 'hex-upper' }],
  [31, 'ids in hex of another case', { idInAnswer: 'hex-upper', idInReceipt: 'hex' }],
  [31, 'ids with zeros in front', { idInAnswer: 'decimal', idInReceipt: 'decimal-padded' }],
  [31, 'ids in hex, filled up', { idInAnswer: 'hex-padded', idInReceipt: 'hex-mixed' }],
  [31, 'ids of 64 bits, in hex and in decimal', { idBits: '64', idInAnswer: 'hex', idInReceipt: 'decimal' }],
  [31, 'UUIDs', { idInAnswer: 'uuid' }],
  [31, 'ids with dashes', { idInAnswer: 'dashed' }],
  [32, 'TLVs and no text', { receiptDialect: 'tlv-only' }],
  [32, 'the id in the TLV alone', { receiptDialect: 'id-in-tlv' }],
  [32, 'a TLV without a state', { receiptDialect: 'no-state' }],
  [32, 'a TLV without its NUL', { receiptDialect: 'bare-id' }],
  [
    32,
    'an id in the TLV that is not in the base of the text',
    { idInAnswer: 'hex', idInReceipt: 'decimal', idInTlv: 'hex' },
  ],
  [33, 'receipts before the answers', { receiptsFirst: 1 }],
  [36, 'an esm_class of 0x08', { receiptDialect: 'class-08' }],
  [36, 'an esm_class of 0x44', { receiptDialect: 'class-44' }],
  [36, 'an esm_class of 0, and TLVs', { receiptDialect: 'class-0-tlvs' }],
  [39, 'addresses as in the submission', { receiptAddresses: 'as-submitted' }],
  [39, 'numbers with a plus', { receiptNumbers: 'plus' }],
  [39, 'numbers with two zeros', { receiptNumbers: 'zeros' }],
  [
    39,
    'numbers in national form, and in another base',
    { receiptNumbers: 'national', idInAnswer: 'hex', idInReceipt: 'decimal' },
  ],
  [41, 'TLVs of the vendor', { receiptDialect: 'vendor-tlvs' }],
  [15, 'data_sm without a text', { receiptDialect: 'data-sm' }],
  ...[
    'payload',
    'data-sm-text',
    'bare',
    'no-submit-date',
    'reordered',
    'upper-text',
    'lower-case',
    'short-numbers',
    'err-four',
    'err-hex',
    'err-blank',
    'seconds',
    'century',
    'long-words',
    'joined-keys',
    'vendor-keys',
    'ucs2',
    'packed',
  ].map(
    (receiptDialect) =>
      [37, `the dialect ${receiptDialect}`, { receiptDialect }] as [
        number,
        string,
        object & Record<string, unknown>,
      ],
  ),
]
for (const [group, what, settings] of modes) {
  // One carrier that changes its habits all the time: what it has taught is no trap.
  test(`group ${group}: receipts are all matched with ${what}`, async () => {
    await habits.phone('PATCH', '/settings', { profile: 'healthy', receiptDelayMs: 0, ...settings })
    assert.deepEqual(kindsOf(await ends(story, await habits.send(10))), ['delivered'])
    await noOrphans()
  })
}

test('group 38: the error of a receipt is kept, in octets and in digits', async () => {
  for (const receiptDialect of ['error-tlv', 'error-digits']) {
    await habits.phone('PATCH', '/settings', {
      profile: 'healthy',
      receiptDelayMs: 0,
      receiptDialect,
      receiptState: 'undelivered',
    })
    const [sent] = await habits.send(1)
    const { error } = await story.event('message.undelivered', (data) => data.message_id === sent!.id)
    assert.equal(Number(error.carrier_code), 1)
  }
})

test('group 35: receipts unasked, double, intermediate after final and against each other leave delivered, and the history has all', async () => {
  await habits.phone('PATCH', '/settings', {
    profile: 'healthy',
    receiptDelayMs: 0,
    duplicateReceipts: 1,
    revisedReceipts: 1,
    receiptSteps: 'enroute-after',
    receiptUnsolicited: true,
  })
  const sent = await habits.send(10)
  await Promise.all(sent.map(({ id }) => story.event('message.delivered', (data) => data.message_id === id)))
  for (const { id } of sent) {
    // Expired, delivered and on its way, each twice.
    await eventually(async () => (await detail(id)).segment_list[0].receipts.length === 6)
    const { state, timeline } = await detail(id)
    assert.equal(state, 'delivered')
    assert.equal(timeline.filter((step: { state: string }) => step.state === 'delivered').length, 1)
  }
  await noOrphans()
})

const long = 'Ein langer Text, der in mehreren Teilen reist. '.repeat(8)

test('group 34: of a long text receipts for each part, or one that speaks for all, make it delivered', async () => {
  await habits.phone('PATCH', '/settings', { profile: 'healthy', receiptDelayMs: 0 })
  assert.deepEqual(kindsOf(await ends(story, await habits.send(5, { text: long }))), ['delivered'])
  const thrifty = await addNetwork(story, { profile: 'one-receipt' })
  for (const receiptParts of ['first', 'last', 'whole']) {
    await thrifty.phone('PATCH', '/settings', { receiptParts })
    assert.deepEqual(
      kindsOf(await ends(story, await thrifty.send(5, { text: long }))),
      ['delivered'],
      receiptParts,
    )
  }
  await noOrphans()
})

for (const long_messages of ['sar', 'payload']) {
  test(`group 48: a long text over ${long_messages} arrives as one text, and its receipts make it delivered`, async () => {
    const network = await addNetwork(story, { settings: { long_messages } })
    const sent = await network.send(5, { text: long })
    assert.deepEqual(kindsOf(await ends(story, sent)), ['delivered'])
    const { submits } = await network.phone('GET', '/submits?since=0')
    assert.deepEqual(
      submits.map(({ text }: { text: string }) => text),
      sent.map(() => long),
    )
    const { segment_list } = await detail(sent[0]!.id)
    assert.ok(
      segment_list.length > 1 && segment_list.every(({ state }: { state: string }) => state === 'delivered'),
    )
    await noOrphans()
  })
}

test('group 22: receipts that come on another bind, before the answers of theirs, are all matched', async () => {
  const pair = await addNetwork(story, {
    settings: { binds: [{ type: 'transmitter' }, { type: 'receiver' }] },
    simulator: { receiptOver: 'receiver', receiptsFirst: 1 },
  })
  assert.deepEqual(kindsOf(await ends(story, await pair.send(50))), ['delivered'])
  const twins = await addNetwork(story, {
    settings: { binds: [{ type: 'transceiver', count: 2 }] },
    simulator: { receiptOver: 'other', answerDelayMs: 'uniform 0..30' },
  })
  assert.deepEqual(kindsOf(await ends(story, await twins.send(50))), ['delivered'])
  await noOrphans()
})

test('group 32: receipts that name nothing but our reference are matched by it', async () => {
  const network = await addNetwork(story, {
    settings: { receipts: { named_by: 'reference' } },
    simulator: { receiptDialect: 'reference' },
  })
  assert.deepEqual(kindsOf(await ends(story, await network.send(50))), ['delivered'])
  await noOrphans()
})

test('group 40: ids that are given again are each the newest message’s', async () => {
  const network = await addNetwork(story, { simulator: { idReuse: 20, idBits: '32' } })
  for (const _ of [1, 2, 3])
    assert.deepEqual(kindsOf(await ends(story, await network.send(20))), ['delivered'])
  await noOrphans()
})

const inOnePdu = (text: Buffer) =>
  text.length > 254 ? { tlvs: [tlv('message_payload', text)] } : { short_message: text }

/** An SMSC that counts its ids from 1, and says of every message what it is told to. */
async function countingSmsc(stat: string) {
  let ids = 0
  const taken: { id: string; to: string }[] = []
  const server = await createServer({
    port: 0,
    onBind: () => 0,
    onRequest(_session, pdu) {
      if (pdu.command !== 'submit_sm') return {}
      const id = String(++ids)
      taken.push({ id, to: pdu.destination_addr })
      return { message_id: id }
    },
  })
  after(() => server.close())
  return {
    port: server.port,
    /** Receipts for all that was taken, and for what nobody sent. */
    report: (foreign: { id: string; to: string }[] = []) =>
      Promise.all(
        [...foreign, ...taken].map(({ id, to }) =>
          [...server.sessions][0]!.request({
            command: 'deliver_sm',
            esm_class: 4,
            source_addr_ton: 1,
            source_addr: to,
            ...inOnePdu(Buffer.from(`id:${id} sub:001 dlvrd:001 stat:${stat} err:000 text:`)),
          }),
        ),
      ),
    get count() {
      return taken.length
    },
  }
}

test('group 31: two carriers that give the same ids do not mix', async () => {
  const [good, bad] = [await countingSmsc('DELIVRD'), await countingSmsc('UNDELIV')]
  const sent = await Promise.all(
    [good, bad].map(async ({ port }) => (await addNetwork(story, { smppPort: port })).send(40)),
  )
  await eventually(async () => good.count + bad.count === 80)
  await Promise.all([bad.report(), good.report()])
  const [first, second] = await Promise.all(sent.map((messages) => ends(story, messages)))
  assert.deepEqual([kindsOf(first!), kindsOf(second!)], [['delivered'], ['undelivered']])
})

test('receipts with ids longer than an index can hold are stored, and keep no other', async () => {
  const smsc = await countingSmsc('DELIVRD')
  const sent = await (await addNetwork(story, { smppPort: smsc.port })).send(10)
  await eventually(async () => smsc.count === 10)
  // Octets at random: PostgreSQL compresses what repeats itself.
  const foreign = [1, 2].map(() => ({ id: `${randomBytes(6_000).toString('base64url')}-x`, to: sent[0]!.to }))
  const answers = await smsc.report(foreign)
  assert.deepEqual([...new Set(answers.map(({ status }) => status))], [0])
  assert.deepEqual(kindsOf(await ends(story, sent)), ['delivered'])
})
