import assert from 'node:assert/strict'
import { test } from 'node:test'
import { base32, matchStep, newTotpSecret, seal, stepAt, totpCode, totpUrl, unseal } from './totp.ts'

// RFC 6238 appendix B has eight digits; ours are their last six.
const secret = Buffer.from('12345678901234567890')
const vectors: [number, string][] = [
  [59, '94287082'],
  [1_111_111_109, '07081804'],
  [1_111_111_111, '14050471'],
  [1_234_567_890, '89005924'],
  [2_000_000_000, '69279037'],
  [20_000_000_000, '65353130'],
]

for (const [seconds, code] of vectors) {
  test(`the code of second ${seconds} is that of RFC 6238`, () => {
    assert.equal(totpCode(secret, stepAt(new Date(seconds * 1000))), code.slice(2))
  })
}

test('base32 is that of RFC 4648', () => {
  for (const [text, expected] of Object.entries({
    f: 'MY',
    fo: 'MZXQ',
    foo: 'MZXW6',
    foob: 'MZXW6YQ',
    foobar: 'MZXW6YTBOI',
  }))
    assert.equal(base32(Buffer.from(text)), expected)
})

test('a code counts for one step before and after, and not beyond', () => {
  const now = new Date(1_234_567_890_000)
  const at = (steps: number) => matchStep(secret, totpCode(secret, stepAt(now) + steps), now)
  assert.deepEqual([-2, -1, 0, 1, 2].map(at), [
    undefined,
    stepAt(now) - 1,
    stepAt(now),
    stepAt(now) + 1,
    undefined,
  ])
})

test('what is no code matches nothing', () => {
  const now = new Date(59_000)
  for (const text of ['', '28708', '2870820', 'abcdef', '287 083', '２８７０８２'])
    assert.equal(matchStep(secret, text, now), undefined, text)
  assert.equal(matchStep(secret, '287 082', now), 1)
})

test('the address for apps names issuer and user', () => {
  assert.equal(
    totpUrl(Buffer.from('foobar'), { issuer: 'Kurz Post', email: 'a+b@example.org' }),
    'otpauth://totp/Kurz%20Post:a%2Bb%40example.org?secret=MZXW6YTBOI&issuer=Kurz%20Post',
  )
})

test('a sealed secret opens with its key and for its user alone', () => {
  const [key, other, plain] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2), newTotpSecret()]
  const sealed = seal(key, plain, 'ada')
  assert.deepEqual(unseal(key, sealed, 'ada'), plain)
  assert.throws(() => unseal(other, sealed, 'ada'))
  assert.throws(() => unseal(key, sealed, 'bob'))
  assert.ok(!sealed.includes(plain))
})
