import { statement, type Tx } from '../../../store/db.ts'

export interface NoteRow {
  id: string
  text: string
  author: string | null
  created_at: Date
}

const insert = statement(
  'contact_notes_insert',
  `insert into contact_notes (account_id, id, contact_id, text, author, created_at)
   select $1, $2, c.id, $4, $5, $6 from contacts c where c.account_id = $1 and c.id = $3
     and (select count(*) from contact_notes n where n.account_id = $1 and n.contact_id = $3) < $7
   returning id`,
)

/** Writes a note on a person; false when there is no such person, or they have too many. */
export async function insertNote(
  tx: Tx,
  accountId: string,
  contactId: string,
  { id, text, author, created_at }: NoteRow,
  most: number,
): Promise<boolean> {
  return (await tx.query(insert, [accountId, id, contactId, text, author, created_at, most])).length > 0
}

const list = statement(
  'contact_notes_list',
  `select id, text, author, created_at from contact_notes
   where account_id = $1 and contact_id = $2 and id < coalesce($3, 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid)
   order by id desc limit $4`,
)
export const listNotes = (
  tx: Tx,
  accountId: string,
  contactId: string,
  before: string | undefined,
  limit: number,
): Promise<NoteRow[]> => tx.query<NoteRow>(list, [accountId, contactId, before ?? null, limit])

const remove = statement(
  'contact_notes_delete',
  'delete from contact_notes where account_id = $1 and contact_id = $2 and id = $3 returning id',
)
export const deleteNote = async (
  tx: Tx,
  accountId: string,
  contactId: string,
  id: string,
): Promise<boolean> => (await tx.query(remove, [accountId, contactId, id])).length > 0
