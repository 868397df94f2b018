import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Field } from './fields.ts'
import { patchOf, restOf, settingsOf, type UnreadableError, valuesOf } from './values.ts'

const fields: Field[] = [
  { path: 'host', input: 'text', group: 'reach' },
  { path: 'tls', input: 'switch', group: 'reach' },
  { path: 'rate', input: 'number', group: 'speed' },
  { path: 'ids.base', input: 'choice', group: 'receipts', choices: ['hex', 'decimal'] },
  { path: 'allowed', input: 'lines', group: 'reach' },
]
const settings = {
  host: 'smsc.example',
  tls: true,
  rate: 12.5,
  ids: { base: 'hex', padded: true },
  allowed: ['a', 'b'],
  errors: { '0x45': 'elsewhere' },
}

test('settings go into the form and come back as they were, with what has no field', () => {
  const values = valuesOf(settings, fields)
  assert.equal(values['ids.base'], 'hex')
  const rest = restOf(settings, fields)
  assert.deepEqual(JSON.parse(rest), { ids: { padded: true }, errors: { '0x45': 'elsewhere' } })
  assert.deepEqual(settingsOf(values, rest, fields), settings)
  assert.equal(restOf({ host: 'x', ids: { base: 'hex' } }, fields), '')
})

test('what is empty is left out, and a comma is a decimal point', () => {
  assert.deepEqual(settingsOf({ host: ' ', rate: '2,5', tls: '' }, '', fields), { rate: 2.5 })
})

test('what cannot be read is named', () => {
  const path = (values: Record<string, string>, rest: string) => {
    try {
      settingsOf(values, rest, fields)
    } catch (error) {
      return (error as UnreadableError).path
    }
    return undefined
  }
  assert.equal(path({ rate: 'fast' }, ''), 'rate')
  assert.equal(path({}, '{"a":'), 'rest')
  assert.equal(path({}, '[1]'), 'rest')
  assert.equal(path({}, '{}'), undefined)
})

test('a patch has what changed, at any depth, and null for what is gone', () => {
  const before = { a: 1, b: { c: 1, d: 2 }, e: [1], f: 'x' }
  assert.deepEqual(patchOf(before, { a: 1, b: { c: 1, d: 3 }, e: [1, 2], g: true }), {
    b: { d: 3 },
    e: [1, 2],
    f: null,
    g: true,
  })
  assert.deepEqual(patchOf(before, { ...before, b: { c: 1 } }), { b: { d: null } })
  assert.deepEqual(patchOf(before, before), {})
})
