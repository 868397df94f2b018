import { plain, quoted, uuids } from '../../store/arrays.ts'
import { statement, type Tx } from '../../store/db.ts'
import { genesis, type Head } from './chain.ts'
import type { Act, Entry, How, Personal } from './entry.ts'

/** Class of the advisory locks by which an account's consent is read (shared) and changed. */
const lockClass = 7680

const lockShared = statement(
  'consent_lock_shared',
  `select pg_advisory_xact_lock_shared(${lockClass}, hashtext(id::text)) from (select unnest($1::uuid[]) as id) d`,
)
const lockAlone = statement(
  'consent_lock',
  `select pg_advisory_xact_lock(${lockClass}, hashtext(id::text)) from (select unnest($1::uuid[]) as id) d`,
)

const inOrder = (accounts: Iterable<string>): string => uuids([...new Set(accounts)].sort())

/**
 * Until the end of the transaction nobody's consent changes in these accounts: what is accepted on the strength of it
 * is in the queue before a STOP looks there. A statement of its own, so that the next one sees what was waited for.
 */
export async function holdConsent(tx: Tx, accounts: Iterable<string>): Promise<void> {
  await tx.query(lockShared, [inOrder(accounts)])
}

/** Until the end of the transaction only this one reads and changes consent in these accounts. */
export async function lockConsent(tx: Tx, accounts: Iterable<string>): Promise<void> {
  await tx.query(lockAlone, [inOrder(accounts)])
}

const selectHeads = statement(
  'consent_heads',
  `select c.account_id, c.seq, c.hash from unnest($1::uuid[]) as d(account_id)
   cross join lateral (select * from consent_chains c where c.account_id = d.account_id limit 1) c`,
)
const writeHeads = statement(
  'consent_write_heads',
  `insert into consent_chains (account_id, seq, hash)
   select account_id, seq, decode(hash, 'hex') from unnest($1::uuid[], $2::bigint[], $3::text[]) as d(account_id, seq, hash)
   on conflict (account_id) do update set seq = excluded.seq, hash = excluded.hash`,
)

/** Where the chains of these accounts end. */
export async function readHeads(tx: Tx, accounts: Iterable<string>): Promise<Map<string, Head>> {
  const names = [...new Set(accounts)]
  const rows = await tx.query<Head & { account_id: string }>(selectHeads, [uuids(names)])
  const heads = new Map(names.map((name): [string, Head] => [name, { seq: 0, hash: genesis }]))
  for (const { account_id, seq, hash } of rows) heads.set(account_id, { seq, hash })
  return heads
}

export async function moveHeads(tx: Tx, heads: ReadonlyMap<string, Head>): Promise<void> {
  const all = [...heads]
  await tx.query(writeHeads, [
    uuids(all.map(([account]) => account)),
    plain(all.map(([, { seq }]) => seq)),
    plain(all.map(([, { hash }]) => hash.toString('hex'))),
  ])
}

const insertEntries = statement(
  'consent_append',
  `with personal as (
     insert into consent_details (account_id, seq, salt, number, details)
     select account_id, seq, decode(salt, 'hex'), number, details
     from unnest($15::uuid[], $16::bigint[], $17::text[], $18::text[], $19::jsonb[]) as d(account_id, seq, salt, number, details))
   insert into consent_ledger (account_id, seq, id, at, number_key, topic_id, sender, act, how, via, actor, message_ids,
     details_hash, prev_hash, hash)
   select account_id, seq, id, $14, decode(number_key, 'hex'), topic_id, sender, act, how, via, actor, message_ids::uuid[],
     decode(details_hash, 'hex'), decode(prev_hash, 'hex'), decode(hash, 'hex')
   from unnest($1::uuid[], $2::bigint[], $3::uuid[], $4::text[], $5::uuid[], $6::text[], $7::text[], $8::text[], $9::text[],
     $10::text[], $11::text[], $12::text[], $13::text[], $20::text[])
   as d(account_id, seq, id, number_key, topic_id, sender, act, how, via, actor, message_ids, details_hash, prev_hash, hash)`,
)

/** Writes entries that have their place in the chain already. */
export async function insertEntriesAt(
  tx: Tx,
  entries: readonly Entry[],
  personal: ReadonlyMap<Entry, Personal>,
  at: Date,
): Promise<void> {
  const told = [...personal]
  await tx.query(insertEntries, [
    uuids(entries.map((entry) => entry.accountId)),
    plain(entries.map((entry) => entry.seq)),
    uuids(entries.map((entry) => entry.id)),
    plain(entries.map((entry) => entry.numberKey.toString('hex'))),
    plain(entries.map((entry) => entry.topic)),
    quoted(entries.map((entry) => entry.sender)),
    plain(entries.map((entry) => entry.act)),
    plain(entries.map((entry) => entry.how)),
    quoted(entries.map((entry) => entry.via)),
    quoted(entries.map((entry) => entry.actor)),
    quoted(entries.map((entry) => uuids(entry.messageIds))),
    plain(entries.map((entry) => entry.detailsHash?.toString('hex'))),
    plain(entries.map((entry) => entry.prevHash.toString('hex'))),
    at,
    uuids(told.map(([entry]) => entry.accountId)),
    plain(told.map(([entry]) => entry.seq)),
    plain(told.map(([, { salt }]) => salt.toString('hex'))),
    quoted(told.map(([, { number }]) => number)),
    quoted(told.map(([, { details }]) => JSON.stringify(details))),
    plain(entries.map((entry) => entry.hash.toString('hex'))),
  ])
}

interface EntryRow {
  account_id: string
  seq: number
  id: string
  at: Date
  number_key: Buffer
  topic_id: string | null
  sender: string | null
  act: Act
  how: How
  via: string | null
  actor: string | null
  message_ids: string[]
  details_hash: Buffer | null
  prev_hash: Buffer
  hash: Buffer
  salt: Buffer | null
  number: string | null
  details: Record<string, unknown> | null
}

/** An entry, with what stands of the person; nothing, once that was erased. */
export interface Told {
  entry: Entry
  personal: Personal | undefined
}

const toTold = (row: EntryRow): Told => ({
  entry: {
    accountId: row.account_id,
    seq: row.seq,
    id: row.id,
    at: row.at,
    numberKey: row.number_key,
    topic: row.topic_id,
    sender: row.sender,
    act: row.act,
    how: row.how,
    via: row.via,
    actor: row.actor,
    messageIds: row.message_ids,
    detailsHash: row.details_hash,
    prevHash: row.prev_hash,
    hash: row.hash,
  },
  personal:
    row.salt === null ? undefined : { salt: row.salt, number: row.number!, details: row.details ?? {} },
})

const withDetails = `select l.*, d.salt, d.number, d.details from consent_ledger l
   left join lateral (
     select * from consent_details d where d.account_id = l.account_id and d.seq = l.seq limit 1) d on true`
const walk = statement(
  'consent_walk',
  `${withDetails} where l.account_id = $1 and l.seq > $2 order by l.seq limit $3`,
)
const ofNumber = statement(
  'consent_of_number',
  `${withDetails} where l.number_key = $2 and l.account_id = $1 and l.seq < $3 order by l.seq desc limit $4`,
)

/** The entries of an account after `seq`, in order. */
export async function readChain(tx: Tx, accountId: string, seq: number, limit: number): Promise<Told[]> {
  return (await tx.query<EntryRow>(walk, [accountId, seq, limit])).map(toTold)
}

/** The entries about one number, newest first. */
export async function readHistory(
  tx: Tx,
  accountId: string,
  numberKey: Buffer,
  options: { before?: number; limit: number },
): Promise<Told[]> {
  const { before = Number.MAX_SAFE_INTEGER, limit } = options
  return (await tx.query<EntryRow>(ofNumber, [accountId, numberKey, before, limit])).map(toTold)
}

const saidAt = statement(
  'consent_said_at',
  `select l.seq, coalesce((d.details ->> 'said_at')::timestamptz, l.at) as at from unnest($2::bigint[]) as n(seq)
   cross join lateral (select seq, at from consent_ledger l where l.account_id = $1 and l.seq = n.seq limit 1) l
   left join lateral (
     select details from consent_details d where d.account_id = $1 and d.seq = l.seq limit 1) d on true`,
)

/** When the words of these entries were said, by their place: before they were written, where they came from elsewhere. */
export async function readSaidAt(
  tx: Tx,
  accountId: string,
  seqs: readonly number[],
): Promise<Map<number, Date>> {
  const rows = await tx.query<{ seq: number; at: Date }>(saidAt, [accountId, plain(seqs)])
  return new Map(rows.map(({ seq, at }) => [Number(seq), at]))
}

const listChains = statement(
  'consent_chains_all',
  `select c.account_id, c.seq, c.hash, a.name from consent_chains c
   cross join lateral (select name from accounts a where a.id = c.account_id limit 1) a order by c.account_id`,
)

/** Every chain of the installation, with the name of its account. */
export const readChains = (tx: Tx): Promise<(Head & { account_id: string; name: string })[]> =>
  tx.query(listChains)

const eraseDetails = statement(
  'consent_erase_details',
  `with about as materialized (
     select l.seq from unnest($2::text[]) as n(key)
     cross join lateral (
       select seq from consent_ledger l where l.number_key = decode(n.key, 'hex') and l.account_id = $1) l)
   delete from consent_details d using about where d.account_id = $1 and d.seq = about.seq returning 1`,
)

/** Deletes what names these people; their entries stand. Returns of how many entries. */
export async function deleteDetails(
  tx: Tx,
  accountId: string,
  numberKeys: readonly Buffer[],
): Promise<number> {
  const keys = plain(numberKeys.map((key) => key.toString('hex')))
  return (await tx.query(eraseDetails, [accountId, keys])).length
}
