import { statement, type Tx } from '../../../store/db.ts'
import type { Reading, SourceProblem } from './read.ts'

interface Key {
  accountId: string
  serviceId: string
}

const cached = statement(
  'keywords_cached',
  `select reading, read_at as "readAt" from keyword_cache where account_id = $1 and service_id = $2 and key = $3`,
)

export async function cachedReading(
  tx: Tx,
  { accountId, serviceId }: Key,
  key: Buffer,
): Promise<{ reading: Reading; readAt: Date } | undefined> {
  return (await tx.query<{ reading: Reading; readAt: Date }>(cached, [accountId, serviceId, key]))[0]
}

const keep = statement(
  'keywords_keep_reading',
  `insert into keyword_cache (account_id, service_id, key, reading, read_at)
   select s.account_id, s.id, $3, $4, $5 from keyword_services s where s.account_id = $1 and s.id = $2
   on conflict (account_id, service_id, key) do update set reading = excluded.reading, read_at = excluded.read_at`,
)

export async function keepReading(
  tx: Tx,
  { accountId, serviceId }: Key,
  key: Buffer,
  reading: Reading,
  now: Date,
): Promise<void> {
  await tx.query(keep, [accountId, serviceId, key, JSON.stringify(reading), now])
}

const forgetOld = statement('keywords_forget_cache', 'delete from keyword_cache where read_at < $1')
const forgetOf = statement(
  'keywords_forget_cache_of',
  'delete from keyword_cache where account_id = $1 and service_id = $2',
)

export async function forgetReadings(tx: Tx, before: Date): Promise<void> {
  await tx.query(forgetOld, [before])
}

/** When the request or the places in its answer have changed. */
export async function forgetReadingsOf(tx: Tx, { accountId, serviceId }: Key): Promise<void> {
  await tx.query(forgetOf, [accountId, serviceId])
}

/** How a source does. */
export interface SourceState {
  failures: number
  restsUntil: Date | null
  answeredAt: Date | null
  failedAt: Date | null
  problem: SourceProblem | null
}

const state = statement(
  'keywords_source_state',
  `select failures, rests_until as "restsUntil", answered_at as "answeredAt", failed_at as "failedAt", problem
   from keyword_sources where account_id = $1 and service_id = $2`,
)

export async function sourceState(tx: Tx, { accountId, serviceId }: Key): Promise<SourceState | undefined> {
  return (await tx.query<SourceState>(state, [accountId, serviceId]))[0]
}

const answered = statement(
  'keywords_source_answered',
  // Not more than a row version in ten seconds while all is well.
  `insert into keyword_sources as s (account_id, service_id, answered_at)
   select k.account_id, k.id, $3 from keyword_services k where k.account_id = $1 and k.id = $2
   on conflict (account_id, service_id) do update set failures = 0, rests_until = null, answered_at = excluded.answered_at
   where s.failures > 0 or s.answered_at is null or s.answered_at < excluded.answered_at - interval '10 seconds'`,
)

export async function noteAnswered(tx: Tx, { accountId, serviceId }: Key, now: Date): Promise<void> {
  await tx.query(answered, [accountId, serviceId, now])
}

const failed = statement(
  'keywords_source_failed',
  // From the fifth failure in a row on the source rests: half a minute, then twice as long each time, ten minutes at most.
  `insert into keyword_sources as s (account_id, service_id, failures, failed_at, problem)
   select k.account_id, k.id, 1, $3, $4 from keyword_services k where k.account_id = $1 and k.id = $2
   on conflict (account_id, service_id) do update set failures = s.failures + 1, failed_at = excluded.failed_at,
     problem = excluded.problem,
     rests_until = case when s.failures + 1 >= 5
       then excluded.failed_at + least(interval '10 minutes', interval '30 seconds' * power(2, least(s.failures - 4, 10))) end`,
)

export async function noteFailed(
  tx: Tx,
  { accountId, serviceId }: Key,
  problem: SourceProblem,
  now: Date,
): Promise<void> {
  await tx.query(failed, [accountId, serviceId, now, JSON.stringify(problem)])
}

const probe = statement(
  'keywords_probe_source',
  `update keyword_sources set rests_until = $3::timestamptz + interval '30 seconds'
   where account_id = $1 and service_id = $2 and rests_until <= $3 returning 1`,
)

/** True for the one who may try whether a source that has rested answers again. */
export async function mayProbe(tx: Tx, { accountId, serviceId }: Key, now: Date): Promise<boolean> {
  return (await tx.query(probe, [accountId, serviceId, now])).length > 0
}
