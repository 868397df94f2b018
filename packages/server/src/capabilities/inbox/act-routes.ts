import { type Static, Type } from 'typebox'
import { KurzpostError } from '../../errors.ts'
import { IdempotencyHeaders, readIdempotency } from '../../idempotency.ts'
import { publicId } from '../../ids.ts'
import { normalizeRecipient, normalizeSender } from '../../message/address.ts'
import type { Platform } from '../../platform.ts'
import { type Call, noContent, type Route } from '../../route.ts'
import type { Tx } from '../../store/db.ts'
import { acting, assignTo, type Held, move } from './act.ts'
import { actorOf } from './actor.ts'
import { begin } from './begin.ts'
import { join } from './belong.ts'
import { lockConversation, markMentionsSeen, markSeen, saveConversation } from './conversation.store.ts'
import { demandId, demandTime, refuseField } from './demand.ts'
import { showConversation } from './detail.ts'
import { handOver } from './hand-over.ts'
import { leaveNote } from './note.ts'
import { optOut } from './opt-out.ts'
import { leavePresence, sayPresence } from './presence.store.ts'
import { reply } from './reply.ts'
import * as schema from './schemas.ts'
import { listTeams } from './teams.store.ts'
import { agentsOf } from './teams.ts'

const text = (description: string) => Type.String({ minLength: 1, maxLength: 10_000, description })
const NewReply = Type.Object(
  {
    text: text('What to say'),
    from: Type.Optional(
      Type.String({ minLength: 1, maxLength: 40, description: 'Another sender than the one they wrote to' }),
    ),
    state: Type.Optional(
      Type.Enum(['waiting', 'open', 'closed'], {
        default: 'waiting',
        description: 'Where it stands afterwards',
      }),
    ),
  },
  { ...schema.closed, title: 'NewReply' },
)
const NewNote = Type.Object(
  {
    text: text('For colleagues; the person never sees it'),
    mentions: Type.Optional(
      Type.Array(Type.String({ maxLength: 40 }), { maxItems: 20, description: 'Ids of whom it names' }),
    ),
  },
  { ...schema.closed, title: 'NewNote' },
)
const Assign = Type.Object(
  {
    assignee: Type.Optional(
      schema.nullable(Type.String({ maxLength: 40 }), { description: '`me`, an id, or null for nobody' }),
    ),
    team: Type.Optional(schema.nullable(schema.id('tem'), { description: 'null for none' })),
  },
  { ...schema.closed, minProperties: 1, title: 'Assignment' },
)
const Snooze = Type.Object({ until: schema.time('When it comes back') }, schema.closed)
const Close = Type.Object(
  {
    rate: Type.Optional(
      Type.Boolean({ default: true, description: 'Ask how we did, where that is switched on' }),
    ),
  },
  schema.closed,
)
const Begin = Type.Object(
  {
    to: Type.String({ minLength: 1, maxLength: 40, description: 'The person’s number' }),
    from: Type.Optional(
      Type.String({ minLength: 1, maxLength: 40, description: 'Ours, from which answers go' }),
    ),
    team: Type.Optional(schema.id('tem')),
    handed_over_by: Type.Optional(
      Type.String({ minLength: 1, maxLength: 100, description: 'The dialog that gives them to people' }),
    ),
    note: Type.Optional(text('What agents should know; with `handed_over_by`')),
  },
  { ...schema.closed, title: 'NewConversation' },
)
const Seen = Type.Object(
  {
    count: Type.Integer({
      minimum: 0,
      description: 'So many of their messages: `inbound_count` for all, less to keep some unread',
    }),
  },
  schema.closed,
)
const Doing = Type.Object({ doing: Type.Enum(['viewing', 'typing', 'gone']) }, schema.closed)
const HandOver = Type.Object(
  { to: Type.String({ minLength: 1, maxLength: 100, description: 'The dialog' }) },
  schema.closed,
)
const Merge = Type.Object({ into: schema.id('cnv', 'The conversation that stays') }, schema.closed)
const OptOut = Type.Object(
  {
    message_ids: Type.Optional(
      Type.Array(schema.id('msg'), { maxItems: 20, description: 'In which they said it' }),
    ),
  },
  schema.closed,
)
const FlagParams = Type.Object({ id: schema.id('cnv'), flag: Type.String({ maxLength: 60 }) })

/** How long somebody is there who says so: callers say it again within this time. */
const presenceMs = 25_000
const longestSnoozeMs = 400 * 86_400_000

type Id = Static<typeof schema.Params>
const path = '/v1/inbox/conversations/:id'
/** What is done here stands among the entries, with who did it. */
const common = {
  ...{ tag: 'Inbox', scope: 'inbox' as const, method: 'POST' as const, params: schema.Params },
  effect: 'traced' as const,
}
const answer = { 200: schema.ConversationDetail }

/** Doing something with conversations. */
export function actRoutes(platform: Platform): Route[] {
  const show = async (call: Call, id: string) => ({
    status: 200,
    body: await showConversation(platform, call.accountId, actorOf(call).id, id),
  })
  const act = async (call: Call<unknown, unknown, Id>, work: (held: Held) => Promise<unknown>) => {
    const id = demandId('conversation', call.params.id)
    await acting(platform, { accountId: call.accountId, id, by: actorOf(call) }, work)
    return show(call, id)
  }
  const sender = (typed: string): string =>
    normalizeSender(typed, platform.numbers.country) ??
    refuseField('from', 'must be a number, a short code or a name')

  return [
    {
      ...common,
      path: '/v1/inbox/conversations',
      params: Type.Object({}),
      summary: 'Begin a conversation, or open the one that there is',
      description: 'For agents who write first, and for dialogs that give a person to people.',
      body: Begin,
      responses: answer,
      async handler(call: Call<Static<typeof Begin>>) {
        const { to, from, team, handed_over_by, note } = call.body
        const address =
          normalizeRecipient(to, platform.numbers) ??
          refuseField('to', 'must be a number that can be dialled')
        const id = await platform.transaction(async (tx) =>
          begin(platform, tx, {
            ...{ accountId: call.accountId, channel: 'sms', address, by: actorOf(call) },
            ...{
              sender: from === undefined ? null : sender(from),
              note: note ?? null,
              from: handed_over_by ?? null,
            },
            teamId: team === undefined ? null : (await teamOf(tx, call.accountId, team)).id,
          }),
        )
        return show(call, id)
      },
    },
    {
      ...common,
      path: `${path}/messages`,
      summary: 'Answer',
      description:
        'Goes to the address from which they wrote last, from the sender that they wrote to, in the lane `conversation`.',
      body: NewReply,
      headers: IdempotencyHeaders,
      responses: answer,
      handler: (call: Call<Static<typeof NewReply>, unknown, Id>) =>
        act(call, (held) => {
          const { text, from, state = 'waiting' } = call.body
          const key = readIdempotency('POST', `${path.replace(':id', call.params.id)}/messages`, call)
          return reply(platform, held, {
            text,
            state,
            key,
            ...(from !== undefined && { from: sender(from) }),
          })
        }),
    },
    {
      ...common,
      path: `${path}/notes`,
      summary: 'Leave a note for colleagues',
      body: NewNote,
      responses: answer,
      handler: (call: Call<Static<typeof NewNote>, unknown, Id>) =>
        act(call, async (held) => {
          const { text, mentions = [] } = call.body
          const known = new Set((await agentsOf(held.tx, held.accountId)).map(({ id }) => id))
          await leaveNote(platform, held, { text, mentions: mentions.filter((id) => known.has(id)) })
        }),
    },
    {
      ...common,
      path: `${path}/assign`,
      summary: 'Give it to somebody, to a team, or to nobody',
      body: Assign,
      responses: answer,
      handler: (call: Call<Static<typeof Assign>, unknown, Id>) =>
        act(call, async (held) => {
          const { assignee, team } = call.body
          await assignTo(platform, held, {
            ...(assignee !== undefined && {
              assignee: assignee === null ? null : await agentOf(held, assignee),
            }),
            ...(team !== undefined && {
              team: team === null ? null : await teamOf(held.tx, held.accountId, team),
            }),
          })
        }),
    },
    {
      ...common,
      path: `${path}/close`,
      summary: 'Close it, until they write again',
      query: Close,
      responses: answer,
      handler: (call: Call<unknown, Static<typeof Close>, Id>) =>
        act(call, (held) => move(platform, held, 'close', { rate: call.query.rate ?? true })),
    },
    {
      ...common,
      path: `${path}/reopen`,
      summary: 'Open it again',
      responses: answer,
      handler: (call: Call<unknown, unknown, Id>) => act(call, (held) => move(platform, held, 'reopen')),
    },
    {
      ...common,
      path: `${path}/wait`,
      summary: 'Wait for the person',
      responses: answer,
      handler: (call: Call<unknown, unknown, Id>) => act(call, (held) => move(platform, held, 'wait')),
    },
    {
      ...common,
      path: `${path}/snooze`,
      summary: 'Put it away until a moment, or until they write',
      body: Snooze,
      responses: answer,
      handler: (call: Call<Static<typeof Snooze>, unknown, Id>) =>
        act(call, (held) => {
          const until = demandTime('until', call.body.until)
          const ahead = until.getTime() - held.at.getTime()
          if (ahead <= 0 || ahead > longestSnoozeMs) refuseField('until', 'must lie within the next 400 days')
          return move(platform, held, 'snooze', { until })
        }),
    },
    {
      ...common,
      path: `${path}/hand-over`,
      summary: 'Give it to a dialog',
      description:
        'The dialog hears of it by `inbox.handed_over` and answers from here on; it can give it back.',
      body: HandOver,
      responses: answer,
      handler: (call: Call<Static<typeof HandOver>, unknown, Id>) =>
        act(call, (held) => handOver(platform, held, call.body.to)),
    },
    {
      ...common,
      path: `${path}/opt-out`,
      summary: 'Record that they want nothing any more',
      description: 'What waits for them is cancelled, and the flags that asked for this are off.',
      body: OptOut,
      responses: answer,
      handler: (call: Call<Static<typeof OptOut>, unknown, Id>) =>
        act(call, (held) => optOut(platform, held, call.body.message_ids ?? [])),
    },
    {
      ...common,
      path: `${path}/merge`,
      summary: 'Make it one with another: it is the same person',
      body: Merge,
      responses: answer,
      async handler(call: Call<Static<typeof Merge>, unknown, Id>) {
        const from = demandId('conversation', call.params.id)
        const into = demandId('conversation', call.body.into)
        if (from === into) refuseField('into', 'must be another conversation')
        const by = actorOf(call).id
        const done = await platform.transaction((tx) => join(platform, tx, call.accountId, from, into, by))
        if (!done) throw new KurzpostError('not_found')
        return show(call, into)
      },
    },
    {
      ...common,
      path: `${path}/read`,
      summary: 'Say what of it you have seen',
      body: Seen,
      responses: { 204: { description: 'Noted' } },
      async handler(call: Call<Static<typeof Seen>, unknown, Id>) {
        const id = demandId('conversation', call.params.id)
        const by = actorOf(call).id
        await platform.transaction(async (tx) => {
          if (!(await lockConversation(tx, call.accountId, id))) throw new KurzpostError('not_found')
          const news = await markSeen(tx, call.accountId, id, by, call.body.count)
          const named = await markMentionsSeen(tx, call.accountId, by, id)
          if (news || named) await changed(call.accountId, id, by, tx)
        })
        return noContent
      },
    },
    {
      ...common,
      path: `${path}/presence`,
      summary: 'Say that you look at it, type in it, or have gone',
      description: `Holds for ${presenceMs / 1000} seconds. Others hear of it by \`inbox.presence\` when it changes.`,
      body: Doing,
      responses: { 204: { description: 'Noted' } },
      async handler(call: Call<Static<typeof Doing>, unknown, Id>) {
        await presence(platform, call)
        return noContent
      },
    },
    {
      ...common,
      method: 'DELETE',
      path: `${path}/flags/:flag`,
      params: FlagParams,
      summary: 'Take a flag off: somebody has seen to it',
      responses: answer,
      handler: (call: Call<unknown, unknown, Static<typeof FlagParams>>) =>
        act(call, async (held) => {
          const { accountId, conversation, tx, by } = held
          conversation.flags = conversation.flags.filter((flag) => flag !== call.params.flag)
          await saveConversation(tx, accountId, conversation)
          await changed(accountId, conversation.id, by.id, tx)
        }),
    },
  ]

  function changed(accountId: string, id: string, by: string, tx: Tx): Promise<void> {
    return platform.emit(
      accountId,
      'inbox.changed',
      [{ conversation_id: publicId('conversation', id), by }],
      tx,
    )
  }
}

async function agentOf(held: Held, id: string): Promise<{ id: string; name: string }> {
  if (id === 'me' || id === held.by.id) return held.by
  const found = (await agentsOf(held.tx, held.accountId)).find((agent) => agent.id === id)
  return found ?? refuseField('assignee', 'must be somebody of the account')
}

async function teamOf(tx: Tx, accountId: string, text: string): Promise<{ id: string; name: string }> {
  const [team] = await listTeams(tx, accountId, demandId('team', text))
  if (!team) throw new KurzpostError('not_found')
  return team
}

async function presence(platform: Platform, call: Call<Static<typeof Doing>, unknown, Id>): Promise<void> {
  const { accountId, body } = call
  const id = demandId('conversation', call.params.id)
  const { id: userId, name } = actorOf(call)
  const at = platform.now()
  const until = new Date(at.getTime() + (body.doing === 'gone' ? 0 : presenceMs))
  await platform.transaction(async (tx) => {
    const news =
      body.doing === 'gone'
        ? await leavePresence(tx, accountId, id, userId)
        : await sayPresence(tx, accountId, id, { user_id: userId, name, doing: body.doing, until }, at)
    if (news === undefined) throw new KurzpostError('not_found')
    if (!news) return
    const payload = {
      ...{ conversation_id: publicId('conversation', id), user_id: userId, name },
      ...{ doing: body.doing, until: until.toISOString() },
    }
    await platform.emit(accountId, 'inbox.presence', [payload], tx)
  })
}
