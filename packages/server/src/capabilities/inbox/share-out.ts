import { publicId } from '../../ids.ts'
import type { Platform } from '../../platform.ts'
import type { Tx } from '../../store/db.ts'
import { insertEntries, type NewEntry } from './entries.store.ts'
import type { Talk } from './talk.ts'
import { type Assigned, assignConversations, takeTurns } from './teams.store.ts'

/**
 * Gives conversations that nobody has to the team of the number that was written to, and in a team that shares them out
 * to whoever's turn it is. Turns are counted in the row of the team, so two nodes never give out the same one.
 */
export async function shareOut(platform: Platform, talks: readonly Talk[], tx: Tx): Promise<void> {
  const homeless = talks.flatMap((talk) => {
    const { received, house, messages } = talk
    if (received.assignee !== null) return []
    const to = messages.at(-1)!.to
    const team = house.teams.find(({ id, numbers }) =>
      received.team_id === null ? numbers.includes(to) : id === received.team_id,
    )
    if (!team || (received.team_id !== null && !(talk.opened && team.auto_assign))) return []
    return [{ talk, team }]
  })
  if (homeless.length === 0) return
  const shared = Map.groupBy(
    homeless.filter(({ team }) => team.auto_assign),
    ({ team }) => team.id,
  )
  const turns = new Map(
    (
      await takeTurns(
        tx,
        [...shared].map(([teamId, those]) => ({
          accountId: those[0]!.talk.accountId,
          teamId,
          n: those.length,
        })),
      )
    ).map((row) => [row.team_id, row]),
  )
  const given = new Map<string, number>()
  const rows = homeless.map(({ talk, team }): Assigned => {
    const base = { accountId: talk.accountId, id: talk.received.id, teamId: team.id }
    const whose = turns.get(team.id)
    if (!whose) return { ...base, assignee: null, name: null }
    const nth = given.get(team.id) ?? 0
    given.set(team.id, nth + 1)
    const at = (whose.turn + nth) % whose.users.length
    return { ...base, assignee: whose.users[at]!, name: whose.names[at]! }
  })
  await assignConversations(tx, rows)
  await noteAssigned(platform, rows, tx)
}

async function noteAssigned(platform: Platform, rows: readonly Assigned[], tx: Tx): Promise<void> {
  const at = platform.now()
  await insertEntries(
    tx,
    rows.map(({ accountId, id, teamId, assignee, name }): NewEntry => {
      const data = { assignee, assignee_name: name, team_id: publicId('team', teamId) }
      return { accountId, id: platform.id(), conversationId: id, kind: 'event', what: 'assigned', data, at }
    }),
  )
  for (const [accountId, those] of Map.groupBy(rows, (row) => row.accountId)) {
    const payloads = those.map(({ id, teamId, assignee }) => ({
      conversation_id: publicId('conversation', id),
      assignee,
      team_id: publicId('team', teamId),
      by: null,
    }))
    await platform.emit(accountId, 'inbox.assigned', payloads, tx)
  }
}
