import { getCountryCallingCode } from 'libphonenumber-js/max'
import { type Static, Type } from 'typebox'
import { parseId, publicId } from '../../ids.ts'
import type { Platform } from '../../platform.ts'
import type { Call, Route } from '../../route.ts'
import { actorOf } from './actor.ts'
import { cursorOf, demandId, readCursor } from './demand.ts'
import { showConversation } from './detail.ts'
import { listEntries } from './entries.store.ts'
import { conversationJson, entryJson } from './json.ts'
import { countConversations, type ListFilter, listConversations } from './list.store.ts'
import * as schema from './schemas.ts'
import { readSearch } from './search.ts'

const Filter = Type.Object(
  {
    state: Type.Optional(
      Type.Array(schema.State, { maxItems: 4, description: 'One or several; all without' }),
    ),
    assignee: Type.Optional(Type.String({ maxLength: 40, description: '`me`, `none`, or an id' })),
    team: Type.Optional(schema.id('tem', 'Of this team')),
    flag: Type.Optional(Type.String({ maxLength: 60, description: 'With this flag, such as maybe_stop' })),
    flagged: Type.Optional(Type.Boolean({ description: 'With any flag' })),
    unread: Type.Optional(Type.Boolean({ description: 'With messages that you have not seen' })),
    mentioned: Type.Optional(
      Type.Boolean({ description: 'With notes that name you and that you have not seen' }),
    ),
    breached: Type.Optional(Type.Boolean({ description: 'With a promised time that is over' })),
    q: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 100,
        description:
          'Words of messages, notes and names, in German, English or any language, or the beginning of a number',
      }),
    ),
    before: Type.Optional(Type.String({ maxLength: 120, description: '`next` of the page before' })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 50 })),
  },
  schema.closed,
)
const EntryFilter = Type.Object(
  {
    before: Type.Optional(schema.id('ent', 'Older than this entry')),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 50 })),
  },
  schema.closed,
)
const count = Type.Integer()
const Counts = Type.Object(
  {
    mine: count,
    unassigned: count,
    open: count,
    waiting: count,
    snoozed: count,
    flagged: count,
    mentioned: count,
    breached: count,
    unread: Type.Integer({
      description: 'Open ones, yours or nobody’s, with messages that you have not seen',
    }),
    teams: Type.Record(Type.String(), count, { description: 'Open ones, by team' }),
    you: Type.Object({ id: Type.String(), name: Type.String() }, { description: 'Whose view this is' }),
  },
  { title: 'InboxCounts' },
)
type Id = Static<typeof schema.Params>
const common = { tag: 'Inbox', scope: 'inbox' as const }

/** Reading conversations. */
export function readRoutes(platform: Platform): Route[] {
  const { db } = platform
  return [
    {
      ...common,
      method: 'GET',
      path: '/v1/inbox/conversations',
      summary: 'List conversations, those with the latest activity first',
      query: Filter,
      responses: { 200: schema.page(schema.Conversation) },
      async handler(call: Call<unknown, Static<typeof Filter>>) {
        const { limit = 50 } = call.query
        const filter = toFilter(call, platform)
        if (filter === undefined) return { status: 200, body: { data: [] } }
        const rows = await listConversations(db, call.accountId, { ...filter, limit: limit + 1 })
        const data = rows.slice(0, limit)
        const more = rows.length > limit && { next: cursorOf(data.at(-1)!) }
        return { status: 200, body: { data: data.map(conversationJson), ...more } }
      },
    },
    {
      ...common,
      method: 'GET',
      path: '/v1/inbox/counts',
      summary: 'How many conversations wait in each view',
      responses: { 200: Counts },
      async handler(call: Call) {
        const { teams, ...counts } = await countConversations(db, call.accountId, actorOf(call).id)
        const named = Object.entries(teams).map(([id, n]) => [publicId('team', id), n])
        return { status: 200, body: { ...counts, teams: Object.fromEntries(named), you: actorOf(call) } }
      },
    },
    {
      ...common,
      method: 'GET',
      path: '/v1/inbox/conversations/:id',
      summary: 'One conversation, with who it is with and what was said last',
      params: schema.Params,
      responses: { 200: schema.ConversationDetail },
      async handler(call: Call<unknown, unknown, Id>) {
        const id = demandId('conversation', call.params.id)
        return { status: 200, body: await showConversation(platform, call.accountId, actorOf(call).id, id) }
      },
    },
    {
      ...common,
      method: 'GET',
      path: '/v1/inbox/conversations/:id/entries',
      summary: 'What happened in a conversation, newest first',
      params: schema.Params,
      query: EntryFilter,
      responses: { 200: schema.page(schema.Entry) },
      async handler({ accountId, params, query }: Call<unknown, Static<typeof EntryFilter>, Id>) {
        const { limit = 50 } = query
        const before = query.before === undefined ? undefined : demandId('entry', query.before)
        const id = demandId('conversation', params.id)
        const rows = await listEntries(db, accountId, id, { before, limit: limit + 1 })
        const data = rows.slice(0, limit)
        const more = rows.length > limit && { next: publicId('entry', data.at(-1)!.id) }
        return { status: 200, body: { data: data.map(entryJson), ...more } }
      },
    },
  ]
}

/** Undefined where nothing can be found: a search without a word. */
function toFilter(
  call: Call<unknown, Static<typeof Filter>>,
  { numbers }: Platform,
): Omit<ListFilter, 'limit'> | undefined {
  const { state, assignee, team, flag, flagged, unread, mentioned, breached, q, before } = call.query
  const userId = actorOf(call).id
  const search: Partial<Record<'words' | 'prefix' | 'address', string>> | undefined =
    q === undefined ? {} : readSearch(q.replace(/^ (?=\d)/, '+'), dialled(numbers.country))
  if (!search) return undefined
  const teamId = team === undefined ? undefined : (parseId('team', team) ?? 'none')
  if (teamId === 'none') return undefined
  return {
    userId,
    ...search,
    ...(state && { states: state }),
    ...(assignee === 'none'
      ? { unassigned: true }
      : assignee && { assignee: assignee === 'me' ? userId : assignee }),
    ...(teamId && { team: teamId }),
    ...(flag && { flag }),
    ...(flagged && { flagged }),
    ...(unread && { unread }),
    ...(mentioned && { mentioned }),
    ...(breached && { breached }),
    ...(before !== undefined && { before: readCursor(before) }),
  }
}

const dialled = (country: string): string => getCountryCallingCode(country as 'DE')
