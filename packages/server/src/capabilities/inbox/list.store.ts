import { type Statement, statement, type Tx } from '../../store/db.ts'
import type { Conversation } from './conversation.store.ts'

/** A conversation as it stands in a list, as one agent sees it. */
export interface Listed extends Conversation {
  unread: number
  mentions: number
  contact_name: string | null
  language: string | null
  team_name: string | null
  /** The last message; null when it has been deleted. */
  last_body: string | null
  last_direction: 'inbound' | 'outbound' | null
  last_state: string | null
  due: { target: string; due_at: string; breached: boolean; warned: boolean }[]
}

export interface ListFilter {
  /** Whose unread messages are counted, and whose conversations `mine` are. */
  userId: string
  states?: readonly string[]
  assignee?: string
  unassigned?: boolean
  team?: string
  flag?: string
  flagged?: boolean
  unread?: boolean
  mentioned?: boolean
  breached?: boolean
  /** `websearch` words, with what they may begin. */
  words?: string
  prefix?: string
  /** The beginning of an address. */
  address?: string
  before?: { at: Date; id: string }
  limit: number
}

/** A condition and how its value gets in. `active` ones hold for conversations that are not closed. */
const conditions = {
  states: 'c.state = any($:states::text[])',
  assignee: 'c.assignee = $:assignee',
  unassigned: 'c.assignee is null and $:unassigned',
  team: 'c.team_id = $:team::uuid',
  flag: '$:flag = any(c.flags)',
  flagged: "$:flagged and c.flags <> '{}'",
  unread:
    '$:unread and c.inbound_count > coalesce((select seen from inbox_reads r where r.account_id = c.account_id and r.conversation_id = c.id and r.user_id = $2), 0)',
  mentioned:
    '$:mentioned and exists (select from inbox_mentions m where m.account_id = c.account_id and m.user_id = $2 and m.conversation_id = c.id)',
  breached:
    '$:breached and exists (select from inbox_clocks k where k.account_id = c.account_id and k.conversation_id = c.id and k.breached_at is not null)',
  before: '(c.last_at, c.id) < ($:before_at::timestamptz, $:before_id::uuid)',
} as const

/**
 * Those of the conversations that were found by words or by an address, which are few; everybody else's are in another
 * account, which the index of the words knows. Newest hits first, up to a number that nobody reads through.
 */
const found = {
  words: `with hits as materialized (
     select account_id, conversation_id from inbox_words
     where words @@ ((websearch_to_tsquery('german', $:words) || websearch_to_tsquery('english', $:words)
       || websearch_to_tsquery('simple', $:words) || to_tsquery('simple', $:prefix))
       && (quote_literal('@' || $1::uuid)::tsquery)) limit 5000),
   named as materialized (
     select k.account_id, c.id from contacts k join inbox_conversations c on c.account_id = k.account_id and c.contact_id = k.id
     where k.account_id = $1 and to_tsvector('simple', coalesce(k.name, '')) @@ to_tsquery('simple', $:prefix) limit 1000),
   ids as materialized (
     select account_id, conversation_id as id from hits where account_id = $1 union select account_id, id from named)`,
  address: `with ids as materialized (
     select account_id, conversation_id as id from inbox_addresses
     where account_id = $1 and channel = 'sms' and address >= $:address and address < $:address || U&'\\+10FFFF' limit 1000)`,
} as const

const columns = `c.id, c.contact_id, c.channel, c.address, c.sender, c.state, c.snoozed_until, c.assignee, c.assignee_name,
  c.team_id, c.flags, c.inbound_count, c.round, c.opened_at, c.waiting_since, c.answered_at, c.closed_at, c.last_at,
  c.last_message_id, c.rating_until, c.created_at,
  greatest(0, c.inbound_count - coalesce((select seen from inbox_reads r where r.account_id = c.account_id
    and r.conversation_id = c.id and r.user_id = $2), 0)) as unread,
  (select count(*) from inbox_mentions m where m.account_id = c.account_id and m.user_id = $2
    and m.conversation_id = c.id)::integer as mentions,
  (select t.name from inbox_teams t where t.account_id = c.account_id and t.id = c.team_id) as team_name,
  p.name as contact_name, p.language, left(m.body, 300) as last_body, m.direction as last_direction, m.state as last_state,
  coalesce((select json_agg(json_build_object('target', k.target, 'due_at', k.due_at, 'breached', k.breached_at is not null,
    'warned', k.warn_at is null)) from inbox_clocks k where k.account_id = c.account_id and k.conversation_id = c.id), '[]') as due`
const joins = `left join contacts p on p.account_id = c.account_id and p.id = c.contact_id
   left join messages m on m.account_id = c.account_id and m.id = c.last_message_id`

const statements = new Map<string, Statement>()

/** The statement for what is asked: one a combination of conditions, so that each has its plan by key. */
function listStatement(asked: readonly string[]): { statement: Statement; names: string[] } {
  const search = asked.includes('words') ? 'words' : asked.includes('address') ? 'address' : undefined
  const wheres = (Object.keys(conditions) as (keyof typeof conditions)[]).filter((name) =>
    asked.includes(name),
  )
  const names: string[] = []
  const place = (text: string): string =>
    text.replace(/\$:(\w+)/g, (_, name: string) => {
      if (!names.includes(name)) names.push(name)
      return `$${names.indexOf(name) + 4}`
    })
  const where = wheres.map((name) => `and ${conditions[name]}`).join(' ')
  const newest = 'order by c.last_at desc, c.id desc limit $3'
  // Each arm reads an index of its own, in order; of both the newest are taken.
  const arms = (['active', 'closed'] as const).filter((name) => asked.includes(name))
  const text = place(
    search
      ? `${found[search]} select ${columns} from ids join inbox_conversations c on c.account_id = ids.account_id and c.id = ids.id
         ${joins} where c.account_id = $1 ${where} ${newest}`
      : `select * from (${arms
          .map(
            (name) => `(select ${columns} from inbox_conversations c ${joins}
              where c.account_id = $1 and ${name === 'active' ? "c.state <> 'closed'" : "c.state = 'closed'"} ${where}
              ${newest})`,
          )
          .join(' union all ')}) c ${newest}`,
  )
  const key = `inbox_list_${[...asked].sort().join('_')}`
  const known = statements.get(key) ?? statement(key, text)
  statements.set(key, known)
  return { statement: known, names }
}

/** Conversations by their last activity, newest first. */
export function listConversations(tx: Tx, accountId: string, filter: ListFilter): Promise<Listed[]> {
  const { userId, limit, before, ...rest } = filter
  const values: Record<string, unknown> = {
    ...rest,
    ...(before && { before: true, before_at: before.at, before_id: before.id }),
  }
  const asked = Object.keys(values).filter((name) => values[name] !== undefined && values[name] !== false)
  const arms = (['active', 'closed'] as const).filter(
    (name) => !filter.states || filter.states.some((state) => (state === 'closed') === (name === 'closed')),
  )
  const built = listStatement([...arms, ...asked.filter((name) => !/^before_/.test(name))])
  return tx.query<Listed>(built.statement, [
    accountId,
    userId,
    limit,
    ...built.names.map((name) => values[name]),
  ])
}

const one = statement(
  'inbox_one',
  `select ${columns} from inbox_conversations c ${joins} where c.account_id = $1 and $3 and c.id = $4`,
)

export async function readConversation(
  tx: Tx,
  accountId: string,
  userId: string,
  id: string,
): Promise<Listed | undefined> {
  return (await tx.query<Listed>(one, [accountId, userId, true, id]))[0]
}

const counts = statement(
  'inbox_counts',
  `with active as materialized (
     select c.id, c.state, c.assignee, c.team_id, c.flags, c.inbound_count > coalesce((select seen from inbox_reads r
       where r.account_id = c.account_id and r.conversation_id = c.id and r.user_id = $2), 0) as unread
     from inbox_conversations c where c.account_id = $1 and c.state <> 'closed' order by c.last_at desc limit 10000)
   select
     count(*) filter (where state = 'open' and assignee = $2)::integer as mine,
     count(*) filter (where state = 'open' and assignee is null)::integer as unassigned,
     count(*) filter (where state = 'open')::integer as open,
     count(*) filter (where state = 'waiting')::integer as waiting,
     count(*) filter (where state = 'snoozed')::integer as snoozed,
     count(*) filter (where flags <> '{}')::integer as flagged,
     count(*) filter (where state = 'open' and unread and (assignee = $2 or assignee is null))::integer as unread,
     (select count(distinct conversation_id) from inbox_mentions where account_id = $1 and user_id = $2)::integer as mentioned,
     (select count(*) from (select distinct conversation_id from inbox_clocks where account_id = $1 and breached_at is not null limit 1000) k)::integer as breached,
     coalesce((select json_object_agg(team_id, n) from (
       select team_id, count(*) as n from active where state = 'open' and team_id is not null group by team_id) t), '{}') as teams
   from active`,
)

export interface Counts {
  mine: number
  unassigned: number
  open: number
  waiting: number
  snoozed: number
  flagged: number
  mentioned: number
  breached: number
  /** Open ones with messages that this agent has not seen, theirs or nobody's. */
  unread: number
  /** Open ones by bare team id. */
  teams: Record<string, number>
}

/** What waits in each view of one agent. Closed ones are not counted: there is no end of them. */
export async function countConversations(tx: Tx, accountId: string, userId: string): Promise<Counts> {
  return (await tx.query<Counts>(counts, [accountId, userId]))[0]!
}
