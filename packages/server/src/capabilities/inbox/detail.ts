import { publicId } from '../../ids.ts'
import type { Platform } from '../../platform.ts'
import { demand } from './demand.ts'
import { listAddresses, listConsent } from './detail.store.ts'
import { listEntries } from './entries.store.ts'
import { conversationJson, entryJson } from './json.ts'
import { readConversation } from './list.store.ts'
import { listPresence } from './presence.store.ts'

const newestEntries = 50

/** Everything that an agent sees when they open a conversation. Throws `not_found`. */
export async function showConversation(platform: Platform, accountId: string, userId: string, id: string) {
  const { db } = platform
  const row = demand(await readConversation(db, accountId, userId, id))
  const addresses = await listAddresses(db, accountId, id)
  const keys = [...new Set([row.address, ...addresses])].map((address) => platform.addressKey(address))
  const [present, consent, entries] = await Promise.all([
    listPresence(db, accountId, id, platform.now()),
    listConsent(db, accountId, keys),
    listEntries(db, accountId, id, { before: undefined, limit: newestEntries + 1 }),
  ])
  const shown = entries.slice(0, newestEntries)
  return {
    ...conversationJson(row),
    addresses,
    present: present
      .filter(({ user_id }) => user_id !== userId)
      .map(({ until, ...rest }) => ({ ...rest, until: until.toISOString() })),
    consent: consent.map(({ topic_id, topic, sender, granted, at }) => ({
      topic: topic_id === null ? null : { id: publicId('topic', topic_id), name: topic ?? '' },
      sender,
      granted,
      at: at.toISOString(),
    })),
    price: platform.priceOf({
      ...{ accountId, recipient: row.address, sender: row.sender, lane: 'conversation' as const },
    }),
    entries: shown.map(entryJson).reverse(),
    ...(entries.length > newestEntries && { earlier: publicId('entry', shown.at(-1)!.id) }),
  }
}
