import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createGuard } from '../egress.ts'
import { checkSetup, merged, slotsOf } from './kinds.ts'

const smpp = (settings: object, profile: string | null = null) => ({
  ...{ id: 'x', kind: 'smpp', profile, secrets: { password: 'p' }, learned: {} },
  settings: { hosts: [{ host: 'smsc.example.com' }], system_id: 'us', ...settings },
})

test('settings are laid over others as RFC 7396 says', () => {
  assert.deepEqual(
    merged({ a: 1, b: { c: 2, d: 3 }, e: [1, 2] }, { a: null, b: { d: null, f: 4 }, e: [3], g: { h: null } }),
    { b: { c: 2, f: 4 }, e: [3], g: {} },
  )
})

test('a carrier has the binds of its settings, each with the window that its kind gives unless said', () => {
  const plans = slotsOf(smpp({ binds: [{ count: 2 }, { type: 'receiver' }] }))
  assert.deepEqual(
    plans.map(({ slot, type, submits, window }) => [slot, type, submits, window]),
    [
      [0, 'transceiver', true, 50],
      [1, 'transceiver', true, 50],
      [2, 'receiver', false, 50],
    ],
  )
  assert.equal(slotsOf(smpp({ window: 7 }))[0]!.window, 7)
})

test('a bind is made anew for another host, and not for another rate or window', () => {
  const connection = (settings: object) => slotsOf(smpp(settings))[0]!.connection
  assert.equal(connection({ segments_per_second: 5 }), connection({}))
  assert.equal(connection({ window: 7 }), connection({}))
  assert.notEqual(connection({ hosts: [{ host: 'other.example.com' }] }), connection({}))
})

const guard = createGuard({ sandbox: false })
const useless: [string, object][] = [
  ['a pattern', { source_addresses: [{ match: '(((' }] }],
  ['a zone', { receipts: { zone: 'Foo/Bar' } }],
  ['a TLV that nobody knows', { submit_tlvs: { nix: '00' } }],
  [
    'a value that its TLV does not hold',
    { tlvs: { own: { tag: 5120, kind: 'u8' } }, submit_tlvs: { own: 'x' } },
  ],
]
for (const [what, settings] of useless)
  test(`settings of which no bind can be made are refused: ${what}`, () => {
    assert.throws(() => checkSetup(smpp(settings), guard), { code: 'invalid_request' })
    assert.doesNotThrow(() => checkSetup(smpp({}), guard))
  })
