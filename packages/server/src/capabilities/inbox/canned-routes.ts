import { type Static, Type } from 'typebox'
import { KurzpostError } from '../../errors.ts'
import { publicId } from '../../ids.ts'
import type { Platform } from '../../platform.ts'
import { type Call, noContent, type Route } from '../../route.ts'
import { actorOf } from './actor.ts'
import { type Canned, deleteCanned, insertCanned, listCanned, updateCanned } from './canned.store.ts'
import { namesIn, render } from './canned.ts'
import { demand, demandId, orTaken } from './demand.ts'
import { personFields } from './detail.store.ts'
import { readConversation } from './list.store.ts'
import * as schema from './schemas.ts'
import { noSettings, readSettings } from './settings.store.ts'

const mostCanned = 1_000

const wish = {
  shortcut: Type.String({ pattern: '^[\\p{L}\\p{N}_-]{1,30}$', description: 'Typed after a slash' }),
  title: Type.String({ minLength: 1, maxLength: 100 }),
  text: Type.String({
    minLength: 1,
    maxLength: 5_000,
    description: 'With {{name}}, {{agent}} and fields of yours',
  }),
  language: schema.nullable(Type.String({ pattern: '^[a-z]{2,3}$' }), {
    description: 'Whom it is for; null: everybody',
  }),
}
const New = Type.Object(
  { ...wish, language: Type.Optional(wish.language) },
  { ...schema.closed, title: 'NewCannedAnswer' },
)
const Change = Type.Partial(Type.Object(wish), { ...schema.closed, title: 'CannedAnswerChange' })
const out = {
  id: schema.id('can'),
  ...wish,
  fields: Type.Array(Type.String(), { description: 'What it has places for' }),
}
const Out = Type.Object(
  { ...out, created_at: schema.time(), updated_at: schema.time() },
  { title: 'CannedAnswer' },
)
const Filled = Type.Object(
  { ...out, missing: Type.Array(Type.String(), { description: 'Places for which nothing is known' }) },
  { title: 'FilledAnswer' },
)
const Params = Type.Object({ id: schema.id('can', 'Canned answer') })
type Id = Static<typeof Params>
const common = { tag: 'Inbox', scope: 'inbox' as const }
const path = '/v1/inbox/canned-answers/:id'

/** Answers that are written once and used often. */
export function cannedRoutes(platform: Platform): Route[] {
  const { db } = platform
  return [
    {
      ...common,
      method: 'GET',
      path: '/v1/inbox/canned-answers',
      summary: 'List canned answers',
      responses: { 200: schema.page(Out) },
      async handler({ accountId }: Call) {
        return { status: 200, body: { data: (await listCanned(db, accountId)).map(cannedJson) } }
      },
    },
    {
      ...common,
      method: 'POST',
      path: '/v1/inbox/canned-answers',
      summary: 'Write a canned answer',
      body: New,
      responses: { 201: Out },
      async handler({ accountId, body }: Call<Static<typeof New>>) {
        const { text, language = null, ...rest } = body
        const canned = { ...rest, id: platform.id(), body: text, language, created_at: platform.now() }
        const row = await platform.transaction(async (tx) => {
          const made = await insertCanned(tx, accountId, canned, mostCanned)
          if (made) return made
          const full = (await listCanned(tx, accountId)).length >= mostCanned
          throw new KurzpostError(full ? 'inbox_full' : 'name_taken')
        })
        return { status: 201, body: cannedJson(row) }
      },
    },
    {
      ...common,
      method: 'PATCH',
      path,
      summary: 'Change a canned answer',
      params: Params,
      body: Change,
      responses: { 200: Out },
      async handler({ accountId, params, body }: Call<Static<typeof Change>, unknown, Id>) {
        const { text, ...rest } = body
        const change = { ...rest, ...(text !== undefined && { body: text }) }
        const id = demandId('canned', params.id)
        const row = await orTaken(
          platform.transaction((tx) => updateCanned(tx, accountId, id, change, platform.now())),
        )
        return { status: 200, body: cannedJson(demand(row)) }
      },
    },
    {
      ...common,
      method: 'DELETE',
      path,
      summary: 'Delete a canned answer',
      params: Params,
      responses: { 204: { description: 'Deleted' } },
      async handler({ accountId, params }: Call<unknown, unknown, Id>) {
        const id = demandId('canned', params.id)
        const gone = await platform.transaction((tx) => deleteCanned(tx, accountId, id))
        if (!gone) throw new KurzpostError('not_found')
        return noContent
      },
    },
    {
      ...common,
      method: 'GET',
      path: '/v1/inbox/conversations/:id/canned-answers',
      summary: 'Canned answers as they read for this person, from you',
      params: schema.Params,
      responses: { 200: schema.page(Filled) },
      async handler(call: Call<unknown, unknown, Static<typeof schema.Params>>) {
        const { accountId, params } = call
        const id = demandId('conversation', params.id)
        const by = actorOf(call)
        demand(await readConversation(db, accountId, by.id, id))
        const person = await personFields(db, accountId, id)
        const settings = (await readSettings(db, [accountId])).get(accountId) ?? noSettings
        const values = { ...settings.fields, ...person?.attributes, name: person?.name, agent: by.name }
        const data = (await listCanned(db, accountId))
          .filter(({ language }) => !language || !person?.language || person.language.startsWith(language))
          .map((row) => ({ ...cannedJson(row), ...render(row.body, values) }))
        return { status: 200, body: { data } }
      },
    },
  ]
}

const cannedJson = ({ id, body, created_at, updated_at, ...rest }: Canned) => ({
  id: publicId('canned', id),
  ...rest,
  text: body,
  fields: namesIn(body),
  created_at: created_at.toISOString(),
  updated_at: updated_at.toISOString(),
})
