import type { EventPayload } from '../../events.ts'
import { publicId } from '../../ids.ts'
import type { Accepted, Draft, Refused } from '../../message/draft.ts'
import type { Platform } from '../../platform.ts'
import type { Tx } from '../../store/db.ts'
import type { Said } from './compose.ts'
import type { Service } from './service.ts'

/** An answer that is to be sent, and what it answers. */
export interface Reply {
  readonly accountId: string
  /** Bare UUID of the incoming message. */
  readonly messageId: string
  /** Of whom the answer is. */
  readonly from: string
  readonly to: string
  readonly at: Date
  readonly said: Said
  /** Undefined for words that no service has. */
  readonly service: Pick<Service, 'id' | 'name'> | undefined
  /** The service's word; of one that nobody has, what was typed, where that can be a word. */
  readonly keyword: string | null
  readonly how: 'exact' | 'typo' | null
  /** Why this is no real answer, where a source failed. */
  readonly problem?: { code: string; sentence: string } | undefined
}

/** After that nobody waits for a timetable any more. */
const validMs = 3_600_000

const draftOf = ({ from, to, at, said }: Reply, now: Date): Draft => ({
  from,
  to,
  text: said.text,
  lane: 'conversation',
  expiresAt: new Date(Math.max(at.getTime(), now.getTime()) + validMs),
})

/**
 * Sends answers and tells what was answered. What came of each stands in the order of the replies. The sender is the
 * number that was asked; where a carrier calls it by a name that is no sender, the default one.
 */
export async function sendReplies(
  platform: Pick<Platform, 'send' | 'emit' | 'now'>,
  replies: readonly Reply[],
  tx: Tx,
): Promise<(Accepted | Refused)[]> {
  const outcome = new Map<Reply, Accepted | Refused>()
  for (const [accountId, mine] of Map.groupBy(replies, (reply) => reply.accountId)) {
    const now = platform.now()
    const drafts = mine.map((reply) => draftOf(reply, now))
    const sent = await platform.send(accountId, drafts, tx)
    const nameless = sent.flatMap((result, at) =>
      !result.ok && result.code === 'invalid_sender' ? [at] : [],
    )
    if (nameless.length > 0) {
      const again = nameless.map((at) => {
        const { from: _, ...draft } = drafts[at]!
        return draft
      })
      for (const [n, result] of (await platform.send(accountId, again, tx)).entries())
        sent[nameless[n]!] = result
    }
    for (const [at, reply] of mine.entries()) outcome.set(reply, sent[at]!)
    await tell(platform, accountId, mine, outcome, tx)
  }
  return replies.map((reply) => outcome.get(reply)!)
}

async function tell(
  platform: Pick<Platform, 'emit'>,
  accountId: string,
  replies: readonly Reply[],
  outcome: ReadonlyMap<Reply, Accepted | Refused>,
  tx: Tx,
): Promise<void> {
  const answered: EventPayload<'keyword.answered'>[] = []
  const failed: EventPayload<'keyword.failed'>[] = []
  for (const reply of replies) {
    const sent = outcome.get(reply)!
    const about = {
      message_id: publicId('message', reply.messageId),
      service_id: reply.service ? publicId('keywordService', reply.service.id) : null,
      service: reply.service?.name ?? null,
      keyword: reply.keyword,
    }
    if (sent.ok) answered.push({ ...about, match: reply.how, result: reply.said.result, answer_id: sent.id })
    const problem = sent.ok ? reply.problem : { code: sent.code, sentence: sent.message }
    if (problem) failed.push({ ...about, code: problem.code, sentence: problem.sentence, answered: sent.ok })
  }
  if (answered.length > 0) await platform.emit(accountId, 'keyword.answered', answered, tx)
  if (failed.length > 0) await platform.emit(accountId, 'keyword.failed', failed, tx)
}
