import { parseId, publicId } from '../../ids.ts'
import type { Platform } from '../../platform.ts'
import type { Tx } from '../../store/db.ts'
import { render } from './canned.ts'
import { insertEntries } from './entries.store.ts'
import { closedUntil } from './hours.ts'
import { noteAway } from './receive.store.ts'
import { isRobot, mostInADay } from './robots.ts'
import { textFor } from './settings.store.ts'
import type { Talk } from './talk.ts'

/** Says that nobody is there, once in each closed time, to people and not to machines. */
export async function sayAway(platform: Platform, talks: readonly Talk[], tx: Tx): Promise<void> {
  const told = talks.flatMap((talk) => {
    const { messages, received, house, found } = talk
    const last = messages.at(-1)!
    if (!house.away || !house.hours) return []
    const until = closedUntil(house.hours, last.at)
    if (!until || received.away_for?.getTime() === until.getTime()) return []
    const day = last.at.toISOString().slice(0, 10)
    if (received.away_day === day && received.away_count >= mostInADay) return []
    const opens = sayWhen(until, found.language, house.hours.time_zone)
    const { text } = render(textFor(house.away, found.language), { ...house.fields, opens })
    if (isRobot({ from: last.from, text: last.text, answer: text })) return []
    return [
      { talk, until, day, draft: { to: last.from, from: last.to, text, lane: 'conversation' as const } },
    ]
  })
  for (const [accountId, those] of Map.groupBy(told, ({ talk }) => talk.accountId)) {
    const results = await platform.send(
      accountId,
      those.map(({ draft }) => draft),
      tx,
    )
    const out = those.flatMap((one, n) => {
      const result = results[n]!
      return result.ok ? [{ ...one, id: result.id }] : []
    })
    await noteAway(
      tx,
      out.map(({ talk, until, day }) => ({ accountId, id: talk.received.id, until, day })),
    )
    await insertEntries(
      tx,
      out.map(({ talk, id }) => ({
        ...{ accountId, id: parseId('message', id)!, conversationId: talk.received.id, at: platform.now() },
        ...{ kind: 'message' as const, direction: 'outbound' as const, what: 'away' },
      })),
    )
    const payloads = out.map(({ talk, id }) => ({
      conversation_id: publicId('conversation', talk.received.id),
      message_id: id,
      state: 'open',
      by: null,
      automatic: true,
    }))
    if (payloads.length > 0) await platform.emit(accountId, 'inbox.replied', payloads, tx)
  }
}

/** `Monday 09:00`, in the person's language and the office's time. Empty when nobody ever comes back. */
function sayWhen(at: Date, language: string | null, zone: string): string {
  if (at.getUTCFullYear() > 9000) return ''
  const options = { weekday: 'long', hour: '2-digit', minute: '2-digit', timeZone: zone } as const
  try {
    return new Intl.DateTimeFormat(language ?? 'en', options).format(at)
  } catch {
    return new Intl.DateTimeFormat('en', options).format(at)
  }
}
