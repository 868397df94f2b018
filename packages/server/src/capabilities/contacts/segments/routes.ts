import { type Static, Type } from 'typebox'
import { KurzpostError } from '../../../errors.ts'
import { publicId } from '../../../ids.ts'
import type { Platform } from '../../../platform.ts'
import { type Call, noContent, type Route } from '../../../route.ts'
import { cursor, demand, demandId, pageOf } from '../demand.ts'
import { limits } from '../limits.ts'
import { contactJson } from '../people/person-json.ts'
import { readContacts } from '../people/read.store.ts'
import * as schema from '../schemas.ts'
import { countAndSample, listPeople } from './people.store.ts'
import { ask, understand } from './segments.ts'
import {
  deleteSegment,
  insertSegment,
  readSegment,
  readSegments,
  type SegmentRow,
  updateSegment,
} from './store.ts'
import { languages } from './words.ts'

const definition = Type.Unknown({
  description:
    'A tree: {all|any|none: […]}, with leaves that say one thing each: {attribute, op, value}, {field, op, value}, {tag}, ' +
    '{list}, {consent: granted|withdrawn|none, topic?}, {reachable: sms|email}, {delivered_within}, {replied_within}, ' +
    '{created_within} (days), {radius: {km, postcode}} or {radius: {km, lat, lon}}; {clicked_within} finds nobody until links ' +
    'are counted. See docs/contacts.md.',
  examples: [{ all: [{ tag: 'vip' }, { delivered_within: 30 }] }],
})
const name = Type.String({ minLength: 1, maxLength: 100 })
const Segment = Type.Object(
  { id: schema.id('seg'), name: Type.String(), definition, created_at: schema.time, updated_at: schema.time },
  { title: 'Segment' },
)
const NewSegment = Type.Object({ name, definition }, { ...schema.closed, title: 'NewSegment' })
const Change = Type.Object(
  { name: Type.Optional(name), definition: Type.Optional(definition) },
  { ...schema.closed, title: 'SegmentChange' },
)
const Preview = Type.Object(
  {
    definition,
    language: Type.Optional(Type.Enum(languages, { default: 'en' })),
    sample: Type.Optional(Type.Integer({ minimum: 0, maximum: 20, default: 5 })),
  },
  { ...schema.closed, title: 'SegmentPreviewWish' },
)
const Previewed = Type.Object(
  {
    people: Type.Integer({ description: 'Whom it selects now' }),
    words: Type.String({ description: 'What it selects, in a sentence' }),
    sample: Type.Array(schema.Contact),
  },
  { title: 'SegmentPreview' },
)
const Params = schema.idParams('seg')
type Params = Static<typeof Params>

const common = { tag: 'Segments', scope: 'contacts' as const }
const path = '/v1/segments/:id'

const segmentJson = ({ id, created_at, updated_at, ...rest }: SegmentRow) => ({
  id: publicId('segment', id),
  ...rest,
  created_at: created_at.toISOString(),
  updated_at: updated_at.toISOString(),
})

/** `/v1/segments`: questions with a name, asked anew each time. */
export function segmentRoutes(platform: Platform): Route[] {
  const { db } = platform
  const found = async (accountId: string, id: string): Promise<SegmentRow> =>
    demand(await readSegment(db, accountId, demandId('segment', id)))
  return [
    {
      ...common,
      method: 'GET',
      path: '/v1/segments',
      summary: 'Segments, newest first',
      query: schema.Paging,
      responses: { 200: schema.page(Segment) },
      async handler({ accountId, query }: Call<unknown, Static<typeof schema.Paging>>) {
        const { limit = 50, before } = query
        const rows = await readSegments(db, accountId, cursor('segment', before), limit + 1)
        return { status: 200, body: pageOf('segment', rows, limit, segmentJson) }
      },
    },
    {
      ...common,
      method: 'POST',
      path: '/v1/segments/preview',
      effect: 'none',
      summary: 'Whom a tree selects: count, sentence and a few of them',
      body: Preview,
      responses: { 200: Previewed },
      async handler({ accountId, body }: Call<Static<typeof Preview>>) {
        const { language = 'en', sample = 5 } = body
        const { compiled, words } = await understand(db, platform, accountId, body.definition)
        const { people, ids } = await ask(platform, (tx) => countAndSample(tx, compiled, sample))
        const rows = await readContacts(db, accountId, ids)
        const newest = rows.sort((a, b) => (a.id < b.id ? 1 : -1))
        return { status: 200, body: { people, words: words(language), sample: newest.map(contactJson) } }
      },
    },
    {
      ...common,
      method: 'POST',
      path: '/v1/segments',
      summary: 'Keep a segment',
      body: NewSegment,
      responses: { 201: Segment },
      async handler({ accountId, body }: Call<Static<typeof NewSegment>>) {
        const { tree } = await understand(db, platform, accountId, body.definition)
        const row = { id: platform.id(), name: body.name, definition: tree }
        if (!(await insertSegment(db, accountId, row, limits.segments, platform.now())))
          throw new KurzpostError('name_taken', { details: { most: limits.segments } })
        return { status: 201, body: segmentJson(await found(accountId, publicId('segment', row.id))) }
      },
    },
    {
      ...common,
      method: 'GET',
      path,
      summary: 'One segment',
      params: Params,
      responses: { 200: Segment },
      async handler({ accountId, params }: Call<unknown, unknown, Params>) {
        return { status: 200, body: segmentJson(await found(accountId, params.id)) }
      },
    },
    {
      ...common,
      method: 'PATCH',
      path,
      summary: 'Change a segment',
      params: Params,
      body: Change,
      responses: { 200: Segment },
      async handler({ accountId, params, body }: Call<Static<typeof Change>, unknown, Params>) {
        const { id } = await found(accountId, params.id)
        const change = {
          ...(body.name !== undefined && { name: body.name }),
          ...(body.definition !== undefined && {
            definition: (await understand(db, platform, accountId, body.definition)).tree,
          }),
        }
        await updateSegment(db, accountId, id, change, platform.now()).catch((error: { code?: string }) => {
          throw error.code === '23505' ? new KurzpostError('name_taken') : error
        })
        return { status: 200, body: segmentJson(await found(accountId, params.id)) }
      },
    },
    {
      ...common,
      method: 'DELETE',
      path,
      summary: 'Delete a segment',
      params: Params,
      responses: { 204: { description: 'Deleted; the people stay' } },
      async handler({ accountId, params }: Call<unknown, unknown, Params>) {
        if (!(await deleteSegment(db, accountId, demandId('segment', params.id))))
          throw new KurzpostError('not_found')
        return noContent
      },
    },
    {
      ...common,
      method: 'GET',
      path: `${path}/contacts`,
      summary: 'Who is in a segment now, newest first',
      params: Params,
      query: schema.Paging,
      responses: { 200: schema.page(schema.Contact) },
      async handler({ accountId, params, query }: Call<unknown, Static<typeof schema.Paging>, Params>) {
        const { limit = 50, before } = query
        const { definition } = await found(accountId, params.id)
        const { compiled } = await understand(db, platform, accountId, definition)
        const after = cursor('contact', before)
        const rows = await ask(platform, (tx) => listPeople(tx, compiled, after, limit + 1))
        return { status: 200, body: pageOf('contact', rows, limit, contactJson) }
      },
    },
  ]
}
