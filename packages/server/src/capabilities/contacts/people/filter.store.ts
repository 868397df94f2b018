import { quoted } from '../../../store/arrays.ts'
import type { Compiled } from '../segments/compile.store.ts'
import type { Channel } from './addresses.ts'

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

/** What a filter asks of a person `c`. `dial` is the country code that stands for a leading zero, such as +49. */
export function compileFilter(accountId: string, filter: ContactFilter, dial: string): Compiled {
  const values: unknown[] = [accountId]
  const param = (value: unknown) => `$${values.push(value)}`
  const where = ['c.account_id = $1']
  if (filter.tags?.length) where.push(`c.tags @> ${param(quoted(filter.tags))}::text[]`)
  if (filter.language) where.push(`c.language = ${param(filter.language)}`)
  if (filter.externalId !== undefined) where.push(`c.external_id = ${param(filter.externalId)}`)
  if (filter.list)
    where.push(`exists (select from contact_list_members m
      where m.account_id = $1 and m.list_id = ${param(filter.list)}::uuid and m.contact_id = c.id)`)
  if (filter.address !== undefined)
    where.push(`c.id in (select a.contact_id from contact_addresses a where a.account_id = $1
      and a.channel = ${param(filter.channel ?? 'sms')} and a.address = ${param(filter.address)})`)
  if (filter.find) where.push(found(filter.find, dial, param))
  return { where: where.join(' and '), values }
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
