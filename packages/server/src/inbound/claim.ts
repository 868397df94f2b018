import type { Capability } from '../platform.ts'
import type { Tx } from '../store/db.ts'
import type { Incoming } from './incoming.ts'

/** Who was asked about an inbound message, in order, and who took it: kept with the message for people to read. */
export interface ClaimTrace {
  asked: string[]
  taken_by: string | null
}

/** Asks the capabilities in their order until one takes the message. */
export async function claimIncoming(
  capabilities: readonly Capability[],
  incoming: Incoming,
  tx: Tx,
): Promise<ClaimTrace> {
  const asked: string[] = []
  for (const { name, claim } of capabilities) {
    if (!claim) continue
    asked.push(name)
    if (await claim(incoming, tx)) return { asked, taken_by: name }
  }
  return { asked, taken_by: null }
}
