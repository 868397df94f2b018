import type { AuthenticationResponseJSON } from '@simplewebauthn/server'
import { type Static, Type } from 'typebox'
import { type Access, demandSafe, type Started, tell } from '../../accounts/access.ts'
import { idleMs, sessionMs } from '../../accounts/holders.ts'
import {
  demandUser,
  endOtherSessions,
  endSession,
  prove,
  proveByPasskey,
  switchAccount,
} from '../../accounts/me.ts'
import { sessionsOfUser } from '../../accounts/session.store.ts'
import { signIn, signInByPasskey } from '../../accounts/sign-in.ts'
import { accountName } from '../../accounts/store.ts'
import { readLink, takeLink } from '../../accounts/welcome.ts'
import { KurzpostError } from '../../errors.ts'
import { publicId } from '../../ids.ts'
import { type Call, noContent, type Reply, type Route } from '../../route.ts'
import { sessionCookie } from '../site.ts'
import * as shape from './access-schemas.ts'
import { demandId } from './pages.ts'
import * as schema from './schemas.ts'
import { demandMe, whoJson } from './who.ts'

const SignIn = Type.Object(
  { email: shape.Email, password: shape.Password, code: Type.Optional(shape.Code) },
  { ...schema.closed, title: 'SignIn' },
)
const ByPasskey = Type.Object({ passkey: shape.PasskeyAnswer }, schema.closed)
const Proof = Type.Object({ password: shape.Password }, schema.closed)
const Switch = Type.Object(
  { account_id: Type.String({ maxLength: 40, description: 'acc_…' }) },
  schema.closed,
)
const Token = Type.String({ minLength: 43, maxLength: 43, description: 'What stands behind # in the link' })
const LinkToken = Type.Object({ token: Token }, schema.closed)
const TakeLink = Type.Object(
  {
    token: Token,
    name: Type.Optional(shape.PersonName),
    password: shape.Password,
    code: Type.Optional(shape.Code),
  },
  { ...schema.closed, title: 'TakeLink' },
)
const OpenLink = Type.Object(
  {
    kind: Type.Enum(['invitation', 'reset']),
    email: Type.String(),
    name: Type.String(),
    account: Type.String(),
    role: schema.nullable(shape.Role),
    expires_at: schema.time(''),
  },
  { title: 'OpenLink' },
)
const Done = Type.Object({ account_id: Type.String({ description: 'acc_…' }) }, { title: 'SignedIn' })
const SessionParams = Type.Object({ id: Type.String({ maxLength: 40, description: 'ses_…' }) })

const from = ({ visit, requestId }: Call) => ({ visit, requestId })
const passkeyOf = (call: Call<Static<typeof ByPasskey>>) =>
  call.body.passkey as unknown as AuthenticationResponseJSON

/** `/v1/session` and what leads to one. Signing in writes its own rows into the audit log. */
export function sessionRoutes(access: Access): Route[] {
  const tag = 'Session'
  /** The cookie goes with the answer, and the token with nothing else. */
  const enter = (call: Call, { token, accountId }: Started): Reply => ({
    status: 201,
    body: { account_id: publicId('account', accountId) },
    headers: { 'set-cookie': sessionCookie(demandSafe(call.visit), token, sessionMs / 1000) },
  })
  return [
    {
      method: 'POST',
      path: '/v1/session',
      tag,
      summary: 'Sign in by e-mail and password',
      description:
        'Sets a cookie that only the server reads. Whoever has a second factor is answered `second_factor_needed`, ' +
        'and asks again with `code`. After five wrong guesses the door stays shut for a minute, then for longer.',
      body: SignIn,
      responses: { 201: Done },
      handler: async (call: Call<Static<typeof SignIn>>) =>
        enter(call, await signIn(access, call.body, from(call))),
    },
    {
      method: 'POST',
      path: '/v1/session/passkey/options',
      tag,
      summary: 'What a browser needs to sign in by passkey',
      responses: { 200: shape.PasskeyOptions },
      handler: async ({ visit }: Call) => ({
        status: 200,
        body: await access.passkeys.askFor(visit.origin, 'sign-in'),
      }),
    },
    {
      method: 'POST',
      path: '/v1/session/passkey',
      tag,
      summary: 'Sign in by passkey',
      body: ByPasskey,
      responses: { 201: Done },
      handler: async (call: Call<Static<typeof ByPasskey>>) =>
        enter(call, await signInByPasskey(access, passkeyOf(call), from(call))),
    },
    {
      method: 'GET',
      path: '/v1/session',
      tag,
      scope: 'any',
      own: true,
      summary: 'Who asks, and what that allows',
      responses: { 200: shape.Who },
      handler: async (call: Call) => ({ status: 200, body: await whoJson(access, call) }),
    },
    {
      method: 'PATCH',
      path: '/v1/session',
      tag,
      scope: 'any',
      own: true,
      summary: 'Look at another of your accounts',
      body: Switch,
      responses: { 204: { description: 'From the next request on' } },
      async handler(call: Call<Static<typeof Switch>>) {
        await switchAccount(access, demandMe(call), demandId('account', call.body.account_id))
        return noContent
      },
    },
    {
      method: 'DELETE',
      path: '/v1/session',
      tag,
      scope: 'any',
      own: true,
      effect: 'traced',
      summary: 'Sign out',
      responses: { 204: { description: 'Signed out' } },
      async handler(call: Call) {
        const me = demandMe(call)
        await endSession(access, me, me.sessionId)
        const deed = {
          action: 'sign_out',
          status: 204,
          address: call.visit.address,
          requestId: call.requestId,
        }
        const user = { id: me.userId, name: call.actor.name }
        await tell(access.db, access, { user, accounts: [call.accountId], ...deed }, access.clock.now())
        const cookie = call.visit.cookie
        return cookie === undefined
          ? noContent
          : { status: 204, headers: { 'set-cookie': sessionCookie(cookie, '', 0) } }
      },
    },
    ...proofRoutes(access),
    ...ownSessionRoutes(access),
    {
      method: 'POST',
      path: '/v1/links/read',
      tag,
      summary: 'What an invitation or a link for a new password is for',
      body: LinkToken,
      responses: { 200: OpenLink },
      async handler({ body }: Call<Static<typeof LinkToken>>) {
        const { kind, email, name, account_id, role, expires_at } = await readLink(access, body.token)
        const account = (await accountName(access.db, account_id)) ?? ''
        return {
          status: 200,
          body: { kind, email, name, account, role, expires_at: expires_at.toISOString() },
        }
      },
    },
    {
      method: 'POST',
      path: '/v1/links/take',
      tag,
      summary: 'Take an invitation, or set a new password; and sign in',
      description:
        'Whoever has a password on this installation takes an invitation with that one; everybody else chooses one.',
      body: TakeLink,
      responses: { 201: Done },
      handler: async (call: Call<Static<typeof TakeLink>>) =>
        enter(call, await takeLink(access, call.body, from(call))),
    },
  ]
}

function proofRoutes(access: Access): Route[] {
  const common = { tag: 'Session', scope: 'any', own: true } as const
  return [
    {
      ...common,
      method: 'POST',
      path: '/v1/session/proof',
      summary: 'Show again that it is you, by password',
      description: 'For the next five minutes you may change what opens your access.',
      body: Proof,
      responses: { 204: { description: 'It is you' } },
      async handler(call: Call<Static<typeof Proof>>) {
        await prove(access, demandMe(call), call.body.password, from(call))
        return noContent
      },
    },
    {
      ...common,
      method: 'POST',
      path: '/v1/session/proof/passkey/options',
      effect: 'none',
      summary: 'What a browser needs to show it by passkey',
      responses: { 200: shape.PasskeyOptions },
      async handler(call: Call) {
        const { userId } = demandMe(call)
        return { status: 200, body: await access.passkeys.askFor(call.visit.origin, 'proof', userId) }
      },
    },
    {
      ...common,
      method: 'POST',
      path: '/v1/session/proof/passkey',
      summary: 'Show again that it is you, by passkey',
      body: ByPasskey,
      responses: { 204: { description: 'It is you' } },
      async handler(call: Call<Static<typeof ByPasskey>>) {
        await proveByPasskey(access, demandMe(call), passkeyOf(call), from(call))
        return noContent
      },
    },
  ]
}

function ownSessionRoutes(access: Access): Route[] {
  const common = { tag: 'Session', scope: 'any', own: true } as const
  const { db, clock } = access
  return [
    {
      ...common,
      method: 'GET',
      path: '/v1/sessions',
      summary: 'Where you are signed in, newest first',
      responses: { 200: schema.page(shape.Session) },
      async handler(call: Call) {
        const me = demandMe(call)
        await demandUser(access, me)
        const now = clock.now()
        const rows = await sessionsOfUser(db, me.userId, now, new Date(now.getTime() - idleMs))
        const data = rows.map(({ id, created_at, seen_at, expires_at, address, agent }) => ({
          id: publicId('session', id),
          current: id === me.sessionId,
          created_at: created_at.toISOString(),
          seen_at: seen_at.toISOString(),
          expires_at: expires_at.toISOString(),
          ...{ address, agent },
        }))
        return { status: 200, body: { data, next: null } }
      },
    },
    {
      ...common,
      method: 'DELETE',
      path: '/v1/sessions/:id',
      summary: 'Sign out elsewhere',
      description: 'Holds at once on the node that answers, and within five seconds on the others.',
      params: SessionParams,
      responses: { 204: { description: 'Ended' } },
      async handler(call: Call<unknown, unknown, Static<typeof SessionParams>>) {
        if (!(await endSession(access, demandMe(call), demandId('session', call.params.id))))
          throw new KurzpostError('not_found')
        return noContent
      },
    },
    {
      ...common,
      method: 'DELETE',
      path: '/v1/sessions',
      summary: 'Sign out everywhere else',
      responses: { 204: { description: 'Ended' } },
      async handler(call: Call) {
        await endOtherSessions(access, demandMe(call))
        return noContent
      },
    },
  ]
}
