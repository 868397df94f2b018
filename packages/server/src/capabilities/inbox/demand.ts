import { KurzpostError } from '../../errors.ts'
import { type IdKind, parseId } from '../../ids.ts'

/** The bare UUID, or `not_found`: what is no id names nothing. */
export function demandId(kind: IdKind, text: string): string {
  const uuid = parseId(kind, text)
  if (!uuid) throw new KurzpostError('not_found')
  return uuid
}

export function demand<T>(found: T | undefined): T {
  if (found === undefined) throw new KurzpostError('not_found')
  return found
}

export function refuseField(field: string, problem: string): never {
  throw new KurzpostError('invalid_request', { details: [{ field, problem }] })
}

export function demandTime(field: string, text: string): Date {
  const at = new Date(text)
  if (Number.isNaN(at.getTime())) refuseField(field, 'must be a time that exists')
  return at
}

/** Where a page ended: the moment of the last activity and the id, for those of one moment. */
export const cursorOf = ({ last_at, id }: { last_at: Date; id: string }): string =>
  Buffer.from(`${last_at.getTime()} ${id}`).toString('base64url')

export function readCursor(text: string): { at: Date; id: string } {
  const [ms, id] = Buffer.from(text, 'base64url').toString().split(' ')
  if (!/^\d{1,15}$/.test(ms ?? '') || !/^[0-9a-f-]{36}$/.test(id ?? '')) {
    throw new KurzpostError('invalid_cursor')
  }
  return { at: new Date(Number(ms)), id: id! }
}

/** A name that is taken shows as a unique violation. */
export async function orTaken<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    if ((error as { code?: string }).code === '23505') throw new KurzpostError('name_taken')
    throw error
  }
}
