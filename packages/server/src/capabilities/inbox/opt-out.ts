import { publicId } from '../../ids.ts'
import type { Platform } from '../../platform.ts'
import { type Held, noteEvent } from './act.ts'
import { saveConversation } from './conversation.store.ts'

/** Flags that ask for just this decision, whichever way it goes. */
const doubts = /stop|opt_out/

/** They want nothing any more, as a person of ours reads it: consent hears of it in this transaction. */
export async function optOut(platform: Platform, held: Held, messages: readonly string[]): Promise<void> {
  const { accountId, tx, conversation, by } = held
  conversation.flags = conversation.flags.filter((flag) => !doubts.test(flag))
  await noteEvent(platform, held, 'opted_out')
  await saveConversation(tx, accountId, conversation)
  const payload = {
    ...{ conversation_id: publicId('conversation', conversation.id), number: conversation.address },
    ...{ message_ids: [...messages], by: by.id, by_name: by.name },
  }
  await platform.emit(accountId, 'inbox.opted_out', [payload], tx)
}
