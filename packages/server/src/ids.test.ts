import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { type IdKind, parseId, prefixes, publicId, uuidFloor, uuidv7 } from './ids.ts'

/** From the TypeID specification, valid.yml: the suffix for a UUID. */
const vectors: readonly [suffix: string, uuid: string][] = [
  ['00000000000000000000000000', '00000000-0000-0000-0000-000000000000'],
  ['00000000000000000000000001', '00000000-0000-0000-0000-000000000001'],
  ['0000000000000000000000000a', '00000000-0000-0000-0000-00000000000a'],
  ['0000000000000000000000000g', '00000000-0000-0000-0000-000000000010'],
  ['00000000000000000000000010', '00000000-0000-0000-0000-000000000020'],
  ['7zzzzzzzzzzzzzzzzzzzzzzzzz', 'ffffffff-ffff-ffff-ffff-ffffffffffff'],
  ['0123456789abcdefghjkmnpqrs', '0110c853-1d09-52d8-d73e-1194e95b5f19'],
  ['01h455vb4pex5vsknk084sn02q', '01890a5d-ac96-774b-bcce-b302099a8057'],
]

for (const [suffix, uuid] of vectors) {
  test(`${uuid} is ${suffix} as a TypeID`, () => {
    assert.equal(publicId('message', uuid), `msg_${suffix}`)
    assert.equal(parseId('message', `msg_${suffix}`), uuid)
  })
}

const strangers: readonly [why: string, text: string][] = [
  ['another prefix', 'acc_01h455vb4pex5vsknk084sn02q'],
  ['no prefix', '01h455vb4pex5vsknk084sn02q'],
  ['a value above 128 bits', 'msg_8zzzzzzzzzzzzzzzzzzzzzzzzz'],
  ['capitals', 'msg_01H455VB4PEX5VSKNK084SN02Q'],
  ['letters that Crockford leaves out', 'msg_01h455vb4pex5vsknk084sn0il'],
  ['a character too few', 'msg_01h455vb4pex5vsknk084sn02'],
  ['a character too many', 'msg_01h455vb4pex5vsknk084sn02q0'],
  ['a NUL', 'msg_01h455vb4pex5vsknk084sn0\u00002'],
  ['nothing', ''],
]
for (const [why, text] of strangers) {
  test(`an id with ${why} is none`, () => assert.equal(parseId('message', text), undefined))
}

test('every kind has a prefix of its own, and goes there and back', () => {
  assert.equal(new Set(Object.values(prefixes)).size, Object.keys(prefixes).length)
  for (const kind of Object.keys(prefixes) as IdKind[]) {
    for (let round = 0; round < 100; round++) {
      const uuid = randomUUID()
      assert.equal(parseId(kind, publicId(kind, uuid)), uuid)
    }
  }
})

test('ids are version 7 of the RFC variant and ascend, also within a millisecond and when the clock goes back', () => {
  const now = Date.now() + 1_000_000
  let last = ''
  for (let n = 0; n < 20_000; n++) {
    const id = uuidv7(n % 3 === 0 ? now - 500 : now)
    assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    assert.ok(id > last, `${id} after ${last}`)
    last = id
  }
})

test('the floor of a moment lies below every id of that moment and above every one before', () => {
  const at = Date.now() + 10_000_000
  const before = uuidv7(at - 1)
  const floor = uuidFloor(new Date(at))
  assert.ok(before < floor)
  assert.ok(floor <= uuidv7(at))
  assert.equal(uuidFloor(new Date(-1)), '00000000-0000-7000-8000-000000000000')
})
