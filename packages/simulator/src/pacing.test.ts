import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { createClient, createPacedSubmitter, createPacer, Status } from '@kurzpost/smpp'
import { createManualTime } from '@kurzpost/smpp/testing'
import type { SettingsInput } from './settings/settings.ts'
import { simulate, submission } from './testing.ts'

const stepMs = 10

/** Submits whatever may go, over a socket, on a clock that only this test moves; counts answers by the second. */
async function run(t: TestContext, settings: SettingsInput, seconds: number) {
  const time = createManualTime()
  const { simulator } = await simulate(t, { answerDelayMs: 20, ...settings, time })
  const client = createClient({
    host: '127.0.0.1',
    port: simulator.smppPort,
    systemId: 'kurzpost',
    password: 'secret',
    window: 1_000,
    reconnect: false,
    time,
  })
  t.after(() => client.destroy())
  await client.connect()

  const from = time.now()
  const counts = Array.from({ length: seconds }, () => ({ accepted: 0, throttled: 0, longestMs: 0 }))
  const counted = {
    async submit(...given: Parameters<typeof client.submit>) {
      const sentAt = time.now()
      const answer = await client.submit(...given)
      const second = counts[Math.floor((time.now() - from) / 1_000)]
      if (second === undefined) return answer
      second[answer.status === Status.throttled ? 'throttled' : 'accepted']++
      second.longestMs = Math.max(second.longestMs, time.now() - sentAt)
      return answer
    },
  }
  const pacer = createPacer({ now: from })
  const paced = createPacedSubmitter(counted, pacer, { time })
  const text = submission('x', { registered_delivery: 0 })
  while (time.now() < from + seconds * 1_000) {
    // More than the limit grants in any step.
    for (let waiting = paced.waiting; waiting < 50; waiting++) paced.submit(text).catch(() => {})
    time.advance(stepMs)
    // Its answer comes behind all that the simulator had to answer before: the clock waits for the sockets.
    await client.request({ command: 'enquire_link' })
  }
  return { counts, pacer }
}

const limits: Readonly<Record<string, SettingsInput>> = {
  'as time passes': {},
  'by whole seconds': { limitCounts: 'whole-seconds' },
  'and shows it only by later answers': { limitStyle: 'delay' },
}

for (const [kind, settings] of Object.entries(limits))
  test(`group 26: a paced client finds the hidden limit that counts ${kind}, within 30 s, and keeps to it`, {
    timeout: 60_000,
  }, async (t) => {
    const limitPerSecond = 80
    const { counts, pacer } = await run(t, { ...settings, limitPerSecond }, 60)
    const settled = counts.slice(30)
    const sum = (kind: 'accepted' | 'throttled') => settled.reduce((total, second) => total + second[kind], 0)
    const share = sum('accepted') / (settled.length * limitPerSecond)
    assert.ok(share >= 0.95 && share <= 1.01, `${share} of the limit, ${JSON.stringify(pacer.snapshot(0))}`)
    const throttled = sum('throttled') / (sum('accepted') + sum('throttled'))
    assert.ok(throttled < 0.01, `${throttled} throttled`)
    // No queue is kept at the SMSC: the longest wait is one of a probe, and most seconds have none.
    const waits = settled.map(({ longestMs }) => longestMs).sort((a, b) => a - b)
    assert.ok(waits[15]! <= 100 && waits[29]! <= 1_000, waits.join(' '))
  })
