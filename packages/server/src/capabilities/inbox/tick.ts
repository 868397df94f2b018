import { publicId } from '../../ids.ts'
import type { Platform } from '../../platform.ts'
import { type Rung, secondsThatRing, takeBreaches, takeWarnings } from './clocks.store.ts'
import { wakeDue } from './conversation.store.ts'
import { insertEntries } from './entries.store.ts'
import { forgetWordsAfter } from './erase.store.ts'
import { forgetPresence } from './presence.store.ts'

/** Rows of one transaction: enough for sets to pay, few enough that its locks are short. */
const atOnce = 500
const day = 86_400_000
/** From one look to behind the next: a clock runs for a minute at least, so that a look finds it before it ends. */
const aheadMs = 65_000

/** Everything that becomes due. What was missed while every node was down is made up for; nothing happens twice. */
export async function tick(platform: Platform): Promise<void> {
  await wake(platform)
  await ringDue(platform)
  await platform.transaction(async (tx) => {
    const now = platform.now()
    for (const at of await secondsThatRing(tx, now, new Date(now.getTime() + aheadMs)))
      await platform.later('ring', {}, at, tx, `ring.${at.toISOString()}`)
  })
}

/** Tells of promises that run out, and of those that have. */
export async function ringDue(platform: Platform): Promise<void> {
  await inSteps(() => ring(platform, 'inbox.target_warned', takeWarnings))
  await inSteps(() => ring(platform, 'inbox.target_breached', takeBreaches))
}

/** Brings back what was put away until now. */
export const wake = (platform: Platform): Promise<void> => inSteps(() => wakeSnoozed(platform))

async function inSteps(step: () => Promise<number>): Promise<void> {
  while ((await step()) === atOnce);
}

function wakeSnoozed(platform: Platform): Promise<number> {
  return platform.transaction(async (tx) => {
    const at = platform.now()
    const woken = await wakeDue(tx, at, atOnce)
    await insertEntries(
      tx,
      woken.map(({ account_id: accountId, id: conversationId }) => ({
        ...{ accountId, conversationId, id: platform.id(), kind: 'event' as const, what: 'woken', at },
      })),
    )
    for (const [accountId, rows] of Map.groupBy(woken, (row) => row.account_id)) {
      const payloads = rows.map(({ id }) => ({
        ...{ conversation_id: publicId('conversation', id), state: 'open', before: 'snoozed' },
        ...{ until: null, by: null },
      }))
      await platform.emit(accountId, 'inbox.state_changed', payloads, tx)
    }
    return woken.length
  })
}

function ring(
  platform: Platform,
  event: 'inbox.target_warned' | 'inbox.target_breached',
  take: typeof takeWarnings,
): Promise<number> {
  return platform.transaction(async (tx) => {
    const rung: Rung[] = await take(tx, platform.now(), atOnce)
    for (const [accountId, rows] of Map.groupBy(rung, (row) => row.account_id)) {
      const payloads = rows.map(({ conversation_id, target, due_at, assignee, team_id }) => ({
        conversation_id: publicId('conversation', conversation_id),
        target,
        due_at: due_at.toISOString(),
        assignee,
        team_id: team_id && publicId('team', team_id),
      }))
      await platform.emit(accountId, event, payloads, tx)
    }
    return rung.length
  })
}

/** Forgets what nobody asks for any more: people who have gone, words of messages that are deleted. */
export async function tidy(platform: Platform): Promise<void> {
  const now = platform.now().getTime()
  await platform.transaction((tx) => forgetPresence(tx, new Date(now - day)))
  const none = '00000000-0000-0000-0000-000000000000'
  let at: { account_id: string; entry_id: string } | undefined = { account_id: none, entry_id: none }
  while (at) {
    const after: { account_id: string; entry_id: string } = at
    at = await platform.transaction((tx) => forgetWordsAfter(tx, after, 2_000))
  }
}
