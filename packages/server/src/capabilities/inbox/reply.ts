import { type ErrorCode, errors, KurzpostError } from '../../errors.ts'
import type { Idempotency } from '../../idempotency.ts'
import { parseId, publicId } from '../../ids.ts'
import type { Platform } from '../../platform.ts'
import { type Held, move } from './act.ts'
import { stopClocks } from './clocks.store.ts'
import { saveConversation } from './conversation.store.ts'
import { insertEntries } from './entries.store.ts'
import { always, openTimeBetween } from './hours.ts'
import { noteAnswer } from './rounds.store.ts'

export interface Reply {
  text: string
  /** Ours; otherwise the one that they wrote to. */
  from?: string
  /** Where the conversation stands afterwards. */
  state: 'waiting' | 'open' | 'closed'
  key: Idempotency | undefined
}

/** Sends an answer of somebody of us to the person. Returns the public id of the message. Throws what the gates say. */
export const reply = (platform: Platform, held: Held, answer: Reply): Promise<string> =>
  platform.once(held.accountId, answer.key, held.tx, () => send(platform, held, answer))

async function send(platform: Platform, held: Held, answer: Reply): Promise<string> {
  const { accountId, tx, conversation, at, by } = held
  const { text } = answer
  const from = answer.from ?? conversation.sender
  const draft = { to: conversation.address, text, lane: 'conversation' as const, ...(from && { from }) }
  const [result] = await platform.send(accountId, [draft], tx)
  if (!result!.ok) throw refused(result!)
  const messageId = parseId('message', result!.id)!
  await insertEntries(tx, [
    {
      ...{ accountId, id: messageId, conversationId: conversation.id, by, at },
      ...{ kind: 'message', direction: 'outbound' },
    },
  ])
  await answered(held)
  conversation.last_at = at
  conversation.last_message_id = messageId
  if (answer.from) conversation.sender = answer.from
  const before = conversation.state
  if (answer.state === 'open' && before !== 'closed') {
    conversation.state = 'open'
    conversation.snoozed_until = null
    await saveConversation(tx, accountId, conversation)
  } else await move(platform, held, 'reply')
  const payload = {
    ...{ conversation_id: publicId('conversation', conversation.id), message_id: result!.id },
    ...{ state: conversation.state, by: by.id, automatic: false },
  }
  await platform.emit(accountId, 'inbox.replied', [payload], tx)
  if (answer.state === 'closed') await move(platform, held, 'close')
  return result!.id
}

/** The clocks of answers stop, and the first one of a round is measured. */
async function answered({ accountId, tx, conversation, settings, at, by }: Held): Promise<void> {
  const { id, round, opened_at, team_id } = conversation
  await stopClocks(tx, accountId, id, ['first_answer', 'next_answer'])
  if (conversation.answered_at === null) {
    const ms = openTimeBetween(settings.hours ?? always, opened_at, at)
    const which = { accountId, conversationId: id, round }
    await noteAnswer(tx, which, { at, ms, assignee: conversation.assignee ?? by.id, teamId: team_id })
    conversation.answered_at = at
  }
  conversation.waiting_since = null
}

function refused({
  code,
  message,
  details,
}: {
  code: string
  message: string
  details?: unknown
}): KurzpostError {
  if (code in errors) return new KurzpostError(code as ErrorCode, { message, details })
  return new KurzpostError('inbox_refused', { message, details: { code } })
}
