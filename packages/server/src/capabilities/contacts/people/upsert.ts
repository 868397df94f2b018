import type { AddressWish, Channel } from './addresses.ts'
import type { AttributeValue } from './attributes.ts'

/** What is said of a person. What is missing stays as it is, null clears; attributes are changed one by one. */
export interface Fields {
  external_id?: string | null
  name?: string | null
  language?: string | null
  time_zone?: string | null
  postcode?: string | null
  lat?: number | null
  lon?: number | null
  attributes?: Record<string, AttributeValue | null>
  /** All of them. */
  tags?: string[]
  /** Beside those that there are. */
  add_tags?: string[]
}

/** Addresses in their one spelling. */
export interface Row {
  fields: Fields
  addresses: readonly (AddressWish & { key: Buffer })[]
}

/** Who has an address already, and what the account's own system calls them. */
export interface Owner {
  channel: Channel
  address: string
  contact_id: string
  external_id: string | null
}

export interface Known {
  /** By what the account's own system calls them. */
  external: ReadonlyMap<string, string>
  owners: readonly Owner[]
}

export interface Refusal {
  /** In the order of the rows. */
  at: number
  code: 'contact_address_taken' | 'contact_ambiguous'
  /** Where the other one is: bare ids. */
  contacts: string[]
  address: string
}

/** One person's part of a batch. */
export interface Planned {
  id: string
  fresh: boolean
  fields: Fields
  /** That the person does not have yet. */
  added: (AddressWish & { key: Buffer })[]
}

export interface Plan {
  people: Planned[]
  refused: Refusal[]
  /** Of each row, whose it is; undefined where it was refused. */
  ids: (string | undefined)[]
}

export const placeOf = (channel: string, address: string): string => `${channel} ${address}`

/**
 * Whose each row is: of whoever has its external id, else of whoever has one of its addresses, else somebody new. Rows of
 * the same person become one, later ones over earlier ones. Pure: `known` is what the database said of the whole batch.
 */
export function planUpsert(rows: readonly Row[], known: Known, newId: () => string): Plan {
  const external = new Map(known.external)
  const owner = new Map(
    known.owners.map(({ channel, address, contact_id }) => [placeOf(channel, address), contact_id]),
  )
  /** Who has a name of the account's own system, and which. */
  const named = new Map(
    known.owners.map(({ contact_id, external_id }) => [contact_id, external_id] as [string, string | null]),
  )
  for (const [name, id] of known.external) named.set(id, name)
  const people = new Map<string, Planned>()
  const refused: Refusal[] = []

  const ids = rows.map(({ fields, addresses }, at) => {
    const name = fields.external_id ?? undefined
    const places = addresses.map(({ channel, address }) => placeOf(channel, address))
    const owners = new Set<string>()
    for (const place of places) {
      const id = owner.get(place)
      if (id !== undefined) owners.add(id)
    }
    const byName = name === undefined ? undefined : external.get(name)
    let found = byName
    if (owners.size > 0) {
      const refuse = (code: Refusal['code'], contacts: string[]) => {
        const taken = places.findIndex((place) => contacts.includes(owner.get(place) ?? ''))
        refused.push({ at, code, contacts, address: addresses[taken]?.address ?? '' })
        return undefined
      }
      const others = [...owners].filter((id) => id !== byName)
      if (byName !== undefined && others.length > 0) return refuse('contact_address_taken', others)
      if (owners.size > 1) return refuse('contact_ambiguous', others)
      found ??= others[0]!
      // Somebody whom the other system calls otherwise is somebody else.
      if (name !== undefined && byName === undefined && (named.get(found) ?? null) !== null)
        return refuse('contact_address_taken', others)
    }

    const id = found ?? newId()
    const person = people.get(id)
    const added = person?.added ?? []
    if (person) lay(person.fields, fields)
    else people.set(id, { id, fresh: found === undefined, fields: lay({}, fields), added })
    if (name !== undefined) {
      external.set(name, id)
      named.set(id, name)
    }
    for (const [at, place] of places.entries()) {
      if (owner.has(place)) continue
      owner.set(place, id)
      added.push(addresses[at]!)
    }
    return id
  })
  return { people: [...people.values()], refused, ids }
}

/** Lays what is said later over what was said before, in place. */
function lay(under: Fields, over: Fields): Fields {
  const { attributes, tags, add_tags } = under
  Object.assign(under, over)
  if (attributes && over.attributes) under.attributes = { ...attributes, ...over.attributes }
  if (over.add_tags) {
    const all = over.tags ?? tags
    if (all) under.tags = sorted([...all, ...over.add_tags])
    else if (add_tags) under.add_tags = sorted([...add_tags, ...over.add_tags])
  }
  return under
}

/** Tags in order, each once. */
export const sorted = (tags: readonly string[]): string[] => [...new Set(tags)].sort()
