import { type Static, Type } from 'typebox'
import { KurzpostError } from '../../../errors.ts'
import { publicId } from '../../../ids.ts'
import type { Platform } from '../../../platform.ts'
import type { Call, Route } from '../../../route.ts'
import { demandId } from '../demand.ts'
import { limits } from '../limits.ts'
import type { People } from '../people/people.ts'
import { contactJson } from '../people/person-json.ts'
import { readContacts } from '../people/read.store.ts'
import { lockPeople } from '../people/write.store.ts'
import * as schema from '../schemas.ts'
import { ask } from '../segments/segments.ts'
import {
  insertMerge,
  lockMerge,
  type MergeRow,
  readMerges,
  readSnapshot,
  type Snapshot,
  suggestMerges,
  takeIn,
  undoMerge,
} from './store.ts'

const Body = Type.Object(
  { others: Type.Array(schema.id('con'), { minItems: 1, maxItems: limits.mergedAtOnce, uniqueItems: true }) },
  { ...schema.closed, title: 'ContactMergeWish' },
)
const Merge = Type.Object(
  {
    id: schema.id('mrg'),
    contact: schema.id('con'),
    name: schema.nullable(Type.String()),
    merged_at: schema.time,
  },
  { title: 'ContactMerge' },
)
const Duplicates = Type.Object({
  data: Type.Array(
    Type.Object({
      by: Type.String({ description: 'What they share: name, external_id or address' }),
      value: Type.String(),
      contacts: Type.Array(schema.Contact),
    }),
  ),
})
const Params = schema.idParams('con')
const common = { tag: 'Contacts', scope: 'contacts' as const }
const suggested = 50

const mergeJson = ({ id, merged_id, undo, merged_at }: MergeRow) => ({
  id: publicId('merge', id),
  contact: publicId('contact', merged_id),
  name: undo.merged.contact.name,
  merged_at: merged_at.toISOString(),
})

/** Two who are one: found, made one, and parted again if they were two. */
export function mergeRoutes(platform: Platform, people: People): Route[] {
  const { db } = platform
  return [
    {
      ...common,
      method: 'GET',
      path: '/v1/contact-duplicates',
      summary: 'People who may be one',
      description: 'By the same name, external id (but for case, signs and zeros in front) or address.',
      responses: { 200: Duplicates },
      async handler({ accountId }: Call) {
        const found = await ask(platform, (tx) => suggestMerges(tx, accountId, suggested))
        const rows = await readContacts(db, accountId, [...new Set(found.flatMap(({ ids }) => ids))])
        const byId = new Map(rows.map((row) => [row.id, row]))
        const data = found.map(({ by, value, ids }) => ({
          by,
          value,
          contacts: ids.flatMap((id) => (byId.has(id) ? [contactJson(byId.get(id)!)] : [])),
        }))
        return { status: 200, body: { data: data.filter(({ contacts }) => contacts.length > 1) } }
      },
    },
    {
      ...common,
      method: 'POST',
      path: '/v1/contacts/:id/merge',
      summary: 'Take others in',
      description:
        'The person gets their addresses, lists, notes and tags, and whatever was not known of them. The others are gone; ' +
        'it can be undone.',
      params: Params,
      body: Body,
      responses: { 200: schema.Contact },
      async handler({ accountId, params, body }: Call<Static<typeof Body>, unknown, Static<typeof Params>>) {
        const kept = demandId('contact', params.id)
        const others = body.others.map((id) => demandId('contact', id))
        if (others.includes(kept))
          throw new KurzpostError('invalid_request', {
            details: [{ field: 'others', problem: 'must not name the person themselves' }],
          })
        await platform.transaction(async (tx) => {
          const locked = await lockPeople(tx, accountId, [kept, ...others])
          if (locked.length !== others.length + 1) throw new KurzpostError('not_found')
          const now = platform.now()
          for (const merged of others) {
            const undo = (await readSnapshot(tx, accountId, merged)) as Snapshot
            const before = (await readSnapshot(tx, accountId, kept)) as Snapshot
            await insertMerge(tx, accountId, { id: platform.id(), kept, merged, undo, before }, now)
            await takeIn(tx, accountId, kept, merged, undo, now)
          }
        })
        return { status: 200, body: contactJson(await people.get(accountId, kept)) }
      },
    },
    {
      ...common,
      method: 'GET',
      path: '/v1/contacts/:id/merges',
      summary: 'Whom a person has taken in',
      params: Params,
      responses: { 200: Type.Object({ data: Type.Array(Merge) }) },
      async handler({ accountId, params }: Call<unknown, unknown, Static<typeof Params>>) {
        const { id } = await people.get(accountId, demandId('contact', params.id))
        return { status: 200, body: { data: (await readMerges(db, accountId, id)).map(mergeJson) } }
      },
    },
    {
      ...common,
      method: 'POST',
      path: '/v1/contact-merges/:id/undo',
      summary: 'Part two again',
      description: 'Both are as they were; the last merge of a person has to be undone first.',
      params: schema.idParams('mrg'),
      responses: { 200: schema.Contact },
      async handler({ accountId, params }: Call<unknown, unknown, Static<typeof Params>>) {
        const id = demandId('merge', params.id)
        let external_id: unknown
        const parting = platform.transaction(async (tx) => {
          const row = await lockMerge(tx, accountId, id)
          if (!row || row.undone_at) throw new KurzpostError('not_found')
          if ((await lockPeople(tx, accountId, [row.kept_id])).length === 0)
            throw new KurzpostError('not_found')
          const later = (await readMerges(tx, accountId, row.kept_id)).filter((other) => other.id > row.id)
          if (later.length > 0)
            throw new KurzpostError('merge_not_last', {
              details: { first: publicId('merge', later.at(-1)!.id) },
            })
          external_id = row.undo.merged.contact.external_id
          await undoMerge(tx, accountId, row, platform.now())
          return row.merged_id
        })
        const merged = await parting.catch((error: { code?: string }) => {
          // Somebody has been given the name since by which the other system calls them.
          throw error.code === '23505'
            ? new KurzpostError('contact_external_id_taken', { details: { external_id } })
            : error
        })
        return { status: 200, body: contactJson(await people.get(accountId, merged)) }
      },
    },
  ]
}
