import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createOrphanCheck } from './orphan.ts'

function handCheck() {
  const world = { now: 0, alone: false, lastSeen: 0 }
  const isOver = createOrphanCheck({
    seconds: 10,
    isAlone: () => world.alone,
    now: () => world.now,
    idleMs: () => world.now - world.lastSeen,
  })
  return { world, isOver }
}

test('with its parent there, it stays however long nobody comes', () => {
  const { world, isOver } = handCheck()
  world.now = 1_000_000
  assert.equal(isOver(), false)
})

test('an orphan stays for as long as it was told, counted from the loss of its parent', () => {
  const { world, isOver } = handCheck()
  world.now = 1_000_000
  world.alone = true
  assert.equal(isOver(), false)
  world.now += 9_999
  assert.equal(isOver(), false)
  world.now += 1
  assert.equal(isOver(), true)
})

test('whoever comes to an orphan starts the time anew', () => {
  const { world, isOver } = handCheck()
  world.alone = true
  isOver()
  world.now = 9_000
  world.lastSeen = 9_000
  world.now = 18_999
  assert.equal(isOver(), false)
  world.now = 19_000
  assert.equal(isOver(), true)
})
