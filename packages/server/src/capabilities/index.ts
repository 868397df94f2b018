import type { CapabilityFactory } from '../platform.ts'
import { createConsentCapability } from './consent/capability.ts'
import { createContacts } from './contacts/contacts.ts'
import { createInbox } from './inbox/inbox.ts'
import { createKeywords } from './keywords/keywords.ts'

/**
 * What Kurzpost can do beyond sending and receiving, in the order in which inbound messages are offered.
 * Order is meaning: consent comes before a live alert, an open transaction before a keyword, the inbox last.
 */
export const capabilityFactories: readonly { name: string; create: CapabilityFactory }[] = [
  { name: 'consent', create: createConsentCapability },
  { name: 'contacts', create: createContacts },
  { name: 'keywords', create: createKeywords },
  { name: 'inbox', create: createInbox },
]
