import { parseId } from '../../ids.ts'
import type { Capability } from '../../platform.ts'
import type { Register } from './register.ts'

interface OptedOut {
  number: string
  message_ids: string[]
  by: string | null
  by_name: string
}

/** What agents read out of conversations: whoever wants nothing any more gets nothing of the account. */
export function hearInbox(register: Register): NonNullable<Capability['on']> {
  return {
    async 'inbox.opted_out'(events, tx) {
      await register.record(
        tx,
        events.map(({ account_id: accountId, payload }) => {
          const { number, message_ids, by, by_name } = payload as OptedOut
          return {
            ...{
              accountId,
              number,
              act: 'withdrawn' as const,
              how: 'agent' as const,
              topic: null,
              sender: null,
            },
            ...{ actor: by, messageIds: message_ids.flatMap((id) => parseId('message', id) ?? []) },
            details: { actor_name: by_name },
          }
        }),
      )
    },
  }
}
