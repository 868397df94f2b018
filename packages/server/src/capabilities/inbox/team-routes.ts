import { type Static, Type } from 'typebox'
import { KurzpostError } from '../../errors.ts'
import { publicId } from '../../ids.ts'
import { normalizeSender } from '../../message/address.ts'
import type { Platform } from '../../platform.ts'
import { type Call, noContent, type Route } from '../../route.ts'
import type { Tx } from '../../store/db.ts'
import { actorOf } from './actor.ts'
import { demand, demandId, orTaken, refuseField } from './demand.ts'
import * as schema from './schemas.ts'
import {
  deleteTeam,
  insertTeam,
  listTeams,
  setAvailability,
  setMembers,
  type Team,
  updateTeam,
} from './teams.store.ts'
import { agentsOf } from './teams.ts'

const mostTeams = 200

const Member = Type.Object({ id: Type.String(), name: Type.String(), available: Type.Boolean() })
const Out = Type.Object(
  {
    id: schema.id('tem'),
    name: Type.String(),
    numbers: Type.Array(Type.String(), { description: 'Ours: who writes there is for this team' }),
    auto_assign: Type.Boolean({ description: 'Conversations go to the members in turn' }),
    members: Type.Array(Member),
    created_at: schema.time(),
  },
  { title: 'Team' },
)
const change = {
  numbers: Type.Optional(Type.Array(Type.String({ minLength: 1, maxLength: 40 }), { maxItems: 100 })),
  auto_assign: Type.Optional(Type.Boolean()),
  members: Type.Optional(
    Type.Array(
      Type.Object(
        { id: Type.String({ maxLength: 40 }), available: Type.Optional(Type.Boolean({ default: true })) },
        schema.closed,
      ),
      { maxItems: 200, description: 'All of them' },
    ),
  ),
}
const Name = Type.String({ minLength: 1, maxLength: 60 })
const NewTeam = Type.Object({ name: Name, ...change }, { ...schema.closed, title: 'NewTeam' })
const Change = Type.Object(
  { name: Type.Optional(Name), ...change },
  { ...schema.closed, title: 'TeamChange' },
)
const Params = Type.Object({ id: schema.id('tem', 'Team') })
const Available = Type.Object({ available: Type.Boolean() }, schema.closed)
const Agents = Type.Object({ data: Type.Array(Type.Object({ id: Type.String(), name: Type.String() })) })

type Wish = Static<typeof Change>
type Id = Static<typeof Params>
const common = { tag: 'Inbox', scope: 'inbox' as const }
/** Agents do not put themselves into teams, nor numbers. */
const settings = { ...common, scope: 'inbox:settings' as const }
const path = '/v1/inbox/teams/:id'

/** Teams, who is in them, and who is there at all. */
export function teamRoutes(platform: Platform): Route[] {
  const { db } = platform
  async function fill(accountId: string, id: string, { members }: Wish, tx: Tx): Promise<void> {
    if (members === undefined) return
    const known = new Map((await agentsOf(tx, accountId)).map((agent) => [agent.id, agent.name]))
    const unknown = members.findIndex((member) => !known.has(member.id))
    if (unknown >= 0) refuseField(`members.${unknown}.id`, 'must be somebody of the account')
    await setMembers(
      tx,
      accountId,
      id,
      [...new Map(members.map((member) => [member.id, member])).values()].map(
        ({ id: user_id, available }) => ({
          ...{ user_id, name: known.get(user_id)!, available: available ?? true },
        }),
      ),
    )
  }
  const spelled = (numbers: readonly string[] | undefined) =>
    numbers?.map(
      (number, at) =>
        normalizeSender(number, platform.numbers.country) ??
        refuseField(`numbers.${at}`, 'must be an address of ours'),
    )
  const show = async (accountId: string, id: string) =>
    teamJson(demand((await listTeams(db, accountId, id))[0]))

  return [
    {
      ...common,
      method: 'GET',
      path: '/v1/inbox/teams',
      summary: 'List teams',
      responses: { 200: schema.page(Out) },
      async handler({ accountId }: Call) {
        return { status: 200, body: { data: (await listTeams(db, accountId)).map(teamJson) } }
      },
    },
    {
      ...settings,
      method: 'POST',
      path: '/v1/inbox/teams',
      summary: 'Make a team',
      body: NewTeam,
      responses: { 201: Out },
      async handler({ accountId, body }: Call<Static<typeof NewTeam>>) {
        const id = platform.id()
        const numbers = spelled(body.numbers) ?? []
        await platform.transaction(async (tx) => {
          const { name, auto_assign = false } = body
          const team = { id, name, numbers, auto_assign, created_at: platform.now() }
          if (!(await insertTeam(tx, accountId, team, mostTeams))) {
            const full = (await listTeams(tx, accountId)).length >= mostTeams
            throw new KurzpostError(full ? 'inbox_full' : 'name_taken')
          }
          await fill(accountId, id, body, tx)
        })
        return { status: 201, body: await show(accountId, id) }
      },
    },
    {
      ...settings,
      method: 'PATCH',
      path,
      summary: 'Change a team',
      params: Params,
      body: Change,
      responses: { 200: Out },
      async handler({ accountId, params, body }: Call<Wish, unknown, Id>) {
        const id = demandId('team', params.id)
        const { name, auto_assign } = body
        const numbers = spelled(body.numbers)
        const change = {
          ...(name !== undefined && { name }),
          ...(auto_assign !== undefined && { auto_assign }),
          ...(numbers !== undefined && { numbers }),
        }
        await orTaken(
          platform.transaction(async (tx) => {
            if (!(await updateTeam(tx, accountId, id, change))) throw new KurzpostError('not_found')
            await fill(accountId, id, body, tx)
          }),
        )
        return { status: 200, body: await show(accountId, id) }
      },
    },
    {
      ...settings,
      method: 'DELETE',
      path,
      summary: 'Delete a team',
      description: 'Its conversations stay, with whoever has them.',
      params: Params,
      responses: { 204: { description: 'Deleted' } },
      async handler({ accountId, params }: Call<unknown, unknown, Id>) {
        const id = demandId('team', params.id)
        const gone = await platform.transaction((tx) => deleteTeam(tx, accountId, id))
        if (!gone) throw new KurzpostError('not_found')
        return noContent
      },
    },
    {
      ...common,
      method: 'GET',
      path: '/v1/inbox/agents',
      summary: 'Who may be given a conversation',
      responses: { 200: Agents },
      async handler({ accountId }: Call) {
        return { status: 200, body: { data: await agentsOf(db, accountId) } }
      },
    },
    {
      ...common,
      method: 'PUT',
      path: '/v1/inbox/availability',
      summary: 'Take new conversations of your teams, or for now do not',
      body: Available,
      responses: { 204: { description: 'Noted' } },
      async handler(call: Call<Static<typeof Available>>) {
        const { accountId, body } = call
        await platform.transaction((tx) => setAvailability(tx, accountId, actorOf(call).id, body.available))
        return noContent
      },
    },
  ]
}

const teamJson = ({ id, name, numbers, auto_assign, created_at, members }: Team) => ({
  id: publicId('team', id),
  name,
  numbers,
  auto_assign,
  members: members.map(({ user_id, ...rest }) => ({ id: user_id, ...rest })),
  created_at: created_at.toISOString(),
})
