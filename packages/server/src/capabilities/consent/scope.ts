import type { How, Scope } from './entry.ts'

/** What was said last of one scope, and holds since the entry `seq`. */
export interface Held extends Scope {
  granted: boolean | null
  at: Date
  seq: number
  /** Bare UUID of the entry. */
  entryId: string
  how: How
  via: string | null
}

/** `none`: nobody ever said yes to this, and nobody no. `by` is the word that decides. */
export type Standing =
  | { standing: 'granted'; by: Held }
  | { standing: 'withdrawn'; by: Held }
  | { standing: 'none' }

/** How much a word is about: the more, the broader. */
const breadth = ({ topic, sender }: Scope): number => (topic !== null ? 0 : sender !== null ? 1 : 2)

/** Where the carrier chooses the sender, it may be the one to whom they said no; a yes to one is none to whoever it is. */
const concerns = (held: Held, { topic, sender }: Scope): boolean =>
  held.topic !== null
    ? held.topic === topic
    : held.sender === null || held.sender === sender || (sender === null && !held.granted)

const none = { standing: 'none' } as const

/**
 * What a person's words say of a message on a topic from a sender. A no holds, until a later yes to the same or to
 * something narrower: who says STOP and then signs up for one topic gets that topic, and a yes to everything does not undo
 * the no to one. A yes counts for all that it covers.
 */
export function standingOf(words: readonly Held[], asked: Scope): Standing {
  const about = words.filter((word) => word.granted !== null && concerns(word, asked))
  // Of most there is one.
  if (about.length < 2)
    return about[0] ? { standing: about[0].granted ? 'granted' : 'withdrawn', by: about[0] } : none
  const yes = about.filter((word) => word.granted).sort((a, b) => breadth(a) - breadth(b))
  const no = about.find(
    (word) => !word.granted && !yes.some((later) => later.seq > word.seq && breadth(later) < breadth(word)),
  )
  if (no) return { standing: 'withdrawn', by: no }
  const [by] = yes
  return by ? { standing: 'granted', by } : none
}
