import type { EventPayload } from '../../events.ts'
import { parseId } from '../../ids.ts'
import type { Capability, Platform } from '../../platform.ts'
import { countErased } from '../../store/erased.store.ts'
import { actRoutes } from './act-routes.ts'
import { begin } from './begin.ts'
import { cannedRoutes } from './canned-routes.ts'
import { conversationsWith, eraseConversations } from './erase.store.ts'
import { createFollow } from './follow.ts'
import { type AskRating, askRating, createRate } from './rate.ts'
import { readRoutes } from './read-routes.ts'
import { createReceive } from './receive.ts'
import { settingsRoutes } from './settings-routes.ts'
import { teamRoutes } from './team-routes.ts'
import { ringDue, tick, tidy, wake } from './tick.ts'

interface Wanted {
  channel: string
  address: string
  sender: string | null
  from: string
  team_id: string | null
  note: string | null
  flag?: string
}

/** Conversations: what nobody else takes, people read and answer. */
export function createInbox(platform: Platform): Capability {
  return {
    name: 'inbox',
    routes: [
      ...readRoutes(platform),
      ...actRoutes(platform),
      ...teamRoutes(platform),
      ...cannedRoutes(platform),
      ...settingsRoutes(platform),
    ],
    claims: { transaction: createRate(platform), inbox: createReceive(platform) },
    jobs: {
      ask_rating: (payload) => askRating(platform, payload as AskRating),
      wake: () => wake(platform),
      ring: () => ringDue(platform),
    },
    crons: [
      { name: 'tick', match: '* * * * *', run: () => tick(platform) },
      { name: 'tidy', match: '17 3 * * *', run: () => tidy(platform) },
    ],
    on: {
      /** Their addresses can still be read, for this is the transaction of the erasure. */
      async 'contact.erased'(events, tx) {
        for (const { account_id: accountId, payload } of events) {
          const { contact_id, erasure_id } = payload as EventPayload<'contact.erased'>
          const [contact, erasure] = [parseId('contact', contact_id)!, parseId('erasure', erasure_id)!]
          const theirs = await conversationsWith(tx, accountId, contact)
          const conversations = await eraseConversations(tx, accountId, theirs)
          await countErased(tx, accountId, erasure, { conversations }, platform.now())
        }
      },
      async 'inbox.wanted'(events, tx) {
        for (const { account_id: accountId, payload } of events) {
          const { team_id, ...wanted } = payload as Wanted
          const teamId = team_id === null ? null : (parseId('team', team_id) ?? null)
          await begin(platform, tx, { ...wanted, accountId, teamId, by: null })
        }
      },
    },
    follow: createFollow(platform),
  }
}
