import { KurzpostError } from '../../errors.ts'
import { type IdKind, parseId, publicId } from '../../ids.ts'

/** The bare id in a public one; what is no such id is nowhere. */
export function demandId(kind: IdKind, text: string): string {
  const id = parseId(kind, text)
  if (id === undefined) throw new KurzpostError('not_found')
  return id
}

/** What was found, or `not_found`. */
export function demand<T>(found: T | undefined): T {
  if (found === undefined) throw new KurzpostError('not_found')
  return found
}

/** A cursor out of `next` of a list of such things. */
export function cursor(kind: IdKind, text: string | undefined): string | undefined {
  if (text === undefined) return undefined
  const id = parseId(kind, text)
  if (id === undefined) throw new KurzpostError('invalid_cursor')
  return id
}

/** A page of rows of which one more than `limit` was asked for. */
export function pageOf<Row extends { id: string }, Json>(
  kind: IdKind,
  rows: readonly Row[],
  limit: number,
  json: (row: Row) => Json,
): { data: Json[]; next: string | null } {
  const shown = rows.slice(0, limit)
  return {
    data: shown.map(json),
    next: rows.length > limit ? publicId(kind, shown.at(-1)!.id) : null,
  }
}
