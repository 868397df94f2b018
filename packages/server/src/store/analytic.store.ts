import { statement, type Tx } from './db.ts'

/** A report that takes longer is one that nobody should ask for; it must not hold a connection for ever. */
const longestMs = 60_000

const setBack = statement(
  'analytic_settings',
  `select set_config(name, value, true) from unnest($1::text[], $2::text[]) as s(name, value)`,
)
const settings = {
  enable_seqscan: 'on',
  enable_sort: 'on',
  enable_hashjoin: 'on',
  enable_mergejoin: 'on',
  plan_cache_mode: 'force_custom_plan',
  // What such a report reads lies in memory or on an SSD, where PostgreSQL's 4 keeps it from indexes that are half as long.
  random_page_cost: '1.1',
  work_mem: '64MB',
  statement_timeout: String(longestMs),
}

/**
 * For what reads much and is asked rarely: gives the planner back all its ways for the rest of this transaction, which
 * decision 10 takes from the statements of the house. Statements that are made for the question go without a name,
 * `statement('', text)`, so that connections do not keep a plan for each of them.
 */
export async function analytic(tx: Tx): Promise<void> {
  await tx.query(setBack, [Object.keys(settings), Object.values(settings)])
}
