interface Group<T> {
  readonly waiting: Set<T>
  onAbort(): void
}

/**
 * Which requests hang on which AbortSignal, with one listener a signal: adding one looks through all that the signal
 * has, and a program that shuts down by one signal has thousands of requests on it (10,000 submits: 480 ms instead
 * of 20). `abort` is called once with all of them.
 */
export function createAborts<T>(abort: (waiting: readonly T[]) => void) {
  const groups = new Map<AbortSignal, Group<T>>()

  function groupOf(signal: AbortSignal): Group<T> {
    const known = groups.get(signal)
    if (known !== undefined) return known
    const group: Group<T> = { waiting: new Set(), onAbort: () => abort([...group.waiting]) }
    groups.set(signal, group)
    signal.addEventListener('abort', group.onAbort, { once: true })
    return group
  }

  return {
    add: (signal: AbortSignal, one: T): void => void groupOf(signal).waiting.add(one),
    /** The request is settled; the last one of a signal takes the listener with it. */
    remove(signal: AbortSignal, one: T): void {
      const group = groups.get(signal)
      if (group === undefined) return
      group.waiting.delete(one)
      if (group.waiting.size > 0) return
      groups.delete(signal)
      signal.removeEventListener('abort', group.onAbort)
    },
  }
}
