import { KurzpostError } from '../../../errors.ts'
import { type IdKind, parseId } from '../../../ids.ts'
import { normalizeRecipient, normalizeSender } from '../../../message/address.ts'
import type { Platform } from '../../../platform.ts'

export const invalid = (field: string, problem: string) =>
  new KurzpostError('invalid_request', { details: [{ field, problem }] })

export function demandId(kind: IdKind, text: string): string {
  const id = parseId(kind, text)
  if (id === undefined) throw new KurzpostError('not_found')
  return id
}

export function demand<T>(found: T | undefined): T {
  if (found === undefined) throw new KurzpostError('not_found')
  return found
}

/** A number as it stands in the ledger. A plus sign that nobody escaped arrives as a space. */
export function readNumber(platform: Platform, text: string, field = 'number'): string {
  const number = normalizeRecipient(text.replace(/^ (?=\d)/, '+'), { ...platform.numbers, lenient: true })
  if (number === undefined) throw invalid(field, 'must be a phone number, best in international format')
  return number
}

export function readSender(platform: Platform, text: string, field = 'sender'): string {
  const sender = normalizeSender(text.replace(/^ (?=\d)/, '+'), platform.numbers.country)
  if (sender === undefined)
    throw invalid(field, 'must be a number, a short code, or a name of at most 11 characters')
  return sender
}

/** Places in the ledger are cursors: they only rise. */
export function readPlace(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const place = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN
  if (!Number.isSafeInteger(place)) throw new KurzpostError('invalid_cursor')
  return place
}
