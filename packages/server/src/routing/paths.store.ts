import { statement, type Tx } from '../store/db.ts'

/** A row of `paths`. `accountId` and `sender` are set when the path is that of a limited account or sender alone. */
export interface Path {
  readonly carriers: readonly string[]
  readonly accountId: string | null
  readonly sender: string | null
}

export interface PathRow extends Path {
  readonly id: number
}

const columns = 'p.id, p.carriers, p.account_id as "accountId", p.sender'

const allPaths = statement('all_paths', `select ${columns} from paths p`)

export const readPaths = (tx: Tx): Promise<PathRow[]> => tx.query(allPaths)

const wanted = 'json_to_recordset($1) as w(carriers uuid[], "accountId" uuid, sender text)'
const insertPaths = statement(
  'insert_paths',
  `insert into paths (carriers, account_id, sender) select carriers, "accountId", sender from ${wanted}
   on conflict do nothing`,
)
const findPaths = statement(
  'find_paths',
  `select ${columns} from ${wanted} join paths p on p.carriers = w.carriers
     and p.account_id is not distinct from w."accountId" and p.sender is not distinct from w.sender`,
)

export const pathKey = ({ carriers, accountId, sender }: Path): string =>
  `${carriers.join()} ${accountId ?? ''} ${sender ?? ''}`

/**
 * Ids of paths, made where there is none yet. Several nodes may do so at once: the row of the other is waited for, and
 * the second statement sees it, so it must not share a snapshot with the first (not inside a repeatable read).
 */
export async function internPaths(tx: Tx, paths: readonly Path[]): Promise<Map<string, number>> {
  // In one order, so that two nodes cannot wait for each other.
  const ordered = [...paths].sort((a, b) => (pathKey(a) < pathKey(b) ? -1 : 1))
  const rows = JSON.stringify(ordered)
  let found = await tx.query<PathRow>(findPaths, [rows])
  if (found.length < ordered.length) {
    await tx.query(insertPaths, [rows])
    found = await tx.query<PathRow>(findPaths, [rows])
  }
  return new Map(found.map((path) => [pathKey(path), path.id]))
}
