import { uuidFloor } from '../../../ids.ts'
import type { Platform } from '../../../platform.ts'
import { countErased } from '../../../store/erased.store.ts'
import { chunksAfter, erased, lockChunks, rewriteChunk } from './messages.store.ts'
import { lockErasure, noteLooked, readRunning } from './store.ts'

/** Chunks a statement; each is of up to 4,096 events. */
const page = 200
/** A transaction that began so long ago may still commit an event behind what was looked at. */
const marginMs = 10 * 60_000
const firstId = '00000000-0000-0000-0000-000000000000'

/** What is written stands in these, wherever an event names somebody; a reference may be the name that a shop has for them. */
const written: Readonly<Record<string, '' | null>> = { text: '', note: '', client_ref: null }

/** A line of a chunk without the person and what was written, when an event of the account names one of these addresses. */
export function blank(line: string, accountId: string, addresses: ReadonlySet<string>): string {
  const space = line.indexOf(' ')
  if (line.slice(space + 1, space + 37) !== accountId) return line
  const payload: unknown = JSON.parse(line.slice(space + 38))
  if (!names(payload, addresses)) return line
  return `${line.slice(0, space + 37)} ${JSON.stringify(without(payload, addresses))}`
}

const names = (value: unknown, addresses: ReadonlySet<string>): boolean =>
  typeof value === 'string'
    ? addresses.has(value)
    : typeof value === 'object' &&
      value !== null &&
      Object.values(value).some((inner) => names(inner, addresses))

function without(value: unknown, addresses: ReadonlySet<string>): unknown {
  if (typeof value === 'string') return addresses.has(value) ? erased : value
  if (Array.isArray(value)) return value.map((inner) => without(inner, addresses))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      typeof inner === 'string' && Object.hasOwn(written, name) ? written[name] : without(inner, addresses),
    ]),
  )
}

/**
 * Takes the addresses of an erasure that runs out of all events of its account, and what was written with them. Goes on where it was
 * broken off. What it reads, it reads outside of a transaction: the stream of events waits for the oldest one.
 */
export async function blankEvents(platform: Platform, accountId: string, id: string): Promise<void> {
  const erasure = await readRunning(platform.db, accountId, id)
  if (!erasure || erasure.addresses.length === 0) return
  const { addresses } = erasure
  const wanted = new Set(addresses)
  const certain = uuidFloor(new Date(platform.now().getTime() - marginMs))
  for (let after = erasure.looked ?? firstId; ; ) {
    const chunks = await chunksAfter(platform.db, accountId, after, addresses, page)
    const last = chunks.at(-1)?.id ?? after
    await platform.transaction(async (tx) => {
      if (!(await lockErasure(tx, accountId, id))) return
      const found = await lockChunks(
        tx,
        chunks.flatMap((chunk) => (chunk.named ? [chunk.id] : [])),
      )
      let changed = 0
      for (const chunk of found) {
        const lines = chunk.events.split('\n')
        const blanked = lines.map((line) => blank(line, accountId, wanted))
        const count = blanked.filter((line, at) => line !== lines[at]).length
        if (count > 0) await rewriteChunk(tx, chunk.id, blanked.join('\n'))
        changed += count
      }
      await countErased(tx, accountId, id, { events: changed }, platform.now())
      await noteLooked(tx, accountId, id, last < certain ? last : certain)
    })
    if (chunks.length < page) return
    after = last
  }
}
