import { type Static, Type } from 'typebox'
import type { Access } from '../../accounts/access.ts'
import { type LinkRow, openInvitations } from '../../accounts/link.store.ts'
import { roleNames, roleOf } from '../../accounts/roles.ts'
import { findMember, listMembers, type MemberRow } from '../../accounts/user.store.ts'
import {
  changeRole,
  dropFactors,
  invite,
  linkUrl,
  type MadeLink,
  removeMember,
  resetPassword,
  withdraw,
} from '../../accounts/users.ts'
import { KurzpostError } from '../../errors.ts'
import { publicId } from '../../ids.ts'
import { type Call, noContent, type Route, scopeNames } from '../../route.ts'
import * as shape from './access-schemas.ts'
import { boundsOf, demandId, PageQuery, pageOf } from './pages.ts'
import * as schema from './schemas.ts'
import { giverOf } from './who.ts'

const Change = Type.Object({ role: shape.Role }, { ...schema.closed, title: 'UserChange' })
const Params = Type.Object({ id: Type.String({ maxLength: 40, description: 'usr_…' }) })
const LinkParams = Type.Object({ id: Type.String({ maxLength: 40, description: 'lnk_…' }) })
const NewInvitation = Type.Object(
  { email: shape.Email, name: shape.PersonName, role: shape.Role },
  { ...schema.closed, title: 'NewInvitation' },
)
const RoleEntry = Type.Object(
  {
    role: shape.Role,
    meaning: Type.String(),
    scopes: Type.Array(Type.Enum(scopeNames)),
    reads_only: Type.Boolean(),
    masked: Type.Boolean({ description: 'Sees no full number of a person' }),
  },
  { title: 'Role' },
)
type Params = Static<typeof Params>
type Page = Static<typeof PageQuery>

const userJson = ({ id, email, name, role, created_at, seen_at, has_totp, passkeys }: MemberRow) => ({
  id: publicId('user', id),
  ...{ email, name, role },
  created_at: created_at.toISOString(),
  seen_at: seen_at?.toISOString() ?? null,
  ...{ has_totp, passkeys },
})

const invitationJson = ({ id, email, name, role, made_by, created_at, expires_at }: LinkRow) => ({
  id: publicId('link', id),
  ...{ email, name, role, made_by: made_by.name },
  created_at: created_at.toISOString(),
  expires_at: expires_at.toISOString(),
})

/** `/v1/users`, `/v1/invitations` and `/v1/roles`: who may do what in the account. */
export function userRoutes(access: Access): Route[] {
  const linkJson = ({ token, link }: MadeLink, { visit }: Call) => ({
    link: linkUrl(access.publicUrl ?? visit.origin, token),
    expires_at: link.expires_at.toISOString(),
  })
  const routes: Omit<Route, 'scope'>[] = [
    {
      method: 'GET',
      path: '/v1/users',
      tag: 'Users',
      summary: 'List users, newest first',
      query: PageQuery,
      responses: { 200: schema.page(shape.User) },
      async handler({ accountId, query }: Call<unknown, Page>) {
        const { before, limit } = boundsOf('user', query)
        const rows = await listMembers(access.db, accountId, before, limit)
        return { status: 200, body: pageOf('user', rows, limit, userJson) }
      },
    },
    {
      method: 'GET',
      path: '/v1/users/:id',
      tag: 'Users',
      summary: 'Get a user',
      params: Params,
      responses: { 200: shape.User },
      async handler({ accountId, params }: Call<unknown, unknown, Params>) {
        const member = await findMember(access.db, accountId, demandId('user', params.id))
        if (!member) throw new KurzpostError('not_found')
        return { status: 200, body: userJson(member) }
      },
    },
    {
      method: 'PATCH',
      path: '/v1/users/:id',
      tag: 'Users',
      summary: 'Give a user another role',
      description: 'Nobody gives or takes a role that may do more than they may. Holds within five seconds.',
      body: Change,
      params: Params,
      responses: { 200: shape.User },
      async handler(call: Call<Static<typeof Change>, unknown, Params>) {
        const { accountId, params, body } = call
        const changed = await changeRole(
          access,
          accountId,
          demandId('user', params.id),
          body.role,
          giverOf(call),
        )
        return { status: 200, body: userJson(changed) }
      },
    },
    {
      method: 'DELETE',
      path: '/v1/users/:id',
      tag: 'Users',
      summary: 'Remove a user from the account',
      description: 'Ends the sessions; keys and messages stay. Who belongs to no other account is forgotten.',
      params: Params,
      responses: { 204: { description: 'Removed' } },
      async handler(call: Call<unknown, unknown, Params>) {
        await removeMember(access, call.accountId, demandId('user', call.params.id), giverOf(call))
        return noContent
      },
    },
    {
      method: 'POST',
      path: '/v1/users/:id/reset',
      tag: 'Users',
      summary: 'Make a link for a new password',
      description:
        'Good for a day and for once. The old password and the sessions end when the link is taken.',
      params: Params,
      responses: { 201: Type.Object(shape.Link) },
      async handler(call: Call<unknown, unknown, Params>) {
        const id = demandId('user', call.params.id)
        const made = await resetPassword(access, call.accountId, id, {
          actor: call.actor,
          giver: giverOf(call),
        })
        return { status: 201, body: linkJson(made, call) }
      },
    },
    {
      method: 'DELETE',
      path: '/v1/users/:id/factors',
      tag: 'Users',
      summary: 'Take away codes and passkeys of a user',
      description: 'For a phone that is lost. Ends the sessions of the user.',
      params: Params,
      responses: { 204: { description: 'The password alone is enough' } },
      async handler(call: Call<unknown, unknown, Params>) {
        await dropFactors(access, call.accountId, demandId('user', call.params.id), { giver: giverOf(call) })
        return noContent
      },
    },
    {
      method: 'GET',
      path: '/v1/invitations',
      tag: 'Users',
      summary: 'List open invitations, newest first',
      query: PageQuery,
      responses: { 200: schema.page(shape.Invitation) },
      async handler({ accountId, query }: Call<unknown, Page>) {
        const { before, limit } = boundsOf('link', query)
        const rows = await openInvitations(access.db, accountId, before, limit, access.clock.now())
        return { status: 200, body: pageOf('link', rows, limit, invitationJson) }
      },
    },
    {
      method: 'POST',
      path: '/v1/invitations',
      tag: 'Users',
      summary: 'Invite somebody',
      description:
        'The link is shown once; hand it over yourself. Good for 14 days, and a new one for the same address voids it.',
      body: NewInvitation,
      responses: { 201: shape.MadeInvitation },
      async handler(call: Call<Static<typeof NewInvitation>>) {
        const { accountId, actor, body } = call
        const made = await access.db.transaction((tx) =>
          invite(access, tx, accountId, body, { actor, giver: giverOf(call) }),
        )
        return { status: 201, body: { ...invitationJson(made.link), ...linkJson(made, call) } }
      },
    },
    {
      method: 'DELETE',
      path: '/v1/invitations/:id',
      tag: 'Users',
      summary: 'Withdraw an invitation',
      params: LinkParams,
      responses: { 204: { description: 'The link opens nothing any more' } },
      async handler(call: Call<unknown, unknown, Static<typeof LinkParams>>) {
        await withdraw(access, call.accountId, demandId('link', call.params.id), giverOf(call))
        return noContent
      },
    },
    {
      method: 'GET',
      path: '/v1/roles',
      tag: 'Users',
      summary: 'What each role may do',
      responses: { 200: Type.Object({ data: Type.Array(RoleEntry) }) },
      handler: () => ({
        status: 200,
        body: {
          data: roleNames.map((role) => {
            const { meaning, scopes, readsOnly = false, masked = false } = roleOf(role)
            return { role, meaning, scopes: [...scopes], reads_only: readsOnly, masked }
          }),
        },
      }),
    },
  ]
  return routes.map((route) => ({ scope: 'users', ...route }))
}
