import { uuids } from '../../store/arrays.ts'
import { statement, type Tx } from '../../store/db.ts'

export const topicKinds = ['marketing', 'service', 'alert'] as const
export type TopicKind = (typeof topicKinds)[number]

/** Which of a topic's texts: what a sign-up form shows, what confirms a sign-up, an opt-out, and what HELP says. */
export const textNames = ['opt_in', 'confirm', 'opt_out', 'help'] as const
export type TextName = (typeof textNames)[number]
/** By language, `de`. */
export type Texts = { readonly [N in TextName]?: Readonly<Record<string, string>> }

export interface Topic {
  account_id: string
  /** Bare UUID. */
  id: string
  /** What people write after STOP, folded. */
  key: string
  name: string
  kind: TopicKind
  sender: string | null
  language: string
  texts: Texts
  frequency_caps: unknown[]
  /** A STOP to its sender leaves it. */
  mandatory: boolean
  created_at: Date
  updated_at: Date
  archived_at: Date | null
}

const insert = statement(
  'topics_insert',
  `insert into topics (account_id, id, key, name, kind, sender, language, texts, frequency_caps, mandatory, created_at, updated_at)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11) on conflict do nothing returning *`,
)
const update = statement(
  'topics_update',
  `update topics set key = $3, name = $4, kind = $5, sender = $6, language = $7, texts = $8, frequency_caps = $9,
     mandatory = $10, updated_at = $11, archived_at = $12
   where account_id = $1 and id = $2 returning *`,
)

export type NewTopic = Omit<Topic, 'created_at' | 'updated_at' | 'archived_at'>

const values = (topic: NewTopic): unknown[] => [
  topic.account_id,
  topic.id,
  topic.key,
  topic.name,
  topic.kind,
  topic.sender,
  topic.language,
  JSON.stringify(topic.texts),
  JSON.stringify(topic.frequency_caps),
  topic.mandatory,
]

/** Undefined where a living topic of the account has that key already. */
export async function insertTopic(tx: Tx, topic: NewTopic, now: Date): Promise<Topic | undefined> {
  return (await tx.query<Topic>(insert, [...values(topic), now]))[0]
}

/** Throws 23505 where a living topic of the account has that key already. */
export async function updateTopic(
  tx: Tx,
  topic: NewTopic & Pick<Topic, 'archived_at'>,
  now: Date,
): Promise<Topic | undefined> {
  return (await tx.query<Topic>(update, [...values(topic), now, topic.archived_at]))[0]
}

const ofAccount = statement(
  'topics_of_account',
  `select * from topics where account_id = $1 and id < coalesce($2, 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid)
     and ($3 or archived_at is null) order by id desc limit $4`,
)
const byId = statement('topics_by_id', 'select * from topics where account_id = $1 and id = $2')
const lockById = statement('topics_lock', 'select * from topics where account_id = $1 and id = $2 for update')

/** Newest first; `before` is the last of the page before. */
export function listTopics(
  tx: Tx,
  accountId: string,
  options: { before?: string; archived?: boolean; limit: number },
): Promise<Topic[]> {
  const { before = null, archived = false, limit } = options
  return tx.query<Topic>(ofAccount, [accountId, before, archived, limit])
}

/** `lock`: until the end of the transaction, for a change that keeps what it does not name. */
export async function findTopic(
  tx: Tx,
  accountId: string,
  id: string,
  options: { lock?: boolean } = {},
): Promise<Topic | undefined> {
  return (await tx.query<Topic>(options.lock ? lockById : byId, [accountId, id]))[0]
}

const ofAccounts = statement(
  'topics_of_accounts',
  `select t.* from unnest($1::uuid[]) as d(account_id)
   cross join lateral (select * from topics t where t.account_id = d.account_id and t.archived_at is null) t`,
)
const pairs = statement(
  'topics_of_pairs',
  `select t.* from unnest($1::uuid[], $2::uuid[]) as d(account_id, id)
   cross join lateral (select * from topics t where t.account_id = d.account_id and t.id = d.id limit 1) t`,
)

/** The living topics of some accounts: each account has a handful. */
export async function livingTopics(tx: Tx, accounts: Iterable<string>): Promise<Map<string, Topic[]>> {
  const rows = await tx.query<Topic>(ofAccounts, [uuids([...new Set(accounts)])])
  return Map.groupBy(rows, (topic) => topic.account_id)
}

/** Topics by their ids, archived ones too; what is not the account's is missing. */
export async function topicsByIds(
  tx: Tx,
  asked: readonly { accountId: string; id: string }[],
): Promise<Map<string, Topic>> {
  // Most ask for the same as the one before.
  const changes = asked.filter(
    ({ accountId, id }, at) => id !== asked[at - 1]?.id || accountId !== asked[at - 1]?.accountId,
  )
  const distinct = [...new Map(changes.map((one) => [one.accountId + one.id, one])).values()]
  if (distinct.length === 0) return new Map()
  const rows = await tx.query<Topic>(pairs, [
    uuids(distinct.map(({ accountId }) => accountId)),
    uuids(distinct.map(({ id }) => id)),
  ])
  return new Map(rows.map((topic) => [topic.account_id + topic.id, topic]))
}

const mandatory = statement(
  'topics_mandatory',
  `select t.account_id, t.id from unnest($1::uuid[]) as d(account_id)
   cross join lateral (select account_id, id from topics t where t.account_id = d.account_id and t.mandatory) t`,
)

/** By account, the topics that a STOP leaves. */
export async function mandatoryTopics(tx: Tx, accounts: Iterable<string>): Promise<Map<string, string[]>> {
  const rows = await tx.query<{ account_id: string; id: string }>(mandatory, [uuids([...new Set(accounts)])])
  const found = new Map<string, string[]>()
  for (const { account_id, id } of rows) found.set(account_id, [...(found.get(account_id) ?? []), id])
  return found
}
