import { statement, type Tx } from '../store/db.ts'

/** A number of ours that belongs to an account; `carrier_id` null: on whichever carrier it comes in. */
export interface NumberRow {
  account_id: string
  account_name: string
  id: string
  address: string
  carrier_id: string | null
  created_at: Date
}

const columns = 'n.account_id, a.name as account_name, n.id, n.address, n.carrier_id, n.created_at'

const list = statement(
  'numbers',
  `select ${columns} from numbers n join accounts a on a.id = n.account_id where n.id < $1 order by n.id desc limit $2`,
)
/** Of all accounts, newest first, before `before`. */
export const listNumbers = (tx: Tx, before: string, limit: number): Promise<NumberRow[]> =>
  tx.query<NumberRow>(list, [before, limit])

const given = statement('given_numbers', 'select account_id, address, carrier_id from numbers')
/** Of all accounts, for the memory of whoever asks about each message. */
export const givenNumbers = (tx: Tx): Promise<Pick<NumberRow, 'account_id' | 'address' | 'carrier_id'>[]> =>
  tx.query(given)

const state = statement(
  'state_of_numbers',
  // Rows are made and deleted, never changed: another one has a newer id, and one less shows in the count.
  `select count(*) || ' ' || coalesce(max(id::text), '') as state from numbers`,
)
/** Another text with each change. */
export const stateOfNumbers = async (tx: Tx): Promise<string> =>
  (await tx.query<{ state: string }>(state))[0]!.state

const insert = statement(
  'insert_number',
  `with made as (
     insert into numbers (account_id, id, address, carrier_id, created_at)
     select a.id, $2, $3, c.id, $5 from accounts a left join carriers c on c.id = $4 and c.deleted_at is null
     where a.id = $1 and ($4::uuid is null or c.id is not null)
     on conflict (address, carrier_id) do nothing returning *)
   select ${columns} from made n join accounts a on a.id = n.account_id`,
)
/** Undefined: account or carrier are not there, or the number is given away. */
export async function insertNumber(
  tx: Tx,
  number: Omit<NumberRow, 'account_name'>,
): Promise<NumberRow | undefined> {
  const { account_id, id, address, carrier_id, created_at } = number
  return (await tx.query<NumberRow>(insert, [account_id, id, address, carrier_id, created_at]))[0]
}

const known = statement(
  'number_known',
  'select true as found from numbers where address = $1 and carrier_id is not distinct from $2::uuid',
)
export const numberIsGiven = async (tx: Tx, address: string, carrierId: string | null): Promise<boolean> =>
  (await tx.query(known, [address, carrierId])).length > 0

const remove = statement('delete_number', 'delete from numbers where id = $1 returning id')
export const deleteNumber = async (tx: Tx, id: string): Promise<boolean> =>
  (await tx.query(remove, [id])).length === 1
