import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createManualTime } from '@kurzpost/smpp/testing'
import { profileSettings } from '../profiles.ts'
import type { SettingsInput } from '../settings/settings.ts'
import { simulate, submission } from '../testing.ts'
import type { Traced } from '../trace.ts'

const drawn: SettingsInput = {
  trace: true,
  answerDelayMs: 'lognormal 20 200 spike 5% 1000',
  receiptDelayMs: 'exponential 300',
  refusals: 'RSYSERR 10%, RMSGQFUL 5%',
  receiptState: 'undelivered 20%, delivered',
  receiptDialect: 'seconds 30%, bare 30%, classic',
  receiptsFirst: 0.1,
  duplicateReceipts: 0.1,
  heldReceipts: 0.2,
  revisedReceipts: 0.1,
  malformed: '13 10%',
}

/** Sixty texts, two for each of 30 recipients, one every 10 ms of a clock that only this test moves. */
async function run(
  t: Parameters<typeof simulate>[0],
  settings: SettingsInput,
  {
    binds = 1,
    order = (n: number) => n,
    reconnect,
  }: { binds?: number; order?: (n: number) => number; reconnect?: false } = {},
): Promise<Traced[]> {
  const time = createManualTime()
  const { bind, get } = await simulate(t, { ...drawn, ...settings, time })
  const bound = []
  for (let i = 0; i < binds; i += 1) {
    const one = await bind(reconnect === undefined ? {} : { reconnect })
    if (reconnect === false) await one.reach('bound')
    bound.push(one)
  }
  for (let i = 0; i < 60; i += 1) {
    const { client } = bound[i % binds]!
    const n = order(i) % 30
    client.submit(submission('x', { destination_addr: `49151${10_000_000 + n}` })).catch(() => {})
    // Its answer comes behind the submit_sm on the same link: now the simulator has decided.
    await client.request({ command: 'enquire_link' }).catch(() => {})
    time.advance(10)
  }
  time.advance(10_000)
  return (await get<{ trace: Traced[] }>('/trace')).trace
}

test('the same seed and input give the same decisions at the same times, another seed gives others', async (t) => {
  const first = await run(t, { seed: 7 })
  const again = await run(t, { seed: 7 })
  const other = await run(t, { seed: 8 })
  assert.deepEqual(again, first)
  assert.notDeepEqual(other, first)
  const kinds = new Set(first.map(({ what }) => what))
  assert.ok(kinds.has('submit') && kinds.has('receipt') && kinds.has('bind'))
  const statuses = new Set(first.map(({ status }) => status))
  assert.ok(statuses.has(0) && statuses.has(8), 'some were refused, some taken')
})

test('what is decided of a recipient’s n-th message hangs on nothing that goes to others', async (t) => {
  const decisions = (trace: Traced[]) =>
    trace
      .filter(({ what }) => what === 'submit')
      .map(({ to, status, delay }) => `${to} ${status} ${delay}`)
      .sort()
  // The malformed go by the PDUs of each link, and those differ.
  const one = await run(t, { malformed: '' })
  const backwards = await run(t, { malformed: '' }, { order: (n) => 59 - n })
  const three = await run(t, { malformed: '' }, { binds: 3 })
  assert.deepEqual(decisions(backwards), decisions(one))
  assert.deepEqual(decisions(three), decisions(one))
  assert.equal(new Set(decisions(one)).size > 50, true, 'the second message to each is another')
})

for (const profile of ['flaky', 'hostile'] as const) {
  test(`against ${profile} with three binds, too, a run can be had again`, async (t) => {
    // The clock stands while links are bound and cut, and nobody binds anew: what comes in is the same.
    const settings = { ...profileSettings(profile), malformed: '7 5%, 13 5%', trace: true }
    const first = await run(t, settings, { binds: 3, reconnect: false })
    assert.deepEqual(await run(t, settings, { binds: 3, reconnect: false }), first)
    assert.ok(first.some(({ what }) => what === 'fault'))
  })
}

test('a long text from a handset has the same reference in the same run again, and another in another', async (t) => {
  const references = async (startAt: number): Promise<number[]> => {
    const time = createManualTime()
    time.advance(startAt)
    const { bind, write } = await simulate(t, { time })
    const { delivered } = await bind()
    const found: number[] = []
    for (const from of ['+4915100000001', '+4915100000002', '+4915100000003']) {
      await write(from, '12345', 'x'.repeat(200))
      found.push((await delivered.next()).short_message[3]!, (await delivered.next()).short_message[3]!)
    }
    return found
  }
  const first = await references(0)
  assert.deepEqual(await references(0), first)
  assert.notDeepEqual(await references(1), first)
})

test('emptied, the simulator begins again as it began', async (t) => {
  const time = createManualTime()
  const counted = { refusals: 'RMSGQFUL every 4, RSYSERR 10%', limitPerSecond: 1, limitBurst: 25 }
  const { bind, call, get } = await simulate(t, { ...drawn, ...counted, malformed: '', time })
  const { client } = await bind()
  const round = async (): Promise<Traced[]> => {
    await call('DELETE', '/state')
    for (let i = 0; i < 30; i += 1) {
      client.submit(submission('x')).catch(() => {})
      await client.request({ command: 'enquire_link' })
      time.advance(5)
    }
    const { trace } = await get<{ trace: Traced[] }>('/trace')
    time.advance(20_000)
    // Ids go on.
    return trace.map(({ id: _id, ...rest }) => rest as Traced)
  }
  assert.deepEqual(await round(), await round())
})
