import assert from 'node:assert/strict'
import { test } from 'node:test'
import { answer, bound, failure, words } from '../testing/session.ts'

const delivery = (sequence: number) => ({ command: 'deliver_sm', sequence }) as const

test('group 25: handlers have their time from the first request on, however long it was quiet before', () => {
  const it = bound({ maxHandling: 1 })
  it.at(7_000)
  for (const sequence of [1, 2]) it.pdu(delivery(sequence))
  assert.deepEqual(words(it.at(7_100)), [])
  assert.equal(it.session.paused, true)
  assert.deepEqual(words(it.at(7_500)), ['note stalled'])
})

test('group 25: one handler that is done ends the refusals, and more waits again', () => {
  const it = bound({ maxHandling: 1 })
  const [handle] = it.pdu(delivery(1))
  for (const sequence of [2, 3]) it.pdu(delivery(sequence))
  it.at(500)
  assert.deepEqual(words(it.pdu(delivery(4))), ['write deliver_sm_resp 100'])
  assert.ok(handle?.do === 'handle')
  const { pdu } = handle
  it.perform((out) => it.session.handled(pdu, { command: 'deliver_sm_resp' }, 600, out))
  assert.deepEqual(words(it.pdu(delivery(5))), [])
  assert.equal(it.session.paused, true)
})

test('a time of its own runs for the place, and anew for the answer', () => {
  const it = bound({ window: 1, responseTimeoutMs: 60_000 })
  const first = it.submit()
  const own = it.submit({ timeoutMs: 300 })
  it.at(200)
  it.pdu(answer(first.entry))
  assert.deepEqual(words(it.at(499)), [])
  assert.equal(own.outcomes.length, 0)
  it.at(500)
  assert.equal(failure(own.outcomes[0]), 'timeout maybe')
})
