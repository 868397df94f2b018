import type { Entry } from '../session/window.ts'

interface Group {
  readonly entries: Set<Entry>
  onAbort(): void
}

/**
 * Which requests hang on which AbortSignal, with one listener a signal: adding one looks through all that the signal
 * has, and a program that shuts down by one signal has thousands of requests on it (10,000 submits: 480 ms instead
 * of 20). `abort` is called once with all of them.
 */
export function createAborts(abort: (entries: readonly Entry[]) => void) {
  const groups = new Map<AbortSignal, Group>()

  function groupOf(signal: AbortSignal): Group {
    const known = groups.get(signal)
    if (known !== undefined) return known
    const group: Group = { entries: new Set(), onAbort: () => abort([...group.entries]) }
    groups.set(signal, group)
    signal.addEventListener('abort', group.onAbort, { once: true })
    return group
  }

  return {
    add: (signal: AbortSignal, entry: Entry): void => void groupOf(signal).entries.add(entry),
    /** The request is settled; the last one of a signal takes the listener with it. */
    remove(signal: AbortSignal, entry: Entry): void {
      const group = groups.get(signal)
      if (group === undefined) return
      group.entries.delete(entry)
      if (group.entries.size > 0) return
      groups.delete(signal)
      signal.removeEventListener('abort', group.onAbort)
    },
  }
}
