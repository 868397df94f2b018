import { type Static, Type } from 'typebox'
import { KurzpostError } from '../../../errors.ts'
import { publicId } from '../../../ids.ts'
import type { Platform } from '../../../platform.ts'
import { type Call, noContent, type Route } from '../../../route.ts'
import { cursor, demandId, pageOf } from '../demand.ts'
import { limits } from '../limits.ts'
import * as schema from '../schemas.ts'
import { deleteNote, insertNote, listNotes, type NoteRow } from './notes.store.ts'
import type { People } from './people.ts'

const Note = Type.Object(
  {
    id: schema.id('cnt'),
    note: Type.String(),
    author: schema.nullable(Type.String(), { description: 'Who wrote it' }),
    created_at: schema.time,
  },
  { title: 'ContactNote' },
)
const Body = Type.Object(
  { note: Type.String({ minLength: 1, maxLength: limits.noteLength }) },
  { ...schema.closed, title: 'NewContactNote' },
)
const Params = schema.idParams('con')
const NoteParams = Type.Object({ id: schema.id('con'), note: schema.id('cnt') })
const common = { tag: 'Contacts', scope: 'contacts' as const }
const path = '/v1/contacts/:id/notes'

const noteJson = ({ id, text, author, created_at }: NoteRow) => ({
  id: publicId('contactNote', id),
  note: text,
  author,
  created_at: created_at.toISOString(),
})

/** Notes on a person: for colleagues, never sent. */
export function noteRoutes(platform: Platform, people: People): Route[] {
  const { db } = platform
  return [
    {
      ...common,
      method: 'GET',
      path,
      summary: 'Notes on a person, newest first',
      params: Params,
      query: schema.Paging,
      responses: { 200: schema.page(Note) },
      async handler(call: Call<unknown, Static<typeof schema.Paging>, Static<typeof Params>>) {
        const { limit = 50, before } = call.query
        const { id } = await people.get(call.accountId, demandId('contact', call.params.id))
        const rows = await listNotes(db, call.accountId, id, cursor('contactNote', before), limit + 1)
        return { status: 200, body: pageOf('contactNote', rows, limit, noteJson) }
      },
    },
    {
      ...common,
      method: 'POST',
      path,
      summary: 'Write a note on a person',
      params: Params,
      body: Body,
      responses: { 201: Note },
      async handler({
        accountId,
        params,
        body,
        actor,
      }: Call<Static<typeof Body>, unknown, Static<typeof Params>>) {
        const { id } = await people.get(accountId, demandId('contact', params.id))
        const note = {
          id: platform.id(),
          text: body.note,
          author: actor.kind === 'nobody' ? null : actor.name,
          created_at: platform.now(),
        }
        if (!(await insertNote(db, accountId, id, note, limits.notesOfPerson)))
          throw new KurzpostError('limit_reached', { details: { most: limits.notesOfPerson } })
        return { status: 201, body: noteJson(note) }
      },
    },
    {
      ...common,
      method: 'DELETE',
      path: `${path}/:note`,
      summary: 'Delete a note',
      params: NoteParams,
      responses: { 204: { description: 'Deleted' } },
      async handler({ accountId, params }: Call<unknown, unknown, Static<typeof NoteParams>>) {
        const contact = demandId('contact', params.id)
        if (!(await deleteNote(db, accountId, contact, demandId('contactNote', params.note))))
          throw new KurzpostError('not_found')
        return noContent
      },
    },
  ]
}
