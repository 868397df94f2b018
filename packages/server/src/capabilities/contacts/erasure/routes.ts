import { type Static, Type } from 'typebox'
import { publicId } from '../../../ids.ts'
import type { Platform } from '../../../platform.ts'
import type { Call, Route } from '../../../route.ts'
import { cursor, demand, demandId, pageOf } from '../demand.ts'
import * as schema from '../schemas.ts'
import { erasePerson } from './erase.ts'
import { type ErasedPlace, type ErasureRow, readErasure, readErasures } from './store.ts'

const Place = Type.Object({
  place: Type.String({ description: 'contact, addresses, notes, lists, messages, events and so on' }),
  count: Type.Integer({ description: 'How much was erased there' }),
  note: schema.nullable(Type.String()),
  at: schema.time,
})
const erasure = {
  id: schema.id('ers'),
  contact: Type.String({ description: 'The id that the person had; it leads nowhere any more' }),
  state: Type.Enum(['running', 'finished']),
  left: Type.Integer({ description: 'Messages that are still on their way; they are emptied when they end' }),
  requested_at: schema.time,
  finished_at: schema.nullable(schema.time),
}
const Erasure = Type.Object(erasure, { title: 'Erasure' })
const Receipt = Type.Object({ ...erasure, places: Type.Array(Place) }, { title: 'ErasureReceipt' })
const Params = schema.idParams('ers')

const common = { tag: 'Erasure', scope: 'contacts' as const }

const erasureJson = ({ id, contact_id, requested_at, finished_at, state, left }: ErasureRow) => ({
  id: publicId('erasure', id),
  contact: publicId('contact', contact_id),
  state,
  left,
  requested_at: requested_at.toISOString(),
  finished_at: finished_at?.toISOString() ?? null,
})
const receiptJson = ({ places, ...row }: ErasureRow & { places: ErasedPlace[] }) => ({
  ...erasureJson(row),
  places: places.map(({ at, ...place }) => ({ ...place, at: at.toISOString() })),
})

/** Erasing people, and the receipts of it. */
export function erasureRoutes(platform: Platform): Route[] {
  const { db } = platform
  const found = async (accountId: string, id: string) =>
    receiptJson(demand(await readErasure(db, accountId, id)))
  return [
    {
      ...common,
      method: 'POST',
      path: '/v1/contacts/:id/erase',
      summary: 'Erase a person',
      description:
        'Cannot be undone. The person, their addresses, notes and places on lists go at once, the texts and numbers of their ' +
        'messages within minutes. What stays is a keyed hash of each address, so that no import brings them back unnoticed, and ' +
        'this receipt, which names nobody.',
      params: schema.idParams('con'),
      responses: { 202: Receipt },
      async handler({ accountId, params }: Call<unknown, unknown, Static<typeof Params>>) {
        const id = await erasePerson(platform, accountId, demandId('contact', params.id))
        return { status: 202, body: await found(accountId, id) }
      },
    },
    {
      ...common,
      method: 'GET',
      path: '/v1/erasures',
      summary: 'Erasures, newest first',
      query: schema.Paging,
      responses: { 200: schema.page(Erasure) },
      async handler({ accountId, query }: Call<unknown, Static<typeof schema.Paging>>) {
        const { limit = 50, before } = query
        const rows = await readErasures(db, accountId, cursor('erasure', before), limit + 1)
        return { status: 200, body: pageOf('erasure', rows, limit, erasureJson) }
      },
    },
    {
      ...common,
      method: 'GET',
      path: '/v1/erasures/:id',
      summary: 'A receipt: what was erased, where and when',
      params: Params,
      responses: { 200: Receipt },
      async handler({ accountId, params }: Call<unknown, unknown, Static<typeof Params>>) {
        return { status: 200, body: await found(accountId, demandId('erasure', params.id)) }
      },
    },
  ]
}
