import type { Static } from 'typebox'
import { KurzpostError } from '../../../errors.ts'
import { type IdKind, parseId, publicId } from '../../../ids.ts'
import type { Platform } from '../../../platform.ts'
import { type Call, noContent, type Route } from '../../../route.ts'
import { bareNumber } from '../book.ts'
import { addService, changeService } from '../change.ts'
import {
  deleteNumber,
  deleteService,
  findService,
  holdBook,
  listNumbers,
  listServices,
  putNumber,
} from '../service.store.ts'
import * as schema from './schemas.ts'
import { serviceJson } from './service-json.ts'

export type Untagged = Omit<Route, 'tag' | 'scope'>
export type Params = Static<typeof schema.ServiceParams>

/** The UUID of a public id; whatever is none is not there. */
export function demandId(kind: IdKind, text: string): string {
  const uuid = parseId(kind, text)
  if (!uuid) throw new KurzpostError('not_found')
  return uuid
}

export function demand<T>(found: T | undefined): T {
  if (found === undefined) throw new KurzpostError('not_found')
  return found
}

export function demandCursor(kind: IdKind, text: string | undefined): string | undefined {
  const uuid = text === undefined ? undefined : parseId(kind, text)
  if (text !== undefined && !uuid) throw new KurzpostError('invalid_cursor')
  return uuid
}

/** `/v1/keyword-services` and their numbers. */
export function serviceRoutes(platform: Platform): Untagged[] {
  const path = '/v1/keyword-services'
  const params = schema.ServiceParams
  return [
    {
      method: 'GET',
      path,
      summary: 'List keyword services, newest first',
      query: schema.ListQuery,
      responses: { 200: schema.list(schema.ServiceOut) },
      async handler({ accountId, query }: Call<unknown, Static<typeof schema.ListQuery>>) {
        const { limit = 50, before } = query
        const rows = await listServices(
          platform.db,
          accountId,
          demandCursor('keywordService', before),
          limit + 1,
        )
        const data = rows.slice(0, limit).map(serviceJson)
        return { status: 200, body: { data, next: rows.length > limit ? data.at(-1)!.id : null } }
      },
    },
    {
      method: 'POST',
      path,
      summary: 'Add a keyword service',
      description:
        'It answers from a text (`template`), a table that you upload (`table`), or an address that it asks (`http`). ' +
        'A word belongs to one service at each number; STOP, START, HELP and their kin belong to none.',
      body: schema.NewService,
      responses: { 201: schema.ServiceOut },
      async handler({ accountId, body }: Call<schema.NewServiceBody>) {
        return { status: 201, body: serviceJson(await addService(platform, accountId, body)) }
      },
    },
    {
      method: 'GET',
      path: `${path}/:id`,
      summary: 'One keyword service',
      params,
      responses: { 200: schema.ServiceOut },
      async handler({ accountId, params: { id } }: Call<unknown, unknown, Params>) {
        const found = await findService(platform.db, accountId, demandId('keywordService', id))
        return { status: 200, body: serviceJson(demand(found)) }
      },
    },
    {
      method: 'PATCH',
      path: `${path}/:id`,
      summary: 'Change a keyword service, or switch it off',
      description: 'What is named takes the place of what was there. The kind stays.',
      params,
      body: schema.ServiceChange,
      responses: { 200: schema.ServiceOut },
      async handler({ accountId, params: { id }, body }: Call<schema.ServiceChangeBody, unknown, Params>) {
        const changed = await changeService(platform, accountId, demandId('keywordService', id), body)
        return { status: 200, body: serviceJson(changed) }
      },
    },
    {
      method: 'DELETE',
      path: `${path}/:id`,
      summary: 'Delete a keyword service, and its table',
      params,
      responses: { 204: { description: 'Gone' } },
      async handler({ accountId, params: { id } }: Call<unknown, unknown, Params>) {
        const uuid = demandId('keywordService', id)
        await platform.transaction(async (tx) => {
          await holdBook(tx, accountId)
          if (!(await deleteService(tx, accountId, uuid))) throw new KurzpostError('not_found')
        })
        return noContent
      },
    },
  ]
}

/** `/v1/keyword-numbers`: which of our numbers answer words that nobody has. */
export function numberRoutes(platform: Platform): Untagged[] {
  const path = '/v1/keyword-numbers'
  const params = schema.NumberParams
  type NumberCall<B = unknown> = Call<B, unknown, Static<typeof schema.NumberParams>>
  return [
    {
      method: 'GET',
      path,
      summary: 'List the numbers that answer unknown words',
      responses: { 200: schema.list(schema.NumberOut) },
      async handler({ accountId }: Call) {
        const rows = await listNumbers(platform.db, accountId)
        const data = rows.map(({ number, settings, updatedAt }) => ({
          number,
          texts: Object.keys(settings.texts).length > 0 ? settings.texts : null,
          updated_at: updatedAt,
        }))
        return { status: 200, body: { data, next: null } }
      },
    },
    {
      method: 'PUT',
      path: `${path}/:number`,
      summary: 'Let a number answer unknown words',
      description:
        'For numbers at which nobody reads: who writes a word that no service has is told which there are, three times an ' +
        'hour at most, so that two machines stop. Elsewhere such messages go on to the inbox.',
      params,
      body: schema.NumberChange,
      responses: { 200: schema.NumberOut },
      async handler({ accountId, params, body }: NumberCall<Static<typeof schema.NumberChange>>) {
        const number = bareNumber(params.number.replaceAll(' ', ''))
        const texts = body.texts ?? {}
        const now = platform.now()
        await platform.transaction(async (tx) => {
          await holdBook(tx, accountId)
          await putNumber(tx, accountId, number, { texts }, now)
        })
        return { status: 200, body: { number, texts: body.texts ?? null, updated_at: now } }
      },
    },
    {
      method: 'DELETE',
      path: `${path}/:number`,
      summary: 'Leave the unknown words of a number to others',
      params,
      responses: { 204: { description: 'Done' } },
      async handler({ accountId, params }: NumberCall) {
        await platform.transaction(async (tx) => {
          await holdBook(tx, accountId)
          const gone = await deleteNumber(tx, accountId, bareNumber(params.number.replaceAll(' ', '')))
          if (!gone) throw new KurzpostError('not_found')
        })
        return noContent
      },
    },
  ]
}

export const serviceIdOf = (uuid: string): string => publicId('keywordService', uuid)
