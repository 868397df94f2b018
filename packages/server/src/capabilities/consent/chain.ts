import { createHash, randomBytes } from 'node:crypto'
import { canonical } from '../../canonical.ts'
import type { Entry, Personal } from './entry.ts'

/** Before the first entry of an account. */
export const genesis = Buffer.alloc(32)

const sha256 = (...parts: (string | Buffer)[]): Buffer => {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest()
}

/** What the chain keeps of a person's details. Without the salt, which goes with them, nobody can try what they were. */
export const hashDetails = ({ salt, number, details }: Personal): Buffer =>
  sha256(salt, canonical({ number, details }))

export const newSalt = (): Buffer => randomBytes(16)

/**
 * What the hash of an entry is over, as anybody can write it down again from the proof: canonical JSON. The keys stand
 * here in their order, for a list of opt-outs is a million of these.
 */
export function contentOf(entry: Omit<Entry, 'hash'>): string {
  return JSON.stringify({
    account: entry.accountId,
    act: entry.act,
    actor: entry.actor,
    at: entry.at.toISOString(),
    details: entry.detailsHash?.toString('hex') ?? null,
    how: entry.how,
    id: entry.id,
    messages: entry.messageIds,
    number_key: entry.numberKey.toString('hex'),
    prev: entry.prevHash.toString('hex'),
    sender: entry.sender,
    seq: entry.seq,
    topic: entry.topic,
    v: 1,
    via: entry.via,
  })
}

export const hashEntry = (entry: Omit<Entry, 'hash'>): Buffer => sha256(contentOf(entry))

export interface Head {
  seq: number
  hash: Buffer
}

/** What is wrong with an entry. */
export interface Break {
  seq: number
  problem: string
}

/**
 * Whether `entry` follows `head` and is what its hash says, and what stands of the person is what its salted hash says.
 * Undefined: all is well.
 */
export function checkEntry(head: Head, entry: Entry, personal: Personal | undefined): Break | undefined {
  const expected = head.seq + 1
  if (entry.seq !== expected)
    return { seq: expected, problem: `entry ${expected} is missing; ${entry.seq} follows` }
  const broken = (problem: string): Break => ({ seq: entry.seq, problem })
  if (!entry.prevHash.equals(head.hash)) return broken('it does not name the hash of the entry before it')
  if (!hashEntry(entry).equals(entry.hash)) return broken('its content is not what its hash was made over')
  if (personal && !(entry.detailsHash && hashDetails(personal).equals(entry.detailsHash)))
    return broken('the number or the text beside it is not what was written down')
  return undefined
}
