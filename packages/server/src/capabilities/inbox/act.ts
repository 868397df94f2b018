import { KurzpostError } from '../../errors.ts'
import { publicId } from '../../ids.ts'
import type { Platform } from '../../platform.ts'
import type { Tx } from '../../store/db.ts'
import type { Actor } from './actor.ts'
import { startClocks, stopClocks } from './clocks.store.ts'
import { type Conversation, lockConversation, saveConversation } from './conversation.store.ts'
import { insertEntries } from './entries.store.ts'
import { always, openTimeBetween } from './hours.ts'
import type { AskRating } from './rate.ts'
import { askAfterMs } from './rate.ts'
import { noteClosing } from './rounds.store.ts'
import { noSettings, readSettings, type Settings } from './settings.store.ts'
import { type Act, after } from './state.ts'
import { clocksFor } from './targets.ts'

/** One conversation in the hands of whoever acts on it, until the commit. */
export interface Held {
  accountId: string
  tx: Tx
  conversation: Conversation
  settings: Settings
  at: Date
  by: Actor
}

/** Does something to a conversation that nobody else changes meanwhile. Throws `not_found`. */
export function acting<T>(
  platform: Platform,
  { accountId, id, by }: { accountId: string; id: string; by: Actor },
  work: (held: Held) => Promise<T>,
): Promise<T> {
  return platform.transaction(async (tx) => {
    const conversation = await lockConversation(tx, accountId, id)
    if (!conversation) throw new KurzpostError('not_found')
    const settings = (await readSettings(tx, [accountId])).get(accountId) ?? noSettings
    return work({ accountId, tx, conversation, settings, at: platform.now(), by })
  })
}

/** Notes in the conversation that something happened. Counts as activity: the list is by that. */
export async function noteEvent(platform: Platform, held: Held, what: string, data?: object): Promise<void> {
  const { accountId, tx, conversation, at, by } = held
  conversation.last_at = at
  await insertEntries(tx, [
    {
      ...{ accountId, id: platform.id(), conversationId: conversation.id, kind: 'event', what, by, at },
      ...(data && { data }),
    },
  ])
}

const past: Partial<Record<Act, string>> = {
  snooze: 'snoozed',
  close: 'closed',
  reopen: 'reopened',
  wait: 'waiting',
}

/**
 * Moves a conversation by the table of states, with all that hangs on it: its clocks, its round, the question how we
 * did. Throws `inbox_state` where the act makes no sense. Returns the state before.
 */
export async function move(
  platform: Platform,
  held: Held,
  act: Exclude<Act, 'receive' | 'wake'>,
  options: { until?: Date; rate?: boolean } = {},
): Promise<string> {
  const { accountId, tx, conversation, at, by } = held
  const { state: before, closed_at: closedAt } = conversation
  const state = after(before, act)
  if (state === undefined) {
    throw new KurzpostError('inbox_state', { details: { state: before, act } })
  }
  conversation.state = state
  conversation.snoozed_until = state === 'snoozed' ? options.until! : null
  // At its moment; what a dead node leaves behind, the round of each minute wakes.
  if (state === 'snoozed') await platform.later('wake', {}, options.until!, tx, `wake.${conversation.id}`)
  conversation.closed_at = state === 'closed' ? at : null
  if (state === 'closed') await close(platform, held, options.rate ?? true)
  else if (act === 'reopen' && before === 'closed') await resume(held, closedAt!)
  if (act !== 'reply') {
    await noteEvent(platform, held, past[act]!, options.until && { until: options.until.toISOString() })
  }
  await saveConversation(tx, accountId, conversation)
  if (act === 'reply') return before
  const payload = {
    ...{ conversation_id: publicId('conversation', conversation.id), state, before },
    ...{ until: options.until?.toISOString() ?? null, by: by.id },
  }
  await platform.emit(accountId, 'inbox.state_changed', [payload], tx)
  return before
}

const which = ({ accountId, conversation }: Held) => ({
  ...{ accountId, conversationId: conversation.id, round: conversation.round },
})

async function close(platform: Platform, held: Held, rate: boolean): Promise<void> {
  const { accountId, tx, conversation, settings, at } = held
  const { id, opened_at: openedAt, assignee, team_id: teamId, round } = conversation
  await stopClocks(tx, accountId, id, ['first_answer', 'next_answer', 'resolution'])
  const ms = openTimeBetween(settings.hours ?? always, openedAt, at)
  await noteClosing(tx, which(held), { openedAt, at, ms, assignee, teamId })
  conversation.waiting_since = null
  if (!rate || !settings.rating) return
  const payload: AskRating = { account_id: accountId, conversation_id: id, round }
  await platform.later('ask_rating', payload, new Date(at.getTime() + askAfterMs), tx, `ask_rating.${id}`)
}

/** So long after closing, opening again takes it back; later it begins something new. */
const mistakeMs = 3_600_000

/** Closed by mistake: the round goes on as if it had not been, and so does its clock. */
async function resume(held: Held, closedAt: Date): Promise<void> {
  const { accountId, tx, conversation, settings, at } = held
  const { id, opened_at: openedAt, assignee, team_id: teamId } = conversation
  await noteClosing(tx, which(held), { openedAt, at: null, ms: null, assignee, teamId })
  conversation.rating_until = null
  if (at.getTime() - closedAt.getTime() > mistakeMs) return
  const begun = { at: openedAt, opened: true, answered: false }
  const clocks = clocksFor(settings.targets, settings.hours ?? always, begun)
  await startClocks(
    tx,
    clocks
      // One that had run out has been told.
      .filter(({ target, dueAt }) => target === 'resolution' && dueAt > at)
      .map((clock) => ({ ...clock, accountId, conversationId: id, startedAt: openedAt })),
  )
}

/** Gives a conversation to somebody, to a team, or back to nobody. */
export async function assignTo(
  platform: Platform,
  held: Held,
  to: { assignee?: { id: string; name: string } | null; team?: { id: string; name: string } | null },
): Promise<void> {
  const { accountId, tx, conversation, by } = held
  if (to.assignee !== undefined) {
    conversation.assignee = to.assignee?.id ?? null
    conversation.assignee_name = to.assignee?.name ?? null
  }
  if (to.team !== undefined) conversation.team_id = to.team?.id ?? null
  const teamId = conversation.team_id && publicId('team', conversation.team_id)
  await noteEvent(platform, held, 'assigned', {
    ...(to.assignee !== undefined && {
      assignee: conversation.assignee,
      assignee_name: conversation.assignee_name,
    }),
    ...(to.team !== undefined && { team_id: teamId, team_name: to.team?.name ?? null }),
  })
  await saveConversation(tx, accountId, conversation)
  const payload = {
    ...{ conversation_id: publicId('conversation', conversation.id), team_id: teamId },
    ...{ assignee: conversation.assignee, by: by.id },
  }
  await platform.emit(accountId, 'inbox.assigned', [payload], tx)
}
