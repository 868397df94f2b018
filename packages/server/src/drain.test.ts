import assert from 'node:assert/strict'
import { test } from 'node:test'
import { drain } from './drain.ts'
import type { Log } from './log.ts'

function ear() {
  const heard: unknown[] = []
  const log = { warn: (fields: object, text: string) => heard.push([fields, text]) } as unknown as Log
  return { heard, log }
}

test('work that ends is waited for, and nothing is said', async () => {
  const { heard, log } = ear()
  const work = Promise.withResolvers<void>()
  let over = false
  const draining = drain(work.promise, { log, left: () => 1, what: 'left' }).then((ended) => {
    over = ended
  })
  await new Promise(setImmediate)
  assert.equal(over, false)
  work.resolve()
  await draining
  assert.equal(over, true)
  assert.deepEqual(heard, [])
})

test('work that never ends is left, and it is said how much', async () => {
  const { heard, log } = ear()
  assert.equal(await drain(new Promise(() => {}), { log, left: () => 7, what: 'left', ms: 1 }), false)
  assert.deepEqual(heard, [[{ left: 7, waited_ms: 1 }, 'left']])
})

test('a failure of the work is the caller’s to hear', async () => {
  const { log } = ear()
  await assert.rejects(
    drain(Promise.reject(new Error('broken')), { log, left: () => 0, what: 'left' }),
    /broken/,
  )
})
