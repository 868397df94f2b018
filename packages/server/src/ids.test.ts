import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { it } from 'node:test'
import { parseId, publicId, uuidFloor, uuidv7 } from './ids.ts'

it('writes the example of the TypeID specification, and its bounds', () => {
  assert.equal(publicId('message', '01890a5d-ac96-774b-bcce-b302099a8057'), 'msg_01h455vb4pex5vsknk084sn02q')
  assert.equal(publicId('event', '00000000-0000-0000-0000-000000000000'), `evt_${'0'.repeat(26)}`)
  assert.equal(publicId('event', 'ffffffff-ffff-ffff-ffff-ffffffffffff'), `evt_7${'z'.repeat(25)}`)
})

it('finds the UUID in a public id again, and in nothing else', () => {
  for (let round = 0; round < 500; round++) {
    const uuid = randomUUID()
    assert.equal(parseId('event', publicId('event', uuid)), uuid)
  }
  const id = publicId('event', randomUUID())
  for (const wrong of [
    id.replace('evt', 'msg'),
    `${id}0`,
    id.slice(0, -1),
    `evt_8${'z'.repeat(25)}`,
    'evt_',
    '',
  ]) {
    assert.equal(parseId('event', wrong), undefined, wrong)
  }
})

it('makes ids that ascend, also many within a millisecond and when the clock goes back', () => {
  const now = Date.now()
  const ids = Array.from({ length: 10_000 }, (_, at) => uuidv7(now - (at % 3)))
  assert.deepEqual(ids, [...new Set(ids)].sort())
  assert.ok(
    ids.every((id) => /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(id)),
  )
  assert.ok(uuidFloor(new Date(now)) <= ids[0]!)
})
