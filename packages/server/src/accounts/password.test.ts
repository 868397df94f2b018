import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createPasswords, demandStrong } from './password.ts'

test('a password fits its own hash and no other does', async () => {
  const passwords = createPasswords()
  const stored = await passwords.hash('Grüße aus dem Moor')
  assert.match(stored, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/)
  assert.equal(await passwords.verify('Grüße aus dem Moor', stored), true)
  assert.equal(await passwords.verify('Gru\u0308ße aus dem Moor', stored), true)
  assert.equal(await passwords.verify('Grüße aus dem Moor ', stored), false)
  assert.notEqual(await passwords.hash('Grüße aus dem Moor'), stored)
})

test('nobody, somebody without a password and a broken hash each cost one derivation, of the same cost, and let nobody in', async () => {
  const costs: string[] = []
  const passwords = createPasswords(async (_password, salt, cost) => {
    costs.push(`${JSON.stringify(cost)} ${salt.length}`)
    return Buffer.alloc(32)
  })
  const stored = await passwords.hash('any')
  for (const each of [stored, null, undefined, '', 'scrypt$1$2$3$a$b'])
    assert.equal(await passwords.verify('any', each), each === stored, String(each))
  assert.equal(costs.length, 6)
  assert.equal(new Set(costs).size, 1)
})

test('two derivations run at a time, and a flood is turned away before it takes memory', async () => {
  const waiting: (() => void)[] = []
  const passwords = createPasswords(
    () => new Promise((resolve) => waiting.push(() => resolve(Buffer.alloc(32)))),
  )
  const all = Array.from({ length: 60 }, () => passwords.verify('x', null).catch(({ code }) => code))
  await new Promise(setImmediate)
  assert.equal(waiting.length, 2)
  while (waiting.length > 0) {
    waiting.shift()!()
    await new Promise(setImmediate)
  }
  const answers = await Promise.all(all)
  assert.equal(answers.filter((answer) => answer === 'overloaded').length, 10)
})

test('a weak password is one that is short, repeats itself, or is the address', () => {
  for (const weak of [
    'short',
    'aaaaaaaaaaaaaaa',
    'abababababab',
    'ada.lovelace@example.org',
    'ada.lovelace1',
    'Passwort123',
    'password12',
  ])
    assert.throws(() => demandStrong(weak, 'ada.lovelace@example.org'), { code: 'password_weak' }, weak)
  for (const strong of ['correct horse', 'Zug fährt 7:14', 'x8Kp-2mQ9v'])
    demandStrong(strong, 'ada.lovelace@example.org')
})
