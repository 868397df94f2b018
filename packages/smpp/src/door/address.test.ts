import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { addressKey, createAddressList, plainAddress } from './address.ts'

test('an address has one spelling', () => {
  for (const [given, plain] of [
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['::FFFF:c000:0201', '192.0.2.1'],
    ['2001:0DB8::0001', '2001:db8::1'],
    ['fe80::1%eth0', 'fe80::1'],
    ['', ''],
  ] as const)
    assert.equal(plainAddress(given), plain)
})

test('limits count by IPv4 address and by the first 64 bits of IPv6', () => {
  for (const [address, key] of [
    ['192.0.2.1', '192.0.2.1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8:1:2::9', '2001:db8:1:2::/64'],
    ['2001:db8::9', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['::', '0:0:0:0::/64'],
    ['1::2:3:4:5:6:7', '1:0:2:3::/64'],
    ['1:2:3:4:5:6:7::', '1:2:3:4::/64'],
  ] as const)
    assert.equal(addressKey(address), key)
})

test('two IPv6 addresses have the same key exactly if their first 64 bits are the same', () => {
  const groups = fc.array(fc.constantFrom(0, 1, 0xffff), { minLength: 8, maxLength: 8 })
  fc.assert(
    fc.property(groups, groups, (a, b) => {
      const text = (of: number[]): string => plainAddress(of.map((group) => group.toString(16)).join(':'))
      fc.pre(!text(a).includes('.') && !text(b).includes('.'))
      assert.equal(addressKey(text(a)) === addressKey(text(b)), a.slice(0, 4).join() === b.slice(0, 4).join())
    }),
  )
})

test('a list of blocks knows what is in it', () => {
  const list = createAddressList(['192.0.2.0/24', '2001:db8::/32', '198.51.100.7', '203.0.113.0/31'])
  for (const inside of ['192.0.2.255', '2001:db8:ffff::1', '198.51.100.7', '203.0.113.1'])
    assert.ok(list(inside), inside)
  for (const outside of ['192.0.3.0', '2001:db9::', '198.51.100.8', '203.0.113.2', '', 'x'])
    assert.ok(!list(outside), outside)
  assert.ok(createAddressList(['0.0.0.0/0'])('1.2.3.4'))
  assert.ok(!createAddressList([])('1.2.3.4'))
})

test('what is no block is refused when the list is made', () => {
  for (const block of [
    '192.0.2.0/33',
    '192.0.2.0/',
    '192.0.2/24',
    'localhost',
    '::/129',
    '192.0.2.0/8/8',
    '',
  ])
    assert.throws(() => createAddressList([block]), RangeError, block)
})
