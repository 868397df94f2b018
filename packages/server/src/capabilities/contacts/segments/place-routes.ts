import { Type } from 'typebox'
import { KurzpostError } from '../../../errors.ts'
import type { Platform } from '../../../platform.ts'
import { type Call, noContent, type Route } from '../../../route.ts'
import { firstRows } from '../imports/inspect.ts'
import { guessDelimiter, guessEncoding } from '../imports/text.ts'
import { limits } from '../limits.ts'
import { normalizePostcode, roundDegrees } from '../people/read-wish.ts'
import { clearPlaces, countPlaces, type PlaceRow, putPlaces } from './places.store.ts'

const Out = Type.Object(
  { places: Type.Integer({ description: 'How many postcodes are known' }) },
  { title: 'Places' },
)
const common = { tag: 'Segments', scope: 'contacts' as const, path: '/v1/contact-places' }
/** What PostgreSQL cannot store, and what stands where something could not be read. */
const broken = /[�\0]/
const fileBytes = 16 * 1024 * 1024

/** Rows of postcode, latitude and longitude; a header is one whose numbers are none. Throws where there are more than `most`. */
export async function readPlaces(bytes: Buffer, most: number = limits.places): Promise<PlaceRow[]> {
  const encoding = guessEncoding(bytes)
  const delimiter = guessDelimiter(bytes.subarray(0, 10_000).toString('latin1'))
  async function* whole() {
    yield bytes
  }
  const found = new Map<string, PlaceRow>()
  // One row is the header, and one more would be too many: none is left out unsaid.
  const rows = await firstRows(whole(), { encoding, delimiter }, most + 2)
  if (rows.length > most + 1) throw new KurzpostError('limit_reached', { details: { most } })
  for (const [at, { cells }] of rows.entries()) {
    const [postcode = '', ...degrees] = cells
    const [lat, lon] = degrees.map((cell) =>
      cell.trim() === '' ? Number.NaN : Number(cell.replace(',', '.')),
    )
    const fits = Number.isFinite(lat) && Number.isFinite(lon) && Math.abs(lat!) <= 90 && Math.abs(lon!) <= 180
    if (!fits && at === 0) continue
    const key = normalizePostcode(postcode)
    if (!fits || key === '' || key.length > 20 || broken.test(key))
      throw new KurzpostError('invalid_request', {
        details: [{ field: `line ${at + 1}`, problem: 'must be a postcode, a latitude and a longitude' }],
      })
    found.set(key, { postcode: key, lat: roundDegrees(lat!), lon: roundDegrees(lon!) })
  }
  return [...found.values()]
}

/** `/v1/contact-places`: where postcodes are, for segments around a place. */
export function placeRoutes(platform: Platform): Route[] {
  const { db } = platform
  return [
    {
      ...common,
      method: 'GET',
      summary: 'How many postcodes are known',
      responses: { 200: Out },
      async handler({ accountId }: Call) {
        return { status: 200, body: { places: await countPlaces(db, accountId) } }
      },
    },
    {
      ...common,
      method: 'PUT',
      summary: 'Upload postcodes',
      description:
        'CSV with postcode, latitude and longitude. Where two countries share postcodes, write the country in front, here and ' +
        'with your people: FR-75001.',
      raw: true,
      bodyLimit: fileBytes,
      responses: { 200: Out },
      async handler({ accountId, body }: Call<Buffer | undefined>) {
        if (!body || body.length === 0) throw new KurzpostError('import_incomplete')
        const rows = await readPlaces(body)
        await platform.transaction(async (tx) => {
          for (let from = 0; from < rows.length; from += 10_000)
            await putPlaces(tx, accountId, rows.slice(from, from + 10_000))
          if ((await countPlaces(tx, accountId)) > limits.places)
            throw new KurzpostError('limit_reached', { details: { most: limits.places } })
        })
        return { status: 200, body: { places: await countPlaces(db, accountId) } }
      },
    },
    {
      ...common,
      method: 'DELETE',
      summary: 'Forget all postcodes',
      responses: { 204: { description: 'Forgotten' } },
      async handler({ accountId }: Call) {
        await clearPlaces(db, accountId)
        return noContent
      },
    },
  ]
}
