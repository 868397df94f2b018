import { type Static, Type } from 'typebox'
import { createKey } from '../../accounts/keys.ts'
import { demandReachOfKey } from '../../accounts/roles.ts'
import { type KeyRow, listKeys, revokeKey } from '../../accounts/store.ts'
import type { Clock } from '../../clock.ts'
import { KurzpostError } from '../../errors.ts'
import { publicId } from '../../ids.ts'
import { type Call, noContent, type Route, scopeNames } from '../../route.ts'
import type { Db } from '../../store/db.ts'
import { demandId } from './pages.ts'
import * as schema from './schemas.ts'
import { giverOf } from './who.ts'

const key = {
  id: Type.String({ description: 'Id of the key, key_…' }),
  name: Type.String(),
  hint: Type.String({ description: 'The last characters of the key' }),
  scopes: Type.Array(Type.Enum(scopeNames)),
  created_at: schema.time(''),
  revoked_at: schema.nullable(schema.time('')),
}
const Key = Type.Object(key, { title: 'Key' })
const CreatedKey = Type.Object(
  { ...key, key: Type.String({ description: 'The key itself. Keep it now: it is never shown again.' }) },
  { title: 'CreatedKey' },
)
const Body = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 100, description: 'Who or what uses it' }),
    scopes: Type.Array(Type.Enum(scopeNames), {
      minItems: 1,
      uniqueItems: true,
      description: 'What it may do',
    }),
  },
  { ...schema.closed, title: 'NewKey' },
)
const Params = Type.Object({ id: Type.String({ description: 'key_…', maxLength: 40 }) })

/** API keys of the account. `forget` makes a revocation hold in this process at once. */
export function keyRoutes(db: Db, clock: Clock, forget: (keyId: string) => void): Route[] {
  return [
    {
      method: 'POST',
      path: '/v1/keys',
      tag: 'Keys',
      scope: 'keys',
      summary: 'Make a key',
      description: 'A key can hand on only what it may do itself.',
      body: Body,
      responses: { 201: CreatedKey },
      async handler(call: Call<Static<typeof Body>>) {
        const { accountId, body } = call
        demandReachOfKey(giverOf(call), body.scopes)
        const made = await createKey(db, accountId, body, clock.now())
        return { status: 201, body: { ...keyJson(made.key), key: made.token } }
      },
    },
    {
      method: 'GET',
      path: '/v1/keys',
      tag: 'Keys',
      scope: 'keys',
      summary: 'List keys, newest first',
      responses: { 200: schema.page(Key) },
      async handler({ accountId }: Call) {
        return { status: 200, body: { data: (await listKeys(db, accountId)).map(keyJson), next: null } }
      },
    },
    {
      method: 'DELETE',
      path: '/v1/keys/:id',
      tag: 'Keys',
      scope: 'keys',
      summary: 'Revoke a key for good',
      description:
        'Nobody revokes a key that may do more than they may. Holds at once on the node that answers, and within five seconds on the others.',
      params: Params,
      responses: { 204: { description: 'Revoked' } },
      async handler(call: Call<unknown, unknown, Static<typeof Params>>) {
        const id = demandId('key', call.params.id)
        await db.transaction(async (tx) => {
          const revoked = await revokeKey(tx, call.accountId, id, clock.now())
          if (!revoked) throw new KurzpostError('not_found')
          demandReachOfKey(giverOf(call), revoked.scopes)
        })
        forget(id)
        return noContent
      },
    },
  ]
}

const keyJson = ({ id, name, hint, scopes, created_at, revoked_at }: KeyRow) => ({
  id: publicId('key', id),
  name,
  hint,
  scopes,
  created_at: created_at.toISOString(),
  revoked_at: revoked_at?.toISOString() ?? null,
})
