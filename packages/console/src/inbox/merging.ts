import type { Entry, Person, Talk, TalkState } from '../api/inbox.ts'

/** What becomes of two conversations that are made one, as the server does it: for saying it before. */
export interface Merged {
  state: TalkState
  assignee: Person | null
  team: Person | null
  unread: number
}

/** Of two states the earlier one holds. */
const order: readonly TalkState[] = ['open', 'snoozed', 'waiting', 'closed']

export function mergedOf(stays: Talk, goes: Talk): Merged {
  return {
    state: order.find((state) => state === stays.state || state === goes.state)!,
    assignee: stays.assignee ?? goes.assignee,
    team: stays.team ?? goes.team,
    unread: stays.unread + goes.unread,
  }
}

/** The dialog that answers at the moment: it was given the conversation, and has neither given it back nor has an agent written since. */
export function answeredBy(entries: readonly Entry[]): { dialog: string; since: string } | undefined {
  const last = entries.findLast(
    ({ kind, what, by, message }) =>
      (kind === 'event' && (what === 'handed_over' || what === 'handed_to_us')) ||
      (message?.direction === 'outbound' && by !== null),
  )
  const dialog = last?.what === 'handed_over' ? last.data?.to : undefined
  return typeof dialog === 'string' ? { dialog, since: last!.at } : undefined
}
