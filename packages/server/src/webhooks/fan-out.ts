import { wants } from '../events.ts'
import { eventsOf, type Place } from '../outbox/chunk.ts'
import { bodyOf, type Claimed, type Listening, type Unread } from './delivery.store.ts'

/**
 * One delivery an event and endpoint that wants it, until there are `enough`; those of one event are never parted.
 * `to` is the place up to which everything is among them.
 */
export function fanOut(
  unread: Unread,
  endpoints: readonly Listening[],
  enough: number,
): { deliveries: Claimed[]; to: Place; full: boolean } {
  const byAccount = Map.groupBy(endpoints, (endpoint) => endpoint.account_id)
  const deliveries: Claimed[] = []
  for (const chunk of unread.chunks) {
    const events = eventsOf(
      chunk,
      unread.cursor,
      (name, account) =>
        name !== 'webhook.test' &&
        (byAccount.get(account)?.some(({ events }) => wants(events, name)) ?? false),
    )
    for (const event of events) {
      const body = bodyOf(event)
      for (const { events, ...endpoint } of byAccount.get(event.account_id)!) {
        if (!wants(events, event.name)) continue
        deliveries.push({ ...endpoint, event_id: event.id, attempt: 1, body })
      }
      if (deliveries.length >= enough) return { deliveries, to: event, full: true }
    }
  }
  const last = unread.chunks.at(-1)
  if (!unread.full || !last) return { deliveries, to: unread.horizon, full: false }
  return { deliveries, to: { xid: last.xid, seq: last.seq + last.count - 1 }, full: true }
}
