import { plain, quoted } from '../../../store/arrays.ts'
import { statement, type Tx } from '../../../store/db.ts'

const put = statement(
  'contact_places_put',
  `insert into contact_places (account_id, postcode, lat, lon)
   select $1, d.postcode, d.lat, d.lon from unnest($2::text[], $3::double precision[], $4::double precision[]) as d(postcode, lat, lon)
   on conflict (account_id, postcode) do update set lat = excluded.lat, lon = excluded.lon`,
)
export interface PlaceRow {
  postcode: string
  lat: number
  lon: number
}
/** Keeps places; each postcode once. */
export const putPlaces = async (tx: Tx, accountId: string, rows: readonly PlaceRow[]): Promise<void> => {
  await tx.query(put, [
    accountId,
    quoted(rows.map(({ postcode }) => postcode)),
    plain(rows.map(({ lat }) => lat)),
    plain(rows.map(({ lon }) => lon)),
  ])
}

const count = statement(
  'contact_places_count',
  'select count(*)::integer as n from contact_places where account_id = $1',
)
export const countPlaces = async (tx: Tx, accountId: string): Promise<number> =>
  (await tx.query<{ n: number }>(count, [accountId]))[0]!.n

const clear = statement('contact_places_clear', 'delete from contact_places where account_id = $1')
export const clearPlaces = async (tx: Tx, accountId: string): Promise<void> => {
  await tx.query(clear, [accountId])
}
