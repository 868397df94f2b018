import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fields as allFields, type Field } from './fields.ts'
import { patchOf, restOf, settingsOf, type UnreadableError, valuesOf } from './values.ts'

const fields: Field[] = [
  {
    path: 'hosts',
    input: 'rows',
    group: 'reach',
    columns: [
      { name: 'host', input: 'text' },
      { name: 'port', input: 'number' },
      { name: 'tls', input: 'switch' },
    ],
  },
  { path: 'query', input: 'switch', group: 'reach' },
  { path: 'rate', input: 'number', group: 'speed' },
  { path: 'ids.base', input: 'choice', group: 'receipts', choices: ['hex', 'decimal'] },
  { path: 'errors', input: 'pairs', group: 'errors' },
]
const settings = {
  hosts: [{ host: 'smsc.example', port: 2775, tls: true, servername: 'other.example' }, { host: 'b' }],
  query: false,
  rate: 12.5,
  ids: { base: 'hex', padded: true },
  errors: { '0x45': 'elsewhere', ESME_RTHROTTLED: 'throttle' },
  unknown: [1, 2],
}

test('settings go into the form and come back as they were, with what has no field', () => {
  const values = valuesOf(settings, fields)
  assert.equal(values['ids.base'], 'hex')
  assert.equal(values.errors, '0x45 = elsewhere\nESME_RTHROTTLED = throttle')
  const rest = restOf(settings, fields)
  assert.deepEqual(JSON.parse(rest), { ids: { padded: true }, unknown: [1, 2] })
  assert.deepEqual(settingsOf(values, rest, fields), settings)
  assert.equal(restOf({ rate: 1, ids: { base: 'hex' } }, fields), '')
})

test('what is empty is left out, and a comma is a decimal point', () => {
  const hosts = JSON.stringify([{ host: '', port: '' }])
  assert.deepEqual(settingsOf({ hosts, rate: '2,5', query: '', errors: '\n' }, '', fields), { rate: 2.5 })
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
  assert.equal(path({ hosts: '[{"host":"a","port":"x"}]' }, ''), 'hosts')
  assert.equal(path({ errors: '0x45 elsewhere' }, ''), 'errors')
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

test('no kind has two fields for one setting', () => {
  for (const own of Object.values(allFields)) {
    const paths = own.map(({ path }) => path)
    assert.equal(new Set(paths).size, paths.length)
  }
})
