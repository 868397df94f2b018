import { Type } from 'typebox'
import { KurzpostError } from '../../errors.ts'
import { type IdKind, parseId, publicId } from '../../ids.ts'
import { closed } from './schemas.ts'

/** What lists by id take: the newest first, in pages. */
export const pageQuery = {
  before: Type.Optional(Type.String({ maxLength: 40, description: '`next` of the page before' })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, description: '50 unless said' })),
}
export const PageQuery = Type.Object(pageQuery, closed)

const last = 'ffffffff-ffff-ffff-ffff-ffffffffffff'

/** The bounds of a page, with bare ids; throws `invalid_cursor`. */
export function boundsOf(
  kind: IdKind,
  { before, limit = 50 }: { before?: string; limit?: number },
): { before: string; limit: number } {
  const id = before === undefined ? last : parseId(kind, before)
  if (id === undefined) throw new KurzpostError('invalid_cursor')
  return { before: id, limit }
}

/** A page as its readers see it: a full one has a next. */
export const pageOf = <Row extends { id: string }, Json>(
  kind: IdKind,
  rows: readonly Row[],
  limit: number,
  json: (row: Row) => Json,
) => ({
  data: rows.map(json),
  next: rows.length === limit ? publicId(kind, rows.at(-1)!.id) : null,
})

/** The bare id, or `not_found`. */
export function demandId(kind: IdKind, text: string): string {
  const id = parseId(kind, text)
  if (id === undefined) throw new KurzpostError('not_found')
  return id
}
