import type { Tx } from '../../store/db.ts'
import { type Break, checkEntry, genesis, type Head } from './chain.ts'
import { readChain, readChains } from './ledger.store.ts'

/** Entries a statement. */
const page = 5_000

/** What became of checking one account's chain. */
export interface Verified {
  /** Name of the account. */
  account: string
  /** Entries that were read. */
  entries: number
  /** Of the last entry, hex: kept elsewhere, it shows later whether the end was cut off. */
  head: string
  /** The first entry that does not fit. */
  broken: Break | undefined
  /** Entries whose texts are gone though nobody was erased, the first of them. */
  lost: { entries: number; first: number } | undefined
}

/** Walks every chain of the installation from its first entry to its last. */
export async function verifyChains(tx: Tx): Promise<Verified[]> {
  const verified: Verified[] = []
  for (const { account_id, name, seq, hash } of await readChains(tx))
    verified.push({ account: name, ...(await verifyChain(tx, account_id, { seq, hash })) })
  return verified
}

async function verifyChain(tx: Tx, accountId: string, end: Head): Promise<Omit<Verified, 'account'>> {
  let head: Head = { seq: 0, hash: genesis }
  const bare: { seq: number; number: string }[] = []
  const erased = new Map<string, number>()
  const told = (broken?: Break) => {
    const lost = bare.filter(({ seq, number }) => (erased.get(number) ?? 0) < seq)
    return {
      ...{ entries: head.seq, head: end.hash.toString('hex'), broken },
      lost: lost[0] && { entries: lost.length, first: lost[0].seq },
    }
  }
  for (;;) {
    const some = await readChain(tx, accountId, head.seq, page)
    for (const { entry, personal } of some) {
      const broken = checkEntry(head, entry, personal)
      if (broken) return told(broken)
      const number = entry.numberKey.toString('latin1')
      if (entry.act === 'erased') erased.set(number, entry.seq)
      if (!personal && entry.detailsHash) bare.push({ seq: entry.seq, number })
      head = { seq: entry.seq, hash: entry.hash }
    }
    if (some.length < page) break
  }
  // Entries that came while we read are later than the end that we know.
  if (head.seq < end.seq)
    return told({ seq: head.seq + 1, problem: `entry ${head.seq + 1} is missing, and all up to ${end.seq}` })
  if (head.seq === end.seq && !head.hash.equals(end.hash))
    return told({ seq: head.seq, problem: 'its hash is not the one that was noted as the last' })
  return told()
}
