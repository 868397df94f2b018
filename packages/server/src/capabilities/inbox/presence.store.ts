import { statement, type Tx } from '../../store/db.ts'

export interface Presence {
  user_id: string
  name: string
  doing: 'viewing' | 'typing'
  until: Date
}

const say = statement(
  'inbox_presence_say',
  // Only what others have to hear comes back: that somebody came, or began or ceased to type.
  `insert into inbox_presence as p (account_id, conversation_id, user_id, name, doing, until)
   select $1, $2, $3, $4, $5, $6 from inbox_conversations where account_id = $1 and id = $2
   on conflict (account_id, conversation_id, user_id) do update set doing = excluded.doing, until = excluded.until
   returning old.user_id is null or old.doing <> p.doing or old.until < $7 as news`,
)

/** Notes what somebody does, until then. Undefined: no such conversation; else whether it is news to others. */
export async function sayPresence(
  tx: Tx,
  accountId: string,
  conversationId: string,
  { user_id, name, doing, until }: Presence,
  now: Date,
): Promise<boolean | undefined> {
  const values = [accountId, conversationId, user_id, name, doing, until, now]
  return (await tx.query<{ news: boolean }>(say, values))[0]?.news
}

const leave = statement(
  'inbox_presence_leave',
  'delete from inbox_presence where account_id = $1 and conversation_id = $2 and user_id = $3 returning name',
)

/** Somebody has gone. False when nobody knew that they were there. */
export async function leavePresence(
  tx: Tx,
  accountId: string,
  conversationId: string,
  userId: string,
): Promise<boolean> {
  return (await tx.query(leave, [accountId, conversationId, userId])).length > 0
}

const list = statement(
  'inbox_presence_list',
  'select user_id, name, doing, until from inbox_presence where account_id = $1 and conversation_id = $2 and until > $3 order by name',
)

export const listPresence = (
  tx: Tx,
  accountId: string,
  conversationId: string,
  now: Date,
): Promise<Presence[]> => tx.query<Presence>(list, [accountId, conversationId, now])

const forget = statement('inbox_presence_forget', 'delete from inbox_presence where until < $1')

export async function forgetPresence(tx: Tx, before: Date): Promise<void> {
  await tx.query(forget, [before])
}
