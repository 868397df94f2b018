import { publicId } from '../../ids.ts'
import type { EntryRow } from './entries.store.ts'
import type { Listed } from './list.store.ts'

const iso = (at: Date | null): string | null => at?.toISOString() ?? null

export function conversationJson(row: Listed) {
  const { contact_id, team_id, assignee, assignee_name, contact_name, language, last_body } = row
  return {
    id: publicId('conversation', row.id),
    state: row.state,
    channel: row.channel,
    address: row.address,
    sender: row.sender,
    person: { contact_id: contact_id && publicId('contact', contact_id), name: contact_name, language },
    assignee: assignee === null ? null : { id: assignee, name: assignee_name ?? '' },
    team: team_id === null ? null : { id: publicId('team', team_id), name: row.team_name ?? '' },
    flags: row.flags,
    unread: row.unread,
    inbound_count: row.inbound_count,
    mentions: row.mentions,
    last:
      last_body === null ? null : { direction: row.last_direction!, text: last_body, state: row.last_state! },
    targets: row.due.map(({ due_at, ...rest }) => ({ ...rest, due_at: new Date(due_at).toISOString() })),
    last_at: row.last_at.toISOString(),
    opened_at: row.opened_at.toISOString(),
    waiting_since: iso(row.waiting_since),
    snoozed_until: iso(row.snoozed_until),
    closed_at: iso(row.closed_at),
    created_at: row.created_at.toISOString(),
  }
}

export function entryJson(row: EntryRow) {
  const { id, kind, by_id, by_name, trace } = row
  const flags = (trace?.asked ?? []).flatMap(({ flag }) => flag ?? [])
  return {
    id: publicId('entry', id),
    kind,
    at: row.at.toISOString(),
    by: by_id === null ? null : { id: by_id, name: by_name ?? '' },
    what: row.what,
    note: row.note,
    data: row.data,
    message:
      kind !== 'message'
        ? null
        : {
            id: publicId('message', id),
            direction: row.direction!,
            text: row.body,
            state: row.state,
            channel: row.channel,
            from: row.from,
            to: row.to,
            segments: row.segments,
            error: row.error_code,
            taken_by: trace?.taken_by ?? null,
            flags,
          },
  }
}
