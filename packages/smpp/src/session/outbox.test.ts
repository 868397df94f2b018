import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SmppError } from '../errors.ts'
import type { ResponsePdu } from '../pdu/commands.ts'
import { answer, bound, failure, words } from '../testing/session.ts'
import { makeEntry } from './outbox.ts'

test('the window lets its number out, the rest waits, and freeWindow is exact all the way', () => {
  const it = bound()
  assert.equal(it.session.freeWindow, 3)
  const requests = [1, 2, 3, 4, 5].map(() => it.submit())
  assert.deepEqual(
    requests.map(({ actions }) => actions.length),
    [1, 1, 1, 0, 0],
  )
  assert.deepEqual([it.session.freeWindow, it.session.inFlight, it.session.waiting], [0, 3, 2])
  assert.deepEqual(words(it.pdu(answer(requests[1]!.entry))), ['resolve', 'write submit_sm 0'])
  assert.deepEqual([it.session.freeWindow, it.session.inFlight, it.session.waiting], [0, 3, 1])
  for (const i of [0, 2, 3, 4]) it.pdu(answer(requests[i]!.entry))
  assert.deepEqual([it.session.freeWindow, it.session.inFlight, it.session.waiting], [3, 0, 0])
  assert.ok(requests.every(({ outcomes }) => outcomes.length === 1))
})

test('a request beyond the waiting room is refused at once, unsent', () => {
  const it = bound()
  const requests = Array.from({ length: 9 }, () => it.submit())
  assert.equal(failure(requests[8]!.outcomes[0]), 'window_full no')
})

test('group 16: sequence numbers wrap at 0x7FFFFFFF, and those of the peer are given back as they came', async () => {
  const { createWindow } = await import('./window.ts')
  const window = createWindow(4, 0x7ffffffe)
  const entry = () =>
    makeEntry(
      'request',
      { command: 'submit_sm' },
      () => {},
      () => {},
    )
  assert.deepEqual(
    [window.add(entry()), window.add(entry()), window.add(entry())],
    [0x7ffffffe, 0x7fffffff, 1],
  )
  const it = bound()
  for (const sequence of [0, 0x80000000, 0xa2859f22, 0xffffffff]) {
    const [action] = it.pdu({ command: 'enquire_link', sequence })
    assert.ok(
      action?.do === 'write' && action.sequence === sequence && action.pdu.command === 'enquire_link_resp',
    )
  }
})

test('group 16: a number still in flight is never given twice, however long its answer takes', async () => {
  const { createWindow } = await import('./window.ts')
  const window = createWindow(4)
  const entry = () =>
    makeEntry(
      'request',
      { command: 'submit_sm' },
      () => {},
      () => {},
    )
  const slow = window.add(entry())
  for (let i = 0; i < 1_000; i++) {
    const other = entry()
    assert.notEqual(window.add(other), slow)
    window.remove(other)
  }
  assert.equal(window.peek(slow)?.sequence, slow)
})

test('group 16: both directions may use the same number at the same time', () => {
  const it = bound()
  const { entry, outcomes } = it.submit()
  assert.deepEqual(words(it.pdu({ command: 'deliver_sm', sequence: entry.sequence })), ['handle'])
  assert.deepEqual(words(it.pdu({ command: 'enquire_link', sequence: entry.sequence })), [
    'write enquire_link_resp 0',
  ])
  assert.equal(outcomes.length, 0)
  it.pdu(answer(entry))
  assert.equal(outcomes.length, 1)
})

test('group 16: the peer’s own requests may carry any number, and its handlers’ answers carry it back', () => {
  const it = bound({ maxHandling: 9 })
  for (const sequence of [0, 0x80000000, 0xa2859f22, 0xffffffff, 7, 7]) {
    const [handle] = it.pdu({ command: 'deliver_sm', sequence })
    assert.ok(handle?.do === 'handle')
    const [written] = it.perform((out) =>
      it.session.handled(handle.pdu, { command: 'deliver_sm_resp' }, 0, out),
    )
    assert.ok(written?.do === 'write' && written.sequence === sequence)
  }
})

test('group 17: an answer to a request that was aborted is nobody’s, and its number is free again', () => {
  const it = bound()
  const { entry, outcomes } = it.submit()
  it.perform((out) => it.session.abort(entry, 0, out))
  assert.deepEqual(words(it.pdu(answer(entry))), ['note unmatched'])
  assert.equal(outcomes.length, 1)
})

test('group 17: answers out of order, double, late, of the wrong kind and for nobody', () => {
  const it = bound()
  const first = it.submit()
  const second = it.submit()
  it.pdu(answer(second.entry))
  assert.deepEqual(words(it.pdu(answer(second.entry))), ['note unmatched'])
  assert.deepEqual(words(it.pdu({ command: 'query_sm_resp', sequence: first.entry.sequence })), [
    'note unmatched',
  ])
  assert.deepEqual(words(it.at(1_000)), ['reject'])
  assert.equal(failure(first.outcomes[0]), 'timeout maybe')
  assert.equal((first.outcomes[0] as SmppError).sequence, first.entry.sequence)
  assert.deepEqual(words(it.pdu(answer(first.entry))), ['note unmatched'])
  assert.deepEqual([first.outcomes.length, second.outcomes.length], [1, 1])
  assert.equal(it.session.freeWindow, 3)
})

test('group 17: a generic_nack with our number is the answer, one with number 0 is only noted', () => {
  const it = bound()
  const { entry, outcomes } = it.submit()
  assert.deepEqual(words(it.pdu({ command: 'generic_nack', sequence: 0, status: 3 })), ['note nack'])
  it.pdu({ command: 'generic_nack', sequence: entry.sequence, status: 3 })
  assert.equal((outcomes[0] as ResponsePdu).command, 'generic_nack')
})

test('an answer with an error status is an answer', () => {
  const it = bound()
  const { entry, outcomes } = it.submit()
  it.pdu(answer(entry, 0x58))
  assert.equal((outcomes[0] as ResponsePdu).status, 0x58)
})

test('a request that waits too long for the window is rejected unsent', () => {
  const it = bound({ window: 1 })
  it.submit()
  it.at(600)
  const waiting = it.submit()
  it.at(1_000) // the first one times out and makes room
  assert.equal(waiting.outcomes.length, 0)
  assert.equal(it.session.inFlight, 1)
  const third = it.submit()
  it.at(2_000)
  assert.equal(failure(waiting.outcomes[0]), 'timeout maybe')
  assert.equal(failure(third.outcomes[0]), 'timeout no')
})

test('abort settles at once: unsent while it waits, maybe sent when it is out, and makes room', () => {
  const it = bound({ window: 1 })
  const [out, waiting, next] = [it.submit(), it.submit(), it.submit()]
  it.perform((list) => it.session.abort(waiting.entry, 0, list))
  assert.equal(failure(waiting.outcomes[0]), 'aborted no')
  const actions = it.perform((list) => it.session.abort(out.entry, 0, list))
  assert.equal(failure(out.outcomes[0]), 'aborted maybe')
  assert.deepEqual(words(actions), ['reject', 'write submit_sm 0'])
  it.perform((list) => it.session.abort(out.entry, 0, list))
  assert.equal(out.outcomes.length, 1)
  it.pdu(answer(next.entry))
  assert.equal(it.session.freeWindow, 1)
})

test('closing tells what was flushed (maybe) from what was not (no)', () => {
  const it = bound({ window: 2 })
  const flushed = it.submit()
  it.session.flushed()
  const buffered = it.submit()
  const waiting = it.submit()
  it.perform((out) => it.session.close(out, 'socket_closed'))
  assert.deepEqual(
    [flushed, buffered, waiting].map(({ outcomes }) => failure(outcomes[0])),
    ['closed maybe', 'closed no', 'closed no'],
  )
  assert.equal(failure(it.submit().outcomes[0]), 'closed no')
})
