import { plain, uuids } from '../../store/arrays.ts'
import { statement, type Tx } from '../../store/db.ts'

export interface Member {
  user_id: string
  name: string
  available: boolean
}

export interface Team {
  id: string
  name: string
  numbers: string[]
  auto_assign: boolean
  created_at: Date
  members: Member[]
}

const list = statement(
  'inbox_teams_list',
  `select t.id, t.name, t.numbers, t.auto_assign, t.created_at,
     coalesce((select json_agg(json_build_object('user_id', m.user_id, 'name', m.name, 'available', m.available) order by m.name)
       from inbox_members m where m.account_id = t.account_id and m.team_id = t.id), '[]') as members
   from inbox_teams t where t.account_id = $1 and ($2::uuid is null or t.id = $2) order by t.id`,
)

/** Oldest first; with `id` that one or none. */
export const listTeams = (tx: Tx, accountId: string, id: string | null = null): Promise<Team[]> =>
  tx.query<Team>(list, [accountId, id])

const insert = statement(
  'inbox_teams_insert',
  `insert into inbox_teams (account_id, id, name, numbers, auto_assign, created_at)
   select $1, $2, $3, $4, $5, $6 where (select count(*) from inbox_teams where account_id = $1) < $7
   on conflict (account_id, lower(name)) do nothing returning id`,
)

/** False when there is one of this name, or too many. */
export async function insertTeam(
  tx: Tx,
  accountId: string,
  team: Pick<Team, 'id' | 'name' | 'numbers' | 'auto_assign' | 'created_at'>,
  most: number,
): Promise<boolean> {
  const { id, name, numbers, auto_assign, created_at } = team
  return (await tx.query(insert, [accountId, id, name, numbers, auto_assign, created_at, most])).length > 0
}

const update = statement(
  'inbox_teams_update',
  `update inbox_teams set name = coalesce($3, name), numbers = coalesce($4, numbers), auto_assign = coalesce($5, auto_assign)
   where account_id = $1 and id = $2 returning id`,
)

/** Changes what is given. False: there is no such team. Throws a unique violation (23505) for a name that is taken. */
export async function updateTeam(
  tx: Tx,
  accountId: string,
  id: string,
  { name, numbers, auto_assign }: { name?: string; numbers?: readonly string[]; auto_assign?: boolean },
): Promise<boolean> {
  const values = [accountId, id, name ?? null, numbers ?? null, auto_assign ?? null]
  return (await tx.query(update, values)).length > 0
}

const remove = statement(
  'inbox_teams_delete',
  `with gone as (delete from inbox_teams where account_id = $1 and id = $2 returning id),
   free as (update inbox_conversations set team_id = null where account_id = $1 and team_id = $2 and state <> 'closed')
   select id from gone`,
)

export async function deleteTeam(tx: Tx, accountId: string, id: string): Promise<boolean> {
  return (await tx.query(remove, [accountId, id])).length > 0
}

const replaceMembers = statement(
  'inbox_members_replace',
  `with wanted as (select * from unnest($3::text[], $4::text[], $5::boolean[]) as d(user_id, name, available)),
   gone as (delete from inbox_members m where m.account_id = $1 and m.team_id = $2
     and not exists (select from wanted w where w.user_id = m.user_id))
   insert into inbox_members (account_id, team_id, user_id, name, available)
   select $1, $2, user_id, name, available from wanted
   on conflict (account_id, team_id, user_id) do update set name = excluded.name, available = excluded.available`,
)

/** These are the team, and nobody else. */
export async function setMembers(
  tx: Tx,
  accountId: string,
  teamId: string,
  members: readonly Member[],
): Promise<void> {
  await tx.query(replaceMembers, [
    accountId,
    teamId,
    members.map(({ user_id }) => user_id),
    members.map(({ name }) => name),
    members.map(({ available }) => available),
  ])
}

const setAvailable = statement(
  'inbox_member_available',
  'update inbox_members set available = $3 where account_id = $1 and user_id = $2 returning team_id',
)

/** Somebody takes new conversations of their teams, or for now does not. Returns in how many teams. */
export async function setAvailability(
  tx: Tx,
  accountId: string,
  userId: string,
  available: boolean,
): Promise<number> {
  return (await tx.query(setAvailable, [accountId, userId, available])).length
}

const agents = statement(
  'inbox_agents',
  `select 'usr' as kind, u.id::text as id, u.name from memberships m join users u on u.id = m.user_id where m.account_id = $1
   union all
   select 'member', m.user_id, max(m.name) from inbox_members m where m.account_id = $1 group by m.user_id`,
)

/** Who may be given a conversation: users of the account with their bare ids, and whoever else is in a team. */
export const listAgents = (
  tx: Tx,
  accountId: string,
): Promise<{ kind: 'usr' | 'member'; id: string; name: string }[]> => tx.query(agents, [accountId])

const take = statement(
  'inbox_take_turns',
  // The row of the team is held until the commit: whoever gives out the next ones waits, and goes on after these.
  `with asked as (select * from unnest($1::uuid[], $2::uuid[], $3::integer[]) as d(account_id, team_id, n)),
   moved as (
     update inbox_teams t set turn = t.turn + a.n from asked a
     where t.account_id = a.account_id and t.id = a.team_id and t.auto_assign
     returning t.account_id, t.id, old.turn as turn)
   select m.account_id, m.id as team_id, m.turn, array_agg(u.user_id order by u.user_id) as users,
     array_agg(u.name order by u.user_id) as names
   from moved m join inbox_members u on u.account_id = m.account_id and u.team_id = m.id and u.available
   group by 1, 2, 3`,
)

export interface Turns {
  account_id: string
  team_id: string
  /** How many were given out before. */
  turn: number
  users: string[]
  names: string[]
}

/** Takes the next `n` turns of each team that shares its conversations out; nothing of a team where nobody is available. */
export function takeTurns(
  tx: Tx,
  asked: readonly { accountId: string; teamId: string; n: number }[],
): Promise<Turns[]> {
  const sorted = [...asked].sort((a, b) => (a.teamId < b.teamId ? -1 : 1))
  return tx.query<Turns>(take, [
    uuids(sorted.map(({ accountId }) => accountId)),
    uuids(sorted.map(({ teamId }) => teamId)),
    plain(sorted.map(({ n }) => n)),
  ])
}

const assignMany = statement(
  'inbox_assign_many',
  `update inbox_conversations c set team_id = d.team_id, assignee = coalesce(d.assignee, c.assignee),
     assignee_name = case when d.assignee is null then c.assignee_name else d.name end
   from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[]) as d(account_id, id, team_id, assignee, name)
   where c.account_id = d.account_id and c.id = d.id`,
)

export interface Assigned {
  accountId: string
  id: string
  teamId: string
  assignee: string | null
  name: string | null
}

/** Gives conversations that are held to teams, and to people of theirs. */
export async function assignConversations(tx: Tx, rows: readonly Assigned[]): Promise<void> {
  if (rows.length === 0) return
  await tx.query(assignMany, [
    rows.map(({ accountId }) => accountId),
    rows.map(({ id }) => id),
    rows.map(({ teamId }) => teamId),
    rows.map(({ assignee }) => assignee),
    rows.map(({ name }) => name),
  ])
}
