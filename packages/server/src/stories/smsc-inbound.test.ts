import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addNetwork, type Network } from './carriers.ts'
import { eventually, openStory } from './house.ts'

const story = await openStory()
let phones = 0
/** What a phone of this network writes; resolves with its number. */
async function write(network: Network, text: string, to = '12345'): Promise<string> {
  const from = `+4917${String(++phones).padStart(9, '0')}`
  await network.phone('POST', `/handsets/${from.slice(1)}/messages`, { to, text })
  return from
}
const received = (from: string) => story.event('message.received', (data) => data.from === from)
const countOf = (from: string) =>
  story.seen.filter(({ type, data }) => type === 'message.received' && data.from === from).length
const long = (name: string) => `${name}: ${'viele Worte, die kein Ende nehmen, '.repeat(14)}Schluss.`

const network = await addNetwork(story, { settings: { binds: [{ count: 2 }] } })

for (const longText of ['udh', 'udh16', 'sar', 'payload']) {
  test(`group 50: parts by ${longText} that come shuffled, twice and over two binds make one text each`, async () => {
    await network.phone('PATCH', '/settings', {
      profile: 'healthy',
      longText,
      partOrder: 'shuffled',
      // In one piece there is nothing by which a second copy is known.
      partTwice: longText === 'payload' ? 0 : 0.5,
      partDelayMs: 'uniform 0..20',
    })
    const froms = await Promise.all(
      Array.from({ length: 10 }, (_, n) => write(network, long(`${longText} ${n}`))),
    )
    for (const [n, from] of froms.entries()) {
      const event = await received(from)
      assert.equal(event.text, long(`${longText} ${n}`))
      assert.equal(event.complete, true)
    }
    for (const from of froms) assert.equal(countOf(from), 1)
  })
}

test('group 50: texts of many phones under the same reference, their parts mixed, are kept apart', async () => {
  await network.phone('PATCH', '/settings', {
    profile: 'healthy',
    sharedReference: true,
    partOrder: 'reverse',
    partDelayMs: 'uniform 0..30',
  })
  const froms = await Promise.all(Array.from({ length: 15 }, (_, n) => write(network, long(`mixed ${n}`))))
  for (const [n, from] of froms.entries()) assert.equal((await received(from)).text, long(`mixed ${n}`))
})

test('group 36: a text that looks like a receipt is a text', async () => {
  await network.phone('PATCH', '/settings', { profile: 'healthy' })
  const text = 'id:1 sub:001 dlvrd:001 submit date:2611221200 done date:2611221201 stat:DELIVRD err:000 text:'
  assert.equal((await received(await write(network, text))).text, text)
})

test('group 36: receipts without any mark are matched where the carrier says that it has such, and a text is still a text', async () => {
  const unmarked = await addNetwork(story, { profile: 'vumi', simulator: { receiptDialect: 'class-0' } })
  const [sent] = await unmarked.send(1)
  await story.event('message.delivered', (data) => data.message_id === sent!.id)
  assert.equal((await received(await write(unmarked, 'Ja, gern.'))).text, 'Ja, gern.')
})

test('group 42: what data_coding 0 means is a matter of the carrier and of the direction', async () => {
  const latin1 = await addNetwork(story, { profile: 'latin1' })
  const [sent] = await latin1.send(1, { text: 'Grüße @ _ $ £' })
  await story.event('message.delivered', (data) => data.message_id === sent!.id)
  const { segment_list } = (await story.api('GET', `/v1/messages/${sent!.id}`)).body
  assert.equal(segment_list[0].state, 'delivered')
})

test('an inbound text that is sent again because our answer was lost with the link comes once', async () => {
  const shaky = await addNetwork(story, { simulator: { redeliverMs: 20 } })
  const froms: string[] = []
  for (let n = 0; n < 8; n++) {
    froms.push(await write(shaky, `Ja ${n}`))
    await shaky.phone('POST', '/binds/drop')
    await eventually(async () => {
      const { binds } = (await story.api('GET', `/v1/carriers/${shaky.id}`)).body
      return binds[0].state === 'bound'
    })
  }
  for (const from of froms) await received(from)
  await eventually(async () => (await shaky.phone('GET', '/health')).stats.mo_acknowledged === froms.length)
  for (const from of froms) assert.equal(countOf(from), 1)
})
