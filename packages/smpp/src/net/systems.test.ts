import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createSystems } from './systems.ts'

const account = { systemId: 'post', password: 'secret', maxBinds: 2, maxHandling: 10 }

test('who cuts its link and comes again still has the requests that it left with their handlers', () => {
  const systems = createSystems()
  const first = systems.enter('post', account)!
  first.begin()
  first.leave()
  const second = systems.enter('post', account)!
  assert.deepEqual(second.system, { binds: 1, handling: 1, maxHandling: 10 })
  first.end()
  assert.equal(second.system.handling, 0)
})

test('nothing is kept of a system that has neither a session nor a request with a handler', () => {
  const systems = createSystems()
  const place = systems.enter('post', account)!
  place.begin()
  place.end()
  assert.equal(systems.size, 1)
  place.begin()
  place.leave()
  assert.equal(systems.size, 1)
  place.end()
  assert.equal(systems.size, 0)
})
