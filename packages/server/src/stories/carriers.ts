import { silentLog } from '../log.ts'
import { openDb } from '../store/db.ts'

/** What the house has learned of its carriers' ids, by place, and the receipts that fit nothing. */
export async function readings(
  databaseUrl: string,
): Promise<{ ids: Record<string, string>; orphans: number }> {
  const db = openDb(databaseUrl, { max: 1, log: silentLog })
  try {
    const carriers = await db.query<{ ids: Record<string, { reading: string | null }> | null }>({
      name: '',
      text: `select learned -> 'ids' as ids from carriers`,
    })
    const orphans = await db.query({ name: '', text: 'select id from orphan_receipts' })
    const ids = carriers.flatMap((row) => Object.entries(row.ids ?? {}))
    return {
      ids: Object.fromEntries(ids.flatMap(([place, { reading }]) => (reading ? [[place, reading]] : []))),
      orphans: orphans.length,
    }
  } finally {
    await db.close()
  }
}
