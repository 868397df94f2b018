import { createHmac } from 'node:crypto'
import type { Tx } from '../../store/db.ts'
import type { Quota } from './service.ts'
import { noteUses, type Use, type Used } from './use.store.ts'

/** `tell`: too often, and it has not been said yet in this hour or day. `silent`: it has. */
export type Allowed = 'answer' | 'tell' | 'silent'

/**
 * Answers to words that nobody has, to one person: two machines that answer each other stop after these. Somebody who
 * looks for a word has found it by then, or gives up.
 */
export const unknownQuota: Quota = { per_hour: 3, per_day: 6 }

/** Who asks, as the counts know them: the number itself is nobody's business there. */
export const callerKey = (secret: Buffer, number: string): Buffer =>
  createHmac('sha256', secret).update(number).digest().subarray(0, 16)

/** The first one above the day's limit is told so; the first above the hour's too, unless the day's has been reached. */
function judge({ hour, day }: Used, { perHour, perDay }: Use): Allowed {
  if (perHour !== null && hour > perHour)
    return hour === perHour + 1 && (perDay === null || day <= perDay) ? 'tell' : 'silent'
  if (perDay === null || day <= perDay) return 'answer'
  return day === perDay + 1 ? 'tell' : 'silent'
}

/** Counts uses and says what each may get. The first one above a limit is told so, once in its hour or day. */
export async function spend(tx: Tx, uses: readonly Use[], now: Date): Promise<Allowed[]> {
  const limited = uses.filter(({ perHour, perDay }) => perHour !== null || perDay !== null)
  const used = new Map((await noteUses(tx, limited, now)).map((row, at) => [limited[at]!, row]))
  return uses.map((use) => {
    const row = used.get(use)
    return row ? judge(row, use) : 'answer'
  })
}
