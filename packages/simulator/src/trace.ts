import type { Settings } from './settings/settings.ts'

/** One decision: what, and when by the simulator's own clock, in milliseconds since it started or was emptied. */
export interface Traced {
  readonly n: number
  readonly at: number
  readonly what: TraceKind
  readonly [detail: string]: string | number | boolean
}
export type TraceKind =
  | 'bind'
  | 'submit'
  | 'receipt'
  | 'operation'
  | 'fault'
  | 'cut'
  | 'silence'
  | 'unbind'
  | 'inbound'

type Detail = Readonly<Record<string, string | number | boolean>> & { n?: never; at?: never; what?: never }

/** The log of what was decided, for those who set the trace: the same seed and input give the same log again. */
export interface Trace {
  /** Callers on hot paths ask this first, so that a log that nobody keeps costs nothing. */
  readonly on: boolean
  add(what: TraceKind, detail: Detail): void
  /** Entries from number `since` on, oldest first, and the number to ask from next. */
  read(since: number, limit: number): { next: number; trace: Traced[] }
  clear(): void
}

const MAX_ENTRIES = 100_000

export function createTrace(settings: Settings, now: () => number): Trace {
  let entries: Traced[] = []
  let first = 0
  let startedAt = now()

  return {
    get on() {
      return settings.trace
    },
    add(what, detail) {
      if (!settings.trace) return
      // Microseconds tell the order in which things were due; more digits are noise of the floating point.
      const at = Math.round((now() - startedAt) * 1000) / 1000
      entries.push({ n: first + entries.length, at, what, ...detail })
      if (entries.length < MAX_ENTRIES * 2) return
      entries = entries.slice(MAX_ENTRIES)
      first += MAX_ENTRIES
    },
    read(since, limit) {
      const from = Math.max(0, since - first)
      const trace = entries.slice(from, from + limit)
      return { next: trace.length > 0 ? trace.at(-1)!.n + 1 : Math.min(since, first + entries.length), trace }
    },
    clear() {
      entries = []
      first = 0
      startedAt = now()
    },
  }
}
