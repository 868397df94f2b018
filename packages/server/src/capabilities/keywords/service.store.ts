import { statement, type Tx } from '../../store/db.ts'
import type { Column, NumberSettings, Service } from './service.ts'
import type { SourceProblem } from './source/read.ts'

const columns = `s.account_id as "accountId", s.id, s.name, s.kind, s.enabled, s.numbers, s.keywords,
  jsonb_build_object('per_hour', s.per_hour, 'per_day', s.per_day) as quota, s.settings, s.secrets, s.revision,
  s.created_at as "createdAt", s.updated_at as "updatedAt"`

/** A service with what belongs to it; times in the latter as ISO 8601 text. */
export interface ShownService extends Service {
  table: { columns: Column[]; row_count: number; updated_at: string } | null
  state: {
    failures: number
    rests_until: string | null
    answered_at: string | null
    failed_at: string | null
    problem: SourceProblem | null
  } | null
}
const shown = `${columns},
  (select jsonb_build_object('columns', t.columns, 'row_count', t.row_count, 'updated_at', t.updated_at)
   from keyword_tables t where t.account_id = s.account_id and t.service_id = s.id) as table,
  (select jsonb_build_object('failures', q.failures, 'rests_until', q.rests_until, 'answered_at', q.answered_at,
     'failed_at', q.failed_at, 'problem', q.problem)
   from keyword_sources q where q.account_id = s.account_id and q.service_id = s.id) as state`

const openBook = statement(
  'keywords_open_book',
  `insert into keyword_books as b (account_id) values ($1)
   on conflict (account_id) do update set revision = b.revision + 1 returning revision::integer`,
)

/**
 * Holds the words of an account until the transaction ends, and tells every process that they change. Whoever changes
 * words, columns or numbers begins with it.
 */
export async function holdBook(tx: Tx, accountId: string): Promise<void> {
  await tx.query(openBook, [accountId])
}

const revisions = statement(
  'keywords_revisions',
  'select account_id as "accountId", revision::integer from keyword_books where account_id = any($1::uuid[])',
)

export function revisionsOf(
  tx: Tx,
  accountIds: readonly string[],
): Promise<{ accountId: string; revision: number }[]> {
  return tx.query(revisions, [accountIds])
}

const bookServices = statement(
  'keywords_services_of_book',
  `select ${columns}, t.columns from keyword_services s left join keyword_tables t on t.account_id = s.account_id and t.service_id = s.id
   where s.account_id = $1 and s.enabled order by s.id`,
)
const bookNumbers = statement(
  'keywords_numbers_of_book',
  'select number, settings from keyword_numbers where account_id = $1',
)

/** All that answers to words of an account. */
export async function readBook(
  tx: Tx,
  accountId: string,
): Promise<{
  services: (Service & { columns: Column[] | null })[]
  numbers: { number: string; settings: NumberSettings }[]
}> {
  return {
    services: await tx.query(bookServices, [accountId]),
    numbers: await tx.query(bookNumbers, [accountId]),
  }
}

const list = statement(
  'keywords_list_services',
  `select ${shown} from keyword_services s where s.account_id = $1 and ($2::uuid is null or s.id < $2)
   order by s.id desc limit $3`,
)

/** Newest first. */
export function listServices(
  tx: Tx,
  accountId: string,
  before: string | undefined,
  limit: number,
): Promise<ShownService[]> {
  return tx.query(list, [accountId, before ?? null, limit])
}

const one = statement(
  'keywords_service',
  `select ${shown} from keyword_services s where s.account_id = $1 and s.id = $2`,
)

export async function findService(tx: Tx, accountId: string, id: string): Promise<ShownService | undefined> {
  return (await tx.query<ShownService>(one, [accountId, id]))[0]
}

const insert = statement(
  'keywords_insert_service',
  `insert into keyword_services as s (account_id, id, name, kind, enabled, numbers, keywords, per_hour, per_day, settings,
     secrets, created_at, updated_at)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12) returning ${columns}`,
)
const update = statement(
  'keywords_update_service',
  `update keyword_services s set name = $3, kind = $4, enabled = $5, numbers = $6, keywords = $7, per_hour = $8,
     per_day = $9, settings = $10, secrets = $11, updated_at = $12, revision = revision + 1
   where account_id = $1 and id = $2 returning ${columns}`,
)
const remove = statement(
  'keywords_delete_service',
  'delete from keyword_services where account_id = $1 and id = $2 returning id',
)

export type ServiceRow = Omit<Service, 'revision' | 'createdAt' | 'updatedAt'>

const values = (service: ServiceRow, now: Date): unknown[] => [
  ...[service.accountId, service.id, service.name, service.kind, service.enabled, service.numbers],
  ...[JSON.stringify(service.keywords), service.quota.per_hour, service.quota.per_day],
  ...[JSON.stringify(service.settings), JSON.stringify(service.secrets), now],
]

export async function insertService(tx: Tx, service: ServiceRow, now: Date): Promise<Service> {
  return (await tx.query<Service>(insert, values(service, now)))[0]!
}

export async function updateService(tx: Tx, service: ServiceRow, now: Date): Promise<Service> {
  return (await tx.query<Service>(update, values(service, now)))[0]!
}

/** Its table, cache and figures of its source go with it. False when there was none. */
export async function deleteService(tx: Tx, accountId: string, id: string): Promise<boolean> {
  return (await tx.query(remove, [accountId, id])).length > 0
}

const words = statement(
  'keywords_words_of_services',
  `select id, name, numbers, keywords from keyword_services where account_id = $1 and enabled and id <> $2`,
)

/** The words of the other services, to be compared. Hold the book. */
export function wordsOfOthers(
  tx: Tx,
  accountId: string,
  id: string,
): Promise<Pick<Service, 'id' | 'name' | 'numbers' | 'keywords'>[]> {
  return tx.query(words, [accountId, id])
}

const count = statement(
  'keywords_count_services',
  'select count(*) as count from keyword_services where account_id = $1',
)

export async function countServices(tx: Tx, accountId: string): Promise<number> {
  return (await tx.query<{ count: number }>(count, [accountId]))[0]!.count
}

const listNumber = statement(
  'keywords_list_numbers',
  'select number, settings, updated_at as "updatedAt" from keyword_numbers where account_id = $1 order by number',
)
const putNumberRow = statement(
  'keywords_put_number',
  `insert into keyword_numbers (account_id, number, settings, updated_at) values ($1, $2, $3, $4)
   on conflict (account_id, number) do update set settings = excluded.settings, updated_at = excluded.updated_at`,
)
const deleteNumberRow = statement(
  'keywords_delete_number',
  'delete from keyword_numbers where account_id = $1 and number = $2 returning number',
)

export function listNumbers(
  tx: Tx,
  accountId: string,
): Promise<{ number: string; settings: NumberSettings; updatedAt: Date }[]> {
  return tx.query(listNumber, [accountId])
}

export async function putNumber(
  tx: Tx,
  accountId: string,
  number: string,
  settings: NumberSettings,
  now: Date,
): Promise<void> {
  await tx.query(putNumberRow, [accountId, number, JSON.stringify(settings), now])
}

export async function deleteNumber(tx: Tx, accountId: string, number: string): Promise<boolean> {
  return (await tx.query(deleteNumberRow, [accountId, number])).length > 0
}
