import { publicId, uuidFloor } from '../../../ids.ts'
import type { Platform } from '../../../platform.ts'
import { chunksNaming, type Emptied, erased, rewriteChunk } from './messages.store.ts'

/** Events of a message come between its birth and its end, and not much later. */
const marginMs = 10 * 60_000
const page = 200

/** Spans of time in which messages lived, joined where they overlap. */
export function spansOf(messages: readonly Emptied[]): { from: Date; until: Date; messages: Emptied[] }[] {
  const spans: { from: Date; until: Date; messages: Emptied[] }[] = []
  const sorted = [...messages].sort((a, b) => a.created_at.getTime() - b.created_at.getTime())
  for (const message of sorted) {
    const from = new Date(message.created_at.getTime() - marginMs)
    const until = new Date(message.final_at.getTime() + marginMs)
    const last = spans.at(-1)
    if (last && from <= last.until) {
      last.messages.push(message)
      if (until > last.until) last.until = until
    } else spans.push({ from, until, messages: [message] })
  }
  return spans
}

/** A line of a chunk without number and text, when it is about one of these messages of the account. */
export function blank(line: string, accountId: string, messages: ReadonlySet<string>): string {
  const space = line.indexOf(' ')
  if (line.slice(space + 1, space + 37) !== accountId) return line
  const name = line.slice(0, space)
  const payload = JSON.parse(line.slice(space + 38)) as Record<string, unknown>
  if (!messages.has(String(payload.message_id))) return line
  const side = name === 'message.received' ? 'from' : 'to'
  const rest = { ...payload, [side]: erased, ...('text' in payload && { text: '' }) }
  return `${name} ${accountId} ${JSON.stringify(rest)}`
}

/** Takes number and text out of the events of messages. Returns how many events were changed. */
export async function blankEvents(
  platform: Platform,
  accountId: string,
  messages: readonly Emptied[],
): Promise<number> {
  let changed = 0
  for (const span of spansOf(messages)) {
    const ids = span.messages.map(({ id }) => publicId('message', id))
    const wanted = new Set(ids)
    const before = uuidFloor(span.until)
    for (let after = uuidFloor(span.from); ; ) {
      const seen = await platform.transaction(async (tx) => {
        const chunks = await chunksNaming(tx, accountId, { after, before }, ids, page)
        for (const { id, events } of chunks) {
          const lines = events.split('\n')
          const blanked = lines.map((line) => blank(line, accountId, wanted))
          const count = blanked.filter((line, at) => line !== lines[at]).length
          if (count > 0) await rewriteChunk(tx, id, blanked.join('\n'))
          changed += count
        }
        return chunks
      })
      if (seen.length < page) break
      after = seen.at(-1)!.id
    }
  }
  return changed
}
