import { publicId } from '../../ids.ts'
import type { Platform } from '../../platform.ts'
import type { Tx } from '../../store/db.ts'
import type { Actor } from './actor.ts'
import { settle } from './belong.ts'
import { lockConversation, saveConversation, startConversation } from './conversation.store.ts'
import { insertEntries, insertWords } from './entries.store.ts'
import { assign, findPeople, isFoundOut, personOf } from './people.store.ts'
import { beginRounds } from './receive.store.ts'
import { after } from './state.ts'

export interface Begin {
  accountId: string
  channel: string
  address: string
  /** Ours, from which answers go. */
  sender: string | null
  teamId: string | null
  note: string | null
  /** Put on the conversation; one that has it already stays as it is. */
  flag?: string
  /** Null: a dialog hands them over by itself. */
  by: Actor | null
  /** Who hands them over. */
  from: string | null
}

/** The conversation with a person, made or opened: an agent writes first, or a dialog gives somebody to people. */
export async function begin(platform: Platform, tx: Tx, wish: Begin): Promise<string> {
  const { accountId, channel, address, sender, teamId, note, flag, by, from } = wish
  const at = platform.now()
  const [found] = await findPeople(tx, [{ accountId, channel, address }])
  const contactId = found!.contact_id
  const person = personOf({ channel, address }, found!)
  if (isFoundOut(found!))
    await settle(platform, tx, [{ accountId, id: found!.conversation_id!, person, contactId }])
  const { id, fresh } = await startConversation(tx, accountId, {
    ...{ id: platform.id(), person, contactId, channel, address, sender, at },
  })
  await assign(tx, [{ accountId, channel, address, conversationId: id }])
  const conversation = (await lockConversation(tx, accountId, id))!
  if (flag !== undefined) {
    if (conversation.flags.includes(flag)) return id
    conversation.flags.push(flag)
  }
  const before = conversation.state
  conversation.state = after(before, 'reopen') ?? before
  conversation.snoozed_until = null
  conversation.closed_at = null
  conversation.last_at = at
  if (teamId !== null) conversation.team_id = teamId
  await saveConversation(tx, accountId, conversation)
  if (fresh) await beginRounds(tx, [{ account_id: accountId, id, round: 1, opened_at: at }])
  if (from !== null) {
    const entry = { accountId, conversationId: id, at, by }
    await insertEntries(tx, [
      { ...entry, id: platform.id(), kind: 'event', what: 'handed_to_us', data: { from } },
    ])
    if (note !== null) {
      const noteId = platform.id()
      await insertEntries(tx, [{ ...entry, id: noteId, kind: 'note', note }])
      await insertWords(tx, [{ accountId, id: noteId, text: note }])
    }
  }
  const payload = {
    ...{ conversation_id: publicId('conversation', id), state: conversation.state, before },
    ...{ until: null, by: by?.id ?? null },
  }
  await platform.emit(accountId, 'inbox.state_changed', [payload], tx)
  return id
}
