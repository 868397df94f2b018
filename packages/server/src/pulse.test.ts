import assert from 'node:assert/strict'
import { it } from 'node:test'
import { systemClock as clock } from './clock.ts'
import { silentLog as log } from './log.ts'
import { startPulse } from './pulse.ts'

const never = 2_000_000_000
const gate = () => Promise.withResolvers<void>()

it('runs at the start, and once more for all the rings while it runs', async () => {
  let runs = 0
  const entered = [gate(), gate(), gate()]
  const leave = [gate(), gate(), gate()]
  const pulse = startPulse({
    name: 'x',
    everyMs: never,
    clock,
    log,
    async work() {
      const run = runs++
      entered[run]?.resolve()
      await leave[run]?.promise
      return undefined
    },
  })
  await entered[0]!.promise
  pulse.ring()
  pulse.ring()
  leave[0]!.resolve()
  await entered[1]!.promise
  leave[1]!.resolve()
  await pulse.stop()
  assert.equal(runs, 2)
})

it('runs again when the work asks for it, and after it has thrown', async () => {
  const runs: string[] = []
  const third = gate()
  const pulse = startPulse({
    name: 'x',
    everyMs: never,
    clock,
    log,
    async work() {
      runs.push('run')
      if (runs.length === 1) return 0
      if (runs.length === 2) throw new Error('no database')
      third.resolve()
      return undefined
    },
  })
  await third.promise
  await pulse.stop()
  assert.equal(runs.length, 3)
})

it('waits at its stop for the run under way and starts no other', async () => {
  const entered = gate()
  const leave = gate()
  let ended = 0
  const pulse = startPulse({
    name: 'x',
    everyMs: 0,
    clock,
    log,
    async work() {
      entered.resolve()
      await leave.promise
      ended++
      return 0
    },
  })
  await entered.promise
  const stopped = pulse.stop()
  pulse.ring()
  leave.resolve()
  await stopped
  assert.equal(ended, 1)
})
