import { plain, quoted, uuids } from '../../../store/arrays.ts'
import { statement, type Tx } from '../../../store/db.ts'

export interface ErasureRow {
  id: string
  contact_id: string
  state: 'running' | 'finished'
  left: number
  requested_at: Date
  finished_at: Date | null
}
export interface ErasedPlace {
  place: string
  count: number
  note: string | null
  at: Date
}

const addressesOf = statement(
  'contact_erasures_addresses',
  'select channel, address, key from contact_addresses where account_id = $1 and contact_id = $2',
)
export const readAddresses = (
  tx: Tx,
  accountId: string,
  contactId: string,
): Promise<{ channel: string; address: string; key: Buffer }[]> =>
  tx.query(addressesOf, [accountId, contactId])

const begin = statement(
  'contact_erasures_begin',
  `insert into contact_erasures (account_id, id, contact_id, state, addresses, requested_at)
   values ($1, $2, $3, 'running', $4::text[], $5)`,
)
/** `addresses` are kept while it runs: in events they have to be looked for. */
export const beginErasure = async (
  tx: Tx,
  accountId: string,
  { id, contactId, addresses }: { id: string; contactId: string; addresses: readonly string[] },
  now: Date,
): Promise<void> => {
  await tx.query(begin, [accountId, id, contactId, quoted(addresses), now])
}

const deletions = {
  notes: statement(
    'contact_erasures_notes',
    'delete from contact_notes where account_id = $1 and contact_id = $2 returning 1',
  ),
  lists: statement(
    'contact_erasures_lists',
    'delete from contact_list_members where account_id = $1 and contact_id = $2 returning 1',
  ),
  merges: statement(
    'contact_erasures_merges',
    // Whoever they took in may have taken in others before.
    `with recursive them as (
       select $2::uuid as id
       union select m.merged_id from them cross join lateral (
         select merged_id from contact_merges m where m.account_id = $1 and m.kept_id = them.id) m)
     delete from contact_merges m where m.account_id = $1
       and (m.kept_id in (select id from them) or m.merged_id = $2) returning 1`,
  ),
  addresses: statement(
    'contact_erasures_delete_addresses',
    'delete from contact_addresses where account_id = $1 and contact_id = $2 returning 1',
  ),
  contact: statement(
    'contact_erasures_contact',
    'delete from contacts where account_id = $1 and id = $2 returning 1',
  ),
} as const

/** Deletes what is kept of a person by their id. Returns how many rows went, by place. */
export async function deletePerson(
  tx: Tx,
  accountId: string,
  contactId: string,
): Promise<Record<keyof typeof deletions, number>> {
  const gone: Partial<Record<keyof typeof deletions, number>> = {}
  for (const [place, deletion] of Object.entries(deletions))
    gone[place as keyof typeof deletions] = (await tx.query(deletion, [accountId, contactId])).length
  return gone as Record<keyof typeof deletions, number>
}

const importRows = statement(
  'contact_erasures_import_rows',
  `delete from contact_import_errors e where e.account_id = $1 and exists (
     select from unnest(e.cells) as cell cross join unnest($2::text[]) as d(ending)
     where right(regexp_replace(cell, '\\D', '', 'g'), length(d.ending)) = d.ending
       or lower(trim(cell)) = any ($3::text[])) returning 1`,
)
/** Rows of files that were not taken and name one of these addresses, however a number was typed. */
export const deleteImportRows = async (
  tx: Tx,
  accountId: string,
  numbers: readonly string[],
  mails: readonly string[],
): Promise<number> => {
  // Without what may stand in front of a number: country code, or a zero.
  const endings = numbers.map((number) => number.slice(-9))
  return (await tx.query(importRows, [accountId, quoted(endings), quoted(mails)])).length
}

const suppress = statement(
  'contact_erasures_suppress',
  `insert into contact_suppressed (account_id, hash, erasure_id, at)
   select $1, decode(d.key, 'hex'), $3, $4 from unnest($2::text[]) as d(key) on conflict do nothing`,
)
/** Remembers addresses by their keyed hash alone. */
export const suppressAddresses = async (
  tx: Tx,
  accountId: string,
  keys: readonly Buffer[],
  erasureId: string,
  now: Date,
): Promise<void> => {
  await tx.query(suppress, [accountId, plain(keys.map((key) => key.toString('hex'))), erasureId, now])
}

const leave = statement(
  'contact_erasures_leave',
  'update contact_erasures set left_over = $3::uuid[] where account_id = $1 and id = $2',
)
/** Which messages are still to be emptied. */
export const leaveOver = async (
  tx: Tx,
  accountId: string,
  id: string,
  messages: readonly string[],
): Promise<void> => {
  await tx.query(leave, [accountId, id, uuids(messages)])
}

const note = statement(
  'contact_erasures_looked',
  'update contact_erasures set looked = $3 where account_id = $1 and id = $2',
)
/** Events up to this chunk have been looked through. */
export const noteLooked = async (tx: Tx, accountId: string, id: string, chunk: string): Promise<void> => {
  await tx.query(note, [accountId, id, chunk])
}

const finish = statement(
  'contact_erasures_finish',
  `update contact_erasures set state = 'finished', finished_at = $3, addresses = '{}', looked = null
   where account_id = $1 and id = $2 and state = 'running' and left_over = '{}'`,
)
/** Ends an erasure of which nothing is left to be done. */
export const finishErasure = async (tx: Tx, accountId: string, id: string, now: Date): Promise<void> => {
  await tx.query(finish, [accountId, id, now])
}

export interface RunningErasure {
  /** Bare ids of messages that are still to be emptied. */
  left_over: string[]
  addresses: string[]
  looked: string | null
}
const runningOne = `select left_over, addresses, looked from contact_erasures
   where account_id = $1 and id = $2 and state = 'running'`
const runningNow = statement('contact_erasures_running_one', runningOne)
const lock = statement('contact_erasures_lock', `${runningOne} for update`)

/** Undefined when it is finished. */
export const readRunning = async (
  tx: Tx,
  accountId: string,
  id: string,
): Promise<RunningErasure | undefined> => (await tx.query<RunningErasure>(runningNow, [accountId, id]))[0]
/** The same, until the end of the transaction nobody else's. */
export const lockErasure = async (
  tx: Tx,
  accountId: string,
  id: string,
): Promise<RunningErasure | undefined> => (await tx.query<RunningErasure>(lock, [accountId, id]))[0]

const columns = 'id, contact_id, state, cardinality(left_over) as left, requested_at, finished_at'
const list = statement(
  'contact_erasures_list',
  `select ${columns} from contact_erasures where account_id = $1
     and id < coalesce($2, 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid) order by id desc limit $3`,
)
export const readErasures = (
  tx: Tx,
  accountId: string,
  before: string | undefined,
  limit: number,
): Promise<ErasureRow[]> => tx.query<ErasureRow>(list, [accountId, before ?? null, limit])

const get = statement(
  'contact_erasures_get',
  `select ${columns} from contact_erasures where account_id = $1 and id = $2`,
)
const places = statement(
  'contact_erasures_places',
  'select place, count, note, at from contact_erasure_counts where account_id = $1 and erasure_id = $2 order by place',
)
export async function readErasure(
  tx: Tx,
  accountId: string,
  id: string,
): Promise<(ErasureRow & { places: ErasedPlace[] }) | undefined> {
  const [row] = await tx.query<ErasureRow>(get, [accountId, id])
  return row && { ...row, places: await tx.query<ErasedPlace>(places, [accountId, id]) }
}

const running = statement(
  'contact_erasures_running',
  `select account_id, id from contact_erasures where state = 'running' order by requested_at limit 1000`,
)
export const runningErasures = (tx: Tx): Promise<{ account_id: string; id: string }[]> => tx.query(running)
