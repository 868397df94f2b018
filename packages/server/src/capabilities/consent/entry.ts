/** The words of the ledger. */

/** What an entry says. `requested` and `lapsed` (a double opt-in that began, that nobody answered) change nothing that holds. */
export const acts = ['requested', 'granted', 'withdrawn', 'restored', 'lapsed', 'erased'] as const
export type Act = (typeof acts)[number]

/** By which way it came. */
export const hows = [
  'web_form',
  'sms_double_opt_in',
  'sms_keyword',
  'import',
  'agent',
  'api',
  'carrier',
  'erasure',
  'expiry',
] as const
export type How = (typeof hows)[number]

/** A withdrawal in the person's own words, which their START takes back. */
export const ownWords: readonly How[] = ['sms_keyword', 'carrier']

/** What it is about: a topic; else a sender; else, both null, all that the account sends. */
export interface Scope {
  /** Bare UUID. */
  topic: string | null
  sender: string | null
}

/** What names or describes a person: kept beside the chain, and gone with an erasure. Unknown keys are kept as they are. */
export interface Details {
  /** Verbatim, as the person saw it. */
  text_shown?: string
  /** What the person wrote or answered, verbatim. */
  text_received?: string
  /** Which word of it counted. */
  word?: string
  /** IP address, or where an import had it from. */
  source_address?: string
  user_agent?: string
  /** Why, in the words of whoever did it. */
  note?: string
  /** Name of the user or key. */
  actor_name?: string
  language?: string
}

export interface NewEntry extends Scope {
  /** Bare UUID. */
  accountId: string
  /** In E.164. */
  number: string
  act: Act
  how: How
  /** When it was said, where that was earlier than the moment of writing: an import. Stands in `details.said_at`. */
  saidAt?: Date
  /** Our address at which the word came. */
  via?: string | null
  /** Public id of the key or user; null: the person, or the house. */
  actor?: string | null
  /** Bare UUIDs. */
  messageIds?: readonly string[]
  details?: Details
}

/** An entry as the chain has it. */
export interface Entry extends Scope {
  accountId: string
  seq: number
  /** Bare UUIDv7. */
  id: string
  at: Date
  numberKey: Buffer
  act: Act
  how: How
  via: string | null
  actor: string | null
  messageIds: readonly string[]
  detailsHash: Buffer | null
  prevHash: Buffer
  hash: Buffer
}

/** What an entry says of a person. */
export interface Personal {
  number: string
  details: Readonly<Record<string, unknown>>
  salt: Buffer
}
