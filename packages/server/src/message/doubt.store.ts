import { backoff } from '../pause.ts'
import { type Db, isTransient, statement } from '../store/db.ts'
import { insertAccepted, type NewMessage } from './store.ts'

/** How long the database may take to come back. Nobody waits much longer for an answer, and the others wait behind. */
const patienceMs = 5_000
const uniqueViolation = '23505'
const waitBriefly = statement('wait_briefly', `select set_config('lock_timeout', '2s', true)`)

/**
 * Whether a batch was committed whose COMMIT nobody has confirmed, by one of its messages; undefined when it could not be
 * found out. The same id again, taken back at once: where it is there already the key says so, and a commit that is still under way in a
 * session without a client is waited for.
 */
export async function stands(db: Db, message: NewMessage, now: Date): Promise<boolean | undefined> {
  const until = performance.now() + patienceMs
  const missing = new Error('it is not there')
  for (let tries = 0; performance.now() < until; tries++) {
    await backoff(tries, { capMs: 1_000 })
    try {
      await db.transaction(async (tx) => {
        await tx.query(waitBriefly)
        await insertAccepted(tx, [message], now)
        throw missing
      })
    } catch (error) {
      if (error === missing) return false
      if ((error as { code?: string }).code === uniqueViolation) return true
      if (!isTransient(error)) return undefined
    }
  }
  return undefined
}
