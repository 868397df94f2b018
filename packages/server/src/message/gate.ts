import type { Tx } from '../store/db.ts'
import type { Draft, Refused } from './draft.ts'

export type Verdict =
  | { verdict: 'pass' }
  | { verdict: 'amend'; draft: Draft }
  | { verdict: 'refuse'; code: string; message: string }

/** Judges drafts of one account, in batches and in the transaction that would store them: one verdict each, in order. */
export type Gate = (accountId: string, drafts: readonly Draft[], tx: Tx) => Promise<Verdict[]>

/**
 * Asks every gate in order, each about the drafts that the ones before let through. The first refusal stands;
 * an amended draft is what the next gate sees. What is refused already is not asked about.
 */
export async function judge(
  gates: readonly Gate[],
  accountId: string,
  drafts: readonly (Draft | Refused)[],
  tx: Tx,
): Promise<(Draft | Refused)[]> {
  const judged: (Draft | Refused)[] = [...drafts]
  for (const gate of gates) {
    const open = judged.flatMap((entry, at) => ('ok' in entry ? [] : [{ at, draft: entry }]))
    if (open.length === 0) break
    const verdicts = await gate(
      accountId,
      open.map((entry) => entry.draft),
      tx,
    )
    for (const [n, { at }] of open.entries()) {
      const verdict = verdicts[n]
      if (!verdict) throw new Error('a gate gave fewer verdicts than it was asked for')
      if (verdict.verdict === 'amend') judged[at] = verdict.draft
      if (verdict.verdict === 'refuse')
        judged[at] = { ok: false, code: verdict.code, message: verdict.message }
    }
  }
  return judged
}
