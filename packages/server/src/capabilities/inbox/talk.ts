import type { Incoming } from '../../inbound/incoming.ts'
import type { Capability } from '../../platform.ts'
import type { Found } from './people.store.ts'
import type { Received } from './receive.store.ts'
import type { House } from './settings.store.ts'

export type Claim = NonNullable<NonNullable<Capability['claims']>['inbox']>

/** The messages of one person in this batch, who they are, and their conversation after it. */
export interface Talk {
  accountId: string
  person: string
  found: Found
  messages: Incoming[]
  received: Received
  house: House
  /** New, or closed before. */
  opened: boolean
}
