import type { EventName } from '../events.ts'
import { publicId } from '../ids.ts'
import type { EventRow } from '../outbox/chunk.ts'
import { isFinal, type State } from './state.ts'
import type { Moved } from './store.ts'

/** States that are told to the world. `on_wire` lasts milliseconds and has no event. */
export const eventOf: Partial<Record<State, EventName>> = {
  queued: 'message.queued',
  submitted: 'message.submitted',
  uncertain: 'message.uncertain',
  delivered: 'message.delivered',
  undelivered: 'message.undelivered',
  expired: 'message.expired',
  rejected: 'message.rejected',
  cancelled: 'message.cancelled',
}

/** The events of moves that happened, one a message. */
export function movedEvents(moved: readonly Moved[]): EventRow[] {
  return moved.flatMap((row) => {
    const name = eventOf[row.state]
    return name ? [{ account_id: row.account_id, name, payload: messagePayload(row) }] : []
  })
}

/** The payload that all outbound events share; failures add the error. */
export function messagePayload(row: Omit<Moved, 'was' | 'account_id'>): object {
  const failed = isFinal(row.state) && row.error_code !== null
  return {
    message_id: publicId('message', row.id),
    to: row.recipient,
    from: row.sender,
    lane: row.lane,
    state: row.state,
    client_ref: row.client_ref,
    segments: row.segments,
    possible_duplicate: row.possible_duplicate,
    ...(failed ? { error: { code: row.error_code, carrier_code: row.carrier_code } } : {}),
  }
}
