import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { findsOut, mask, maskDeep, maskNumbers } from './mask.ts'

const shown: Record<string, string> = {
  '+4915123456789': '+49 151 •••• 789',
  '+12025550100': '+1 202 •••• 100',
  '+79161234567': '+7 916 •••• 567',
  '+3546912345': '+354 •••• 345',
  '+35312345678': '+353 •••• 678',
  '+290123456': '+290 ••••',
  'ada@example.org': 'a••••@example.org',
  Bahnhof: 'Bahnhof',
  '72002': '72002',
  '015123456789': '•••• 789',
  '4915123456789': '•••• 789',
  '': '',
}

for (const [address, expected] of Object.entries(shown)) {
  test(`${address || 'an empty text'} is shown as ${expected || 'it is'}`, () => {
    assert.equal(mask(address), expected)
  })
}

test('of every number at least four digits stay hidden, and nobody can tell how many', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^\+[1-9]\d{6,14}$/), (number) => {
      const left = mask(number).replace(/\D/g, '')
      assert.ok(number.length - 1 - left.length >= 4 || left.length <= 3, `${number} -> ${mask(number)}`)
      assert.match(mask(number), /^\+\d{1,3} (\d{3} )?•••• ?(\d{3})?$/)
    }),
  )
})

test('masking a masked address again changes nothing', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^\+[1-9]\d{6,14}$/), (number) => {
      assert.equal(mask(mask(number)), mask(number))
      assert.equal(maskNumbers(maskNumbers(number)), maskNumbers(number))
    }),
  )
})

test('an answer loses its numbers however deep they lie, and keeps what people wrote', () => {
  assert.deepEqual(
    maskDeep({
      data: [{ to: '+4915123456789', text: 'Call +4915123456789', at: null, segments: 1 }],
      '+12025550100': { sentence: 'Sent to +12025550100.' },
    }),
    {
      data: [{ to: '+49 151 •••• 789', text: 'Call +4915123456789', at: null, segments: 1 }],
      '+1 202 •••• 100': { sentence: 'Sent to +1 202 •••• 100.' },
    },
  )
})

test('a number without a plus is hidden where addresses stand, and digits elsewhere are not taken for one', () => {
  assert.deepEqual(
    maskDeep({
      from: '4915123456789',
      addresses: ['015123456789'],
      external_id: '4915123456789',
      to: '72002',
    }),
    { from: '•••• 789', addresses: ['•••• 789'], external_id: '4915123456789', to: '72002' },
  )
})

test('a time with an offset and a long id are no numbers of people', () => {
  assert.equal(
    maskNumbers('2026-11-22T10:00:00+01:00 key_01kx7678123456789'),
    '2026-11-22T10:00:00+01:00 key_01kx7678123456789',
  )
})

test('four digits may be searched for, five tell too much', () => {
  assert.equal(findsOut('6789'), false)
  assert.equal(findsOut('+49 151'), true)
})
