import { lines, plain, quoted, uuids } from '../../../store/arrays.ts'
import { statement, type Tx } from '../../../store/db.ts'
import type { AddressWish } from './addresses.ts'
import type { Known, Owner, Planned } from './upsert.ts'

const byExternal = statement(
  'contacts_by_external',
  `select d.external_id, c.id from unnest($2::text[]) as d(external_id) cross join lateral (
     select c.id from contacts c where c.account_id = $1 and c.external_id = d.external_id limit 1) c`,
)
const byAddress = statement(
  'contacts_by_address',
  `select d.channel, d.address, a.contact_id, c.external_id from unnest($2::text[], $3::text[]) as d(channel, address)
   cross join lateral (
     select a.contact_id from contact_addresses a
     where a.account_id = $1 and a.channel = d.channel and a.address = d.address limit 1) a
   cross join lateral (
     select c.external_id from contacts c where c.account_id = $1 and c.id = a.contact_id limit 1) c`,
)

/** Who is known of these names and addresses. */
export async function findKnown(
  tx: Tx,
  accountId: string,
  names: readonly string[],
  addresses: readonly AddressWish[],
): Promise<Known> {
  const named =
    names.length === 0
      ? []
      : await tx.query<{ external_id: string; id: string }>(byExternal, [accountId, quoted(names)])
  const owners =
    addresses.length === 0
      ? []
      : await tx.query<Owner>(byAddress, [
          accountId,
          plain(addresses.map(({ channel }) => channel)),
          quoted(addresses.map(({ address }) => address)),
        ])
  return { external: new Map(named.map((row) => [row.external_id, row.id])), owners }
}

const tagsOf = (field: string) => `array(select jsonb_array_elements_text(p -> '${field}'))`

const insertContacts = statement(
  'contacts_insert',
  `insert into contacts (account_id, id, external_id, name, language, time_zone, attributes, tags, postcode, lat, lon,
     created_at, updated_at)
   select $1, d.id, d.external_id, d.name, d.language, d.time_zone, jsonb_strip_nulls(d.attributes::jsonb), d.tags::text[],
     d.postcode, d.lat, d.lon, $2, $2
   from rows from (
     unnest($3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::double precision[],
       $11::double precision[]),
     string_to_table($12, E'\\n')
   ) as d(id, external_id, name, language, time_zone, tags, postcode, lat, lon, attributes)`,
)

/** Makes people. Tags and attributes go as one text a person: no array of arrays has rows of several lengths. */
async function insertPeople(tx: Tx, accountId: string, people: readonly Planned[], now: Date): Promise<void> {
  const texts = (field: 'external_id' | 'name' | 'language' | 'time_zone' | 'postcode'): string =>
    quoted(people.map(({ fields }) => fields[field]))
  await tx.query(insertContacts, [
    accountId,
    now,
    uuids(people.map(({ id }) => id)),
    texts('external_id'),
    texts('name'),
    texts('language'),
    texts('time_zone'),
    quoted(people.map(({ fields: { tags, add_tags } }) => quoted(tags ?? add_tags ?? []))),
    texts('postcode'),
    plain(people.map(({ fields }) => fields.lat)),
    plain(people.map(({ fields }) => fields.lon)),
    lines(people.map(({ fields }) => JSON.stringify(fields.attributes ?? {}))),
  ])
}

const given = (field: string, type = ''): string =>
  `case when p ? '${field}' then (p ->> '${field}')${type} else c.${field} end as ${field}`
const changed = [
  ...[given('external_id'), given('name'), given('language'), given('time_zone'), given('postcode')],
  ...[given('lat', '::double precision'), given('lon', '::double precision')],
  `case when p ? 'attributes' then jsonb_strip_nulls(c.attributes || (p -> 'attributes')) else c.attributes end as attributes`,
  `case when p ? 'tags' then ${tagsOf('tags')}
     when p ? 'add_tags' and not c.tags @> ${tagsOf('add_tags')}
       then array(select distinct t collate "C" from unnest(c.tags || ${tagsOf('add_tags')}) as t order by 1)
     else c.tags end as tags`,
].join(', ')
const columns = [
  'external_id',
  'name',
  'language',
  'time_zone',
  'postcode',
  'lat',
  'lon',
  'attributes',
  'tags',
]
const row = (of: string) => `(${columns.map((column) => `${of}.${column}`).join(', ')})`

// `offset 0`: otherwise the line would be read as JSON anew for every column.
const updateContacts = statement(
  'contacts_update',
  `with d as materialized (
     select (p ->> 'id')::uuid as id, p from string_to_table($2, E'\\n') as l(line)
     cross join lateral (select line::jsonb as p offset 0) j order by 1),
   n as materialized (
     select c.id, c.place, ${changed}
     from d cross join lateral (
       select c.*, c.ctid as place from contacts c where c.account_id = $1 and c.id = d.id limit 1 for update) c)
   update contacts c set (${columns.join(', ')}, updated_at) =
     (${columns.map((column) => `n.${column}`).join(', ')}, $3::timestamptz)
   from n where c.ctid = n.place and ${row('c')} is distinct from ${row('n')} returning c.id`,
)

const insertAddresses = statement(
  'contact_addresses_insert',
  `insert into contact_addresses (account_id, channel, address, key, contact_id, position, label, created_at)
   select $1, d.channel, d.address, decode(d.key, 'hex'), d.contact_id,
     d.place + case when d.fresh then 0 else coalesce((select max(a.position) + 1 from contact_addresses a
       where a.account_id = $1 and a.contact_id = d.contact_id), 0) end, d.label, $9
   from unnest($2::text[], $3::text[], $4::text[], $5::uuid[], $6::smallint[], $7::boolean[], $8::text[])
     as d(channel, address, key, contact_id, place, fresh, label)`,
)

const lineOf = ({ id, fields }: Planned): string => JSON.stringify({ id, ...fields })

/** Writes a plan: two statements for contacts and one for addresses, for any number. Says who was changed. */
export async function writePeople(
  tx: Tx,
  accountId: string,
  people: readonly Planned[],
  now: Date,
): Promise<{ created: number; changed: Set<string> }> {
  const fresh = people.filter((person) => person.fresh)
  const known = people.filter((person) => !person.fresh)
  if (fresh.length > 0) await insertPeople(tx, accountId, fresh, now)
  const touched =
    known.length === 0
      ? []
      : await tx.query<{ id: string }>(updateContacts, [accountId, lines(known.map(lineOf)), now])
  await addAddresses(tx, accountId, people, now)
  const changed = new Set(touched.map(({ id }) => id))
  for (const person of known) if (person.added.length > 0) changed.add(person.id)
  return { created: fresh.length, changed }
}

/** Gives people further addresses, behind those that they have. One that somebody has already fails the statement. */
export async function addAddresses(
  tx: Tx,
  accountId: string,
  people: readonly Pick<Planned, 'id' | 'fresh' | 'added'>[],
  now: Date,
): Promise<void> {
  const rows = people.flatMap(({ id, fresh, added }) =>
    added.map((wish, place) => ({ ...wish, id, fresh, place })),
  )
  if (rows.length === 0) return
  await tx.query(insertAddresses, [
    accountId,
    plain(rows.map((each) => each.channel)),
    quoted(rows.map((each) => each.address)),
    plain(rows.map((each) => each.key.toString('hex'))),
    uuids(rows.map((each) => each.id)),
    plain(rows.map((each) => each.place)),
    plain(rows.map((each) => each.fresh)),
    quoted(rows.map((each) => each.label)),
    now,
  ])
}

const removeAddresses = statement(
  'contact_addresses_remove',
  `delete from contact_addresses where account_id = $1 and contact_id = $2
     and not (channel || ' ' || address) = any ($3::text[]) returning channel`,
)
const orderAddresses = statement(
  'contact_addresses_order',
  `update contact_addresses a set position = d.place - 1, label = d.label
   from unnest($3::text[], $4::text[], $5::text[]) with ordinality as d(channel, address, label, place)
   where a.account_id = $1 and a.contact_id = $2 and a.channel = d.channel and a.address = d.address`,
)

/** Leaves a person these addresses alone, in this order; those that are new must be there already. */
export async function keepAddresses(
  tx: Tx,
  accountId: string,
  contactId: string,
  wishes: readonly AddressWish[],
): Promise<void> {
  await tx.query(removeAddresses, [
    accountId,
    contactId,
    quoted(wishes.map(({ channel, address }) => `${channel} ${address}`)),
  ])
  await tx.query(orderAddresses, [
    accountId,
    contactId,
    plain(wishes.map(({ channel }) => channel)),
    quoted(wishes.map(({ address }) => address)),
    quoted(wishes.map(({ label }) => label)),
  ])
}

const lockContact = statement(
  'contacts_lock',
  'select id from contacts where account_id = $1 and id = any ($2::uuid[]) order by id for update',
)

/** Those of them that are there, locked until the transaction ends. */
export async function lockPeople(tx: Tx, accountId: string, ids: readonly string[]): Promise<string[]> {
  return (await tx.query<{ id: string }>(lockContact, [accountId, uuids(ids)])).map(({ id }) => id)
}

const suppressed = statement(
  'contacts_suppressed',
  `select encode(s.hash, 'hex') as hash from unnest($2::text[]) as d(key) cross join lateral (
     select s.hash from contact_suppressed s where s.account_id = $1 and s.hash = decode(d.key, 'hex') limit 1) s`,
)

/** Which of these keys are of people who were erased, in hex. */
export async function findSuppressed(
  tx: Tx,
  accountId: string,
  keys: readonly Buffer[],
): Promise<Set<string>> {
  if (keys.length === 0) return new Set()
  const rows = await tx.query<{ hash: string }>(suppressed, [
    accountId,
    plain(keys.map((key) => key.toString('hex'))),
  ])
  return new Set(rows.map(({ hash }) => hash))
}

const welcome = statement(
  'contacts_welcome',
  `delete from contact_suppressed where account_id = $1 and hash in (
     select decode(d.key, 'hex') from unnest($2::text[]) as d(key))`,
)

/** Forgets that these were erased: the person has come back. */
export async function welcomeBack(tx: Tx, accountId: string, keys: readonly Buffer[]): Promise<void> {
  await tx.query(welcome, [accountId, plain(keys.map((key) => key.toString('hex')))])
}
