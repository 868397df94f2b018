import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testOwner } from '../../../message/testing.ts'
import { createPeople } from '../people/people.ts'
import { asks, contactsBench } from '../testing.ts'
import { placeRoutes, readPlaces } from './place-routes.ts'
import { segmentRoutes } from './routes.ts'

const { db, platform, accountId } = await contactsBench()
const routes = [...placeRoutes(platform), ...segmentRoutes(platform)]
const api = (request: string, given?: object, of = accountId) => asks(routes, of, request, given)
const put = (file: string | Buffer, of = accountId) =>
  api('PUT /v1/contact-places', { body: Buffer.from(file) }, of)
const refusal = (code: string, line?: string) => (error: { code: string; details?: { field: string }[] }) => {
  assert.equal(error.code, code)
  if (line) assert.equal(error.details![0]!.field, line)
  return true
}
await createPeople(platform).upsert(accountId, [
  { external_id: 'ulm', postcode: '89073' },
  { external_id: 'paris', postcode: 'fr-75001' },
])
const near = async (postcode: string, km = 10) =>
  (await api('POST /v1/segments/preview', { body: { definition: { radius: { km, postcode } } } })).people

test('a file of a spreadsheet makes postcodes known, and people are found around them', async () => {
  assert.deepEqual(await api('GET /v1/contact-places'), { places: 0 })
  const file = '\uFEFFPLZ;Breite;Länge\r\n89073;48,4011;9,9876\r\n fr-75001 ;48.86;2.34\r\n'
  assert.deepEqual(await put(file), { places: 2 })
  assert.deepEqual([await near('89073'), await near('FR-75001')], [1, 1])
  assert.deepEqual(
    await put(Buffer.from('\uFEFF89073\t48.40\t9.99\n89075\t48.42\t10.0\n', 'utf16le')),
    { places: 3 },
    'without a header, in another encoding, and what is known is changed',
  )
})

test('a row that is none is named, and nothing of its file is taken', async () => {
  const cases: [string, string][] = [
    ['1;1;1\nx;north;9', 'line 2'],
    ['1;1;1\n2;91;9', 'line 2'],
    ['1;1;1\n2;48;181', 'line 2'],
    ['1;1;1\n;48;9', 'line 2'],
    ['1;1;1\n2;48', 'line 2'],
    ['1;1;1\n2;;', 'line 2'],
    [`1;1;1\n${'9'.repeat(21)};48;9`, 'line 2'],
    ['1;1;1\n2\0;48;9', 'line 2'],
    ['1;1;1\n2;Infinity;9', 'line 2'],
  ]
  for (const [file, line] of cases)
    await assert.rejects(put(file), refusal('invalid_request', line), JSON.stringify(file))
  await assert.rejects(put(''), refusal('import_incomplete'))
  await assert.rejects(put('1;1;1\n"2;48;9'), refusal('import_unreadable'))
  assert.deepEqual(await api('GET /v1/contact-places'), { places: 3 })
})

test('a file of more than there may be is refused whole, also where a postcode stands twice', async () => {
  const file = (rows: number) => Buffer.from(`plz;lat;lon\n${'9;48;9\n'.repeat(rows)}`)
  assert.equal((await readPlaces(file(3), 3)).length, 1)
  await assert.rejects(readPlaces(file(4), 3), refusal('limit_reached'))
})

test('each account has its own, and forgets its own', async () => {
  const { accountId: other } = await testOwner(db)
  assert.deepEqual(await put('89073;1;1\n', other), { places: 1 })
  assert.equal(await near('89073'), 1)
  await api('DELETE /v1/contact-places', {}, other)
  assert.deepEqual(await api('GET /v1/contact-places', {}, other), { places: 0 })
  assert.deepEqual(await api('GET /v1/contact-places'), { places: 3 })
})
