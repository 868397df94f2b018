/** One text that reached a handset, as the log tells it. */
export interface LoggedSubmit {
  readonly n: number
  /** Id that the first part's submit_sm was answered with; `message_ids` has those of all parts, in order. */
  readonly message_id: string
  readonly message_ids: readonly string[]
  readonly to: string
  readonly from: string
  readonly text: string
  readonly segments: number
  /** When the last part came, in milliseconds since the epoch. */
  readonly at: number
}

export interface SubmitLog {
  add(entry: {
    ids: readonly string[]
    to: string
    from: string
    text: string
    segments: number
    at: number
  }): void
  /** Entries from number `since` on, oldest first, and the number to ask from next. */
  read(since: number, limit: number): { next: number; submits: LoggedSubmit[] }
  clear(): void
  readonly size: number
}

/**
 * The log lies in slabs outside the heap, one write an entry: a million entries are a hundred megabytes that the
 * garbage collector never walks.
 */
interface Slab {
  readonly first: number
  readonly bytes: Buffer
  /** Where entry `first + i` ends; it begins where the one before ends. */
  readonly ends: Uint32Array
  count: number
  used: number
}

const SLAB_BYTES = 1024 * 1024
const SLAB_ENTRIES = 8192
const MAX_ENTRIES = 1_000_000
/** A million texts of a segment or two take 250; only texts of kilobytes come up against this. */
const MAX_SLABS = 512
/** Longest text kept whole, in UTF-16 units: three octets each at most, so that an entry always fits into a slab. */
const MAX_TEXT = 300_000

export function createSubmitLog(maxEntries: number = MAX_ENTRIES, maxSlabs: number = MAX_SLABS): SubmitLog {
  let slabs: Slab[] = []
  let size = 0

  const newSlab = (first: number): Slab => {
    const slab: Slab = {
      first,
      bytes: Buffer.allocUnsafeSlow(SLAB_BYTES),
      ends: new Uint32Array(SLAB_ENTRIES),
      count: 0,
      used: 0,
    }
    slabs.push(slab)
    return slab
  }

  return {
    add({ ids, to, from, text, segments, at }) {
      const kept = text.length > MAX_TEXT ? text.slice(0, MAX_TEXT) : text
      // None of the first five can hold a NUL: they come out of NUL-terminated fields, or are ours.
      const line = `${ids.join(' ')}\0${to}\0${from}\0${segments}\0${at}\0${kept}`
      let slab = slabs.at(-1)
      // Three octets a unit is the most that UTF-8 takes; measuring first would cost as much as writing.
      if (!slab || slab.count === SLAB_ENTRIES || slab.used + line.length * 3 > SLAB_BYTES) {
        slab = newSlab(slab ? slab.first + slab.count : 0)
      }
      slab.used += slab.bytes.write(line, slab.used)
      slab.ends[slab.count] = slab.used
      slab.count += 1
      size += 1
      while ((size > maxEntries || slabs.length > maxSlabs) && slabs.length > 1) size -= slabs.shift()!.count
    },
    read(since, limit) {
      const submits: LoggedSubmit[] = []
      const last = slabs.at(-1)
      const end = last ? last.first + last.count : 0
      let next = Math.max(since, slabs[0]?.first ?? 0)
      for (const slab of slabs) {
        const until = Math.min(slab.first + slab.count, next + limit - submits.length)
        for (; next >= slab.first && next < until; next += 1) submits.push(readEntry(slab, next))
      }
      return { next: Math.min(next, end), submits }
    },
    clear() {
      slabs = []
      size = 0
    },
    get size() {
      return size
    },
  }
}

function readEntry(slab: Slab, n: number): LoggedSubmit {
  const index = n - slab.first
  const line = slab.bytes.toString('utf8', index === 0 ? 0 : slab.ends[index - 1], slab.ends[index])
  const [ids = '', to = '', from = '', segments = '', at = '', ...text] = line.split('\0')
  const message_ids = ids.split(' ')
  return {
    n,
    message_id: message_ids[0]!,
    message_ids,
    to,
    from,
    text: text.join('\0'),
    segments: Number(segments),
    at: Number(at),
  }
}
