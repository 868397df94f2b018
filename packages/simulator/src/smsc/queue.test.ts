import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createQueue } from './queue.ts'

test('first in, first out, over many cuts of the array', () => {
  const queue = createQueue<number>()
  let put = 0
  let taken = 0
  for (let round = 0; round < 5000; round += 1) {
    queue.put(put++)
    queue.put(put++)
    assert.equal(queue.take(), taken++)
  }
  assert.equal(queue.size, 5000)
  while (queue.size > 0) assert.equal(queue.take(), taken++)
  assert.equal(taken, put)
  assert.equal(queue.take(), undefined)
  assert.equal(queue.size, 0)
})

test('what is given back comes before what never left', () => {
  const queue = createQueue<string>()
  for (const item of ['a', 'b', 'c']) queue.put(item)
  const a = queue.take()!
  const b = queue.take()!
  queue.giveBack(a)
  queue.giveBack(b)
  assert.equal(queue.size, 3)
  assert.deepEqual([queue.take(), queue.take(), queue.take(), queue.take()], ['a', 'b', 'c', undefined])
})
