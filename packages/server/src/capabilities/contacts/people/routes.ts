import { getCountryCallingCode } from 'libphonenumber-js/max'
import { type Static, Type } from 'typebox'
import { errorBody, errors } from '../../../errors.ts'
import { publicId } from '../../../ids.ts'
import type { Platform } from '../../../platform.ts'
import type { Call, Route } from '../../../route.ts'
import { cursor, demandId, pageOf } from '../demand.ts'
import { limits } from '../limits.ts'
import * as schema from '../schemas.ts'
import { listPeople } from '../segments/people.store.ts'
import { ask } from '../segments/segments.ts'
import { channels, normalizeAddress } from './addresses.ts'
import { compileFilter } from './filter.store.ts'
import type { People, Result } from './people.ts'
import { contactJson } from './person-json.ts'
import type { PersonWish } from './read-wish.ts'

const Filter = Type.Object(
  {
    ...schema.paging,
    find: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 100,
        description: 'Words of the name, the beginning of a number or e-mail address, or an external id',
      }),
    ),
    tag: Type.Optional(Type.Array(schema.Tag, { maxItems: 10, description: 'All of these' })),
    list: Type.Optional(schema.id('lst')),
    language: Type.Optional(Type.String({ maxLength: 20 })),
    external_id: Type.Optional(Type.String({ maxLength: 200 })),
    channel: Type.Optional(Type.Enum(channels, { default: 'sms' })),
    address: Type.Optional(Type.String({ maxLength: 254, description: 'Whoever has this address' })),
  },
  schema.closed,
)
const Batch = Type.Object(
  {
    contacts: Type.Array(schema.PersonWish, { minItems: 1, maxItems: limits.peopleInRequest }),
  },
  { ...schema.closed, title: 'ContactBatch' },
)
const Params = schema.idParams('con')
type Params = Static<typeof Params>

const common = { tag: 'Contacts', scope: 'contacts' as const }
const path = '/v1/contacts/:id'

/** `/v1/contacts`: people, one by one and many at once. */
export function personRoutes(platform: Platform, people: People): Route[] {
  const dial = () => `+${getCountryCallingCode(platform.numbers.country as 'DE')}`
  return [
    {
      ...common,
      method: 'GET',
      path: '/v1/contacts',
      summary: 'List people, newest first',
      query: Filter,
      responses: { 200: schema.page(schema.Contact) },
      async handler({ accountId, query }: Call<unknown, Static<typeof Filter>>) {
        const { limit = 50, before, tag, list, external_id, address, channel = 'sms', ...rest } = query
        const typed = address?.replace(/^ (?=\d)/, '+')
        const filter = {
          ...rest,
          ...(tag && { tags: tag }),
          ...(list !== undefined && { list: demandId('list', list) }),
          ...(external_id !== undefined && { externalId: external_id }),
          ...(typed !== undefined && {
            channel,
            address: normalizeAddress(channel, typed, platform.numbers) ?? typed,
          }),
        }
        const compiled = compileFilter(accountId, filter, dial())
        const after = cursor('contact', before)
        const rows = await ask(platform, (tx) => listPeople(tx, compiled, after, limit + 1))
        return { status: 200, body: pageOf('contact', rows, limit, contactJson) }
      },
    },
    {
      ...common,
      method: 'POST',
      path: '/v1/contacts',
      summary: 'Make or change a person',
      description:
        'Whoever has the external id, or else one of the addresses, is changed; otherwise somebody new is made. ' +
        'Fields that are missing stay as they are, null clears.',
      body: schema.PersonWish,
      responses: { 200: schema.Upserted, 201: schema.Upserted },
      async handler({ accountId, body }: Call<PersonWish>) {
        const [result] = await people.upsert(accountId, [body])
        if (!result!.ok) throw result!.error
        const { id, outcome } = result!
        const contact = contactJson(await people.get(accountId, id))
        return { status: outcome === 'created' ? 201 : 200, body: { outcome, contact } }
      },
    },
    {
      ...common,
      method: 'POST',
      path: '/v1/contacts/batch',
      summary: `Make or change up to ${limits.peopleInRequest} people`,
      description: 'Each is taken or refused on its own, all in one transaction.',
      body: Batch,
      bodyLimit: limits.chunkBytes,
      responses: { 200: schema.BatchAnswer },
      async handler({ accountId, body }: Call<{ contacts: PersonWish[] }>) {
        const results = await people.upsert(accountId, body.contacts)
        return { status: 200, body: { results: results.map(resultJson) } }
      },
    },
    {
      ...common,
      method: 'GET',
      path,
      summary: 'One person',
      params: Params,
      responses: { 200: schema.Contact },
      async handler({ accountId, params }: Call<unknown, unknown, Params>) {
        return { status: 200, body: contactJson(await people.get(accountId, demandId('contact', params.id))) }
      },
    },
    {
      ...common,
      method: 'PATCH',
      path,
      summary: 'Change a person',
      params: Params,
      body: schema.PersonChange,
      responses: { 200: schema.Contact },
      async handler({ accountId, params, body }: Call<PersonWish, unknown, Params>) {
        const row = await people.change(accountId, demandId('contact', params.id), body)
        return { status: 200, body: contactJson(row) }
      },
    },
  ]
}

function resultJson(result: Result) {
  if (result.ok) return { ok: true, id: publicId('contact', result.id), outcome: result.outcome }
  const { code, message, details } = result.error
  return { ok: false, ...errorBody(code, { ...(message !== errors[code].sentence && { message }), details }) }
}
