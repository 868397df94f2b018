import type { Capability, Platform } from '../../../platform.ts'
import { noteActivity } from './activity.store.ts'

/** Events that say something about an address: which, and where in the payload it stands. */
const heard = {
  'message.delivered': ['delivered', 'to'],
  'message.received': ['replied', 'from'],
} as const

type Follow = NonNullable<Capability['follow']>
type Listener = NonNullable<Follow['message.received']>

/** Behaviour of people, followed after the commit: nothing that sends or receives waits for it. */
export function followActivity(platform: Pick<Platform, 'now'>): Follow {
  return Object.fromEntries(
    Object.entries(heard).map(([event, [activity, field]]): [string, Listener] => [
      event,
      (rows, tx) =>
        noteActivity(
          tx,
          activity,
          rows.map(({ account_id, payload }) => ({
            accountId: account_id,
            number: (payload as Record<string, string>)[field] ?? '',
          })),
          platform.now(),
        ),
    ]),
  )
}
