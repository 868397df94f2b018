import { useSyncExternalStore } from 'react'
import { type DraftBody, type Lane, lanes } from '../api/types.ts'
import { bareNumber } from '../format/phone.ts'
import type { EncodingWish } from './measure.ts'

/** What stands in the composer. It outlives a visit to another page, a reload and a failed send. */
export interface Draft {
  to: string
  text: string
  from: string
  lane: Lane
  /** As `datetime-local` gives it, in the reader's time zone; empty for now. */
  sendAt: string
  encoding: EncodingWish
}

/** A number from the range that the German regulator keeps free for films and examples (0170 is the sandbox's own). */
const exampleNumber = '+49 170 0000001'
const storageKey = 'kurzpost-draft'
const fresh: Draft = {
  to: exampleNumber,
  text: '',
  from: '',
  lane: 'transactional',
  sendAt: '',
  encoding: 'auto',
}

const listeners = new Set<() => void>()
let draft = restore()

function restore(): Draft {
  try {
    const kept = JSON.parse(sessionStorage.getItem(storageKey) ?? '{}')
    const merged = { ...fresh, ...kept }
    return lanes.includes(merged.lane) ? merged : fresh
  } catch {
    return fresh
  }
}

export function changeDraft(change: Partial<Draft>) {
  draft = { ...draft, ...change }
  sessionStorage.setItem(storageKey, JSON.stringify(draft))
  for (const listener of listeners) listener()
}

export const useDraft = (): Draft =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => draft,
  )

/** The request body: what is at its default is left out. */
export function draftBody({ to, text, from, lane, sendAt, encoding }: Draft): DraftBody {
  const at = new Date(sendAt)
  return {
    to: bareNumber(to),
    text,
    ...(from.trim() ? { from: from.trim() } : {}),
    ...(lane === 'transactional' ? {} : { lane }),
    ...(Number.isNaN(at.getTime()) ? {} : { send_at: at.toISOString() }),
    ...(encoding === 'auto' ? {} : { encoding }),
  }
}
