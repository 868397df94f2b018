import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createSchedule } from '../schedule.ts'
import { createSettings, type Settings } from '../settings/settings.ts'
import { createStats } from '../stats.ts'
import { createOutbox, DeliverError, type DeliverFields, type Link, type Parcel } from './outbox.ts'

const blank = (name: string): DeliverFields => ({
  source_addr_ton: 1,
  source_addr_npi: 1,
  source_addr: name,
  dest_addr_ton: 1,
  dest_addr_npi: 1,
  destination_addr: '1',
  esm_class: 0,
  data_coding: 0,
  short_message: new Uint8Array(),
  tlvs: [],
})

const text = (name: string): Parcel => ({ kind: 'text', systemId: undefined, write: () => blank(name) })
const receipt = (name: string, systemId = 'kurzpost'): Parcel => ({
  kind: 'receipt',
  systemId,
  write: () => blank(name),
})

/** A bind whose answers the test gives by hand. */
let lastId = 0
function handLink(systemId = 'kurzpost', bindType: Link['bindType'] = 'transceiver') {
  const sent: string[] = []
  const open: { name: string; resolve: (status: number) => void; reject: (error: DeliverError) => void }[] =
    []
  lastId += 1
  const link: Link = {
    id: lastId,
    systemId,
    bindType,
    unanswered: 0,
    room: 1000,
    deliver({ source_addr: name }) {
      sent.push(name)
      return new Promise((resolve, reject) => open.push({ name, resolve, reject }))
    },
  }
  const settle = async (act: (call: (typeof open)[number]) => void): Promise<void> => {
    act(open.shift()!)
    // The outbox acts in the reaction to the promise: two turns of the microtask queue later.
    for (let turn = 0; turn < 4; turn += 1) await null
  }
  return {
    link,
    sent,
    answer: (status: number) => settle((call) => call.resolve(status)),
    fail: (error: DeliverError) => settle((call) => call.reject(error)),
  }
}

function handOutbox(options: { settings?: Partial<Settings>; maxWaiting?: number } = {}) {
  const stats = createStats()
  const settings = createSettings(options.settings)
  const delays: number[] = []
  const due: (() => void)[] = []
  const schedule = {
    ...createSchedule(),
    after: (delayMs: number, task: () => void) => {
      delays.push(delayMs)
      due.push(task)
    },
  }
  const limit = options.maxWaiting === undefined ? {} : { maxWaiting: options.maxWaiting }
  const outbox = createOutbox({ schedule, settings, stats, ...limit })
  return { outbox, stats, settings, delays, runDue: () => due.splice(0).forEach((task) => void task()) }
}

test('what nobody takes waits for the first bind, in order', () => {
  const { outbox } = handOutbox()
  const bind = handLink()
  outbox.add(text('a'))
  outbox.add(text('b'))
  assert.equal(outbox.size, 2)
  outbox.open(bind.link)
  assert.deepEqual(bind.sent, ['a', 'b'])
})

test('a place that gets free is for the receipts of its own system and for texts, and what waits survives the link', async () => {
  const { outbox } = handOutbox({ settings: { window: 1 } })
  const bind = handLink()
  outbox.open(bind.link)
  for (const name of ['a', 'b', 'c']) outbox.add(receipt(name))
  outbox.add(text('d'))
  await bind.answer(0)
  assert.deepEqual(bind.sent, ['a', 'b'])
  outbox.close(bind.link)
  await bind.answer(0)
  const next = handLink()
  outbox.add(receipt('e'))
  outbox.open(next.link)
  for (let i = 0; i < 2; i += 1) await next.answer(0)
  assert.deepEqual([bind.sent, next.sent].flat().toSorted(), ['a', 'b', 'c', 'd', 'e'])
})

test('it counts as delivered only when it is answered OK', async () => {
  const { outbox, stats } = handOutbox()
  const bind = handLink()
  outbox.open(bind.link)
  outbox.add(receipt('a'))
  assert.equal(outbox.size, 1)
  await bind.answer(0)
  assert.equal(outbox.size, 0)
  assert.equal(stats.receipts_acknowledged, 1)
  assert.equal(stats.mo_acknowledged, 0)
})

test('a refused one goes out again after a wait that doubles, up to ten seconds', async () => {
  const { outbox, stats, delays, runDue } = handOutbox({ settings: { redeliverMs: 3000 } })
  const bind = handLink()
  outbox.open(bind.link)
  outbox.add(text('a'))
  for (let round = 0; round < 4; round += 1) {
    await bind.answer(0x64)
    runDue()
  }
  assert.deepEqual(delays, [3000, 6000, 10_000, 10_000])
  assert.equal(bind.sent.length, 5)
  await bind.answer(0)
  assert.equal(outbox.size, 0)
  assert.equal(stats.redelivered, 4)
})

test('a cut link gives back what it had, and another bind takes it at once', async () => {
  const { outbox } = handOutbox()
  const first = handLink()
  const second = handLink()
  outbox.open(first.link)
  outbox.add(text('a'))
  outbox.add(text('b'))
  await first.fail(new DeliverError('gone'))
  await first.fail(new DeliverError('gone'))
  assert.deepEqual(first.sent, ['a', 'b'])
  outbox.open(second.link)
  assert.deepEqual(second.sent, ['a', 'b'])
})

test('no answer in time sends it again on the same link, which may still be good', async () => {
  const { outbox } = handOutbox()
  const bind = handLink()
  outbox.open(bind.link)
  outbox.add(text('a'))
  await bind.fail(new DeliverError('timeout'))
  assert.deepEqual(bind.sent, ['a', 'a'])
})

test('receipts go to the binds of the system that sent, texts to any, in turn', () => {
  const { outbox } = handOutbox()
  const mine = handLink('mine')
  const other = handLink('other')
  outbox.open(other.link)
  outbox.add(receipt('r', 'mine'))
  assert.deepEqual(other.sent, [])
  outbox.open(mine.link)
  assert.deepEqual(mine.sent, ['r'])
  outbox.add(text('a'))
  outbox.add(text('b'))
  assert.equal(mine.sent.length, 2)
  assert.equal(other.sent.length, 1)
})

test('no more than the window is unanswered at a time', async () => {
  const { outbox, settings } = handOutbox({ settings: { window: 2 } })
  const bind = handLink()
  outbox.open(bind.link)
  for (const name of ['a', 'b', 'c', 'd', 'e']) outbox.add(text(name))
  assert.deepEqual(bind.sent, ['a', 'b'])
  await bind.answer(0)
  assert.deepEqual(bind.sent, ['a', 'b', 'c'])
  settings.window = 3
  outbox.pump()
  assert.deepEqual(bind.sent, ['a', 'b', 'c', 'd'])
})

test('what no link could ever carry is dropped, counted, and holds up nothing', async () => {
  const { outbox, stats } = handOutbox()
  const bind = handLink()
  outbox.open(bind.link)
  outbox.add(text('a'))
  await bind.fail(new DeliverError('unsendable'))
  assert.equal(outbox.size, 0)
  assert.equal(stats.deliver_dropped, 1)
  outbox.add(text('b'))
  assert.deepEqual(bind.sent, ['a', 'b'])
})

test('beyond its bound it takes no more, and says so', () => {
  const { outbox, stats } = handOutbox({ maxWaiting: 2 })
  assert.deepEqual([outbox.add(text('a')), outbox.add(text('b')), outbox.add(text('c'))], [true, true, false])
  assert.equal(stats.deliver_dropped, 1)
})

test('what was in flight when it was emptied does not come back', async () => {
  const { outbox, runDue } = handOutbox()
  const bind = handLink()
  outbox.open(bind.link)
  outbox.add(text('refused later'))
  outbox.add(text('failed later'))
  outbox.clear()
  await bind.answer(0x64)
  await bind.fail(new DeliverError('timeout'))
  runDue()
  assert.equal(outbox.size, 0)
  assert.equal(bind.sent.length, 2)
})

test('a receipt goes over the bind that it prefers, and over any where there is none such', async () => {
  const { outbox } = handOutbox()
  const [both, other, receiver] = [handLink(), handLink(), handLink('kurzpost', 'receiver')]
  for (const { link } of [both, other]) outbox.open(link)
  const from = both.link.id
  const preferring = (name: string, over: NonNullable<Parcel['over']>) =>
    outbox.add({ ...receipt(name), over, from })
  for (const name of ['a', 'b', 'c']) preferring(name, 'same')
  for (const name of ['d', 'e', 'f']) preferring(name, 'other')
  preferring('g', 'receiver')
  assert.equal(both.sent.length + other.sent.length, 7)
  outbox.open(receiver.link)
  for (const name of ['h', 'i']) preferring(name, 'receiver')
  assert.deepEqual(receiver.sent, ['h', 'i'])
  assert.deepEqual(both.sent.slice(0, 3), ['a', 'b', 'c'])
  assert.deepEqual(other.sent.slice(0, 3), ['d', 'e', 'f'])
})
