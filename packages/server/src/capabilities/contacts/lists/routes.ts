import { type Static, Type } from 'typebox'
import { KurzpostError } from '../../../errors.ts'
import { publicId } from '../../../ids.ts'
import type { Platform } from '../../../platform.ts'
import { type Call, noContent, type Route } from '../../../route.ts'
import { cursor, demand, demandId, pageOf } from '../demand.ts'
import { limits } from '../limits.ts'
import type { People } from '../people/people.ts'
import * as schema from '../schemas.ts'
import {
  deleteList,
  insertList,
  type ListRow,
  putOnList,
  readList,
  readLists,
  readListsOf,
  takeFromList,
  updateList,
} from './store.ts'

const name = Type.String({ minLength: 1, maxLength: 100 })
const description = schema.nullable(Type.String({ maxLength: 500 }))
const List = Type.Object(
  {
    id: schema.id('lst'),
    name: Type.String(),
    description: schema.nullable(Type.String()),
    members: Type.Integer(),
    created_at: schema.time,
    updated_at: schema.time,
  },
  { title: 'ContactList' },
)
const NewList = Type.Object(
  { name, description: Type.Optional(description) },
  { ...schema.closed, title: 'NewContactList' },
)
const Change = Type.Object(
  { name: Type.Optional(name), description: Type.Optional(description) },
  { ...schema.closed, title: 'ContactListChange' },
)
const Members = Type.Object(
  {
    add: Type.Optional(Type.Array(schema.id('con'), { maxItems: limits.membersInRequest })),
    remove: Type.Optional(Type.Array(schema.id('con'), { maxItems: limits.membersInRequest })),
  },
  { ...schema.closed, title: 'ContactListMembers' },
)
const Changed = Type.Object({ added: Type.Integer(), removed: Type.Integer() })
const OfPerson = Type.Object({
  data: Type.Array(Type.Object({ id: schema.id('lst'), name: Type.String() })),
})
const Params = schema.idParams('lst')
type Params = Static<typeof Params>

const common = { tag: 'Lists', scope: 'contacts' as const }
const path = '/v1/lists/:id'

export const listJson = ({ id, created_at, updated_at, ...rest }: ListRow) => ({
  id: publicId('list', id),
  ...rest,
  created_at: created_at.toISOString(),
  updated_at: updated_at.toISOString(),
})

/** `/v1/lists`: people that somebody has put together by hand. */
export function listRoutes(platform: Platform, people: People): Route[] {
  const { db } = platform
  const found = async (accountId: string, id: string): Promise<ListRow> =>
    demand(await readList(db, accountId, demandId('list', id)))
  return [
    {
      ...common,
      method: 'GET',
      path: '/v1/lists',
      summary: 'Lists, newest first',
      query: schema.Paging,
      responses: { 200: schema.page(List) },
      async handler({ accountId, query }: Call<unknown, Static<typeof schema.Paging>>) {
        const { limit = 50, before } = query
        const rows = await readLists(db, accountId, cursor('list', before), limit + 1)
        return { status: 200, body: pageOf('list', rows, limit, listJson) }
      },
    },
    {
      ...common,
      method: 'POST',
      path: '/v1/lists',
      summary: 'Make a list',
      body: NewList,
      responses: { 201: List },
      async handler({ accountId, body }: Call<Static<typeof NewList>>) {
        const list = { id: platform.id(), name: body.name, description: body.description ?? null }
        if (!(await insertList(db, accountId, list, limits.lists, platform.now())))
          throw new KurzpostError('name_taken', { details: { most: limits.lists } })
        return { status: 201, body: listJson(demand(await readList(db, accountId, list.id))) }
      },
    },
    {
      ...common,
      method: 'GET',
      path,
      summary: 'One list',
      params: Params,
      responses: { 200: List },
      async handler({ accountId, params }: Call<unknown, unknown, Params>) {
        return { status: 200, body: listJson(await found(accountId, params.id)) }
      },
    },
    {
      ...common,
      method: 'PATCH',
      path,
      summary: 'Rename a list',
      params: Params,
      body: Change,
      responses: { 200: List },
      async handler({ accountId, params, body }: Call<Static<typeof Change>, unknown, Params>) {
        const { id } = await found(accountId, params.id)
        await updateList(db, accountId, id, body, platform.now()).catch((error: { code?: string }) => {
          throw error.code === '23505' ? new KurzpostError('name_taken') : error
        })
        return { status: 200, body: listJson(await found(accountId, params.id)) }
      },
    },
    {
      ...common,
      method: 'DELETE',
      path,
      summary: 'Delete a list',
      description: 'The people on it stay.',
      params: Params,
      responses: { 204: { description: 'Deleted' } },
      async handler({ accountId, params }: Call<unknown, unknown, Params>) {
        if (!(await deleteList(db, accountId, demandId('list', params.id))))
          throw new KurzpostError('not_found')
        return noContent
      },
    },
    {
      ...common,
      method: 'POST',
      path: `${path}/members`,
      summary: 'Put people on a list, or take them from it',
      description: 'Who is unknown, or on the list already, is left out of the count.',
      params: Params,
      body: Members,
      responses: { 200: Changed },
      async handler({ accountId, params, body }: Call<Static<typeof Members>, unknown, Params>) {
        const { id } = await found(accountId, params.id)
        const bare = (ids: readonly string[] = []) => ids.map((each) => demandId('contact', each))
        const [add, remove] = [bare(body.add), bare(body.remove)]
        const done = await platform.transaction(async (tx) => ({
          added: add.length > 0 ? await putOnList(tx, accountId, id, add, platform.now()) : 0,
          removed: remove.length > 0 ? await takeFromList(tx, accountId, id, remove) : 0,
        }))
        return { status: 200, body: done }
      },
    },
    {
      ...common,
      method: 'GET',
      path: '/v1/contacts/:id/lists',
      summary: 'The lists that a person is on',
      params: schema.idParams('con'),
      responses: { 200: OfPerson },
      async handler({ accountId, params }: Call<unknown, unknown, Params>) {
        const { id } = await people.get(accountId, demandId('contact', params.id))
        const rows = await readListsOf(db, accountId, id)
        return {
          status: 200,
          body: { data: rows.map((row) => ({ id: publicId('list', row.id), name: row.name })) },
        }
      },
    },
  ]
}
