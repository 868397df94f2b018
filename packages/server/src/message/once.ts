import { KurzpostError } from '../errors.ts'
import type { Idempotency } from '../idempotency.ts'
import type { Tx } from '../store/db.ts'
import { answerKeys, reserveKeys } from './store.ts'

/** How long a key stands for its answer. */
export const keyMs = 86_400_000

/**
 * Does what a request asks for, and keeps the answer under its key in the same transaction; asked again, gives that answer and
 * does nothing. Whoever comes with the same key meanwhile waits. The answer must be JSON. Throws `idempotency_conflict` where
 * the key stands for another request.
 */
export async function once<T>(
  tx: Tx,
  accountId: string,
  { key, fingerprint }: Idempotency,
  now: Date,
  work: () => Promise<T>,
): Promise<T> {
  const wanted = { account_id: accountId, key, fingerprint: fingerprint.toString('hex') }
  const [stood] = await reserveKeys(tx, [wanted], now, new Date(now.getTime() - keyMs))
  if (!stood) {
    const answer = await work()
    await answerKeys(tx, [{ account_id: accountId, key, answer }])
    return answer
  }
  if (stood.fingerprint !== wanted.fingerprint) throw new KurzpostError('idempotency_conflict')
  return stood.answer as T
}
