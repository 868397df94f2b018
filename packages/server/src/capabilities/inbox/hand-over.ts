import { publicId } from '../../ids.ts'
import type { Platform } from '../../platform.ts'
import { type Held, noteEvent } from './act.ts'
import { saveConversation } from './conversation.store.ts'

/** Gives a conversation to a dialog, which hears of it by `inbox.handed_over` and answers from here on. */
export async function handOver(platform: Platform, held: Held, to: string): Promise<void> {
  const { accountId, tx, conversation, by } = held
  const { id, channel, address, sender } = conversation
  conversation.state = 'waiting'
  conversation.snoozed_until = null
  conversation.closed_at = null
  conversation.waiting_since = null
  await noteEvent(platform, held, 'handed_over', { to })
  await saveConversation(tx, accountId, conversation)
  const payload = { conversation_id: publicId('conversation', id), to, channel, address, sender, by: by.id }
  await platform.emit(accountId, 'inbox.handed_over', [payload], tx)
}
