import { parseId, publicId } from '../../ids.ts'
import type { Capability, Platform } from '../../platform.ts'
import { type Followed, followMessages } from './entries.store.ts'

type Follow = NonNullable<Capability['follow']>
type Hears = NonNullable<Follow['message.received']>
type Rows = Parameters<Hears>[0]
type Payload = { message_id: string; from: string; to: string; claimed_by?: string | null }

/** The moment in a UUIDv7. */
const timeOf = (uuid: string): Date => new Date(Number.parseInt(uuid.slice(0, 8) + uuid.slice(9, 13), 16))

/**
 * What is said with people whom we talk with stands in the conversation, whoever sent or took it: campaigns, programs,
 * keyword services. Soon after the commit, with what makes it findable; nobody's state changes by it.
 */
export function createFollow(platform: Platform): Follow {
  const follow =
    (direction: 'inbound' | 'outbound'): Hears =>
    async (events, tx) => {
      const rows = (events as Rows).map(({ account_id, payload }): Followed => {
        const { message_id, from, to, claimed_by } = payload as Payload
        const id = parseId('message', message_id)!
        const address = direction === 'inbound' ? from : to
        const noted = claimed_by === 'inbox'
        return { accountId: account_id, id, address, direction, what: null, at: timeOf(id), noted }
      })
      const added = await followMessages(tx, rows)
      for (const [accountId, those] of Map.groupBy(added, (row) => row.account_id)) {
        const changed = new Set(those.map(({ conversation_id }) => conversation_id))
        const payloads = [...changed].map((id) => ({
          conversation_id: publicId('conversation', id),
          by: null,
        }))
        await platform.emit(accountId, 'inbox.changed', payloads, tx)
      }
    }
  return { 'message.received': follow('inbound'), 'message.accepted': follow('outbound') }
}
