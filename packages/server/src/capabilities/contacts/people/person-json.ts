import { publicId } from '../../../ids.ts'
import type { ContactRow } from './read.store.ts'

/** PostgreSQL's own spelling of a moment inside JSON, as the API spells it. */
const iso = (text: string | null): string | null => (text === null ? null : new Date(text).toISOString())

export function contactJson(row: ContactRow) {
  const { id, addresses, created_at, updated_at, ...rest } = row
  return {
    id: publicId('contact', id),
    ...rest,
    addresses: addresses.map(({ delivered_at, replied_at, clicked_at, ...address }) => ({
      ...address,
      delivered_at: iso(delivered_at),
      replied_at: iso(replied_at),
      clicked_at: iso(clicked_at),
    })),
    created_at: created_at.toISOString(),
    updated_at: updated_at.toISOString(),
  }
}
