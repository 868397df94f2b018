import type { Talk } from '../api/inbox.ts'

/**
 * A list that does not jump: rows stay where a reader has seen them and change in place; what is new is counted, and
 * shown when they ask. Pure: what is shown and what the server says go in.
 */
export interface Shown {
  /** In the order on screen. */
  ids: readonly string[]
  rows: ReadonlyMap<string, Talk>
}

export const nothing: Shown = { ids: [], rows: new Map() }

/** As the server has it. */
export function freshly(talks: readonly Talk[]): Shown {
  return { ids: talks.map(({ id }) => id), rows: new Map(talks.map((talk) => [talk.id, talk])) }
}

/** Rows learn what is new about them; nothing moves, nothing comes, nothing goes. */
export function patched({ ids, rows }: Shown, talks: readonly Talk[]): Shown {
  const next = new Map(rows)
  for (const talk of talks) if (next.has(talk.id)) next.set(talk.id, talk)
  return { ids, rows: next }
}

/** Earlier ones below. */
export function extended({ ids, rows }: Shown, talks: readonly Talk[]): Shown {
  const more = talks.filter(({ id }) => !rows.has(id))
  return {
    ids: [...ids, ...more.map(({ id }) => id)],
    rows: new Map([...rows, ...talks.map((talk) => [talk.id, talk] as const)]),
  }
}

export const without = ({ ids, rows }: Shown, id: string): Shown => ({
  ids: ids.filter((each) => each !== id),
  rows,
})

/** How many the server has in this view that are not on screen. */
export const countNew = ({ ids }: Shown, talks: readonly Talk[]): number => {
  const shown = new Set(ids)
  return talks.filter(({ id }) => !shown.has(id)).length
}

/**
 * Rows on screen that the view no longer holds: somebody else has closed or moved them. Only as far down as the page
 * of the server reaches: of what lies below nobody knows.
 */
export function goneFrom({ ids, rows }: Shown, talks: readonly Talk[], whole: boolean): ReadonlySet<string> {
  const there = new Set(talks.map(({ id }) => id))
  const reach = whole ? '' : (talks.at(-1)?.last_at ?? '')
  return new Set(ids.filter((id) => !there.has(id) && rows.get(id)!.last_at >= reach))
}

/** The one before or after; the first or the last where nothing is chosen. */
export function neighbour(
  ids: readonly string[],
  from: string | undefined,
  step: 1 | -1,
): string | undefined {
  const at = from === undefined ? -1 : ids.indexOf(from)
  if (at < 0) return step === 1 ? ids[0] : ids.at(-1)
  return ids[at + step]
}
