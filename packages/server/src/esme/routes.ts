import type { Static } from 'typebox'
import { KurzpostError } from '../errors.ts'
import { parseId } from '../ids.ts'
import { type Call, noContent, type Route } from '../route.ts'
import type { LoginChangeWish, Logins, LoginWish } from './logins.ts'
import * as schema from './schemas.ts'

type Params = Static<typeof schema.LoginParams>

function demandId(text: string): string {
  const id = parseId('login', text)
  if (!id) throw new KurzpostError('not_found')
  return id
}

/** `/v1/smpp-logins`: the systems that may bind. */
export function loginRoutes(logins: Logins): Route[] {
  const path = '/v1/smpp-logins/:id'
  const params = schema.LoginParams
  const common = { tag: 'SMPP logins', scope: 'operate' as const }
  return [
    {
      ...common,
      method: 'GET',
      path: '/v1/smpp-logins',
      summary: 'List logins, with who is bound and what waits',
      responses: { 200: schema.LoginList },
      async handler({ accountId }: Call) {
        return { status: 200, body: { data: await logins.list(accountId) } }
      },
    },
    {
      ...common,
      method: 'POST',
      path: '/v1/smpp-logins',
      summary: 'Add a login',
      description: 'The password is in the answer and never shown again; we keep a hash.',
      body: schema.NewLogin,
      responses: { 201: schema.LoginWithPassword },
      async handler({ accountId, body }: Call<LoginWish>) {
        const { login, password } = await logins.add(accountId, body)
        return { status: 201, body: { ...login, password } }
      },
    },
    {
      ...common,
      method: 'GET',
      path,
      summary: 'One login',
      params,
      responses: { 200: schema.LoginOut },
      async handler({ accountId, params }: Call<unknown, unknown, Params>) {
        return { status: 200, body: await logins.get(accountId, demandId(params.id)) }
      },
    },
    {
      ...common,
      method: 'PATCH',
      path,
      summary: 'Change a login',
      description:
        'Switching it off, or giving it another password, unbinds its sessions on every node within about a second.',
      params,
      body: schema.LoginChange,
      responses: { 200: schema.LoginOut },
      async handler({ accountId, params, body }: Call<LoginChangeWish, unknown, Params>) {
        return { status: 200, body: await logins.change(accountId, demandId(params.id), body) }
      },
    },
    {
      ...common,
      method: 'DELETE',
      path,
      summary: 'Remove a login',
      description: 'What waits for it is given up. To keep that, switch it off instead.',
      params,
      responses: { 204: { description: 'Removed' } },
      async handler({ accountId, params }: Call<unknown, unknown, Params>) {
        await logins.remove(accountId, demandId(params.id))
        return noContent
      },
    },
  ]
}
