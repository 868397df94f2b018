import type { Claim, Claimed } from '../../../inbound/claim.ts'
import type { Platform } from '../../../platform.ts'
import { standingOf } from '../scope.ts'
import { personOf, readHeld } from '../state.store.ts'
import { endSignUps, pendingOf, type SignUp } from './sign-up.store.ts'
import type { Granted, SignUps } from './sign-up.ts'
import { type Answer, readAnswer } from './sign-up-texts.ts'

/** Answers to double opt-ins: step `transaction`. Almost every message is none, and costs no statement. */
export function createAnswerClaim(platform: Platform, signUps: SignUps): Claim {
  return async (incoming, tx) => {
    const claimed: (Claimed | undefined)[] = incoming.map(() => undefined)
    const answers = incoming.flatMap((one, at) => {
      const answer = readAnswer(one.text)
      return answer ? [{ one, at, answer, numberKey: platform.addressKey(one.from) }] : []
    })
    if (answers.length === 0) return claimed
    const people = answers.map(({ one: { accountId }, numberKey }) => ({ accountId, numberKey }))
    const pending = await pendingOf(tx, people, platform.now())
    const found = answers.flatMap(({ one, at, answer, numberKey }) => {
      const own = pending.filter(
        (each) => each.accountId === one.accountId && each.numberKey.equals(numberKey),
      )
      const signUp = own.find((each) => isMeant(each, one.to, answer, signUps))
      return signUp ? [{ one, at, answer, signUp }] : []
    })
    const held = await readHeld(tx, people)
    const granted: Granted[] = []
    const declined: SignUp[] = []
    for (const { one, at, answer, signUp } of found) {
      const { accountId, numberKey, sender, createdAt } = signUp
      const words = held.get(personOf({ accountId, numberKey })) ?? []
      // Who said STOP since does not sign up by an answer to the question before it; STOP to one topic leaves the others.
      const topics = signUp.topics.filter((topic) => {
        const standing = standingOf(words, { topic, sender })
        return standing.standing !== 'withdrawn' || standing.by.at < createdAt
      })
      if (topics.length === 0) continue
      if ('yes' in answer && !answer.yes) {
        declined.push(signUp)
        claimed[at] = {
          taken: true,
          code: 'consent_declined',
          sentence: `“${answer.word}” declines the sign-up.`,
        }
        continue
      }
      const said = 'code' in answer ? 'The code' : `“${answer.word}”`
      granted.push({
        ...{ signUp: { ...signUp, topics }, number: one.from, messageIds: [one.id] },
        details: { text_received: one.text.slice(0, 160), ...('word' in answer && { word: answer.word }) },
      })
      claimed[at] = { taken: true, code: 'consent_confirmed', sentence: `${said} confirms the sign-up.` }
    }
    await endSignUps(
      tx,
      declined.map(({ accountId, id }) => ({ accountId, id, state: 'declined' as const })),
      platform.now(),
    )
    await signUps.grant(tx, granted)
    return claimed
  }
}

/** A word answers what came from the address that it goes to; a code says by itself what it answers. */
function isMeant(signUp: SignUp, to: string, answer: Answer, signUps: SignUps): boolean {
  if ('code' in answer) return signUps.isCode(signUp, answer.code)
  return signUp.sender === null || signUp.sender === to
}
