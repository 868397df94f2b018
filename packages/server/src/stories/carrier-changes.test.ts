import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { createServer, type PduOf } from '@kurzpost/smpp'
import { eventually, openStory } from './house.ts'

/** A carrier with two binds whose SMSC counts them, and is asked for nothing that the change does not need. */
const story = await openStory()
const submits: PduOf<'submit_sm'>[] = []
/** For each bind, how many others stood when it was asked for. */
const binds: number[] = []
let status = 0
const smsc = await createServer({
  port: 0,
  onBind() {
    binds.push([...smsc.sessions].filter(({ bound }) => bound).length)
    return 0
  },
  onRequest(_session, pdu) {
    if (pdu.command !== 'submit_sm') return { status: 0 }
    submits.push(pdu)
    return status === 0 ? { message_id: `A${submits.length}` } : { status }
  },
})
after(() => smsc.close())

const { body: made } = await story.api('POST', '/v1/carriers', {
  name: 'counting',
  kind: 'smpp',
  settings: {
    hosts: [{ host: '127.0.0.1', port: smsc.port }],
    system_id: 'story',
    binds: [{ count: 2 }],
    window: 20,
  },
  secrets: { password: 'first' },
  routes: [{ prefix: '+4915' }],
})
const carrier = async () => (await story.api('GET', `/v1/carriers/${made.id}`)).body
const bound = async () =>
  (await carrier()).binds.filter((bind: { state: string }) => bind.state === 'bound').length === 2
const change = async (body: object) => {
  const { status } = await story.api('PATCH', `/v1/carriers/${made.id}`, body)
  assert.equal(status, 200)
}
let number = 0
const send = async (): Promise<string> => {
  const to = `+49151${String(10_000_000 + number++)}`
  return (await story.api('POST', '/v1/messages', { to, from: 'Kurzpost', text: 'x' })).body.id
}
/** Until a message goes out as the change says: the node reads it within moments of the answer. */
const until = (fits: (pdu: PduOf<'submit_sm'>) => boolean) =>
  eventually(async () => {
    const before = submits.length
    await send()
    await eventually(async () => submits.length > before)
    return fits(submits.at(-1)!)
  })

test('windows, times, tables and habits of a carrier change over the links that stand', async () => {
  await eventually(bound)
  assert.equal(binds.length, 2)
  await change({ settings: { window: 7, response_timeout_seconds: 9, enquire_link_seconds: 5 } })
  await eventually(async () => (await carrier()).binds.every((bind: { window: number }) => bind.window === 7))
  const strip = [{ match: '^\\+49', ton: 2, npi: 8, strip: '+49', add: '0' }]
  await change({ settings: { destination_addresses: strip, service_type: 'GOLD' } })
  await until(
    ({ destination_addr, service_type }) => destination_addr.startsWith('01') && service_type === 'GOLD',
  )
  await change({ settings: { errors: { '0x0b': 'permanent' }, receipts: { registered_delivery: 17 } } })
  await until(({ registered_delivery }) => registered_delivery === 17)
  status = 0x0b
  const id = await send()
  await story.event('message.rejected', (data) => data.message_id === id)
  status = 0
  assert.equal(binds.length, 2, 'no link was cut')
})

test('another password is bound with one link after the other, so that one always stands', async () => {
  await eventually(bound)
  const before = binds.length
  await change({ secrets: { password: 'second' } })
  await eventually(async () => binds.length === before + 2 && (await bound()))
  await until(() => true)
  assert.deepEqual(binds.slice(before), [1, 1])
})
