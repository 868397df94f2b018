import type { EventName } from '../../events.ts'
import { publicId } from '../../ids.ts'
import type { Platform } from '../../platform.ts'
import type { Tx } from '../../store/db.ts'
import type { Act, Entry, NewEntry, Scope } from './entry.ts'
import { type Consent, createConsent } from './ledger.ts'
import { mandatoryTopics } from './topics.store.ts'

/** Consent, and all that follows from a word about it. */
export interface Register extends Consent {
  /**
   * Appends, cancels what waits and must not go out any more, and tells the world, all in this transaction. `bulk`: an
   * import, of which nobody wants an event for each line.
   */
  record(tx: Tx, entries: readonly NewEntry[], options?: { bulk?: boolean }): Promise<Entry[]>
  /** Cancels again what has come back to the queue since: the job that `record` leaves behind. */
  lookAgain(payload: unknown): Promise<void>
}

/**
 * Messages that were on the wire at the time of a STOP may come back to the queue, where a carrier wants them later: soon
 * as a rule, after a while where an answer had to be waited for.
 */
const againMs = [5_000, 60_000] as const

const reason = { code: 'consent_opted_out', sentence: 'The recipient has opted out of these messages.' }

const told: { readonly [A in Act]?: EventName } = {
  granted: 'consent.granted',
  withdrawn: 'consent.withdrawn',
  restored: 'consent.restored',
}

/** Whom not to send anything about this any more, of one account. */
interface End extends Scope {
  accountId: string
  numbers: string[]
}

export function createRegister(platform: Platform): Register {
  const consent = createConsent(platform.addressKey)

  async function cancel(tx: Tx, ends: readonly End[]): Promise<void> {
    if (ends.length === 0) return
    const kept = await mandatoryTopics(
      tx,
      ends.map(({ accountId }) => accountId),
    )
    for (const { accountId, numbers, topic, sender } of ends) {
      const about = topic
        ? { topic }
        : { bound: { except: kept.get(accountId) ?? [] }, ...(sender && { sender }) }
      await platform.withdraw(accountId, { recipients: numbers, ...about }, reason, tx)
    }
  }

  async function tell(tx: Tx, given: readonly NewEntry[], entries: readonly Entry[]): Promise<void> {
    const rows = entries.map((entry, at) => ({ entry, number: given[at]!.number }))
    for (const [accountId, own] of Map.groupBy(rows, ({ entry }) => entry.accountId)) {
      for (const [act, same] of Map.groupBy(own, ({ entry }) => entry.act)) {
        const name = told[act]
        if (name) await platform.emit(accountId, name, same.map(payloadOf), tx)
      }
    }
  }

  return {
    ...consent,
    async record(tx, given, { bulk = false } = {}) {
      const entries = await consent.append(tx, given, platform.now())
      const ends = endsOf(given)
      await cancel(tx, ends)
      if (bulk) return entries
      await tell(tx, given, entries)
      for (const ms of ends.length > 0 ? againMs : []) {
        const when = new Date(platform.now().getTime() + ms)
        await platform.later('look_again', { ends }, when, tx)
      }
      return entries
    },
    async erase(tx, accountId, numbers, now) {
      if (numbers.length === 0) return 0
      const gone = await consent.erase(tx, accountId, numbers, now)
      await cancel(tx, [{ accountId, numbers: [...numbers], topic: null, sender: null }])
      return gone
    },
    async lookAgain(payload) {
      const { ends } = payload as { ends: End[] }
      // Whoever has come back within the minute gets what was sent since; who has not, gets nothing.
      await platform.transaction(async (tx) => {
        const still: End[] = []
        for (const end of ends) {
          const { accountId, topic, sender, numbers } = end
          const standings = await consent.readStates(
            tx,
            numbers.map((number) => ({ accountId, number, topic, sender })),
          )
          const out = numbers.filter((_, at) => standings[at]!.standing === 'withdrawn')
          if (out.length > 0) still.push({ ...end, numbers: out })
        }
        await cancel(tx, still)
      })
    },
  }
}

/** Withdrawals with the same subject together: one statement for each. */
function endsOf(given: readonly NewEntry[]): End[] {
  const ends = new Map<string, End>()
  for (const { accountId, act, topic, sender, number } of given) {
    if (act !== 'withdrawn') continue
    const subject = `${accountId} ${topic ?? ''} ${sender ?? ''}`
    const end = ends.get(subject)
    if (end) end.numbers.push(number)
    else ends.set(subject, { accountId, topic, sender: topic ? null : sender, numbers: [number] })
  }
  return [...ends.values()]
}

const payloadOf = ({ entry, number }: { entry: Entry; number: string }) => ({
  number,
  topic_id: entry.topic && publicId('topic', entry.topic),
  sender: entry.sender,
  how: entry.how,
  via: entry.via,
  entry_id: publicId('consent', entry.id),
  message_ids: entry.messageIds.map((id) => publicId('message', id)),
})
