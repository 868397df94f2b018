import type { Scope, Topic } from '../api/consent.ts'
import { showNumber } from '../format/phone.ts'
import type { Strings } from '../strings/en.ts'

/** What a word is about, for people. */
export function aboutText(
  { topic, sender }: Scope,
  topics: readonly Pick<Topic, 'id' | 'name'>[],
  t: Strings,
): string {
  if (topic) return topics.find(({ id }) => id === topic)?.name ?? topic
  return sender ? t.consent.scopeSender(showNumber(sender)) : t.consent.scopeAll
}
