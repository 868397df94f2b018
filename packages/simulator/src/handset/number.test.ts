import assert from 'node:assert/strict'
import { test } from 'node:test'
import { canonicalNumber, isAddress, wireAddress } from './number.ts'

const spellings: [given: string, canonical: string, address: string, ton: number, npi: number][] = [
  ['4915112345678', '+4915112345678', '4915112345678', 1, 1],
  ['+4915112345678', '+4915112345678', '4915112345678', 1, 1],
  ['004915112345678', '+4915112345678', '4915112345678', 1, 1],
  ['+49 (151) 123-45678', '+4915112345678', '4915112345678', 1, 1],
  ['12345', '12345', '12345', 3, 0],
  ['Kurzpost', 'Kurzpost', 'Kurzpost', 5, 0],
  ['Cafe 24', 'Cafe 24', 'Cafe 24', 5, 0],
]
for (const [given, canonical, address, ton, npi] of spellings) {
  test(`${given} is ${canonical}, and goes out as type ${ton}`, () => {
    assert.equal(canonicalNumber(given), canonical)
    assert.deepEqual(wireAddress(canonical), { address, ton, npi })
  })
}

test('what no address field can carry is no address', () => {
  for (const wrong of ['', ' ', '+', 'x'.repeat(21), 'tab\there', 'Grüße', 17, null, undefined]) {
    assert.equal(isAddress(wrong), false, JSON.stringify(wrong))
  }
  assert.equal(isAddress('+4915112345678'), true)
})
