import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { readAnswer } from './http/answer.ts'
import { compilePattern } from './pattern.ts'
import { addressReader, addressWriter } from './smpp/address.ts'
import { completeSettings } from './smpp/settings.ts'

/** Each would keep an engine that goes back busy for longer than this machine will stand. */
const bombs = ['(a+)+$', '^(a|a)*$', '(a*)*b', '^(([a-z])+.)+[A-Z]([a-z])+$', '(.*)*x$', '(a|aa)+$']
const long = `${'a'.repeat(40)}!`

test('an expression that would never end says no at once, whatever it was set for', {
  timeout: 20_000,
}, () => {
  for (const match of bombs) {
    assert.equal(compilePattern(match).test(long), false, match)
    const rule = { match, ton: 5, npi: 0, strip: '', add: '' }
    assert.deepEqual(addressWriter([rule])(long), { ton: 0, npi: 0, address: '' })
    assert.equal(addressReader([rule])({ ton: 5, address: long }), long)
    const settings = { request: { method: 'POST' as const, url: '' }, answer: { id: { regex: match } } }
    assert.throws(() => readAnswer(settings, { status: 200, headers: {}, body: long }, new Date(0)), {
      code: 'unreadable_answer',
    })
  }
})

test('what would need more steps than an answer is worth is refused when it is set', () => {
  for (const large of ['((.*a){30}){30}$', '([a-z]{1,50}){20}', 'a{1001}', '((a{1,200}){1,200}){1,200}'])
    assert.throws(() => compilePattern(large), RangeError, large)
})

test('look-around, back-references and half an expression are refused in a sentence', () => {
  for (const none of ['(?=a)', '(?<!a)b', '(a)\\1', '(', '[', '*'])
    assert.throws(
      () => compilePattern(none),
      /^RangeError: .* is no regular expression that can be used here/,
    )
})

test('a text is searched to its 8192nd character', () => {
  const digits = compilePattern('\\d+')
  assert.equal(digits.find(`${'x'.repeat(8_191)}7`), '7')
  assert.equal(digits.find(`${'x'.repeat(8_192)}7`), undefined)
})

test('the first group is found, or all where there is none or it took no part', () => {
  assert.equal(compilePattern('^OK (\\S+)').find('OK 77\n'), '77')
  assert.equal(compilePattern('[0-9]+').find('id 12'), '12')
  assert.equal(compilePattern('b|(a)').find('b'), 'b')
  assert.equal(compilePattern('<id>(?<id>[^<]+)</id>').find('<id>é\u00a0</id>'), 'é\u00a0')
})

test('addresses fit the rules that come with a carrier exactly as JavaScript’s own expressions say', () => {
  const { source_addresses, inbound_addresses } = completeSettings({
    hosts: [{ host: '127.0.0.1' }],
    system_id: 'x',
  })
  const rules = [...source_addresses, ...inbound_addresses].map(({ match }) => match)
  const address = fc.oneof(fc.stringMatching(/^\+?0{0,2}\d{0,15}$/), fc.string({ maxLength: 20 }))
  fc.assert(
    fc.property(fc.constantFrom(...rules), address, (rule, text) => {
      assert.equal(compilePattern(rule).test(text), new RegExp(rule).test(text))
    }),
  )
})
