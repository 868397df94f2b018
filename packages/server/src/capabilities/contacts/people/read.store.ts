import { quoted } from '../../../store/arrays.ts'
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
export const contactColumns = `c.id, c.external_id, c.name, c.language, c.time_zone, c.postcode, c.lat, c.lon,
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

/** What a list of people can be narrowed by; all that is given holds. */
export interface ContactFilter {
  /** Words of the name, the beginning of a number or an e-mail address, or the external id. */
  find?: string
  tags?: readonly string[]
  list?: string
  language?: string
  externalId?: string
  channel?: Channel
  address?: string
  /** Older than this one, bare id. */
  before?: string
  limit: number
}

/** Words as a question to the index of names: each may go on. */
const toWords = (text: string): string =>
  (text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).map((word) => `'${word}':*`).join(' & ')

/** A number as somebody begins to type it: digits with or without + and 0. */
function toBeginnings(text: string, country: string): string[] {
  const bare = text.replace(/[\s().\-/]/g, '')
  if (/^\+?\d{3,15}$/.test(bare)) {
    if (bare.startsWith('+')) return [bare]
    if (bare.startsWith('00')) return [`+${bare.slice(2)}`]
    return [bare.startsWith('0') ? `${country}${bare.slice(1)}` : `+${bare}`]
  }
  return text.includes('@') ? [text.trim().toLowerCase()] : []
}

/**
 * People, newest first, by key. `dial` is the country code that stands for a leading zero, such as +49. Made for the
 * question, so it runs in a transaction that `analytic` has prepared.
 */
export async function listContacts(
  tx: Tx,
  accountId: string,
  filter: ContactFilter,
  dial: string,
): Promise<ContactRow[]> {
  const values: unknown[] = [accountId, filter.limit]
  const param = (value: unknown) => `$${values.push(value)}`
  const where = ['c.account_id = $1']
  if (filter.before) where.push(`c.id < ${param(filter.before)}::uuid`)
  if (filter.tags?.length) where.push(`c.tags @> ${param(quoted(filter.tags))}::text[]`)
  if (filter.language) where.push(`c.language = ${param(filter.language)}`)
  if (filter.externalId !== undefined) where.push(`c.external_id = ${param(filter.externalId)}`)
  if (filter.list)
    where.push(`exists (select from contact_list_members m
      where m.account_id = c.account_id and m.list_id = ${param(filter.list)}::uuid and m.contact_id = c.id)`)
  if (filter.address !== undefined)
    where.push(`c.id in (select a.contact_id from contact_addresses a where a.account_id = $1
      and a.channel = ${param(filter.channel ?? 'sms')} and a.address = ${param(filter.address)})`)
  if (filter.find) where.push(found(filter.find, dial, param))
  const text = `select ${contactColumns} from contacts c where ${where.join(' and ')} order by c.id desc limit $2`
  return tx.query<ContactRow>(statement('', text), values)
}

function found(find: string, dial: string, param: (value: unknown) => string): string {
  const ways = [
    `select x.id from contacts x where x.account_id = $1 and x.external_id = ${param(find.trim())}`,
  ]
  const words = toWords(find)
  if (words)
    ways.push(`select x.id from contacts x where x.account_id = $1
      and to_tsvector('simple', coalesce(x.name, '')) @@ ${param(words)}::tsquery`)
  for (const start of toBeginnings(find, dial)) {
    ways.push(`select a.contact_id from contact_addresses a where a.account_id = $1 and a.channel in ('sms', 'email')
      and a.address >= ${param(start)} and a.address < ${param(`${start}~`)}`)
  }
  return `c.id in (${ways.join(' union ')})`
}

const roughly = statement(
  'contacts_count',
  'select count(*)::integer as count from (select from contacts where account_id = $1 limit $2) c',
)

/** How many there are, counted up to `most`. */
export async function countContacts(tx: Tx, accountId: string, most: number): Promise<number> {
  return (await tx.query<{ count: number }>(roughly, [accountId, most]))[0]!.count
}
