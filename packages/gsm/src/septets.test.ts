import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { encodeGsm7 } from './alphabet.ts'
import { fillBitsAfter, packSeptets, unpackAllSeptets, unpackSeptets } from './septets.ts'

const septetArray = fc.uint8Array({ max: 0x7f, maxLength: 160 })
const hex = (octets: Uint8Array) => Buffer.from(octets).toString('hex')

test('"hellohello" packs to the octets that every SMS textbook shows', () => {
  assert.equal(hex(packSeptets(encodeGsm7('hellohello'))), 'e8329bfd4697d9ec37')
})

test('160 septets are 140 octets, 153 after a header of 6 are 134', () => {
  assert.equal(packSeptets(encodeGsm7('a'.repeat(160))).length, 140)
  assert.equal(packSeptets(encodeGsm7('a'.repeat(153)), fillBitsAfter(6)).length, 134)
})

test('fill bits bring the text to a septet border, for every length of header', () => {
  assert.equal(fillBitsAfter(0), 0)
  assert.equal(fillBitsAfter(6), 1)
  assert.equal(fillBitsAfter(7), 0)
  for (let octets = 0; octets <= 140; octets++) {
    const fill = fillBitsAfter(octets)
    assert.ok(fill >= 0 && fill <= 6)
    assert.equal((octets * 8 + fill) % 7, 0)
  }
})

for (let fillBits = 0; fillBits <= 6; fillBits++) {
  test(`unpack(pack(x)) is x after ${fillBits} fill bits, which are zero`, () => {
    fc.assert(
      fc.property(septetArray, (septets) => {
        const octets = packSeptets(septets, fillBits)
        assert.equal(octets.length, Math.ceil((fillBits + septets.length * 7) / 8))
        assert.deepEqual(unpackSeptets(octets, septets.length, fillBits), septets)
        if (septets.length > 0) assert.equal(octets[0]! & ((1 << fillBits) - 1), 0)
      }),
    )
  })

  test(`a reader without a count sees no @ too many after ${fillBits} fill bits`, () => {
    const noReturnAtEnd = septetArray.filter((septets) => septets.at(-1) !== 0x0d)
    fc.assert(
      fc.property(noReturnAtEnd, (septets) => {
        assert.deepEqual(unpackAllSeptets(packSeptets(septets, fillBits), fillBits), septets)
      }),
    )
  })
}

test('seven spare bits hold a carriage return', () => {
  assert.equal(packSeptets(encodeGsm7('1234567')).at(-1)! >> 1, 0x0d)
})

for (let fillBits = 0; fillBits <= 6; fillBits++) {
  test(`a carriage return at the end is not lost to a reader without a count after ${fillBits} fill bits`, () => {
    for (let length = 0; length < 20; length++) {
      const septets = Uint8Array.from([...new Array<number>(length).fill(0x61), 0x0d])
      const octets = packSeptets(septets, fillBits, { counted: false })
      const read = unpackAllSeptets(octets, fillBits)
      const onBorder = (fillBits + septets.length * 7) % 8 === 0
      assert.deepEqual([...read], [...septets, ...(onBorder ? [0x0d] : [])])
      assert.equal(packSeptets(septets, fillBits).length, octets.length - (onBorder ? 1 : 0))
    }
  })
}

test('a count beyond the octets gives what is there', () => {
  assert.equal(unpackSeptets(Uint8Array.of(0x41), 9).length, 1)
  assert.equal(unpackSeptets(new Uint8Array(0), 9, 1).length, 0)
  assert.equal(unpackSeptets(Uint8Array.of(0x41), -3).length, 0)
})
