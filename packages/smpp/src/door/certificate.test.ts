import assert from 'node:assert/strict'
import { test } from 'node:test'
import { alternativeNames } from './certificate.ts'

test('alternative names are cut at their commas, and a quoted one cannot pass for two', () => {
  assert.deepEqual(alternativeNames('DNS:post.example, IP Address:192.0.2.1, URI:https://a/b:c'), [
    'DNS:post.example',
    'IP Address:192.0.2.1',
    'URI:https://a/b:c',
  ])
  assert.deepEqual(alternativeNames('DNS:"evil, DNS:good.example", DNS:b'), [
    'DNS:evil, DNS:good.example',
    'DNS:b',
  ])
  assert.deepEqual(alternativeNames(''), [])
})
