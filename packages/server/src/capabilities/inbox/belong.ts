import type { EventPayload } from '../../events.ts'
import { publicId } from '../../ids.ts'
import type { Platform } from '../../platform.ts'
import type { Tx } from '../../store/db.ts'
import { type Belonging, belongTo, conversationOf, mergeInto } from './people.store.ts'

/**
 * Conversations with addresses that turn out to be contacts' become those contacts', or part of what they have already.
 * Returns which conversation each of them is now.
 */
export async function settle(
  platform: Platform,
  tx: Tx,
  rows: readonly Belonging[],
): Promise<Map<string, string>> {
  const key = ({ accountId, person }: Belonging) => `${accountId} ${person}`
  const first = [...new Map(rows.map((row) => [key(row), row])).values()]
  const taken = await belongTo(tx, first)
  const now = new Map([...taken].map((id) => [id, id]))
  for (const row of rows) {
    if (now.has(row.id)) continue
    const into = await conversationOf(tx, row.accountId, row.person)
    if (into && (await join(platform, tx, row.accountId, row.id, into, null))) now.set(row.id, into)
  }
  return now
}

/** Makes one conversation of two, and tells it. False when one of them is not there. */
export async function join(
  platform: Platform,
  tx: Tx,
  accountId: string,
  from: string,
  into: string,
  by: string | null,
): Promise<boolean> {
  if (from === into || !(await mergeInto(tx, accountId, from, into))) return false
  const payload: EventPayload<'inbox.merged'> = {
    conversation_id: publicId('conversation', into),
    merged_id: publicId('conversation', from),
    by,
  }
  await platform.emit(accountId, 'inbox.merged', [payload], tx)
  return true
}
