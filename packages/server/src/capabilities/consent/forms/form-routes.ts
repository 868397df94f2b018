import type { Static } from 'typebox'
import { KurzpostError } from '../../../errors.ts'
import { parseId, publicId } from '../../../ids.ts'
import type { Platform } from '../../../platform.ts'
import { type Call, noContent, type Route } from '../../../route.ts'
import { demand, demandId, readSender } from '../api/demand.ts'
import { page } from '../api/schemas.ts'
import { topicsByIds } from '../topics.store.ts'
import {
  deleteForm,
  type Form,
  type FormSettings,
  findForm,
  insertForm,
  listForms,
  updateForm,
} from './form.store.ts'
import * as schema from './schemas.ts'

type Params = Static<typeof schema.Params>
type Change = Static<typeof schema.FormChange>

const defaults: FormSettings = {
  ...{ title: {}, intro: {}, topics: [], sender: null, countries: [], language: 'de' },
  ...{ privacy_url: null, expires_hours: 24 },
}

/** `/v1/consent-forms`: sign-up forms that we host. */
export function formRoutes(platform: Platform): Route[] {
  const common = { tag: 'Consent', scope: 'consent' } as const
  const one = { ...common, path: '/v1/consent-forms/:id', params: schema.Params } as const

  async function readSettings(accountId: string, before: FormSettings, wish: Change): Promise<FormSettings> {
    const { slug: _, enabled: __, topics, sender, ...rest } = wish
    return {
      ...before,
      ...(rest as Partial<FormSettings>),
      ...(topics && { topics: await demandTopics(platform, accountId, topics) }),
      ...(sender !== undefined && { sender: sender === null ? null : readSender(platform, sender) }),
    }
  }

  const json = ({ id, slug, settings, enabled, created_at, updated_at }: Form) => ({
    ...{ id: publicId('consentForm', id), url: platform.publicUrl(`/f/${slug}`), slug, ...settings },
    topics: settings.topics.map((topic) => publicId('topic', topic)),
    enabled,
    created_at: created_at.toISOString(),
    updated_at: updated_at.toISOString(),
  })

  return [
    {
      ...common,
      method: 'GET',
      path: '/v1/consent-forms',
      summary: 'List sign-up forms, newest first',
      query: schema.Paging,
      responses: { 200: page(schema.FormOut) },
      async handler({ accountId, query }: Call<unknown, Static<typeof schema.Paging>>) {
        const { before, limit = 50 } = query
        const from = before === undefined ? null : parseId('consentForm', before)
        if (from === undefined) throw new KurzpostError('invalid_cursor')
        const rows = await listForms(platform.db, accountId, from, limit + 1)
        const shown = rows.slice(0, limit)
        const next = rows.length > limit ? publicId('consentForm', shown.at(-1)!.id) : null
        return { status: 200, body: { data: shown.map(json), next } }
      },
    },
    {
      ...common,
      method: 'POST',
      path: '/v1/consent-forms',
      summary: 'Add a sign-up form',
      description:
        'It stands at /f/<slug>: without JavaScript, in German and English. Whoever fills it in is asked by SMS, and consents by the answer or the code.',
      body: schema.FormWish,
      responses: { 201: schema.FormOut },
      async handler({ accountId, body }: Call<Static<typeof schema.FormWish>>) {
        const settings = await readSettings(
          accountId,
          { ...defaults, countries: [platform.numbers.country] },
          body,
        )
        const { slug, enabled = true } = body
        const form = { account_id: accountId, id: platform.id(), slug, settings, enabled }
        const made = await platform.transaction((tx) => insertForm(tx, form, platform.now()))
        if (!made) throw new KurzpostError('consent_slug_taken', { details: { field: 'slug' } })
        return { status: 201, body: json(made) }
      },
    },
    {
      ...one,
      method: 'GET',
      summary: 'A sign-up form',
      responses: { 200: schema.FormOut },
      async handler({ accountId, params }: Call<unknown, unknown, Params>) {
        const id = demandId('consentForm', params.id)
        return { status: 200, body: json(demand(await findForm(platform.db, accountId, id))) }
      },
    },
    {
      ...one,
      method: 'PATCH',
      summary: 'Change a sign-up form, or switch it off',
      body: schema.FormChange,
      responses: { 200: schema.FormOut },
      async handler({ accountId, params, body }: Call<Change, unknown, Params>) {
        const before = demand(await findForm(platform.db, accountId, demandId('consentForm', params.id)))
        const settings = await readSettings(accountId, before.settings, body)
        const { slug = before.slug, enabled = before.enabled } = body
        const changed = await platform.transaction((tx) =>
          updateForm(tx, { ...before, slug, enabled, settings }, platform.now()),
        )
        if (!changed) throw new KurzpostError('consent_slug_taken', { details: { field: 'slug' } })
        return { status: 200, body: json(changed) }
      },
    },
    {
      ...one,
      method: 'DELETE',
      summary: 'Take a sign-up form away',
      description: 'What people agreed to by it holds, and so does what waits for an answer.',
      responses: { 204: { description: 'Gone' } },
      async handler({ accountId, params }: Call<unknown, unknown, Params>) {
        const id = demandId('consentForm', params.id)
        if (!(await platform.transaction((tx) => deleteForm(tx, accountId, id))))
          throw new KurzpostError('not_found')
        return noContent
      },
    },
  ]
}

/** Bare ids of living topics of the account. Throws `consent_topic_unknown`. */
export async function demandTopics(
  platform: Platform,
  accountId: string,
  texts: readonly string[],
): Promise<string[]> {
  const ids = [...new Set(texts.map((text) => parseId('topic', text) ?? ''))]
  if (ids.includes('')) throw new KurzpostError('consent_topic_unknown', { details: { field: 'topics' } })
  const found = await topicsByIds(
    platform.db,
    ids.map((id) => ({ accountId, id })),
  )
  if (ids.some((id) => !found.has(accountId + id) || found.get(accountId + id)!.archived_at !== null))
    throw new KurzpostError('consent_topic_unknown', { details: { field: 'topics' } })
  return ids
}
