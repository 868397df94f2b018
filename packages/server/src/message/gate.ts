import type { Tx } from '../store/db.ts'
import type { Draft, Refused } from './draft.ts'
import type { Lane } from './lane.ts'
import type { Prepared } from './prepare.ts'

export type Verdict =
  | { verdict: 'pass' }
  /** Goes on as this. To put it off: `sendAt`, and `hold` with the code and the sentence that are shown while it waits. */
  | { verdict: 'amend'; draft: Draft }
  | { verdict: 'refuse'; code: string; message: string }

/** A draft that a gate is asked about, and what would go out as it stands. */
export interface Asked {
  /** Bare UUID. */
  accountId: string
  /** Addresses in their one spelling; what nobody said is missing still. */
  draft: Draft
  /** With the defaults of the house. */
  sender: string | null
  lane: Lane
  segments: number
}

export interface Gate {
  /** Whether this draft is any of its business, told from the draft alone: most are not, and cost no statement. */
  concerns(draft: Draft): boolean
  /** Judges drafts of any accounts, in batches and in the transaction that would store them: one verdict each, in order. */
  judge(asked: readonly Asked[], tx: Tx): Promise<readonly Verdict[]>
}

/** A draft on its way through the gates: what is asked for now, and what would come of it. */
export interface Weighed {
  accountId: string
  draft: Draft
  prepared: Prepared | Refused
}

export const isConcerned = (gates: readonly Gate[], draft: Draft): boolean =>
  gates.some((gate) => gate.concerns(draft))

/**
 * Asks every gate in order, each about the drafts that the ones before let through. The first refusal stands; what
 * one has amended is prepared again, and that is what the next one sees.
 */
export async function judge(
  gates: readonly Gate[],
  weighed: readonly Weighed[],
  prepareAgain: (accountId: string, draft: Draft) => Prepared | Refused,
  tx: Tx,
): Promise<Weighed[]> {
  const judged = [...weighed]
  for (const gate of gates) {
    const open: number[] = []
    const asked: Asked[] = []
    for (const [at, { accountId, draft, prepared }] of judged.entries()) {
      if (!prepared.ok || !gate.concerns(draft)) continue
      const { sender, lane, segments } = prepared
      open.push(at)
      asked.push({ accountId, draft: spelled(draft, prepared), sender, lane, segments })
    }
    if (open.length === 0) continue
    const verdicts = await gate.judge(asked, tx)
    for (const [n, at] of open.entries()) {
      const verdict = verdicts[n]
      if (!verdict) throw new Error('a gate gave fewer verdicts than it was asked for')
      judged[at] = follow(judged[at]!, asked[n]!, verdict, prepareAgain)
    }
  }
  return judged
}

/** A ban must not depend on how a number was typed. */
function spelled(draft: Draft, { recipient, sender }: Prepared): Draft {
  const from = draft.from === undefined || sender === null ? draft.from : sender
  if (draft.to === recipient && draft.from === from) return draft
  return { ...draft, to: recipient, ...(from !== undefined && { from }) }
}

function follow(
  stands: Weighed,
  { draft }: Asked,
  verdict: Verdict,
  prepareAgain: (accountId: string, draft: Draft) => Prepared | Refused,
): Weighed {
  const { accountId } = stands
  switch (verdict.verdict) {
    case 'pass':
      return stands
    case 'refuse': {
      const { code, message } = verdict
      return { ...stands, prepared: { ok: false, code, message } }
    }
    case 'amend': {
      // A segment that its sender has made says what the sender wrote: another text is cut by us.
      const { userData, ...rest } = verdict.draft
      const { id, origin } = stands.draft
      const amended = {
        ...(userData !== undefined && rest.text === draft.text ? verdict.draft : rest),
        ...(id !== undefined && { id }),
        ...(origin && { origin }),
      }
      return { accountId, draft: amended, prepared: prepareAgain(accountId, amended) }
    }
  }
}
