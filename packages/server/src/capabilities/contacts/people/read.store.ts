import { statement, type Tx } from '../../../store/db.ts'
import type { Channel } from './addresses.ts'
import type { AttributeValue } from './attributes.ts'

export interface AddressRow {
  channel: Channel
  address: string
  label: string | null
  delivered_at: string | null
  replied_at: string | null
  clicked_at: string | null
}

export interface ContactRow {
  id: string
  external_id: string | null
  name: string | null
  language: string | null
  time_zone: string | null
  postcode: string | null
  lat: number | null
  lon: number | null
  attributes: Record<string, AttributeValue>
  tags: string[]
  addresses: AddressRow[]
  created_at: Date
  updated_at: Date
}

/** SQL for what a contact `c` is shown with. */
const contactColumns = `c.id, c.external_id, c.name, c.language, c.time_zone, c.postcode, c.lat, c.lon,
  c.attributes, c.tags, c.created_at, c.updated_at,
  coalesce((select jsonb_agg(jsonb_build_object('channel', a.channel, 'address', a.address, 'label', a.label,
     'delivered_at', a.delivered_at, 'replied_at', a.replied_at, 'clicked_at', a.clicked_at) order by a.position, a.address)
   from contact_addresses a where a.account_id = c.account_id and a.contact_id = c.id), '[]') as addresses`

const selectContact = statement(
  'contacts_get',
  `select ${contactColumns} from contacts c where c.account_id = $1 and c.id = any ($2::uuid[])`,
)

export async function readContact(tx: Tx, accountId: string, id: string): Promise<ContactRow | undefined> {
  return (await tx.query<ContactRow>(selectContact, [accountId, [id]]))[0]
}

export const readContacts = (tx: Tx, accountId: string, ids: readonly string[]): Promise<ContactRow[]> =>
  tx.query<ContactRow>(selectContact, [accountId, ids])

const roughly = statement(
  'contacts_count',
  'select count(*)::integer as count from (select from contacts where account_id = $1 limit $2) c',
)

/** How many there are, counted up to `most`. */
export async function countContacts(tx: Tx, accountId: string, most: number): Promise<number> {
  return (await tx.query<{ count: number }>(roughly, [accountId, most]))[0]!.count
}
