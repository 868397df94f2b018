import { type Db, statement, type Tx } from '../store/db.ts'

const addJob = statement(
  'jobs_add',
  'select graphile_worker.add_job($1, payload := $2::json, run_at := $3, job_key := $4)',
)

/**
 * Runs `task` with `payload` at `when` or soon after, at least once, and only if this transaction commits. With
 * `key`, a job that waits under that key is replaced. The tables are graphile-worker's, made by `startJobs`.
 */
export async function later(tx: Tx, task: string, payload: object, when: Date, key?: string): Promise<void> {
  await tx.query(addJob, [task, JSON.stringify(payload), when, key ?? null])
}

const deleteKeys = statement(
  'jobs_delete_idempotency_keys',
  `with old as (select account_id, key from idempotency_keys where created_at < $1 order by created_at limit $2)
   delete from idempotency_keys k using old where k.account_id = old.account_id and k.key = old.key
   returning 1`,
)
/** Rows a statement deletes: short enough to hold up nobody. */
const deletedAtOnce = 5_000

/** Deletes idempotency keys from before a moment. Returns how many. */
export async function deleteIdempotencyKeys(db: Db, before: Date): Promise<number> {
  for (let deleted = 0; ; ) {
    const rows = await db.query(deleteKeys, [before, deletedAtOnce])
    deleted += rows.length
    if (rows.length < deletedAtOnce) return deleted
  }
}
