import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createLockout } from './lockout.ts'

const home = '192.0.2.1'
const away = '198.51.100.9'
const minute = 60_000

function failing(
  lockout: ReturnType<typeof createLockout>,
  times: number,
  now: number,
  systemId = 'post',
  address = home,
) {
  for (let i = 0; i < times; i++) lockout.failed(systemId, address, now)
}

test('a few failures are free, further ones delay the answer twice as long each time, up to a limit', () => {
  const lockout = createLockout({ freeFailures: 2, delayMs: 100, maxDelayMs: 700, maxFailures: 100 })
  const delays = [0, 1, 2, 3, 4, 5, 6].map(() => {
    const { delayMs } = lockout.look('post', home, 0)
    lockout.failed('post', home, 0)
    return delayMs
  })
  assert.deepEqual(delays, [0, 0, 100, 200, 400, 700, 700])
})

test('too many failures shut out for a time that grows with each failure after it', () => {
  const lockout = createLockout({ maxFailures: 3, lockMs: minute, maxLockMs: 3 * minute })
  failing(lockout, 2, 0)
  assert.equal(lockout.look('post', home, 0).lockedUntil, 0)
  const locks: number[] = []
  for (let now = 0, round = 0; round < 4; round++) {
    lockout.failed('post', home, now)
    const { lockedUntil } = lockout.look('post', home, now)
    locks.push(lockedUntil - now)
    assert.equal(lockout.look('post', home, lockedUntil - 1).lockedUntil, lockedUntil)
    assert.equal(lockout.look('post', home, lockedUntil).lockedUntil, 0)
    now = lockedUntil
  }
  assert.deepEqual(locks, [minute, 2 * minute, 3 * minute, 3 * minute])
})

test('a stranger cannot lock out a customer at another address', () => {
  const lockout = createLockout({ maxFailures: 3, maxAddressFailures: 5 })
  failing(lockout, 1_000, 0, 'post', away)
  assert.ok(lockout.look('post', away, 0).lockedUntil > 0)
  assert.deepEqual(lockout.look('post', home, 0), { lockedUntil: 0, delayMs: 0 })
})

test('an address that tries many names is shut out as a whole', () => {
  const lockout = createLockout({ maxFailures: 10, maxAddressFailures: 5 })
  for (let i = 0; i < 5; i++) failing(lockout, 1, 0, `name-${i}`)
  assert.ok(lockout.look('another', home, 0).lockedUntil > 0)
  assert.equal(lockout.look('another', away, 0).lockedUntil, 0)
})

test('a success clears the name, and not the guesses of the same address at others', () => {
  const lockout = createLockout({ freeFailures: 1, maxFailures: 10, maxAddressFailures: 5 })
  failing(lockout, 2, 0, 'post')
  failing(lockout, 2, 0, 'other')
  lockout.succeeded('post', home, 0)
  assert.equal(lockout.look('post', home, 0).delayMs, 0)
  assert.ok(lockout.look('other', home, 0).delayMs > 0)
  failing(lockout, 3, 0, 'third')
  assert.ok(lockout.look('post', home, 0).lockedUntil > 0)
})

test('failures are forgotten when long enough there was no other', () => {
  const lockout = createLockout({ freeFailures: 0, maxFailures: 3, forgetMs: minute })
  failing(lockout, 2, 0)
  assert.ok(lockout.look('post', home, minute - 1).delayMs > 0)
  assert.equal(lockout.look('post', home, minute).delayMs, 0)
  failing(lockout, 1, minute)
  assert.equal(lockout.look('post', home, minute).lockedUntil, 0)
})

test('a lock that is longer than the memory of failures still holds to its end', () => {
  const lockout = createLockout({ maxFailures: 1, lockMs: 10 * minute, forgetMs: minute })
  failing(lockout, 1, 0)
  assert.equal(lockout.look('post', home, 9 * minute).lockedUntil, 10 * minute)
})

test('the books are bounded, whatever names and addresses strangers invent', () => {
  const lockout = createLockout({ maxRemembered: 50 })
  for (let i = 0; i < 1_000; i++) lockout.failed(`name-${i}`, `10.0.${i >> 8}.${i & 255}`, i)
  assert.deepEqual(lockout.size, { pairs: 50, addresses: 50 })
})

test('whatever happens elsewhere, an address without failures of its own is never delayed or refused', () => {
  const step = fc.record({
    systemId: fc.constantFrom('post', 'other'),
    address: fc.constantFrom(away, '2001:db8::1', '10.0.0.1'),
    success: fc.boolean(),
    after: fc.nat(100_000),
  })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 100 }), (steps) => {
      const lockout = createLockout({ maxFailures: 2, maxAddressFailures: 3 })
      let now = 0
      for (const { systemId, address, success, after } of steps) {
        now += after
        if (success) lockout.succeeded(systemId, address, now)
        else lockout.failed(systemId, address, now)
        assert.deepEqual(lockout.look('post', home, now), { lockedUntil: 0, delayMs: 0 })
      }
    }),
    { numRuns: 50 },
  )
})

test('group 56: of a system_id as long as a PDU only the beginning is remembered', () => {
  const lockout = createLockout({ maxFailures: 2 })
  const long = 'x'.repeat(60_000)
  lockout.failed(`${long}1`, home, 0)
  assert.equal(lockout.failed(`${long}2`, home, 0), 2)
  assert.equal(lockout.failed('x'.repeat(15), home, 0), 1)
})

test('guesses from all over one IPv6 /64, at whatever names, are guesses of one address', () => {
  const lockout = createLockout({ maxAddressFailures: 20 })
  for (let i = 0; i < 20; i++) lockout.failed(`name ${i}`, `2001:db8::${i.toString(16)}`, 0)
  assert.ok(lockout.look('post', '2001:db8::ffff', 0).lockedUntil > 0)
  assert.equal(lockout.look('post', '2001:db8:0:1::1', 0).lockedUntil, 0)
})

test('who mistypes and then gets it right, day by day, is never shut out', () => {
  const lockout = createLockout({ maxAddressFailures: 20, forgetMs: 100 * minute })
  for (let time = 0; time < 100; time++) {
    failing(lockout, 2, time * minute)
    lockout.succeeded('post', home, time * minute)
    assert.equal(lockout.look('post', home, time * minute).lockedUntil, 0)
  }
})
