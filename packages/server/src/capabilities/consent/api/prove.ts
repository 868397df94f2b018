import { publicId } from '../../../ids.ts'
import type { Platform } from '../../../platform.ts'
import type { Tx } from '../../../store/db.ts'
import { type Break, checkEntry, contentOf } from '../chain.ts'
import { readHeads, readHistory, type Told } from '../ledger.store.ts'
import { readSettings } from '../settings.store.ts'
import { personOf, readHeld } from '../state.store.ts'
import { livingTopics, type Topic, topicsByIds } from '../topics.store.ts'
import { entryJson, heldJson, marketingStanding, topicStanding } from './json.ts'

/** What fits one proof; of somebody who has said more, the newest. */
const mostEntries = 1_000

/** How somebody who has nothing but this proof can check it. */
const howToVerify =
  'hash = SHA-256 over `content`, as it stands here. `content` is the entry as JSON with its keys in order, no spaces; in it ' +
  '`prev` is the hash of the entry before it in the chain of the account, `details` is SHA-256 over the salt (16 octets) and the ' +
  'JSON {"details":…,"number":…} in the same form, and `number_key` is the number under a secret key of the installation. ' +
  '`npx kurzpost doctor` walks the whole chain and says where it breaks first; keep its last hash elsewhere to know the end, too.'

export type Proof = Awaited<ReturnType<typeof prove>>
export type ProofEntry = Proof['entries'][number]

/** What the ledger knows of a number, oldest first. */
export async function prove(
  platform: Platform,
  tx: Tx,
  accountId: string,
  number: string,
  most: number = mostEntries,
) {
  const numberKey = platform.addressKey(number)
  const newest = await readHistory(tx, accountId, numberKey, { limit: most + 1 })
  const history = newest.slice(0, most).reverse()
  const named = history.flatMap(({ entry: { topic } }) => (topic ? [{ accountId, id: topic }] : []))
  const topics = await topicsByIds(tx, named)
  const living = (await livingTopics(tx, [accountId])).get(accountId) ?? []
  const words = (await readHeld(tx, [{ accountId, numberKey }])).get(personOf({ accountId, numberKey })) ?? []
  const settings = (await readSettings(tx, [accountId])).get(accountId)!
  const head = (await readHeads(tx, [accountId])).get(accountId)!
  return {
    account: { id: publicId('account', accountId), name: settings.display_name ?? settings.name },
    number,
    number_key: numberKey.toString('hex'),
    made_at: platform.now().toISOString(),
    words: words.filter(({ granted }) => granted !== null).map(heldJson),
    topics: living.map((topic) => ({
      id: publicId('topic', topic.id),
      name: topic.name,
      kind: topic.kind,
      ...topicStanding(words, topic),
    })),
    marketing: marketingStanding(words),
    /** False: there are older entries that do not stand here. */
    whole: newest.length <= most,
    entries: history.map((told) => provenEntry(told, topics)),
    chain: { entries: head.seq, head: head.hash.toString('hex') },
    how_to_verify: howToVerify,
  }
}

function provenEntry(told: Told, topics: ReadonlyMap<string, Topic>) {
  const { entry, personal } = told
  const topic = entry.topic === null ? undefined : topics.get(entry.accountId + entry.topic)
  // Each on its own: what stands before it in the chain is other people's.
  const broken: Break | undefined = checkEntry({ seq: entry.seq - 1, hash: entry.prevHash }, entry, personal)
  return {
    ...entryJson(told),
    topic_name: topic?.name ?? null,
    salt: personal?.salt.toString('hex') ?? null,
    details_hash: entry.detailsHash?.toString('hex') ?? null,
    prev_hash: entry.prevHash.toString('hex'),
    content: contentOf(entry),
    intact: broken === undefined,
    problem: broken?.problem ?? null,
  }
}
