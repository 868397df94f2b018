import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type SmppError, Status, systemTime } from '@kurzpost/smpp'
import { certificate, createManualTime, key } from '@kurzpost/smpp/testing'
import { type Bind, rawBind, simulate, submission } from '../testing.ts'
import { statusOfFrame } from './faults/frames.ts'

type Client = Bind['client']

/** Sends texts at once and waits until the simulator has decided on them all: an enquire_link comes behind them. */
async function submitAll(client: Client, count: number) {
  const statuses: number[] = []
  for (let i = 0; i < count; i += 1) {
    client.submit(submission('x')).then(
      ({ status }) => statuses.push(status),
      () => statuses.push(-1),
    )
  }
  await client.request({ command: 'enquire_link' })
  return statuses
}
const settle = (client: Client) => client.request({ command: 'enquire_link' })

test('an answer comes when its time has come, by the clock that was handed in', async (t) => {
  const time = createManualTime()
  const { bind } = await simulate(t, { answerDelayMs: 250, receiptNever: true, time })
  const { client } = await bind()
  const statuses = await submitAll(client, 3)
  time.advance(249)
  await settle(client)
  assert.deepEqual(statuses, [])
  time.advance(1)
  await settle(client)
  assert.deepEqual(statuses, [0, 0, 0])
})

test('answers of a distribution come at many times', async (t) => {
  const time = createManualTime()
  const { bind } = await simulate(t, { answerDelayMs: 'uniform 100..200', receiptNever: true, time })
  const { client } = await bind()
  const statuses = await submitAll(client, 50)
  time.advance(99)
  await settle(client)
  assert.equal(statuses.length, 0)
  time.advance(50)
  await settle(client)
  assert.ok(statuses.length > 10 && statuses.length < 40, `${statuses.length} of 50`)
  time.advance(51)
  await settle(client)
  assert.equal(statuses.length, 50)
})

test('group 26: a limit that refuses does so with its status, and counts as throttled', async (t) => {
  const time = createManualTime()
  const { bind, health } = await simulate(t, {
    limitPerSecond: 10,
    limitStatus: 'RMSGQFUL',
    receiptNever: true,
    time,
  })
  const { client } = await bind()
  const statuses = await submitAll(client, 25)
  assert.equal(statuses.filter((status) => status === 0).length, 10)
  assert.equal(statuses.filter((status) => status === Status.queueFull).length, 15)
  assert.equal((await health()).stats.throttled, 15)
})

test('group 27: a limit that delays refuses nothing, and answers at its pace', async (t) => {
  const time = createManualTime()
  const { bind } = await simulate(t, { limitPerSecond: 10, limitStyle: 'delay', receiptNever: true, time })
  const { client } = await bind()
  const statuses = await submitAll(client, 30)
  assert.equal(statuses.length, 10)
  time.advance(1000)
  await settle(client)
  assert.equal(statuses.length, 20)
  time.advance(1000)
  await settle(client)
  assert.deepEqual(new Set(statuses), new Set([0]))
  assert.equal(statuses.length, 30)
})

test('group 23: a limit counts a system, or each bind for itself', async (t) => {
  for (const [limitPer, expected] of [
    ['system', 10],
    ['bind', 20],
  ] as const) {
    const time = createManualTime()
    const { bind } = await simulate(t, { limitPerSecond: 10, limitPer, receiptNever: true, time })
    const [one, two] = [await bind(), await bind()]
    const statuses = [...(await submitAll(one.client, 20)), ...(await submitAll(two.client, 20))]
    assert.equal(statuses.filter((status) => status === 0).length, expected, limitPer)
  }
})

test('a limit that disconnects cuts the link above it', async (t) => {
  const time = createManualTime()
  const { bind, submits } = await simulate(t, {
    limitPerSecond: 2,
    limitStyle: 'disconnect',
    receiptNever: true,
    time,
  })
  const { client, reach } = await bind({ reconnect: false })
  await reach('bound')
  for (let i = 0; i < 3; i += 1) client.submit(submission('x')).catch(() => {})
  await reach('closed')
  assert.equal((await submits()).submits.length, 2)
})

const cuts = [
  ['before-taking', 0, 'maybe'],
  ['before-answer', 1, 'maybe'],
  ['after-answer', 1, 0],
] as const
for (const [dropLinkWhen, arrived, outcome] of cuts) {
  test(`group 29: dropLink ${dropLinkWhen}: ${arrived} arrived, the sender knows ${outcome}`, async (t) => {
    const { bind, submits } = await simulate(t, { dropLink: 1, dropLinkWhen, receiptNever: true })
    const { client, reach } = await bind({ reconnect: false })
    await reach('bound')
    const known = await client.submit(submission('x')).then(
      ({ status }) => status,
      (error: SmppError) => error.sent,
    )
    assert.equal(known, outcome)
    assert.equal((await submits()).submits.length, arrived)
  })
}

test('group 18: silentAfter leaves TCP alive and everything unanswered, enquire_link too', async (t) => {
  const { simulator, submits } = await simulate(t, { silentAfter: 2, receiptNever: true })
  const { send, next, frames, socket } = await rawBind(t, simulator.smppPort)
  await next(0x8000_0009)
  send({ command: 'submit_sm', ...submission('1') })
  await next(0x8000_0004)
  send({ command: 'submit_sm', ...submission('2') })
  send({ command: 'enquire_link' })
  while ((await submits()).submits.length < 2);
  assert.equal(frames.waiting, 0)
  assert.equal(socket.destroyed, false)
})

test('group 18: a client notices a link that fell silent, and binds anew', async (t) => {
  const { bind, set } = await simulate(t, { receiptNever: true })
  const { client, reach } = await bind({ enquireLinkMs: 20, responseTimeoutMs: 50 })
  await set({ enquireLinkNever: true })
  assert.equal((await reach('waiting')).reason, 'link_dead')
  await set({ enquireLinkNever: false })
  await reach('bound')
  assert.equal((await client.submit(submission('x'))).status, 0)
})

test('group 19: unbindAfter asks to unbind inside the window, and every answer still comes', async (t) => {
  const { bind } = await simulate(t, { unbindAfter: 5, receiptNever: true, answerDelayMs: 5 })
  const { client, reach } = await bind({ reconnect: false })
  await reach('bound')
  const answers = Array.from({ length: 10 }, () => client.submit(submission('x')))
  assert.equal((await reach('closed')).reason, 'peer_unbound')
  const outcomes = await Promise.allSettled(answers)
  assert.deepEqual(
    outcomes.map(({ status }) => status),
    outcomes.map(() => 'fulfilled'),
  )
})

test('a setting that counts down leaves the turns of others alone', async (t) => {
  const { bind } = await simulate(t, {
    unbindAfter: 1000,
    refusals: 'RTHROTTLED every 3',
    receiptNever: true,
  })
  const { client } = await bind()
  const statuses: number[] = []
  for (let i = 0; i < 6; i += 1) statuses.push((await client.submit(submission('x'))).status)
  assert.deepEqual(statuses, [0, 0, 0x58, 0, 0, 0x58])
})

test('a simulator that is closed leaves no timer behind, not even of an old session that lingers', async (t) => {
  const timers = new Set<object>()
  const time = {
    now: () => performance.now(),
    after(ms: number, run: () => void) {
      const timer = {}
      timers.add(timer)
      const cancel = systemTime.after(ms, () => {
        timers.delete(timer)
        run()
      })
      return () => {
        timers.delete(timer)
        cancel()
      }
    },
  }
  const { bind, simulator } = await simulate(t, { bindLingerMs: 3_600_000, bindPauseMs: 1, time })
  const { client, reach } = await bind({ reconnect: false })
  await reach('bound')
  await client.close()
  await simulator.close()
  assert.equal(timers.size, 0)
})

test('group 21: silent takes the connection and never answers the bind', async (t) => {
  const { simulator, set } = await simulate(t, { silent: true })
  const { frames, send, next } = await rawBind(t, simulator.smppPort)
  await set({ silent: false })
  send({ command: 'enquire_link' })
  // What comes first is the answer to the enquire_link: that to the bind is gone.
  assert.equal((await next(0x8000_0015)).length, 16)
  assert.equal(frames.waiting, 0)
})

test('group 20: bindRefusals refuses so many binds, then lets in', async (t) => {
  const { bind } = await simulate(t, { bindStatus: 'RBINDFAIL', bindRefusals: 3 })
  const statuses: (number | undefined)[] = []
  for (let i = 0; i < 5; i += 1) {
    const { client, states } = await bind({ reconnect: false })
    for (let state = await states.next(); ; state = await states.next()) {
      if (state.state !== 'closed' && state.state !== 'bound') continue
      statuses.push(state.detail.status ?? 0)
      break
    }
    client.destroy()
  }
  assert.deepEqual(statuses, [13, 13, 13, 0, 0])
})

test('group 20: an old session lingers, and the new one is told RALYBND until it is gone', async (t) => {
  const time = createManualTime()
  const { simulator, call } = await simulate(t, { bindLimit: 1, bindLingerMs: 30_000, time })
  const bindStatus = async (): Promise<number> => {
    const { next } = await rawBind(t, simulator.smppPort)
    return statusOfFrame(await next(0x8000_0009))
  }
  assert.equal(await bindStatus(), 0)
  assert.equal(await bindStatus(), Status.alreadyBound)
  await call('POST', '/binds/drop')
  time.advance(29_999)
  assert.equal(await bindStatus(), Status.alreadyBound)
  time.advance(1)
  assert.equal(await bindStatus(), 0)
})

test('group 20: bindPauseMs wants time between two binds of one system', async (t) => {
  const time = createManualTime()
  const { simulator } = await simulate(t, { bindPauseMs: 30_000, time })
  const bindStatus = async (): Promise<number> => {
    const { next } = await rawBind(t, simulator.smppPort)
    return statusOfFrame(await next(0x8000_0009))
  }
  assert.deepEqual([await bindStatus(), await bindStatus()], [0, Status.bindFailed])
  time.advance(30_000)
  assert.equal(await bindStatus(), 0)
})

test('refusals go by recipient', async (t) => {
  const { bind, submits } = await simulate(t, {
    refusals: 'RINVDSTADR for 4915, 0x401 for +43',
    receiptNever: true,
  })
  const { client } = await bind()
  const statuses: number[] = []
  for (const destination_addr of ['4915112345678', '436601234567', '33612345678']) {
    statuses.push((await client.submit(submission('x', { destination_addr }))).status)
  }
  assert.deepEqual(statuses, [0x0b, 0x401, 0])
  assert.equal((await submits()).submits.length, 1)
})

test('with a certificate the SMSC speaks TLS, and nothing else', async (t) => {
  const { bind, simulator } = await simulate(t, { tls: { cert: certificate, key }, malformed: '1 20%' })
  const { client, delivered } = await bind({ tls: { ca: certificate, servername: 'localhost' } })
  assert.equal((await client.submit(submission('x'))).status, 0)
  assert.equal((await delivered.next()).esm_class, 4)
  const { closed } = await rawBind(t, simulator.smppPort)
  await closed
})
