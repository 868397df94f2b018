import type { Tx } from '../store/db.ts'
import type { Incoming } from './incoming.ts'

/** Looks at a message and says whether it is its own; what it does about it commits with the message. */
export type Claim = (incoming: Incoming, tx: Tx) => boolean | Promise<boolean>

export interface Claimer {
  name: string
  claim?: Claim
}

/** Who was asked about an inbound message, in order, and who took it: kept with the message for people to read. */
export interface ClaimTrace {
  asked: string[]
  taken_by: string | null
}

/** Asks the capabilities in their order until one takes the message. */
export async function claimIncoming(
  claimers: readonly Claimer[],
  incoming: Incoming,
  tx: Tx,
): Promise<ClaimTrace> {
  const asked: string[] = []
  for (const { name, claim } of claimers) {
    if (!claim) continue
    asked.push(name)
    if (await claim(incoming, tx)) return { asked, taken_by: name }
  }
  return { asked, taken_by: null }
}
