/** Entries above the newest ones, which the server gives with the conversation; they have been asked for page by page. */
export interface Earlier<E> {
  entries: readonly E[]
  next: string | undefined
}

/**
 * The newest ones are so many, so what comes pushes the oldest of them out: those stand among the earlier ones then. Where
 * too much came at once nobody knows what lies between, and the earlier ones are asked for anew.
 */
export function carriedOn<E extends { id: string }>(
  earlier: Earlier<E>,
  before: readonly E[],
  now: readonly E[],
): Earlier<E> | undefined {
  const at = before.findIndex(({ id }) => id === now[0]?.id)
  if (at < 0) return undefined
  return at === 0 ? earlier : { ...earlier, entries: [...earlier.entries, ...before.slice(0, at)] }
}
