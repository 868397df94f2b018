import { statement, type Tx } from '../store/db.ts'

export interface AuditEntry {
  account_id: string
  id: string
  at: string
  actor_kind: 'key' | 'user' | 'command' | 'nobody'
  actor_id: string | null
  actor_name: string
  action: string
  target: string | null
  fields: Record<string, unknown>
  address: string | null
  request_id: string | null
}

export interface AuditOutcome {
  account_id: string
  id: string
  at: string
  status: number
  error: string | null
  target: string | null
}

const insertEntries = statement(
  'insert_audit_entries',
  `insert into audit_log (account_id, id, at, actor_kind, actor_id, actor_name, action, target, fields, address, request_id)
   select account_id, id, at, actor_kind, actor_id, actor_name, action, target, fields, address, request_id
   from json_to_recordset($1) as d(account_id uuid, id uuid, at timestamptz, actor_kind text, actor_id uuid,
     actor_name text, action text, target text, fields jsonb, address text, request_id text)`,
)
export const insertAuditEntries = async (tx: Tx, entries: readonly AuditEntry[]): Promise<void> =>
  void (await tx.query(insertEntries, [JSON.stringify(entries)]))

const insertOutcomes = statement(
  'insert_audit_outcomes',
  `insert into audit_outcomes (account_id, id, at, status, error, target)
   select account_id, id, at, status, error, target from json_to_recordset($1) as d(account_id uuid, id uuid,
     at timestamptz, status smallint, error text, target text)`,
)
export const insertAuditOutcomes = async (tx: Tx, outcomes: readonly AuditOutcome[]): Promise<void> =>
  void (await tx.query(insertOutcomes, [JSON.stringify(outcomes)]))

export interface AuditRow {
  id: string
  at: Date
  actor_kind: AuditEntry['actor_kind']
  actor_id: string | null
  actor_name: string
  action: string
  target: string | null
  fields: Record<string, unknown>
  address: string | null
  request_id: string | null
  status: number | null
  error: string | null
}

const columns = `l.id, l.at, l.actor_kind, l.actor_id, l.actor_name, l.action, coalesce(o.target, l.target) as target,
  l.fields, l.address, l.request_id, o.status, o.error`
const outcome = 'left join audit_outcomes o on o.account_id = l.account_id and o.id = l.id'
const range = 'l.account_id = $1 and l.id < $2 and l.id >= $3'
const order = 'order by l.account_id desc, l.id desc limit $4'

// One statement for each way to ask: plans are made once, and each of these has an index of its own.
const all = statement('audit_rows', `select ${columns} from audit_log l ${outcome} where ${range} ${order}`)
const ofActor = statement(
  'audit_rows_of_actor',
  `select ${columns} from audit_log l ${outcome} where ${range} and l.actor_id = $5
     and ($6::text is null or coalesce(o.target, l.target) = $6)
   order by l.account_id desc, l.actor_id desc, l.id desc limit $4`,
)
const ofTarget = statement(
  'audit_rows_of_target',
  // What was made is named by its outcome, what was changed by its entry.
  `select * from (
     (select ${columns} from audit_log l ${outcome} where ${range} and l.target = $5
      order by l.account_id desc, l.target desc, l.id desc limit $4)
     union all
     (select ${columns} from audit_outcomes o join audit_log l on l.account_id = o.account_id and l.id = o.id
      where o.account_id = $1 and o.id < $2 and o.id >= $3 and o.target = $5 and l.target is distinct from $5
      order by o.account_id desc, o.target desc, o.id desc limit $4)) found
   order by id desc limit $4`,
)

export interface AuditFilter {
  /** Exclusive and inclusive bounds of the ids, which are times. */
  before: string
  from: string
  limit: number
  actorId?: string | undefined
  target?: string | undefined
}

/** Newest first. */
export function auditRows(tx: Tx, accountId: string, filter: AuditFilter): Promise<AuditRow[]> {
  const { before, from, limit, actorId, target } = filter
  const range = [accountId, before, from, limit]
  if (actorId !== undefined) return tx.query<AuditRow>(ofActor, [...range, actorId, target ?? null])
  return target === undefined
    ? tx.query<AuditRow>(all, range)
    : tx.query<AuditRow>(ofTarget, [...range, target])
}
