import type { Charset } from '@kurzpost/gsm'
import type { Concat, ReadSegment } from './read.ts'

/** A text that is whole: all its parts are there, in order. */
export interface WholeText {
  readonly text: string
  readonly encoding: Charset
  readonly segments: number
  /** Ids that the SMSC gave its submit_sm, in the order of the parts. */
  readonly ids: readonly string[]
}

interface Part {
  readonly text: string
  readonly encoding: Charset
  readonly id: string
}

interface Group {
  readonly parts: (Part | undefined)[]
  missing: number
}

/** Counters of what came to nothing; the simulator's stats are such an object. */
interface AssemblyCounts {
  duplicate_parts: number
  incomplete_dropped: number
}

/** Long texts that may be incomplete at a time; beyond that the oldest is given up. */
const MAX_OPEN = 10_000

/** Puts parts together by (from, to, reference, total), in any order and over any bind. */
export interface Assembly {
  /** Returns the text once it is whole, and nothing while parts are missing. */
  add(from: string, to: string, segment: ReadSegment, id: string): WholeText | undefined
  clear(): void
  /** Texts with parts missing. */
  readonly open: number
}

export function createAssembly(counts: AssemblyCounts, maxOpen: number = MAX_OPEN): Assembly {
  const groups = new Map<string, Group>()

  const openGroup = (key: string, total: number): Group => {
    if (groups.size >= maxOpen) {
      const [oldest] = groups.keys()
      if (oldest !== undefined) groups.delete(oldest)
      counts.incomplete_dropped += 1
    }
    const group: Group = { parts: new Array<Part | undefined>(total).fill(undefined), missing: total }
    groups.set(key, group)
    return group
  }

  const addPart = (key: string, concat: Concat, part: Part): Group => {
    let group = groups.get(key) ?? openGroup(key, concat.total)
    const known = group.parts[concat.part - 1]
    if (known?.text === part.text) {
      counts.duplicate_parts += 1
      return group
    }
    if (known) {
      // An 8-bit reference comes round after 256 texts: another text under it means the old one will never be whole.
      groups.delete(key)
      counts.incomplete_dropped += 1
      group = openGroup(key, concat.total)
    }
    group.parts[concat.part - 1] = part
    group.missing -= 1
    return group
  }

  return {
    add(from, to, { text, encoding, concat }, id) {
      if (!concat) return { text, encoding, segments: 1, ids: [id] }
      const key = `${from}\0${to}\0${concat.reference}\0${concat.total}`
      const group = addPart(key, concat, { text, encoding, id })
      if (group.missing > 0) return undefined
      groups.delete(key)
      const parts = group.parts.filter((part) => part !== undefined)
      return {
        text: parts.map((part) => part.text).join(''),
        // One part in UCS-2 makes the text one that needs it.
        encoding: (parts.find((part) => part.encoding !== 'gsm7') ?? parts[0]!).encoding,
        segments: concat.total,
        ids: parts.map((part) => part.id),
      }
    },
    clear() {
      groups.clear()
    },
    get open() {
      return groups.size
    },
  }
}
