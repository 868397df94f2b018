import assert from 'node:assert/strict'
import { test } from 'node:test'
import { wants } from './events.ts'

test('who names no event gets every one but those that are much, which are for whoever names them', () => {
  assert.ok(wants([], 'message.received'))
  assert.ok(!wants([], 'inbox.presence'))
  assert.ok(wants(['inbox.presence'], 'inbox.presence'))
  assert.ok(!wants(['inbox.presence'], 'message.received'))
})
