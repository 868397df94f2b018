import { publicId } from '../../ids.ts'
import type { Platform } from '../../platform.ts'
import type { Held } from './act.ts'
import { insertMentions, saveConversation } from './conversation.store.ts'
import { insertEntries, insertWords } from './entries.store.ts'

/** Leaves a note for colleagues; whoever is named in it finds it among their mentions. Returns the id of the entry, bare. */
export async function leaveNote(
  platform: Platform,
  { accountId, tx, conversation, at, by }: Held,
  { text, mentions }: { text: string; mentions: readonly string[] },
): Promise<string> {
  const id = platform.id()
  const named = [...new Set(mentions)].filter((user) => user !== by.id)
  await insertEntries(tx, [
    {
      ...{ accountId, id, conversationId: conversation.id, kind: 'note', note: text, by, at },
      ...(named.length > 0 && { data: { mentions: named } }),
    },
  ])
  await insertWords(tx, [{ accountId, id, text }])
  await insertMentions(tx, accountId, named, id, conversation.id)
  conversation.last_at = at
  await saveConversation(tx, accountId, conversation)
  const payload = {
    ...{ conversation_id: publicId('conversation', conversation.id), entry_id: publicId('entry', id) },
    ...{ by: by.id, mentions: named },
  }
  await platform.emit(accountId, 'inbox.noted', [payload], tx)
  return id
}
